"""Names are found as people type them: Chinese, pinyin, initials, mixtures; and only those one may see."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geography.divisions import villages
from geography.search import best, fit, plain, readings


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("饶平", "饶平县"),
        ("raoping", "饶平县"),
        ("RaoPing", "饶平县"),
        ("rao ping", "饶平县"),
        ("rp", "饶平县"),
        ("rpx", "饶平县"),
        ("raop", "饶平县"),
        ("饶p", "饶平县"),
        ("rao平", "饶平县"),
        ("fengxi", "枫溪区"),
        ("fxq", "枫溪区"),
        ("jingzhou", "汫洲镇"),
        ("zhelin", "柘林镇"),
        ("zhl", "柘林镇"),
        ("xinxu", "新圩镇"),
        ("xinwei", "新圩镇"),
        ("lüse", "绿色"),
        ("lvse", "绿色"),
        ("pm2.5", "PM2.5年均浓度"),
        ("aqi", "空气质量指数AQI"),
        ("zengchanglv", "增长率"),
        ("pingxian", "饶平县"),
    ],
)
def test_a_name_is_found_as_it_is_typed(query: str, name: str) -> None:
    assert fit(query, name) is not None


@pytest.mark.parametrize(
    ("query", "name"), [("rq", "饶平县"), ("", "饶平县"), ("   ", "饶平县"), ("饶平县城", "饶平县")]
)
def test_what_does_not_fit_is_not_found(query: str, name: str) -> None:
    assert fit(query, name) is None


def test_the_better_fit_comes_first() -> None:
    names = ["意溪镇人均水平", "饶平县", "容配", "大饶平", "饶平县人民医院"]
    found = best("raoping", [(name, name) for name in names], 10)
    assert found == ["饶平县", "饶平县人民医院", "大饶平"]
    assert best("rp", [(name, name) for name in names], 1) == ["容配"], "as short as possible"


def test_every_character_of_every_village_can_be_typed() -> None:
    bare = {c for one in villages() for c in plain(one.name) if c not in readings() and "\u4e00" <= c <= "\u9fff"}
    assert not bare


@given(st.text(max_size=60), st.text(max_size=60))
def test_nothing_typed_breaks_the_search(query: str, name: str) -> None:
    fit(query, name)


def test_a_hostile_query_is_answered_soon() -> None:
    named = [(one.name, one.code) for one in villages()]
    best("x", named, 1)
    started = time.perf_counter()
    assert best("s" * 39 + "x", [("石" * 40, 1)], 5) == []
    best("shishishishishishishishishishishi", named, 5)
    assert time.perf_counter() - started < 1.5
