"""What leaders see first: severity × deviation × people, every factor as the rule on screen says."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indicators.attention import concerns
from indicators.definition import AttentionRule, Bands, Indicator, Severity, Target
from indicators.reading import Freshness, Provenance, Reading, World

RULE = AttentionRule(severity=Severity(headline_past_edge=3, headline=2, other=1), people="TST-90", words="规则")
MOMENT = datetime(2026, 11, 21, 16, tzinfo=UTC)


def indicator(number: int, **more: object) -> Indicator:
    entry = {
        "code": f"TST-{number:02}", "theme": "test_theme", "name": f"指标{number}", "definition": "x", "unit": "%",
        "frequency": "daily", "basis": "period", "direction": "higher_better", "aggregation": "ratio",
        "levels": ("city", "county"), "owner": "some_office", "source": "some_source",
        "target": Target(op=">=", value=100, place="规划", due="2025"),
    }  # fmt: skip
    return Indicator(**(entry | more))


def reading(number: int, value: float, region: str, people: float | None = None) -> Reading:
    return Reading(
        f"TST-{number:02}", region, "2026-11-21", value, "%", MOMENT, MOMENT, Freshness.FRESH,
        Provenance.LIVE, "some_source", World.REAL, denominator=people,
    )  # fmt: skip


class City:
    """As much of a catalogue as the ranking reads."""

    def __init__(self, *entries: Indicator) -> None:
        self.indicators = {one.code: one for one in entries}


def readings(*found: Reading) -> dict[str, dict[str, Reading]]:
    by_region: dict[str, dict[str, Reading]] = {}
    for one in found:
        by_region.setdefault(one.region, {})[one.indicator] = one
    return by_region


def ranked(city: City, *found: Reading) -> list[tuple[str, str, float]]:
    return [(c.indicator.code, c.region, round(c.score, 3)) for c in concerns(city, readings(*found), RULE)]


PEOPLE = indicator(90, target=None)


@pytest.mark.feature(6)
def test_each_factor_moves_the_rank() -> None:
    edge = Bands(attention_below=95, reason="r", owner="some_office")
    city = City(indicator(1), indicator(2, headline=True), indicator(3, headline=True, bands=edge), PEOPLE)
    people = reading(90, 5, "445100", 200_000)
    found = ranked(
        city, people, reading(1, 50, "445100"), reading(2, 90, "445100"), reading(3, 90, "445100")
    )  # fmt: skip
    assert found == [("TST-01", "445100", 10.0), ("TST-03", "445100", 6.0), ("TST-02", "445100", 4.0)]


def test_an_indicator_stands_where_it_weighs_most_and_names_the_other_regions() -> None:
    city = City(indicator(1), PEOPLE)
    found = concerns(
        city,
        readings(
            reading(90, 5, "A", 100_000), reading(90, 5, "B", 900_000), reading(90, 5, "C", 900_000),
            reading(1, 50, "A"), reading(1, 80, "B"), reading(1, 120, "C"),
        ),
        RULE,
    )  # fmt: skip
    assert [(one.region, one.elsewhere) for one in found] == [("B", ("A",))]


def test_unknown_people_count_as_one_and_stay_unknown() -> None:
    (found,) = concerns(City(indicator(1)), readings(reading(1, 50, "A")), RULE)
    assert (found.people, found.score) == (None, 0.5)


@pytest.mark.parametrize(
    ("value", "target", "expected"),
    [
        (-400, Target(op=">=", value=100, place="规划", due="2025"), 1.0),
        (3, Target(op="<=", value=0, place="规划"), 1.0),
        (150, Target(op="<=", value=100, place="规划"), 0.5),
    ],
)
def test_a_deviation_ends_at_one(value: float, target: Target, expected: float) -> None:
    (found,) = concerns(City(indicator(1, target=target)), readings(reading(1, value, "A")), RULE)
    assert found.deviation == expected


def test_what_is_on_track_stale_or_over_is_no_concern() -> None:
    city = City(indicator(1), indicator(2), indicator(3, historical=True))
    stale = replace(reading(2, 10, "A"), freshness=Freshness.STALE)
    assert concerns(city, readings(reading(1, 100, "A"), stale, reading(3, 1, "A")), RULE) == []
