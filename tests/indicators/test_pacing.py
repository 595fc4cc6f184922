"""The pace of the year: usual share of past years, required growth of the rest, silence where history is short."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indicators.comparison import progress
from indicators.definition import Indicator, YearGoal
from indicators.pacing import Pace, Pacing, TooShort, goal_of, pacing, rate_pacing
from indicators.reading import Freshness, Provenance, Reading, World
from small_city import indicator

AMOUNT = {"basis": "ytd", "unit": "亿元", "direction": "higher_better"}
SEASON = [("03", 10.0), ("06", 25.0), ("09", 60.0), ("12", 100.0)]
"""A back-loaded year: by September six tenths, not three quarters."""


def yearly(**more: object) -> Indicator:
    return indicator("YTD-09", **(AMOUNT | {"goals": (YearGoal(year="2026", growth=10, place="规划"),)} | more))


def years(*factors: float, first: int = 2023) -> list[tuple[str, float | None]]:
    return [(f"{first + n}-{m}", value * factor) for n, factor in enumerate(factors) for m, value in SEASON]


def paced(points, period: str, **more: object):
    one = yearly(**more)
    return pacing(one, points, period, goal_of(one, period[:4], "445100"))


@pytest.mark.feature(157)
def test_the_usual_share_and_not_the_calendar_sets_the_pace() -> None:
    found = paced([*years(1.0, 1.0, 1.0), ("2026-09", 66.0)], "2026-09")
    assert isinstance(found, Pacing)
    assert found.goal == pytest.approx(110) and found.share == pytest.approx(0.6)
    assert found.expected == pytest.approx(66.0) and found.gap == pytest.approx(0.0)
    assert found.pace is Pace.USUAL and found.years == ("2023", "2024", "2025")


@pytest.mark.feature(157)
def test_required_growth_brings_the_rest_of_the_year_to_the_goal() -> None:
    found = paced([*years(1.0, 1.0, 1.0), ("2026-09", 62.0)], "2026-09")
    assert isinstance(found, Pacing) and found.required is not None
    assert 62.0 + 40.0 * (1 + found.required) == pytest.approx(110)
    assert found.pace is Pace.BEHIND and found.growth == pytest.approx(62 / 60 - 1)


def test_between_the_slowest_and_the_quickest_year_nothing_is_late() -> None:
    slow = [("2024-09", 50.0), ("2024-12", 100.0)]
    quick = [("2025-09", 70.0), ("2025-12", 100.0)]
    for now, pace in (
        (54.0, Pace.BEHIND),
        (57.0, Pace.USUAL),
        (76.0, Pace.USUAL),
        (78.0, Pace.AHEAD),
        (120, Pace.DONE),
    ):
        found = paced([*slow, *quick, ("2026-09", now)], "2026-09")
        assert isinstance(found, Pacing) and found.pace is pace, now
    assert found.required is None, "the goal is reached"


@pytest.mark.feature(157)
@pytest.mark.parametrize(
    ("points", "words"),
    [
        ([("2026-09", 60.0)], "不足 2 年"),
        ([*years(1.0, first=2025), ("2026-09", 60.0)], "只有 1 年"),
        (years(1.0, 1.0, 1.0), "有缺"),
    ],
)
def test_too_short_a_history_is_said_and_nothing_is_guessed(points, words) -> None:
    found = paced(points, "2026-09")
    assert isinstance(found, TooShort) and words in found.reason


def test_amounts_of_months_are_added_up_and_a_hole_ends_the_year() -> None:
    months = [(f"{year}-{month:02d}", 1.0) for year in (2023, 2024, 2025) for month in range(1, 13)]
    now = [(f"2026-{month:02d}", 1.1) for month in range(1, 7)]
    found = paced([*months, *now], "2026-06", basis="period")
    assert isinstance(found, Pacing) and found.now == pytest.approx(6.6) and found.share == pytest.approx(0.5)
    assert isinstance(paced([*months, *now[:3], *now[4:]], "2026-06", basis="period"), TooShort)


def test_a_goal_of_the_region_comes_before_the_one_for_all() -> None:
    goals = (YearGoal(year="2026", growth=5, place="市"), YearGoal(year="2026", growth=9, region="445102", place="县"))
    one = yearly(goals=goals)
    assert goal_of(one, "2026", "445102").growth == 9 and goal_of(one, "2026", "445122").growth == 5
    assert goal_of(one, "2027", "445102") is None


def test_a_growth_goal_asks_more_of_the_rest_when_the_first_part_was_slow() -> None:
    found = rate_pacing(YearGoal(year="2026", value=5, place="规划"), 2.5, 250.0, 300.0)
    assert found is not None and found.weight == pytest.approx(5 / 6)
    assert (2.5 * 250 + found.required * 50) / 300 == pytest.approx(5)
    assert rate_pacing(YearGoal(year="2026", value=5, place="规划"), 2.5, 300.0, 300.0) is None


def test_the_rule_line_of_every_row_stands_at_the_usual_share() -> None:
    moment = datetime(2026, 10, 20, tzinfo=UTC)
    history = (*years(1.0, 1.0, 1.0), ("2026-09", 60.0))
    reading = Reading(
        "YTD-09", "445100", "2026-09", 60.0, "亿元", moment, moment, Freshness.FRESH, Provenance.LIVE, "counts",
        World.REAL, basis="ytd", history=history,
    )  # fmt: skip
    found = progress(yearly(), reading)
    assert found is not None and found.mark == pytest.approx(0.6) and found.behind
    assert found.completion == pytest.approx(60 / 110) and found.yardstick == pytest.approx(110)
    short = progress(yearly(target={"op": ">=", "value": 110, "place": "规划"}), replace(reading, history=history[-1:]))
    assert short is not None and short.mark == pytest.approx(273 / 365), "without past years the calendar"
