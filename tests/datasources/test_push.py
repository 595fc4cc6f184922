"""Readings handed in: every row of a good message is accounted for, what is no message is refused whole."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.delivery.observation import SourceFailed
from datasources.delivery.period import Frequency
from datasources.push import Spec, accept

CAPTURED = Path(__file__).parent / "fixtures" / "push"
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


def captured(name: str) -> bytes:
    return (CAPTURED / name).read_bytes()


@pytest.mark.feature(49)
def test_a_good_push() -> None:
    delivery = accept(captured("good.json"), Spec(), NOW)
    assert (delivery.source, delivery.rows, delivery.unreadable) == ("water_stations", 4, [])
    first, second, third, fourth = delivery.observations
    assert (first.indicator, first.region, first.period, first.value) == ("WAT-01", "445102", "2026-11-22T14:05", 5.31)
    assert first.observed_at == datetime(2026, 11, 22, 6, 5, 12, tzinfo=UTC)
    assert second.period == "2026-11-22T14:05"
    assert (third.numerator, third.denominator, third.basis, third.observed_at) == (30, 31, "period", None)
    assert (fourth.value, fourth.quality) == (None, ("sensor_under_repair",))
    assert [row.line for row in delivery.observations] == [1, 2, 3, 4]
    assert delivery.digest is not None


def test_the_frequency_of_the_indicator_decides_the_period() -> None:
    delivery = accept(captured("good.json"), Spec(), NOW, {"WAT-01": Frequency.HOURLY})
    assert [row.period for row in delivery.observations] == [
        "2026-11-22T14",
        "2026-11-22T14:05",
        "2026-10",
        "2026-11-22T14",
    ]


def test_an_empty_push_is_no_failure() -> None:
    assert accept(captured("empty.json"), Spec(), NOW).rows == 0


NASTY = [
    *["value 应为数字"] * 3,
    "应为带时区的时间",
    "不是有效的时间",
    "应为带时区的时间",
    "period 与 observed_at 至少填一项",
    "您是否想填 value",
    "缺少 value",
    "缺少 region",
    "indicator 应为",
    "period “2026年1月”无法识别",
    "period “2026-02-30”无法识别",
    "basis 应为 period、ytd、point 之一",
    "value 应为数字",
    "quality 应为",
    *["应为一个对象"] * 2,
]


@pytest.mark.feature(49)
def test_a_nasty_push_loses_no_row_and_no_good_row() -> None:
    delivery = accept(captured("nasty.json"), Spec(), NOW)
    assert delivery.rows == 20
    assert [row.line for row in delivery.observations] == [19, 20]
    assert [row.line for row in delivery.unreadable] == list(range(1, 19))
    for row, word in zip(delivery.unreadable, NASTY, strict=True):
        assert word in row.message
        assert row.message.startswith(f"第 {row.line} 条：")
        assert row.raw


@pytest.mark.parametrize(
    ("payload", "word"),
    [
        (captured("malformed.html"), "不是有效的 JSON"),
        (b"", "不是有效的 JSON"),
        ('{"readings": []}'.encode("utf-16"), "不是有效的 JSON"),
        (b'{"source": "\xb3\xb1\xd6\xdd", "readings": []}', "不是有效的 JSON"),  # GBK
        (b'{"readings": [{"indicator": "WAT-01", "region": "445102", "value": NaN}]}', "不是有效的 JSON"),
        (b"[]", "消息应为"),
        (b'{"source": "x"}', "消息应为"),
        (b'{"source": "x", "readings": {}}', "消息应为"),
        (b'{"source": 3, "readings": []}', "source 应为文本"),
        (b'{"source": "x", "readings": [], "provenance": "published"}', "不认识的字段：provenance"),
    ],
)
def test_what_is_no_readings_message_is_refused_whole(payload: bytes, word: str) -> None:
    with pytest.raises(SourceFailed, match=word) as refused:
        accept(payload, Spec(), NOW)
    assert refused.value.permanent


def test_too_large_and_too_many() -> None:
    with pytest.raises(SourceFailed, match="消息过大"):
        accept(captured("good.json"), Spec(max_bytes=100), NOW)
    with pytest.raises(SourceFailed, match="一次最多 3 条，收到 4 条"):
        accept(captured("good.json"), Spec(max_rows=3), NOW)


def test_a_deeply_nested_bomb_is_refused() -> None:
    with pytest.raises(SourceFailed):
        accept(b'{"readings": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", Spec(), NOW)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=6,
)
ROWS = st.dictionaries(
    st.sampled_from(
        ["indicator", "region", "period", "value", "observed_at", "numerator", "dim", "basis", "quality", "?"]
    ),
    JSON,
)


@given(st.lists(ROWS | JSON, max_size=6))
def test_no_row_is_ever_lost(rows: list[object]) -> None:
    try:
        payload = orjson.dumps({"readings": rows})
    except TypeError:  # integers beyond 64 bit
        return
    assert accept(payload, Spec(), NOW).rows == len(rows)


@given(st.binary(max_size=300))
def test_any_bytes_are_a_message_or_refused(payload: bytes) -> None:
    try:
        accept(payload, Spec(), NOW)
    except SourceFailed as refused:
        assert refused.permanent
