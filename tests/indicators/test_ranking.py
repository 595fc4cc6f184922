"""Regions are ranked where it is fair, and otherwise it is said why not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from indicators.ranking import rank
from indicators.reading import Freshness, Provenance, Reading, World
from small_city import COUNTIES, indicator

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)
RATE = indicator("RAT-09", aggregation="ratio", scale=100, unit="%", direction="higher_better", formula="x")
AMOUNT = indicator("SUM-09", direction="higher_better")
PEOPLE = dict(zip(COUNTIES, (500_000.0, 1_000_000.0, 800_000.0, 200_000.0), strict=True))


def found(*values: float | None, below: float = 500.0) -> dict[str, Reading]:
    return {
        region: Reading(
            "X", region, "2026-10", value, "%", MOMENT, MOMENT, Freshness.FRESH, Provenance.LIVE, "counts",
            World.REAL, numerator=1.0, denominator=below, reason=None if value is not None else "没有数据",
        )
        for region, value in zip(COUNTIES, values, strict=True)
    }  # fmt: skip


@pytest.mark.feature(31)
def test_ratios_are_ranked_by_value_and_equal_ones_share_a_rank() -> None:
    made = rank(RATE, found(90.0, 95.04, 95.01, 80.0), {})
    assert made.refused is None
    assert [(row.region, row.rank) for row in made.rows] == [
        (COUNTIES[1], 1), (COUNTIES[2], 1), (COUNTIES[0], 3), (COUNTIES[3], 4),
    ]  # fmt: skip


@pytest.mark.feature(31)
def test_amounts_are_ranked_by_residents_and_the_base_is_there() -> None:
    made = rank(AMOUNT, found(50.0, 60.0, 64.0, 40.0), PEOPLE)
    assert [row.region for row in made.rows] == [COUNTIES[3], COUNTIES[0], COUNTIES[2], COUNTIES[1]]
    assert made.rows[0].compared == pytest.approx(2.0) and made.rows[0].people == 200_000
    assert "每万常住人口" in made.basis


@pytest.mark.feature(31)
@pytest.mark.parametrize(
    ("one", "readings", "people", "words"),
    [
        (AMOUNT, found(1.0, 2.0, 3.0, 4.0), {}, "总量取决于体量"),
        (indicator("NEU-09", direction="neutral"), found(1.0, 2.0, 3.0, 4.0), PEOPLE, "不分高低"),
        (RATE, found(1.0, 2.0, None, None), {}, "只有 2 个"),
        (RATE, found(1.0, 2.0, 3.0, 4.0, below=12.0), {}, "样本不足"),
        (RATE, {**found(1.0, 2.0, 3.0, 4.0),
                COUNTIES[0]: replace(found(1.0, 2.0, 3.0, 4.0)[COUNTIES[0]], period="2026-09")}, {}, "不是同一时期"),
    ],
)  # fmt: skip
def test_no_ranking_when_it_would_mislead(one, readings, people, words) -> None:
    made = rank(one, readings, people)
    assert words in (made.refused or "") and all(row.rank is None for row in made.rows)


def test_a_stale_figure_has_no_rank_and_says_why() -> None:
    readings = found(90.0, 95.0, 96.0, 80.0)
    readings[COUNTIES[0]] = replace(readings[COUNTIES[0]], freshness=Freshness.STALE)
    made = rank(RATE, readings, {})
    assert made.rows[-1].region == COUNTIES[0] and made.rows[-1].rank is None and "过期" in (made.rows[-1].reason or "")


def test_low_is_good_where_the_indicator_says_so() -> None:
    made = rank(indicator("LOW-09", aggregation="ratio", scale=100, unit="%", direction="lower_better", formula="x"),
                found(3.0, 1.0, 2.0, 4.0), {})  # fmt: skip
    assert [row.region for row in made.rows] == [COUNTIES[1], COUNTIES[2], COUNTIES[0], COUNTIES[3]]
