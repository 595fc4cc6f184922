"""Charts as values: what they carry is what was given, without a colour, and the table beside says the same."""

from __future__ import annotations

import html
import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import numbers
from components.chart import (
    Cell,
    Forecast,
    Goal,
    Note,
    Part,
    Row,
    Trend,
    bars,
    dot_plot,
    small_multiples,
    trend,
    waterfall,
)
from components.chart_axis import MOST_LINES, axis, shortened
from components.markup import markup

MONTHS = [f"2026-{month:02}" for month in range(1, 11)]
VALUES = [6.2, 6.0, 5.8, 5.5, None, 5.2, 4.9, 4.4, 4.0, 3.7]
AHEAD = Forecast(["2026-11", "2026-12"], [3.9, 4.3], [3.1, 2.8], [4.7, 5.8])
VALUE = st.floats(-1e9, 1e9, allow_nan=False) | st.none()


def spec_of(drawn) -> dict:
    return json.loads(html.unescape(re.search(r'data-chart="([^"]*)"', markup(drawn))[1]))


def cells_of(drawn) -> list[list[str]]:
    rows = re.findall(r"<tr>(.*?)</tr>", markup(drawn).partition("<tbody>")[2])
    return [
        [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in rows
    ]


def everything() -> list:
    rows = [Row("全市", 3.7, 5.9, strong=True), Row("湘桥区", 4.6, None, "/county/445102")]
    return [
        trend(Trend("增速", "%", MONTHS, VALUES, goal=Goal(5.0), forecast=AHEAD, notes=[Note("2026-03", "投产")])),
        dot_plot("对比", "%", rows, goal=Goal(5.0)),
        bars("热点", "件", rows),
        waterfall("归因", "pp", Part("上年", 5.9), [Part("陶瓷", -0.9), Part("食品", 0.3)], Part("今年", 3.7)),
        small_multiples("各区", "%", MONTHS, [Cell("湘桥区", VALUES)]),
    ]


def test_no_chart_names_a_colour_and_each_has_its_table_and_its_message() -> None:
    for drawn in everything():
        text = markup(drawn)
        assert not re.search(r"#[0-9a-f]{3,6}\b|rgba?\(|colou?r", json.dumps(spec_of(drawn)))
        assert "<details" in text and "<caption" in text and "<figcaption" in text
        assert 'data-own="true"' in text


def test_the_table_of_a_trend_holds_every_value_the_newest_first_and_the_band_of_the_forecast() -> None:
    rows = cells_of(everything()[0])
    assert rows[0] == ["2026年12月（预测）", "4.3", "2.8–5.8"]
    assert rows[2] == ["2026年10月", "3.7", ""]
    assert rows[7] == ["2026年5月", "—", ""], "a gap is a dash, never a zero"
    assert len(rows) == len(MONTHS) + 2


def test_the_forecast_begins_at_the_last_known_value() -> None:
    ahead = spec_of(trend(Trend("增速", "%", MONTHS, [*VALUES[:-1], None], forecast=AHEAD)))["ahead"]
    assert ahead["at"] == [8, 10, 11]
    assert ahead["low"][0] == ahead["middle"][0] == ahead["high"][0] == 4.0


def test_last_year_lies_under_this_year_by_the_alignment_named() -> None:
    drawn = trend(
        Trend(
            "用电",
            "万千瓦时",
            MONTHS[:2],
            [410.0, 398.0],
            before=[401.0, None],
            before_words="上年农历同期",
            decimals=0,
        )
    )
    assert spec_of(drawn)["before"] == {"values": [401.0, None], "words": "上年农历同期"}
    assert cells_of(drawn)[0] == ["2026年2月", "398", "—"]


@pytest.mark.parametrize(
    ("labels", "values", "more"),
    [(MONTHS, VALUES[1:], {}), (MONTHS, VALUES, {"before": [1.0]})],
)
def test_periods_and_values_that_do_not_match_are_refused(labels, values, more) -> None:
    with pytest.raises(ValueError, match="增速"):
        Trend("增速", "%", labels, values, **more)
    with pytest.raises(ValueError, match="各区"):
        small_multiples("各区", "%", MONTHS, [Cell("湘桥区", [1.0])])
    with pytest.raises(ValueError, match="two edges"):
        Forecast(["2026-11"], [1.0], [0.5], [])


def test_nothing_known_is_said_instead_of_drawn() -> None:
    empties = [
        trend(Trend("增速", "%", MONTHS, [None] * 10)),
        trend(Trend("增速", "%", [], [])),
        dot_plot("对比", "%", [Row("全市", None, 5.9)]),
        small_multiples("各区", "%", MONTHS, [Cell("湘桥区", [None] * 10)]),
    ]
    for drawn in empties:
        assert "尚无数据" in markup(drawn)
        assert "data-chart" not in markup(drawn)


@given(
    st.lists(st.tuples(st.text(min_size=1, max_size=4), st.floats(-50, 50)), max_size=8),
    st.floats(-99, 99),
    st.floats(-99, 99),
)
def test_a_waterfall_always_arrives(parts, first: float, last: float) -> None:
    steps = spec_of(waterfall("归因", "pp", Part("上年", first), [Part(*part) for part in parts], Part("今年", last)))[
        "steps"
    ]
    reached = steps[-2]["to"]
    assert abs(reached - last) <= 0.0501, "what the parts leave is a part of its own, unless too little to be written"
    assert all(abs(one["to"] - other["from"]) < 1e-6 for one, other in pairwise(steps[1:-1]))
    assert all(
        step["sort"] == ("lift" if step["to"] > step["from"] else "drag")
        for step in steps[1:-1]
        if step["to"] != step["from"]
    )


def test_what_drags_depends_on_which_way_is_good() -> None:
    parts = (Part("上年", 10.0), [Part("新增", 3.0)], Part("今年", 13.0))
    assert [
        spec_of(waterfall("数", "件", *parts, lower_is_better=low))["steps"][1]["sort"] for low in (False, True)
    ] == ["lift", "drag"]


def test_rows_lead_where_they_say_and_nowhere_outside() -> None:
    drawn = markup(dot_plot("对比", "%", [Row("湘桥区", 4.6, href="/county/445102")]))
    assert 'href="/county/445102"' in drawn
    with pytest.raises(ValueError, match="leads out"):
        markup(dot_plot("对比", "%", [Row("湘桥区", 4.6, href="https://example.org/")]))


def test_words_of_the_data_are_words() -> None:
    text = markup(bars("<script>", "件", [Row("</figure><script>alert(1)</script>", 3)]))
    assert "<script" not in text


def test_large_numbers_share_one_scale_in_line_axis_and_table() -> None:
    drawn = trend(Trend("客流", "人次", MONTHS[:3], [9_000.0, 28_400.0, 135_200.0], decimals=2))
    spec = spec_of(drawn)
    assert spec["unit"] == "万人次"
    assert spec["values"] == [0.9, 2.84, 13.52]
    assert cells_of(drawn)[0] == ["2026年3月", "13.52"]


@given(st.lists(VALUE, min_size=1, max_size=40), st.booleans())
def test_an_axis_holds_every_value_on_few_round_lines(values, zero: bool) -> None:
    found = axis(values, zero=zero)
    known = [value for value in values if value is not None]
    assert all(found.low <= value <= found.high for value in known)
    assert 1 <= len(found.at) <= MOST_LINES
    assert len(set(found.words)) == len(found.words), "two lines with one name"
    assert not any("-" in word for word in found.words)
    assert not zero or found.low <= 0 <= found.high


@given(st.lists(st.floats(0.001, 1e9), min_size=1, max_size=40))
def test_an_axis_from_zero_begins_at_zero(values) -> None:
    found = axis(values, zero=True)
    assert found.low == 0
    assert found.at[0] == 0


def test_an_axis_of_equal_values_is_still_an_axis() -> None:
    for value in (0.0, 5.0, -3.0):
        found = axis([value, value])
        assert found.low < value < found.high


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        (["2025-11", "2025-12", "2026-01", "2026-02"], ["2025-11", "12", "2026-01", "02"]),
        (["2025-Q3", "2025-Q4", "2026-Q1"], ["2025三季度", "四季度", "2026一季度"]),
        (["2024", "2025", "2026"], ["2024", "2025", "2026"]),
        (["2026-02-28", "2026-03-01"], ["02-28", "03-01"]),
        (["2026-11-22T23:50", "2026-11-22T23:55", "2026-11-23T00:00"], ["11-22 23:50", "23:55", "11-23 00:00"]),
    ],
)
def test_ticks_say_only_what_changes(labels, words) -> None:
    assert [word for _, word in shortened(labels)] == words


@given(st.integers(1, 400), st.integers(2, 8))
def test_ticks_are_few_and_hold_the_first_and_the_last(count: int, most: int) -> None:
    chosen = [at for at, _ in shortened([str(2000 + at) for at in range(count)], most)]
    assert len(chosen) <= most
    assert chosen[0] == 0
    assert chosen[-1] == count - 1
    assert chosen == sorted(set(chosen))


@given(st.lists(VALUE, max_size=20), st.sampled_from(["%", "件", "万元", "亿元", "微克/立方米", "人次"]))
def test_one_scale_for_all_numbers_of_a_chart_changes_none(values, unit: str) -> None:
    scale = numbers.scale(values, unit)
    for value in values:
        if value is None:
            assert scale.sized(value) is None
        else:
            assert scale.sized(value) == pytest.approx(value / scale.divisor, rel=1e-9, abs=1e-12)
