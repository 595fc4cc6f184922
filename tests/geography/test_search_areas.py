"""Areas as the address writes them: what is inside, how large, and clear words for what is none."""

from __future__ import annotations

from math import pi

import pytest

from geography.areas import NoArea, metres_between, read_area
from geography.coordinates import Point


def test_a_degree_of_latitude_is_111_kilometres() -> None:
    assert metres_between(Point(116.6, 23.0), Point(116.6, 24.0)) == pytest.approx(111_195, rel=1e-4)
    assert metres_between(Point(116.0, 23.6), Point(117.0, 23.6)) == pytest.approx(101_892, rel=1e-3)


@pytest.mark.feature(16)
def test_a_box_holds_its_inside_and_knows_its_size() -> None:
    box = read_area("box:116.6,23.6,116.7,23.7")
    assert box.holds(Point(116.65, 23.65)) and not box.holds(Point(116.71, 23.65))
    assert box.square_km == pytest.approx(11.12 * 11.12 * 0.9161, rel=0.01)
    assert (box.centre.lon, box.centre.lat) == (pytest.approx(116.65), pytest.approx(23.65))


@pytest.mark.feature(16)
def test_a_circle_ends_at_its_rim() -> None:
    circle = read_area("circle:116.6,23.6,1000")
    assert circle.holds(Point(116.6, 23.6 + 999 / 111_195))
    assert not circle.holds(Point(116.6, 23.6 + 1001 / 111_195))
    assert circle.square_km == pytest.approx(pi)


@pytest.mark.feature(16)
def test_a_polygon_may_be_hollow_and_may_cross_itself() -> None:
    hook = read_area("polygon:116,23;117,23;117,24;116.9,24;116.9,23.1;116,23.1")
    assert hook.holds(Point(116.95, 23.9)) and hook.holds(Point(116.1, 23.05))
    assert not hook.holds(Point(116.5, 23.5))
    bow = read_area("polygon:116,23;117,24;117,23;116,24")
    assert bow.holds(Point(116.1, 23.5)) and bow.holds(Point(116.9, 23.5)) and not bow.holds(Point(116.5, 23.2))


@pytest.mark.parametrize(
    "text",
    [
        "", "box", "box:", "box:1,2,3", "box:117,23,116,24", "box:116,23,116,24", "box:a,b,c,d", "box:nan,1,2,3",
        "circle:116,23,0", "circle:116,23,-5", "circle:116,23,inf", "circle:116,23,1e9", "circle:316,23,10",
        "polygon:116,23;117,24", "polygon:116,23;116,23;116,23", "polygon:116,23;117;117,24",
        "polygon:116,99;117,24;116,24",
        "ring:1,2", "polygon:" + ";".join(f"116.{n:03d},23.{n % 7}" for n in range(201)),
    ],
)  # fmt: skip
def test_what_is_no_area_is_refused_in_words(text: str) -> None:
    with pytest.raises(NoArea) as refused:
        read_area(text)
    assert any("\u4e00" <= one <= "\u9fff" for one in str(refused.value))
