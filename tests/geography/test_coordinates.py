"""The shift between the systems: known points of Chaozhou, there and back, and what is no coordinate."""

from __future__ import annotations

import csv
from math import cos, radians
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import geography
from geography.coordinates import (
    NotOnEarth,
    Point,
    System,
    bd09_to_gcj02,
    convert,
    gcj02_to_bd09,
    gcj02_to_wgs84,
    wgs84_to_gcj02,
)

CHAOZHOU = Point(116.6226, 23.6567)
METRES_PER_DEGREE = 111_320
IN_CHINA = st.builds(Point, st.floats(74, 135), st.floats(18, 53))
pytestmark = pytest.mark.feature(14)


def town_pairs() -> list[tuple[Point, Point]]:
    with (Path(geography.__file__).parent / "town_points.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["lon_wgs84"]]
    return [(_point(row, "wgs84"), _point(row, "gcj02")) for row in rows]


def _point(row: dict[str, str], system: str) -> Point:
    return Point(float(row[f"lon_{system}"]), float(row[f"lat_{system}"]))


def degrees_apart(one: Point, other: Point) -> float:
    return max(abs(one.lon - other.lon), abs(one.lat - other.lat))


def test_every_known_town_lands_on_its_gcj02_point() -> None:
    pairs = town_pairs()
    assert len(pairs) == 42
    assert max(degrees_apart(wgs84_to_gcj02(wgs), gcj) for wgs, gcj in pairs) < 1e-6


def test_every_known_town_comes_back_from_gcj02() -> None:
    assert max(degrees_apart(gcj02_to_wgs84(gcj), wgs) for wgs, gcj in town_pairs()) < 2e-6  # the file has six decimals


def test_gcj02_lies_484_m_east_and_305_m_south_at_chaozhou() -> None:
    moved = wgs84_to_gcj02(Point(116.785, 23.785))
    east = (moved.lon - 116.785) * METRES_PER_DEGREE * cos(radians(23.785))
    north = (moved.lat - 23.785) * METRES_PER_DEGREE
    assert (east, north) == (pytest.approx(484, abs=30), pytest.approx(-305, abs=15))


@given(IN_CHINA)
def test_there_and_back_is_the_same_place(point: Point) -> None:
    assert degrees_apart(gcj02_to_wgs84(wgs84_to_gcj02(point)), point) < 1e-9
    assert degrees_apart(bd09_to_gcj02(gcj02_to_bd09(point)), point) < 1e-9


@given(IN_CHINA, st.sampled_from(System), st.sampled_from(System))
def test_any_two_systems_convert_there_and_back(point: Point, one: System, other: System) -> None:
    assert degrees_apart(convert(convert(point, one, other), other, one), point) < 1e-8


def test_baidu_is_far_enough_from_amap_to_be_noticed() -> None:
    baidu = gcj02_to_bd09(CHAOZHOU)
    assert baidu.lon - CHAOZHOU.lon == pytest.approx(0.0065, abs=5e-4)
    assert baidu.lat - CHAOZHOU.lat == pytest.approx(0.006, abs=5e-4)


def test_cgcs2000_is_drawn_where_wgs84_is() -> None:
    assert convert(CHAOZHOU, System.CGCS2000, System.WGS84) == CHAOZHOU


def test_outside_china_nothing_is_shifted() -> None:
    london = Point(-0.1276, 51.5072)
    assert convert(london, System.WGS84, System.GCJ02) == london
    assert convert(london, System.GCJ02, System.WGS84) == london


@pytest.mark.parametrize(("lon", "lat"), [(23.66, 116.62), (float("nan"), 23.0), (116.0, float("inf")), (181, 0)])
def test_swapped_or_broken_degrees_are_no_point(lon: float, lat: float) -> None:
    with pytest.raises(NotOnEarth, match="经度在前"):
        Point(lon, lat)
