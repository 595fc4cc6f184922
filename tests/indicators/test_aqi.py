"""HJ 633-2012: the published days, the corners of the table, and what no index may be made of."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import indicators
from indicators.aqi import BREAKPOINTS, INDEX_STEPS, TOP, NoIndex, Pollutant, air_quality, level_of, part_index

COLUMNS = {
    "so2": Pollutant.SO2,
    "no2": Pollutant.NO2,
    "pm10": Pollutant.PM10,
    "co_mg": Pollutant.CO,
    "o3_8h": Pollutant.O3_8H,
    "pm25": Pollutant.PM25,
}
CLEAN = dict(zip(COLUMNS.values(), (6, 6, 30, 0.5, 70, 14), strict=True))


def published_days() -> list[dict[str, str]]:
    path = Path(indicators.__file__).parent / "published" / "chaozhou_air_daily.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row for row in csv.DictReader(file) if row["aqi"]]


def test_all_27_published_days_come_out_as_printed() -> None:
    days = published_days()
    computed = [air_quality({name: float(day[column]) for column, name in COLUMNS.items()}).index for day in days]
    assert len(days) == 27
    assert computed == [int(day["aqi"]) for day in days]


@pytest.mark.parametrize("pollutant", Pollutant)
def test_every_breakpoint_gives_its_step_and_a_hair_more_the_next_number(pollutant: Pollutant) -> None:
    points = BREAKPOINTS[pollutant]
    assert [part_index(pollutant, point) for point in points] == list(INDEX_STEPS[: len(points)])
    for point, step in list(zip(points, INDEX_STEPS, strict=False))[:-1]:
        assert part_index(pollutant, point + 1e-9) == step + 1


def test_a_binary_fraction_does_not_push_the_result_up() -> None:
    assert part_index(Pollutant.CO, 0.2) == 5
    assert part_index(Pollutant.CO, 0.6) == 15


@given(st.sampled_from(Pollutant), st.floats(0, 3000), st.floats(0, 3000))
def test_more_of_a_pollutant_is_never_a_better_index(pollutant: Pollutant, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert 0 <= part_index(pollutant, low) <= part_index(pollutant, high) <= TOP


@given(st.fixed_dictionaries({pollutant: st.floats(0, 3000) for pollutant in Pollutant}))
def test_the_day_is_as_bad_as_its_worst_pollutant(day: dict[Pollutant, float]) -> None:
    quality = air_quality(day)
    assert quality.index == max(quality.parts.values())
    assert quality.primary == tuple(p for p in Pollutant if quality.parts[p] == quality.index and quality.index > 50)


def test_a_day_up_to_50_has_no_primary_pollutant() -> None:
    assert air_quality(CLEAN).primary == ()
    assert air_quality({**CLEAN, Pollutant.O3_8H: 101}).primary == (Pollutant.O3_8H,)


def test_two_equal_worst_pollutants_are_both_primary() -> None:
    quality = air_quality({**CLEAN, Pollutant.PM25: 75, Pollutant.O3_8H: 160})
    assert (quality.index, quality.primary) == (100, (Pollutant.O3_8H, Pollutant.PM25))


def test_ozone_beyond_800_keeps_its_last_step() -> None:
    assert part_index(Pollutant.O3_8H, 5000) == 300


def test_a_missing_pollutant_gives_no_index_instead_of_a_flattering_one() -> None:
    with pytest.raises(NoIndex, match="pm25"):
        air_quality({name: value for name, value in CLEAN.items() if name is not Pollutant.PM25})


@pytest.mark.parametrize("bad", [-1, float("nan"), float("inf")])
def test_a_concentration_that_is_no_amount_is_refused(bad: float) -> None:
    with pytest.raises(NoIndex):
        part_index(Pollutant.SO2, bad)


@pytest.mark.parametrize(
    ("index", "words"), [(0, "优"), (50, "优"), (51, "良"), (101, "轻度污染"), (301, "严重污染"), (500, "严重污染")]
)
def test_levels_change_just_after_their_limit(index: int, words: str) -> None:
    assert level_of(index) == words


@pytest.mark.parametrize("index", [-1, 501])
def test_no_level_outside_the_scale(index: int) -> None:
    with pytest.raises(NoIndex):
        level_of(index)
