"""The planted causes can be found again: cross-correlation is highest at the planted lag."""

from __future__ import annotations

import numpy as np
import pytest

from datasources.delivery.period import Frequency
from demo_city.amounts import flows
from demo_city.axis import Axis, axis_of, stretch
from demo_city.city import DemoCity
from demo_city.recipe import recipes

STEP = 5
"""Minutes between samples."""
PER_DAY = 1440 // STEP


@pytest.fixture(scope="module")
def wet_season(demo: DemoCity) -> Axis:
    """Ninety days up to mid-October 2026, every five minutes."""
    last = int(axis_of(Frequency.REALTIME, ["2026-10-15T00:00"]).index[0])
    return Axis(Frequency.REALTIME, np.arange(last - 90 * 1440, last, STEP, dtype=np.int64))


def _unusual(values: np.ndarray) -> np.ndarray:
    """What departs from the usual day."""
    by_day = values.reshape(-1, PER_DAY)
    return (by_day - np.median(by_day, axis=0)).ravel()


def _gains(counts: np.ndarray) -> np.ndarray:
    return np.maximum(np.diff(counts, prepend=counts[0]), 0.0)


def _lag(cause: np.ndarray, effect: np.ndarray, longest: int) -> int:
    found = [np.corrcoef(cause[: len(cause) - lag], effect[lag:])[0, 1] for lag in range(longest)]
    return int(np.argmax(found))


@pytest.mark.parametrize(
    ("code", "region", "sign", "is_count", "minutes"),
    [
        ("WAT-05", "445100", 1, False, 45),
        ("TRF-01", "445102", 1, False, 65),
        ("TRF-02", "445102", -1, False, 65),
        ("HOT-01", "445102", 1, True, 105),
        ("EVT-01", "445102", 1, True, 135),
    ],
)
def test_rain_reaches_streets_roads_telephones_and_desks_one_after_the_other(
    demo: DemoCity, wet_season: Axis, code: str, region: str, sign: int, is_count: bool, minutes: int
) -> None:
    rain = demo.figures("WAT-03", "445102", wet_season).value
    values = sign * demo.figures(code, region, wet_season).value
    effect = _unusual(_gains(values) if is_count else values)
    assert abs(_lag(rain, effect, 60) * STEP - minutes) <= 10


def test_the_river_rises_hours_after_the_rain(demo: DemoCity, wet_season: Axis) -> None:
    hourly = wet_season.at(wet_season.index[::12])
    rain = demo.figures("WAT-03", "445102", hourly).value
    river = demo.figures("WAT-01", "445100", hourly).value
    assert 10 <= _lag(rain, river, 60) <= 24


@pytest.mark.parametrize(("code", "months"), [("ECO-06", 1), ("ECO-07", 1), ("ECO-12", 2)])
def test_kiln_electricity_leads_output_and_output_leads_revenue(demo: DemoCity, code: str, months: int) -> None:
    axis = stretch(Frequency.MONTHLY, 600, 682)

    def changes(of: str) -> np.ndarray:
        return np.diff(np.log(flows(demo, recipes()[of], "445103", axis)))

    assert _lag(changes("X-INDELEC"), changes(code), 6) == months


def test_a_holiday_fills_the_old_town_and_its_car_parks(demo: DemoCity) -> None:
    holiday, ordinary = ("2026-10-03T11:00", "2026-10-14T11:00")
    axis = axis_of(Frequency.REALTIME, [ordinary, holiday])
    later = axis_of(Frequency.MINUTE, ["2026-10-14T11:30", "2026-10-03T11:30"])
    calm, full = demo.figures("CTR-02", "445100", axis).value
    assert full > 80 > 40 > calm
    free_calm, free_full = demo.figures("TRF-11", "445102", later).value
    assert free_full < 10 < free_calm


def test_heat_raises_the_load_and_the_festival_lowers_it(demo: DemoCity) -> None:
    july, november, festival = demo.figures(
        "ENG-01", "445100", axis_of(Frequency.MINUTE, ["2026-07-15T15:00", "2026-11-11T15:00", "2026-02-17T15:00"])
    ).value
    assert july > 1.1 * november > 1.2 * festival
