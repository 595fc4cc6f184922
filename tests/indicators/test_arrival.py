"""What may enter: every check catches its trouble, and the city's ordinary seasons raise no alarm."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.delivery.observation import Observation
from datasources.delivery.period import following
from indicators.arrival import _FOR_NUMBERS, Case, inspect, inspect_duplicates, inspect_parts
from indicators.definition import Arrival, Indicator
from indicators.expectation import surprise
from small_city import small_catalogue

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


def indicator(**changes: object) -> Indicator:
    shape = {
        "code": "TST-01", "theme": "test", "name": "试验指标", "definition": "仅供测试", "unit": "万元", "decimals": 1,
        "frequency": "monthly", "basis": "period", "direction": "neutral", "aggregation": "sum", "levels": ["city"],
        "owner": "bureau", "source": "statistics", "arrival": Arrival(),
    }  # fmt: skip
    return Indicator.model_validate({**shape, **changes})


def seen(value: float | None, period: str = "2026-10", **fields: object) -> Observation:
    return Observation("TST-01", "445100", period, value, **fields)


def months(values: list[float], last: str = "2026-09") -> list[tuple[str, float | None]]:
    return [(following(last, index - len(values) + 1), value) for index, value in enumerate(values)]


def checks(of: Indicator, candidate: Observation, recent: list[tuple[str, float | None]] | None = None) -> list[str]:
    return [reason.check for reason in inspect(of, candidate, recent or [], NOW)]


STEADY = [100.0, 103, 98, 101, 105, 99, 102, 104, 100, 97, 103, 101]


# When


@pytest.mark.feature(44)
@pytest.mark.parametrize(
    ("period", "observed_at", "expected"),
    [
        ("2026-11-22T14:32", NOW, []),
        ("2026-11-22T14:37", NOW + timedelta(minutes=5), []),
        ("2026-11-22T14:37", NOW + timedelta(minutes=5, seconds=1), ["future"]),
        ("2026-11-22T15:32", NOW + timedelta(hours=1), ["future"]),
        ("2099-01-01T00:00", datetime(2098, 12, 31, 16, tzinfo=UTC), ["future"]),
        ("2026-11-22T16:00", None, ["future"]),
        ("1970-01-01T08:00", datetime(1970, 1, 1, tzinfo=UTC), ["clock"]),
        ("1904-01-01T00:00", datetime(1903, 12, 31, 16, tzinfo=UTC), ["clock"]),
        ("2026-11", None, []),
        ("2026-12", None, ["future"]),
        ("2026-Q4", None, []),
        ("2027-Q1", None, ["future"]),
        ("2026", None, []),
        ("2027", None, ["future"]),
        ("1978", None, []),  # yearbooks go back further than clocks
    ],
)
def test_device_clock_wrong(period: str, observed_at: datetime | None, expected: list[str]) -> None:
    assert checks(indicator(), seen(1.0, period, observed_at=observed_at)) == expected


def test_the_clock_is_the_cockpits() -> None:
    drill = NOW + timedelta(hours=1)
    assert inspect(indicator(), seen(1.0, "2026-11-22T15:32", observed_at=drill), [], drill) == []


# How much


@pytest.mark.feature(44)
@pytest.mark.parametrize(("value", "held"), [(-0.1, True), (0.0, False), (100.0, False), (100.1, True), (1e308, True)])
def test_outside_the_possible_range(value: float, held: bool) -> None:
    percent = indicator(unit="%", arrival=Arrival(low=0, high=100))
    reasons = inspect(percent, seen(value), [], NOW)
    assert [reason.check for reason in reasons] == (["range"] if held else [])
    if held:
        assert "0 至 100" in reasons[0].message


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_not_a_number(value: float) -> None:
    assert checks(indicator(), seen(value), months(STEADY)) == ["number"]


@pytest.mark.feature(44)
def test_missing_needs_a_reason() -> None:
    assert checks(indicator(), seen(None)) == ["missing"]
    assert checks(indicator(), seen(None, quality=("not_applicable",))) == []


@pytest.mark.feature(44)
@pytest.mark.parametrize(
    ("value", "expected"), [(101.0, []), (135.0, []), (180.0, ["jump"]), (20.0, ["jump"]), (-101.0, ["jump"])]
)
def test_a_jump_against_the_recent_steps(value: float, expected: list[str]) -> None:
    assert checks(indicator(), seen(value), months(STEADY)) == expected


def test_a_jump_needs_a_past() -> None:
    assert checks(indicator(), seen(900.0), months(STEADY[:5])) == []


def test_one_wild_value_in_the_past_does_not_hide_the_next() -> None:
    spoiled = [*STEADY[:5], 160.0, *STEADY[6:]]
    assert checks(indicator(), seen(400.0), months(spoiled)) == ["jump"]


def test_a_jump_allowed_by_the_catalogue() -> None:
    lively = indicator(arrival=Arrival(jump=40))
    assert checks(lively, seen(180.0), months(STEADY)) == []


@pytest.mark.feature(44)
@pytest.mark.parametrize(
    ("factor", "word"), [(100, "100 倍"), (10_000, "1 万倍"), (0.01, "百分之一"), (0.0001, "万分之一")]
)
def test_a_unit_slip(factor: float, word: str) -> None:
    reasons = inspect(indicator(), seen(101.0 * factor), months(STEADY), NOW)
    assert "unit" in [reason.check for reason in reasons]
    assert word in reasons[0].message
    assert "万元" in reasons[0].message


def test_a_series_without_a_usual_level_has_no_unit_slip() -> None:
    rain = [0.2, 0, 0, 31, 4, 0, 88, 12, 0, 0, 3, 40]
    assert checks(indicator(unit="mm"), seen(9.0), months(rain)) == []


@pytest.mark.feature(44)
def test_a_reading_that_is_stuck() -> None:
    level = indicator(arrival=Arrival(stuck_after=5))
    flat = months([3.1, 3.2, 3.3, 3.3, 3.3, 3.3])
    assert checks(level, seen(3.3), flat) == ["stuck"]
    assert checks(level, seen(3.3), flat[:-1]) == []
    assert checks(level, seen(3.4), flat) == []
    assert checks(level, seen(3.3, "2026-09"), flat) == []  # the same delivery again
    assert checks(indicator(), seen(3.3), flat) == []


@pytest.mark.feature(44)
@pytest.mark.parametrize(
    ("value", "numerator", "denominator", "expected"),
    [(40.0, 2, 5, []), (40.3, 2, 5, []), (4000.0, 2, 5, ["ratio"]), (0.4, 2, 5, ["ratio"]), (40.0, 2, 0, ["ratio"])],
)
def test_a_ratio_that_is_not_numerator_over_denominator(
    value: float, numerator: float, denominator: float, expected: list[str]
) -> None:
    share = indicator(unit="%", aggregation="ratio", scale=100)
    assert checks(share, seen(value, numerator=numerator, denominator=denominator)) == expected


# The ordinary life of a series raises no alarm


def year_to_date(monthly: list[float], first: str = "2023-01") -> list[tuple[str, float | None]]:
    """Cumulative figures from monthly gains; January is published with February."""
    points: list[tuple[str, float | None]] = []
    period, total = first, 0.0
    for gain in monthly:
        total = gain if period.endswith("-01") else total + gain
        if not period.endswith("-01"):
            points.append((period, round(total, 1)))
        period = following(period)
    return points


GAINS = [80.0, 70, 100, 105, 98, 102, 99, 101, 104, 97, 103, 110] * 3


@pytest.mark.feature(44)
def test_a_year_to_date_series_runs_through_three_years_unheld() -> None:
    cumulative = indicator(basis="ytd")
    series = year_to_date(GAINS)
    held = [
        (period, value)
        for index, (period, value) in enumerate(series)
        if checks(cumulative, seen(value, period), series[max(index - 36, 0) : index])
    ]
    assert held == []


@pytest.mark.feature(44)
def test_a_year_to_date_slip_is_seen_after_the_new_year() -> None:
    cumulative = indicator(basis="ytd")
    series = year_to_date(GAINS[:24], "2024-01")
    assert checks(cumulative, seen(155.0, "2026-02"), series) == []
    assert "unit" in checks(cumulative, seen(15_500.0, "2026-02"), series)
    assert checks(cumulative, seen(1180.0, "2026-02"), series) == ["jump"]  # last year's total carried on
    assert checks(cumulative, seen(60.0, "2025-12"), series[:-1]) == ["jump"]  # the month instead of the year to date


def test_a_year_to_date_rate_may_start_anew_in_january() -> None:
    rate = indicator(basis="ytd", aggregation="ratio", unit="%")
    assert checks(rate, seen(9.8, "2026-02"), months([3.1, 3.2, 3.1, 3.3, 3.2, 3.1, 3.2, 3.3], "2025-12")) == []
    assert checks(rate, seen(9.8, "2025-12"), months([3.1, 3.2, 3.1, 3.3, 3.2, 3.1, 3.2, 3.3], "2025-11")) == ["jump"]


@pytest.mark.feature(44)
@pytest.mark.parametrize("peak", [2.2, 5.0])
def test_a_yearly_holiday_peak_is_no_jump(peak: float) -> None:
    calm = [50.0, 49, 51] * 12
    with_peak = [*calm[:24], 50.0 * peak, *calm[25:]]  # a year before the month that is to come
    visitors = indicator(unit="万人次")
    assert checks(visitors, seen(52.0 * peak), months(with_peak)) == []
    assert checks(visitors, seen(52.0 * peak), months(calm)) == ["jump"]


def test_weekends_are_no_jump() -> None:
    days = [(following("2026-11-01", day), 55.0 if day % 7 in (5, 6) else 30.0 + day % 3) for day in range(20)]
    daily = indicator(frequency="daily")
    held = [label for index, (label, value) in enumerate(days) if checks(daily, seen(value, label), list(days[:index]))]
    assert held == []


def test_a_count_of_the_day_starts_anew_at_midnight() -> None:
    calls = indicator(frequency="minute", unit="件", decimals=0)
    day = [(following("2026-11-21T23:00", minute), 900.0 + minute) for minute in range(60)]
    assert checks(calls, seen(0.0, "2026-11-22T00:00"), day) == []
    assert checks(calls, seen(1.0, "2026-11-22T00:01"), [*day, ("2026-11-22T00:00", 0.0)]) == []
    assert checks(calls, seen(0.0, "2026-11-21T23:59"), day[:-1]) == ["jump"]
    assert checks(calls, seen(9_600.0, "2026-11-22T00:00"), day) == ["jump"]


def test_hours_are_not_judged_before_a_whole_day_is_known() -> None:
    load = indicator(frequency="hourly", unit="万千瓦")
    hours = [(following("2026-11-20T00", hour), 50.0 + (hour % 24 >= 8) * 45 + hour % 3) for hour in range(60)]
    held = [
        label for index, (label, value) in enumerate(hours) if checks(load, seen(value, label), list(hours[:index]))
    ]
    assert held == []
    assert checks(load, seen(400.0, "2026-11-22T12"), list(hours)) == ["jump"]


@given(st.lists(st.floats(40, 60), min_size=6, max_size=40), st.floats(40, 60))
def test_values_among_the_recent_ones_are_never_held(past: list[float], value: float) -> None:
    if min(past[-24:]) <= value <= max(past[-24:]):
        assert checks(indicator(), seen(value), months(past)) == []


@given(
    st.lists(st.none() | st.floats(allow_nan=False), max_size=40),
    st.none() | st.floats(),
    st.sampled_from(["2026-10", "2026-09", "2019-01", "2024-05"]),
    st.sampled_from(["sum", "ratio", "last"]),
    st.sampled_from(["period", "ytd", "point"]),
)
def test_no_past_and_no_value_breaks_the_checks(
    past: list[float | None], value: float | None, period: str, rule: str, basis: str
) -> None:
    found = inspect(indicator(aggregation=rule, basis=basis), seen(value, period), months(past), NOW)
    assert all(reason.message for reason in found)


# Late and corrected


def test_a_late_value_is_measured_against_its_own_time() -> None:
    series = months([10.0, 11, 10, 11, 10, 11, 10, 11, 100, 101, 100, 101, 100], "2026-10")
    assert checks(indicator(), seen(10.5, "2026-05"), series[:8]) == []
    assert checks(indicator(), seen(100.0, "2026-05"), series) == ["jump"]


def test_a_backfill_before_everything_known() -> None:
    series = months(STEADY)
    assert checks(indicator(), seen(99.0, "2020-01"), series) == []
    assert "unit" in checks(indicator(), seen(9_900.0, "2020-01"), series)


def test_a_correction_is_not_compared_with_what_it_corrects() -> None:
    series = [*months(STEADY), ("2026-10", 10_100.0)]
    assert checks(indicator(), seen(101.0, "2026-10"), series) == []


def test_a_cumulative_figure_is_not_compared_with_monthly_ones() -> None:
    assert checks(indicator(), seen(900.0, basis="ytd"), months(STEADY)) == []


# A delivery as a whole


@pytest.mark.feature(44)
def test_two_values_for_one_figure_in_one_delivery() -> None:
    rows = [seen(1.0, line=5), seen(2.0, "2026-09", line=6), seen(1.5, line=9)]
    found = inspect_duplicates(rows)
    assert sorted(found) == [0, 2]
    assert {reason.check for reason in found.values()} == {"duplicate"}
    assert "第 9 行为 1.5" in found[0].message
    assert "第 5 行为 1.0" in found[2].message


def test_the_same_row_twice_is_no_contradiction() -> None:
    assert inspect_duplicates([seen(1.0, line=5), seen(1.0, line=9)]) == {}


def test_two_instants_in_one_minute_are_no_contradiction() -> None:
    earlier, later = (seen(v, "2026-11-22T14:05", observed_at=NOW + timedelta(seconds=v)) for v in (1, 30))
    assert inspect_duplicates([earlier, later]) == {}


CITY = small_catalogue(indicator())


def parts(total: float, *values: float) -> list[Observation]:
    codes = ["445100", "445102", "445103", "445122", "445185"]
    return [Observation("TST-01", code, "2026-10", value) for code, value in zip(codes, (total, *values), strict=False)]


@pytest.mark.feature(44)
@pytest.mark.parametrize(
    ("total", "held"), [(100.0, False), (100.2, False), (99.8, False), (100.3, True), (90.0, True), (1000.0, True)]
)
def test_a_total_that_is_not_the_sum_of_its_parts(total: float, held: bool) -> None:
    rows = parts(total, 25.0, 25.0, 25.0, 25.0)
    found = inspect_parts(CITY, rows)
    assert sorted(found) == (list(range(5)) if held else [])
    if held:
        assert f"合计 {total:g} 不等于各部分之和 100" in found[0].message


def test_a_sum_is_only_checked_with_all_its_parts() -> None:
    assert inspect_parts(CITY, parts(100.0, 25.0, 25.0, 25.0)) == {}


def test_a_zone_is_no_part_of_the_city() -> None:
    rows = [*parts(100.0, 25.0, 25.0, 25.0, 25.0), Observation("TST-01", "4451-FQH", "2026-10", 60.0)]
    assert inspect_parts(CITY, rows) == {}


def test_rates_are_not_added() -> None:
    assert inspect_parts(small_catalogue(indicator(aggregation="ratio")), parts(5.0, 5.0, 5.0, 5.0, 5.0)) == {}


@given(
    value=st.floats(-50, 50_000),
    period=st.sampled_from(["2026-10", "2026-12", "2026-09", "1970-01-01T08:00", "2026-11-22T14:32"]),
    low=st.one_of(st.none(), st.floats(-100, 200)),
    stuck=st.one_of(st.none(), st.integers(3, 5)),
    parts=st.one_of(st.none(), st.tuples(st.floats(0, 100), st.floats(0, 100))),
    standing=st.booleans(),
)
def test_a_check_left_out_for_speed_would_have_found_nothing(value, period, low, stuck, parts, standing) -> None:
    """`inspect` skips checks that cannot fail; all seven together must say the same."""
    of = indicator(aggregation="ratio" if parts else "sum", arrival=Arrival(low=low, stuck_after=stuck))
    numerator, denominator = parts or (None, None)
    candidate = seen(value, period, numerator=numerator, denominator=denominator)
    recent = months([value] * 8 if standing else STEADY)
    found = surprise(of, period, value, recent)
    every = [(name, check(Case(of, candidate, value, recent, NOW, found))) for name, check in _FOR_NUMBERS]
    assert [(r.check, r.message) for r in inspect(of, candidate, recent, NOW)] == [one for one in every if one[1]]
