"""Areas that can be watched: holes, edges, lines that cross, and on whose ground they lie."""

from __future__ import annotations

from math import cos, pi, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geography.area_ground import places_in
from geography.area_soundness import require_sound
from geography.areas import NoArea, read_area
from geography.coordinates import Point

SQUARE = "116.60,23.60;116.70,23.60;116.70,23.70;116.60,23.70"
HOLE = "116.62,23.62;116.66,23.62;116.66,23.66;116.62,23.66"


@pytest.mark.feature(17)
def test_what_lies_in_a_hole_is_outside() -> None:
    area = read_area(f"polygon:{SQUARE}|{HOLE}")
    require_sound(area)
    assert area.holds(Point(116.61, 23.61)) and not area.holds(Point(116.64, 23.64))
    assert area.depth(Point(116.61, 23.61)) > 0 > area.depth(Point(116.64, 23.64))
    assert area.square_km == pytest.approx(read_area(f"polygon:{SQUARE}").square_km * (1 - 0.16), rel=1e-3)


def test_depth_is_counted_from_the_nearest_edge() -> None:
    area = read_area(f"polygon:{SQUARE}")
    assert area.depth(Point(116.65, 23.60)) == pytest.approx(0, abs=1e-6)
    assert area.depth(Point(116.65, 23.601)) == pytest.approx(111.2, rel=1e-2)
    assert area.depth(Point(116.65, 23.599)) == pytest.approx(-111.2, rel=1e-2)
    circle = read_area("circle:116.65,23.65,500")
    assert circle.depth(circle.centre) == pytest.approx(500) and circle.depth(Point(116.66, 23.65)) < 0


@pytest.mark.feature(17)
@pytest.mark.parametrize(
    ("shape", "words"),
    [
        ("polygon:116.6,23.6;116.7,23.7;116.7,23.6;116.6,23.7", "自相交：第 1 条边与第 3 条边"),
        ("polygon:116.6,23.6;116.7,23.6;116.65,23.6;116.65,23.7", "自相交：第 1 条边与第 2 条边"),
        ("polygon:116.6,23.6;116.7,23.6;116.7,23.7;116.65,23.6;116.6,23.7", "自相交"),
        (f"polygon:{SQUARE}|116.65,23.65;116.75,23.65;116.65,23.68", "内孔应完全在边界之内"),
        (f"polygon:{SQUARE}|116.60,23.62;116.63,23.62;116.63,23.65", "内孔应完全在边界之内"),
        (f"polygon:{SQUARE}|{HOLE}|116.64,23.64;116.68,23.64;116.68,23.68", "相接或重叠"),
        (f"polygon:{SQUARE}|{HOLE}|116.63,23.63;116.65,23.63;116.65,23.65", "相接或重叠"),
        ("circle:116.65,23.65,5", "太小"),
        ("box:115,22,118,25", "太大"),
    ],
)
def test_an_area_that_cannot_be_watched_says_why(shape: str, words: str) -> None:
    with pytest.raises(NoArea, match=words):
        require_sound(read_area(shape))


@given(
    st.lists(st.floats(0.3, 1.0), min_size=3, max_size=24),
    st.booleans(),
)
def test_a_star_is_sound_whichever_way_it_is_drawn(reach: list[float], is_backwards: bool) -> None:
    """Corners in the order of their bearing never cross, if no two neighbours lie half a turn apart."""
    corners = [
        (116.65 + 0.02 * far * cos(2 * pi * n / len(reach)), 23.65 + 0.02 * far * sin(2 * pi * n / len(reach)))
        for n, far in enumerate(reach)
    ]
    told = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in (reversed(corners) if is_backwards else corners))
    require_sound(read_area(f"polygon:{told}"))


def test_a_double_click_makes_no_crossing() -> None:
    require_sound(read_area("polygon:116.6,23.6;116.6,23.6;116.7,23.6;116.7,23.7;116.7,23.7;116.6,23.6"))


def test_an_area_over_a_border_lies_on_both_grounds() -> None:
    counties = {place.county for place in places_in(read_area("box:116.62,23.60,116.70,23.70")) if place}
    assert {"445102", "445103"} <= counties
    assert None in places_in(read_area("box:116.62,23.60,118.2,23.70"))
