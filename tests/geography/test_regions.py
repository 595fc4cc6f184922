"""Which region a point lies in: known towns, gaps and wharves, holes, the sea and the neighbours."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geography
from geography.coordinates import Point, System, convert
from geography.regions import contains, metres_to, place_of
from geography.shapes import Shape, city, counties, towns

SQUARE = Shape(
    ("x",),
    "a square with a hole",
    ((((0, 0), (4, 0), (4, 4), (0, 4), (0, 0)), ((1, 1), (3, 1), (3, 3), (1, 3), (1, 1))),),
)
IN_THE_CITY_FRAME = st.builds(Point, st.floats(116.36, 117.2), st.floats(23.43, 24.24))


def town_rows(*, outside: bool = False) -> list[dict[str, str]]:
    with (Path(geography.__file__).parent / "town_points.csv").open(encoding="utf-8", newline="") as file:
        known = [row for row in csv.DictReader(file) if row["lon_wgs84"]]
    return [row for row in known if (float(row["dist_outside_county_km"]) > 0) is outside]


@pytest.mark.feature(11)
def test_the_shapes_need_no_internet_and_are_whole() -> None:
    assert [shape.codes[0] for shape in counties()] == ["445102", "445103", "445122"]
    assert len(towns()) == 43
    assert all(cell.approximate for cell in towns())
    assert not any(shape.approximate for shape in (*counties(), city()))


@pytest.mark.parametrize("row", town_rows(), ids=lambda row: row["name"])
def test_every_known_town_lies_in_its_county_and_its_own_cell(row: dict[str, str]) -> None:
    place = place_of(Point(float(row["lon_wgs84"]), float(row["lat_wgs84"])))
    assert place is not None
    assert place.county == row["county"]
    assert row["code"] in place.towns
    assert place.certain


def test_the_point_of_fengxi_is_known_to_lie_outside_its_county() -> None:
    """Its GeoNames point is 220 m over the border of 湘桥区: the one town whose point does not tell its county."""
    (row,) = town_rows(outside=True)
    place = place_of(Point(float(row["lon_wgs84"]), float(row["lat_wgs84"])))
    assert row["code"] == "445103121"
    assert place is not None
    assert place.county == "445102"


def test_the_inner_city_gives_its_four_streets_as_candidates() -> None:
    place = place_of(Point(116.6316, 23.6615))
    assert place is not None
    assert place.towns == ("445102008", "445102009", "445102010", "445102011")


@pytest.mark.parametrize(
    ("name", "point"),
    [
        ("汕头", Point(116.68, 23.354)),
        ("南海", Point(117.3, 23.3)),
        ("揭阳", Point(116.37, 23.55)),
        ("伦敦", Point(-0.1, 51.5)),
    ],
)
def test_outside_the_city_is_nowhere(name: str, point: Point) -> None:
    assert place_of(point) is None


def test_swapped_systems_move_a_point_into_the_next_county() -> None:
    """Why the shift matters: the same degrees, read as GCJ-02, lie half a kilometre away."""
    bridge = Point(116.6494, 23.6656)
    read_wrongly = convert(bridge, System.GCJ02, System.WGS84)
    assert (bridge.lon - read_wrongly.lon) * 102_000 == pytest.approx(450, abs=60)


@given(IN_THE_CITY_FRAME)
def test_a_point_of_a_county_is_a_point_of_the_city(point: Point) -> None:
    inside = [shape for shape in counties() if contains(shape, point)]
    if inside:
        assert contains(city(), point) or metres_to(city(), point) < 300
        place = place_of(point)
        assert place is not None
        assert place.county == inside[0].codes[0]
        assert all(town.startswith(place.county) for town in place.towns)


@given(IN_THE_CITY_FRAME)
def test_a_gap_between_counties_still_has_a_county(point: Point) -> None:
    if contains(city(), point) and not any(contains(shape, point) for shape in counties()):
        nearest = min(metres_to(shape, point) for shape in counties())
        place = place_of(point)
        assert (place is not None and not place.certain) == (nearest <= 300)


@pytest.mark.parametrize(
    ("point", "inside"),
    [((0.5, 0.5), True), ((2, 2), False), ((2, 0.5), True), ((5, 2), False), ((-1, 4), False), ((2, 3.5), True)],
)
def test_a_hole_is_outside_and_a_corner_counts_once(point: tuple[float, float], inside: bool) -> None:
    assert contains(SQUARE, Point(*point)) is inside


def test_two_squares_side_by_side_share_no_point_of_their_edge() -> None:
    left = Shape(("l",), "", ((((0, 0), (1, 0), (1, 1), (0, 1), (0, 0)),),))
    right = Shape(("r",), "", ((((1, 0), (2, 0), (2, 1), (1, 1), (1, 0)),),))
    for step in range(10):
        assert contains(left, Point(1, step / 10)) != contains(right, Point(1, step / 10))


def test_distance_is_in_metres() -> None:
    assert metres_to(SQUARE, Point(4.001, 2)) == pytest.approx(111.1, abs=0.3)
