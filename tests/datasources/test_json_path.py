"""The small path language: where paths lead, and what is said when they lead nowhere."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.delivery.fields import NoSuchField
from datasources.delivery.json_path import BadPath, every, one, steps

DOCUMENT: dict[str, Any] = {
    "data": {"items": [{"值": 1, "a.b": 2}, {"值": 3, "a.b": 4}], "groups": [{"rows": [1, 2]}, {"rows": [3]}]}
}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("data.items[0].值", 1),
        ("data.items[-1].值", 3),
        ('data.items[1]["a.b"]', 4),
        ("$.data.items[0].值", 1),
        ("", DOCUMENT),
        ("$", DOCUMENT),
    ],
)
def test_a_path_leads_to_one_place(path: str, found: object) -> None:
    assert one(DOCUMENT, path) == found


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("data.items[*].值", [1, 3]),
        ("data.groups[*].rows[*]", [1, 2, 3]),
        ("data.groups[*].rows", [[1, 2], [3]]),
        ("data.groups[0].rows", [1, 2]),
        ("data.items[0]", [{"值": 1, "a.b": 2}]),
    ],
)
def test_a_path_leads_to_every_record(path: str, found: list[object]) -> None:
    assert every(DOCUMENT, path) == found


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("data.itmes", "没有“itmes（路径 data.itmes）”；.*现有：items、groups"),
        ("data.items[7]", r"没有“7（路径 data.items\[7\]）”；.*此处是列表（2 项）"),
        ("data.items.值", "此处是列表"),
        ("data.items[0].值.deeper", "此处是数字"),
    ],
)
def test_a_path_that_leads_nowhere_says_what_is_there(path: str, words: str) -> None:
    with pytest.raises(NoSuchField, match=words):
        one(DOCUMENT, path)


def test_every_element_of_what_is_no_list_is_an_error() -> None:
    with pytest.raises(NoSuchField, match="items"):
        every(DOCUMENT, "data[*]")
    with pytest.raises(BadPath):
        one(DOCUMENT, "data.items[*]")


@pytest.mark.parametrize(
    "path", [".data", "data..items", "data.", "data[", "data[x]", "data[*", 'data["x', "data items", "$$"]
)
def test_what_is_no_path_is_refused_with_its_place(path: str) -> None:
    with pytest.raises(BadPath, match=r"第 \d+ 个字符"):
        steps(path)


@given(st.text(max_size=40))
def test_any_text_is_a_path_or_refused(text: str) -> None:
    try:
        steps(text)
    except BadPath:
        return
    assert text == "" or steps(text) or text == "$"
