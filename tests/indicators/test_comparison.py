"""Changes, distances to targets and trends: what is compared with what, and when nothing may be said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from indicators.comparison import Against, Gap, Measure, change, elapsed_share, progress, trend
from indicators.definition import Bands, Indicator, Target
from indicators.reading import Freshness, Provenance, Reading, World


def entry(**more: object) -> Indicator:
    shape = {
        "code": "TST-01", "theme": "test_theme", "name": "指标", "definition": "x", "unit": "亿元", "decimals": 2,
        "frequency": "monthly", "basis": "period", "direction": "higher_better", "aggregation": "sum",
        "levels": ("city",), "owner": "some_office", "source": "some_source",
    }  # fmt: skip
    return Indicator(**(shape | more))


def read(*history: tuple[str, float | None], basis: str = "period") -> Reading:
    period, value = history[-1]
    moment = datetime(2026, 11, 1, tzinfo=UTC)
    return Reading(
        "TST-01", "445100", period, value, "亿元", moment, moment, Freshness.FRESH, Provenance.LIVE, "some_source",
        World.REAL, basis=basis, history=history,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "decimals", "basis", "history", "expected"),
    [
        ("亿元", 2, "period", [("2025-10", 100.0), ("2026-10", 104.0)], (4.0, Measure.PERCENT, Against.YEAR)),
        ("%", 1, "period", [("2025-10", 90.0), ("2026-10", 89.5)], (-0.5, Measure.POINTS, Against.YEAR)),
        ("亿元", 2, "period", [("2026-09", 100.0), ("2026-10", 110.0)], (10.0, Measure.PERCENT, Against.PERIOD)),
        ("亿元", 2, "ytd", [("2026-09", 100.0), ("2026-10", 110.0)], None),
        ("件", 0, "period", [("2026-11-14", 3.0), ("2026-11-21", 4.0)], (1.0, Measure.UNITS, Against.WEEK)),
        ("件", 0, "period", [("2026-11-14", 400.0), ("2026-11-21", 500.0)], (25.0, Measure.PERCENT, Against.WEEK)),
        ("件", 0, "period", [("2026-11-14", 0.0), ("2026-11-21", 500.0)], (500.0, Measure.UNITS, Against.WEEK)),
        (
            "米",
            2,
            "point",
            [("2026-11-21T13:28", 12.2), ("2026-11-21T14:30", 12.8)],
            (0.6, Measure.UNITS, Against.HOUR),
        ),
        ("米", 2, "point", [("2026-11-21T13:10", 12.2), ("2026-11-21T14:30", 12.8)], None),
        ("亿元", 2, "period", [("2025-10", None), ("2026-10", 1.0)], None),
        ("亿元", 2, "period", [("2026-10", 1.0)], None),
        ("亿元", 2, "period", [("2025-10", -50.0), ("2026-10", -40.0)], (20.0, Measure.PERCENT, Against.YEAR)),
    ],
)
def test_compared_with_the_right_period_in_the_right_measure(unit, decimals, basis, history, expected) -> None:
    found = change(entry(unit=unit, decimals=decimals), read(*history, basis=basis))

    told = found and (pytest.approx(found.amount), found.measure, found.against)
    assert told == expected


def test_a_yearly_sum_is_measured_against_the_share_of_the_year_gone() -> None:
    goal = Target(op=">=", value=1000, due="2026", place="规划")
    behind = progress(entry(basis="ytd", target=goal), read(("2026-09", 700.0), basis="ytd"))
    on_time = progress(entry(basis="ytd", target=goal), read(("2026-09", 760.0), basis="ytd"))
    assert behind and on_time
    assert (behind.behind, on_time.behind) == (True, False)
    assert behind.mark == pytest.approx(273 / 365)
    assert (behind.gap, behind.amount) == (Gap.REACHED, pytest.approx(70.0))
    assert elapsed_share("2026") == 1.0


def test_a_target_that_is_not_due_is_shown_but_not_missed() -> None:
    goal = Target(op=">=", value=95, due="2030", place="规划")
    found = progress(entry(unit="%", target=goal), read(("2026-10", 60.0)))
    assert found and not found.behind
    assert (found.gap, found.amount) == (Gap.SHORT, pytest.approx(35.0))


@pytest.mark.parametrize(
    ("value", "behind", "gap", "amount", "completion"),
    [(80.0, False, Gap.MARGIN, 20.0, 0.8), (120.0, True, Gap.BEYOND, 20.0, 1.2), (100.0, False, Gap.MARGIN, 0.0, 1.0)],
)
def test_a_limit_is_a_limit(value, behind, gap, amount, completion) -> None:
    bands = Bands(attention_above=100, reason="r", owner="some_office")
    found = progress(entry(bands=bands), read(("2026-10", value)))
    assert found and (found.behind, found.gap) == (behind, gap)
    assert (found.amount, found.completion) == (pytest.approx(amount), pytest.approx(completion))


def test_a_limit_of_zero_is_reached_by_nothing_and_passed_by_one() -> None:
    limit = entry(unit="件", decimals=0, target=Target(op="<=", value=0, place="规划"))
    clean, dirty = progress(limit, read(("2026-10", 0.0))), progress(limit, read(("2026-10", 1.0)))
    assert (
        clean and dirty and (clean.completion, clean.behind, dirty.completion, dirty.behind) == (0.0, False, 1.0, True)
    )


def test_cumulative_totals_are_drawn_as_monthly_gains_and_do_not_saw() -> None:
    steady = [("2025-11", 110.0), ("2025-12", 120.0), ("2026-02", 20.0), ("2026-03", 30.0), ("2026-04", 40.0)]
    assert trend(entry(basis="ytd"), read(*steady, basis="ytd")) == [10.0, 10.0, 10.0, 10.0]
    assert trend(entry(), read(*steady)) == [value for _, value in steady]
    quarters = [("2025-Q3", 90.0), ("2025-Q4", 120.0), ("2026-Q1", 30.0)]
    assert trend(entry(frequency="quarterly", basis="ytd"), read(*quarters, basis="ytd")) == [10.0, 10.0]
