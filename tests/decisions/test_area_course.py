"""A device and an area: each crossing exactly once, however its reports jitter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.area_course import MARGIN_METRES, Presence, advance, ways
from decisions.watched_area import Way
from geography.areas import read_area
from geography.coordinates import Point
from geography.regions import METRES_PER_DEGREE

CIRCLE, BOX = read_area("circle:116.65,23.65,500"), read_area("box:116.60,23.60,116.70,23.70")
RING = read_area(
    "polygon:116.6,23.6;116.7,23.6;116.7,23.7;116.6,23.7|116.62,23.62;116.68,23.62;116.68,23.68;116.62,23.68"
)


def north_of(area, metres: float) -> Point:
    """So many metres inside (or outside, below 0) the southern rim, south of the middle."""
    south = 23.65 - 500 / METRES_PER_DEGREE if area is CIRCLE else 23.60
    return Point(116.65, south + metres / METRES_PER_DEGREE)


def told(area, depths: list[float]) -> list[Way]:
    found, before = [], Presence()
    for metres in depths:
        after = advance(area, before, north_of(area, metres), None, None)
        found += ways(before, after)
        before = after
    return found


@pytest.mark.feature(17)
@pytest.mark.parametrize("area", [CIRCLE, BOX])
@given(noise=st.lists(st.floats(-MARGIN_METRES + 1, MARGIN_METRES - 1), min_size=1, max_size=60))
def test_a_point_that_jitters_at_the_edge_enters_once_and_leaves_once(area, noise: list[float]) -> None:
    there, back = [-900.0, *noise, 300.0], [*noise, -900.0]
    assert told(area, there + back) == [Way.ENTER, Way.LEAVE]


@given(st.lists(st.floats(-2000, 2000), max_size=80))
def test_entering_and_leaving_take_turns(depths: list[float]) -> None:
    found = told(BOX, depths)
    assert found == [Way.ENTER, Way.LEAVE] * (len(found) // 2) + [Way.ENTER] * (len(found) % 2)


@given(st.lists(st.floats(-2000, 2000), max_size=40), st.data())
def test_a_report_said_twice_tells_nothing_more(depths: list[float], data) -> None:
    again = [depth for depth in depths for _ in range(data.draw(st.integers(1, 3)))]
    assert told(BOX, again) == told(BOX, depths)


def test_a_point_on_the_edge_has_entered() -> None:
    assert advance(BOX, Presence(), Point(116.65, 23.60), None, None).is_inside
    assert advance(BOX, Presence(), Point(116.60, 23.60), None, None).is_inside


def test_going_into_the_hole_is_leaving() -> None:
    inside = advance(RING, Presence(), Point(116.61, 23.65), None, None)
    hole = advance(RING, inside, Point(116.65, 23.65), None, None)
    assert ways(Presence(), inside) == (Way.ENTER,) and ways(inside, hole) == (Way.LEAVE,)


@pytest.mark.feature(17)
@given(st.lists(st.floats(97.5, 102.4), max_size=60))
def test_a_value_that_trembles_at_its_bound_is_told_once(values: list[float]) -> None:
    found, before = [], Presence(is_inside=True)
    for value in [90.0, 101.0, *values, 90.0]:
        after = advance(BOX, before, BOX.centre, value, 100.0)
        found += ways(before, after)
        before = after
    assert found == [Way.OVER, Way.BACK]


@pytest.mark.parametrize(("bound", "over", "back"), [(0.0, 0.1, -0.1), (-10.0, -9.9, -10.4)])
def test_bounds_may_be_zero_or_below(bound: float, over: float, back: float) -> None:
    high = advance(BOX, Presence(is_inside=True), BOX.centre, over, bound)
    assert high.is_over and not advance(BOX, high, BOX.centre, back, bound).is_over


def test_a_sensor_that_leaves_is_over_no_longer_and_says_so_once() -> None:
    before = Presence(is_inside=True, is_over=True)
    after = advance(BOX, before, Point(117.5, 23.5), 120.0, 100.0)
    assert after == Presence() and ways(before, after) == (Way.LEAVE,)


def test_a_report_without_a_value_changes_nothing_about_the_bound() -> None:
    before = Presence(is_inside=True, is_over=True)
    assert advance(BOX, before, BOX.centre, None, 100.0) == before
