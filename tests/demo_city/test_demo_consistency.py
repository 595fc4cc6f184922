"""Figures that belong together fit together: parts, growth, cumulative figures, whole numbers, ranges."""

from __future__ import annotations

import numpy as np
import pytest

from datasources.delivery.period import Frequency
from demo_city.axis import axis_of, stretch
from demo_city.city import DemoCity
from demo_city.episodes import COUNTIES
from demo_city.feed import places
from demo_city.recipe import recipes

QUARTERS = ["2024-Q4", "2025-Q1", "2025-Q2", "2025-Q3", "2025-Q4", "2026-Q1", "2026-Q2", "2026-Q3"]
MONTHS = stretch(Frequency.MONTHLY, 12 * 53 + 10, 12 * 56 + 9)
"""November 2023 to October 2026."""


@pytest.mark.parametrize("county", COUNTIES)
def test_gross_product_is_the_sum_of_its_three_sectors(demo: DemoCity, county: str) -> None:
    axis = axis_of(Frequency.QUARTERLY, QUARTERS)
    total, *sectors = (demo.figures(code, county, axis).value for code in ("ECO-01", "ECO-03", "ECO-04", "ECO-05"))
    assert np.abs(total - np.sum(sectors, axis=0)).max() < 0.005


@pytest.mark.parametrize(("growth", "level"), [("ECO-02", "ECO-01"), ("ECO-08", "ECO-07"), ("PRT-07", "ECO-11")])
def test_growth_follows_from_the_levels_of_this_year_and_the_last(demo: DemoCity, growth: str, level: str) -> None:
    quarterly = growth == "ECO-02"
    frequency, back = (Frequency.QUARTERLY, 4) if quarterly else (Frequency.MONTHLY, 12)
    axis = axis_of(frequency, ["2025-Q3", "2026-Q2"] if quarterly else ["2025-09", "2026-10"])
    now = demo.figures(level, "445122", axis).value
    then = demo.figures(level, "445122", axis.at(axis.index - back)).value
    found = demo.figures(growth, "445122", axis)
    assert found.value == pytest.approx(100 * (now / then - 1), abs=0.06)
    assert found.numerator == pytest.approx(now - then) and found.denominator == pytest.approx(then)


def test_cumulative_figures_rise_within_the_year_and_start_anew(catalogue, demo: DemoCity) -> None:
    checked = 0
    for code, recipe in recipes().items():
        indicator = catalogue.indicators.get(code)
        if recipe.how != "ytd" or indicator is None or indicator.frequency is not Frequency.MONTHLY:
            continue
        values = demo.figures(code, places(catalogue, indicator)[0], MONTHS).value
        steps, january = np.diff(values), MONTHS.index[1:] % 12 == 0
        assert (steps[~january] >= 0).all(), code
        assert (values[1:][january] <= values[:-1][january]).all(), code
        checked += 1
    assert checked >= 15


def test_counts_since_midnight_rise_through_the_day_and_are_zero_at_midnight(demo: DemoCity) -> None:
    day = axis_of(Frequency.REALTIME, ["2026-11-21T00:00"])
    axis = day.at(day.index[0] + np.arange(0, 1441, 5))
    for code in (code for code, recipe in recipes().items() if recipe.how == "today"):
        values = demo.figures(code, "445103", axis).value
        assert values[0] == 0 and values[-1] == 0, code
        assert (np.diff(values[:-1]) >= 0).all(), code
    calls = demo.figures("HOT-01", "445103", axis).value
    assert 500 < calls[-2] < 3000


def test_an_hour_gives_the_count_at_its_end(demo: DemoCity) -> None:
    hours = demo.figures("HOT-04", "445103", axis_of(Frequency.HOURLY, ["2026-11-19T09", "2026-11-19T23"])).value
    assert 0 < hours[0] < hours[1]


def test_nothing_leaves_its_possible_range_and_whole_numbers_stay_whole(catalogue, demo: DemoCity) -> None:
    newest = {
        Frequency.YEARLY: stretch(Frequency.YEARLY, 50, 55),
        Frequency.QUARTERLY: stretch(Frequency.QUARTERLY, 215, 226),
        Frequency.MONTHLY: MONTHS,
        Frequency.DAILY: stretch(Frequency.DAILY, 20_720, 20_778),
        Frequency.HOURLY: stretch(Frequency.HOURLY, 20_720 * 24, 20_726 * 24),
        Frequency.MINUTE: stretch(Frequency.MINUTE, 20_720 * 1440, 20_721 * 1440),
        Frequency.REALTIME: stretch(Frequency.REALTIME, 20_720 * 1440, 20_721 * 1440),
    }
    for code, indicator in catalogue.indicators.items():
        for region in places(catalogue, indicator)[:4]:
            found = demo.figures(code, region, newest[indicator.frequency])
            low, high = indicator.arrival.low, indicator.arrival.high
            assert np.isfinite(found.value).all(), code
            assert low is None or (found.value >= low).all(), code
            assert high is None or (found.value <= high).all(), code
            assert (np.round(found.value, indicator.decimals) == found.value).all(), code
            if found.numerator is not None and found.denominator is not None:
                assert (found.denominator > 0).all(), code
                exact = indicator.scale * found.numerator / found.denominator
                assert np.abs(exact - found.value).max() <= 0.5 * 10.0**-indicator.decimals + 1e-9, code


def test_ratios_means_and_weighted_means_bring_numerator_and_denominator(catalogue, demo: DemoCity) -> None:
    for code, indicator in catalogue.indicators.items():
        axis = stretch(indicator.frequency, 226, 226)
        found = demo.figures(code, places(catalogue, indicator)[0], axis)
        assert (found.numerator is not None) == (indicator.aggregation in ("ratio", "mean", "weighted")), code


def test_exact_figures_of_the_plan_stay_exact(catalogue, demo: DemoCity) -> None:
    for code, plan in {"URB-02": 175, "URB-04": 26, "URB-05": 298}.items():
        parts = places(catalogue, catalogue.indicators[code])
        assert sum(demo.figures(code, region, MONTHS).value[-1] for region in parts) == plan, code
