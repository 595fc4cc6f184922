"""Months made quarters and years: each figure by its own rule."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indicators.cycle import Cycle, applies, gather, rule_in_words
from indicators.reading import Freshness, Provenance, Reading, World
from small_city import indicator

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def reading(period: str, value: float | None, above: float | None = None, below: float | None = None) -> Reading:
    return Reading(
        "AAA-01", "445100", period, value, "件", MOMENT, MOMENT, Freshness.FRESH, Provenance.LIVE, "counts",
        World.REAL, numerator=above, denominator=below,
    )  # fmt: skip


def told(found) -> list[tuple[str, float | None, bool]]:
    return [(one.label, one.value, one.is_whole) for one in found]


def test_amounts_of_months_add_up_and_the_running_quarter_says_so() -> None:
    months = [reading(f"2026-{month:02d}", float(month)) for month in range(1, 9)]
    found = gather(indicator("AAA-01"), months, Cycle.QUARTER)
    assert told(found) == [("2026-Q1", 6.0, True), ("2026-Q2", 15.0, True), ("2026-Q3", 15.0, False)]
    assert found[-1].through == "2026-08"


def test_a_hole_in_the_quarter_is_not_added_over() -> None:
    found = gather(indicator("AAA-01"), [reading("2026-01", 1.0), reading("2026-03", 3.0)], Cycle.QUARTER)
    assert found[0].value is None and "缺 1 期" in (found[0].reason or "")
    assert gather(indicator("AAA-01"), [reading("2026-02", 1.0)], Cycle.QUARTER)[0].value is None


def test_cumulative_and_point_figures_take_the_last_value() -> None:
    months = [reading("2026-02", 10.0), reading("2026-03", 18.0), reading("2026-04", 25.0)]
    for basis in ("ytd", "point"):
        found = gather(indicator("AAA-01", basis=basis), months, Cycle.QUARTER)
        assert told(found) == [("2026-Q1", 18.0, True), ("2026-Q2", 25.0, False)]


def test_ratios_divide_the_sums_and_never_average() -> None:
    rate = indicator("AAA-01", aggregation="ratio", scale=100, unit="%", formula="分子（a）÷ 分母（b）")
    months = [reading("2026-01", 100.0, 1, 1), reading("2026-02", 0.0, 0, 9), reading("2026-03", 50.0, 5, 10)]
    assert gather(rate, months, Cycle.QUARTER)[0].value == pytest.approx(30.0)
    bare = [reading(f"2026-0{month}", 50.0) for month in (1, 2, 3)]
    found = gather(rate, bare, Cycle.QUARTER)[0]
    assert found.value is None and "不能合并" in (found.reason or "")


def test_an_index_is_not_averaged_and_it_is_said() -> None:
    index = indicator("AAA-01", aggregation="last")
    assert gather(index, [reading("2026-01", 1.0), reading("2026-02", 2.0)], Cycle.YEAR)[0].value == 2.0
    assert "不能相加" in rule_in_words(index, Cycle.YEAR)


def test_a_finer_cycle_than_the_figure_has_changes_nothing() -> None:
    quarterly = indicator("AAA-01", frequency="quarterly")
    assert not applies(quarterly, Cycle.MONTH) and not applies(quarterly, Cycle.QUARTER)
    assert told(gather(quarterly, [reading("2026-Q1", 5.0)], Cycle.MONTH)) == [("2026-Q1", 5.0, True)]
    assert rule_in_words(quarterly, Cycle.MONTH) == "指标按季发布，没有更细的数"


def test_days_make_a_month_only_without_holes() -> None:
    daily = indicator("AAA-01", frequency="daily")
    days = [reading(f"2026-02-{day:02d}", 1.0) for day in range(1, 29)]
    assert told(gather(daily, days, Cycle.MONTH)) == [("2026-02", 28.0, True)]
    assert gather(daily, days[:10] + days[11:], Cycle.MONTH)[0].value is None
