"""Objects of the map: the same on every machine, true ones true, invented ones marked, seen by those who may."""

from __future__ import annotations

from datetime import datetime

import pytest

from access.actor import EVERYWHERE, NOWHERE, Actor, Scope
from geography import layers as module
from geography.areas import read_area
from geography.coordinates import Point, System, convert
from geography.drawn import SHAPES, drawn, shape_of
from geography.layers import Origin, layers, read_spots, spots, version
from geography.regions import METRES_PER_DEGREE, contains
from geography.shapes import towns
from indicators.places import counted, inside, is_silent, layers_of, spots_seen, villages_seen
from indicators.reading import World

CITY = Actor("city", "tester", EVERYWHERE)
XIANGQIAO = Actor("county", "tester", Scope(frozenset({"445102"})))
GUXIANG = Actor("town", "tester", Scope(frozenset({"445103100"})))
NOBODY = Actor("nobody", "tester", NOWHERE)
CITY_NAME_ONLY = Actor("city figures only", "tester", Scope(frozenset({"445100"})))


@pytest.mark.feature(10)
def test_the_real_city_has_no_invented_object() -> None:
    assert {layer.origin for layer in layers_of(World.REAL).values()} == {Origin.PUBLISHED}
    assert len(spots("towns")) == 42
    assert "villages" not in layers_of(World.REAL), "villages have no positions in any open source"
    demo = layers_of(World.DEMO)
    assert sum(layer.origin is Origin.SIMULATED for layer in demo.values()) >= 10


def test_every_layer_names_a_theme_of_the_catalogue(catalogue) -> None:
    assert {layer.theme for layer in layers().values() if layer.theme} <= set(catalogue.themes)


def test_invented_objects_stand_where_they_say() -> None:
    cells = {code: cell for cell in towns() for code in cell.codes}
    for spot in spots("cameras"):
        assert contains(cells[spot.town], spot.place), spot


def test_chance_is_the_same_in_every_process() -> None:
    """Fixed by hand: a change here moves every object of every demo city."""
    first = spots("water_levels")[0]
    assert (first.name, first.town, first.kind) == ("桥东水位站01", "445102007", 1)
    assert (first.place.lon, first.place.lat) == (116.64938, 23.67235)
    assert version("villages") == version("villages") != version("cameras")


def test_an_object_belongs_to_its_town_and_county(catalogue) -> None:
    for key in layers():
        whole = list(spots_seen(key, catalogue, CITY))
        county = list(spots_seen(key, catalogue, XIANGQIAO))
        assert {spot.town[:6] for spot in county} <= {"445102"}
        assert set(county) == {spot for spot in whole if spot.town.startswith("445102")}
        assert {spot.town for spot in spots_seen(key, catalogue, GUXIANG)} <= {"445103100"}
        assert not list(spots_seen(key, catalogue, NOBODY))
        assert not list(spots_seen(key, catalogue, CITY_NAME_ONLY)), "figures of the city are not its objects"


def test_fengxi_is_a_county_of_its_own(catalogue) -> None:
    fengxi = Actor("fengxi", "tester", Scope(frozenset({"445185"})))
    assert {spot.town for spot in spots_seen("towns", catalogue, fengxi)} == {"445103121"}
    chaoan = Actor("chaoan", "tester", Scope(frozenset({"445103"})))
    assert "445103121" not in {spot.town for spot in spots_seen("towns", catalogue, chaoan)}


def test_counts_and_area_lists_narrow_with_the_scope(catalogue, now: datetime) -> None:
    layer, area = layers()["cameras"], read_area("box:116.4,23.4,117.3,24.3")
    everything = inside(area, ["cameras"], catalogue, CITY, world=World.DEMO, most=10)
    assert everything.total == counted(layer, catalogue, CITY, now).total == len(spots("cameras"))
    assert len(everything.found) == 10
    narrow = inside(area, ["cameras"], catalogue, XIANGQIAO, world=World.DEMO, most=10_000)
    assert narrow.total == counted(layer, catalogue, XIANGQIAO, now).total < everything.total
    assert {one.spot.town[:6] for one in narrow.found} == {"445102"}
    assert inside(area, ["cameras"], catalogue, NOBODY, world=World.DEMO, most=10).total == 0
    assert inside(area, ["cameras"], catalogue, CITY, world=World.REAL, most=10).total == 0


@pytest.mark.feature(16)
def test_an_area_lists_the_nearest_first_and_nothing_outside(catalogue) -> None:
    area = read_area("circle:116.64,23.67,3000")
    found = inside(area, ["cameras", "schools"], catalogue, CITY, world=World.DEMO, most=500)
    assert found.total == sum(found.counts.values()) > 5
    assert [one.metres for one in found.found] == sorted(one.metres for one in found.found)
    assert all(one.metres <= 3000 for one in found.found)
    everywhere = [spot for key in ("cameras", "schools") for spot in spots(key)]
    assert found.total == sum(area.holds(spot.place) for spot in everywhere)


@pytest.mark.feature(22)
def test_what_misses_three_reports_is_silent(now: datetime) -> None:
    layer = layers()["cameras"]
    silent = [spot for spot in spots("cameras") if is_silent(layer, spot, now)]
    assert 0 < len(silent) < 0.05 * len(spots("cameras"))
    moment = int(now.timestamp())
    ages = [moment - (layer.heard_at(spot, moment) or 0) for spot in spots("cameras") if spot not in silent]
    assert layer.every is not None and min(ages) >= 0 and max(ages) <= 3 * layer.every
    assert not any(is_silent(layers()["schools"], spot, now) for spot in spots("schools")), "schools report nothing"


@pytest.mark.feature(14)
@pytest.mark.parametrize("system", list(System))
def test_degrees_are_brought_to_wgs84_at_the_door(monkeypatch, system: System) -> None:
    true = Point(116.64, 23.67)
    told = convert(true, System.WGS84, system)
    row = {"name": "某站", "lon": str(told.lon), "lat": str(told.lat), "town": "445102007", "kind": "站"}
    monkeypatch.setattr(module, "rows", lambda table: [row])
    ((_, _, place, _),) = read_spots("places/any.csv", system, ("站",))
    assert abs(place.lon - true.lon) * METRES_PER_DEGREE < 0.01
    assert abs(place.lat - true.lat) * METRES_PER_DEGREE < 0.01


def test_villages_are_listed_by_scope(catalogue) -> None:
    assert len(villages_seen(catalogue, CITY)) == 1034
    assert {one.town for one in villages_seen(catalogue, GUXIANG)} == {"445103100"}
    assert not villages_seen(catalogue, NOBODY)
    names = [one.name for one in villages_seen(catalogue, CITY, "445103100")]
    assert names and not any(name.startswith(("潮州市", "潮安区", "古巷镇")) for name in names)


def test_shapes_are_thinned_closed_and_say_what_they_are_not() -> None:
    for name in SHAPES:
        for feature in drawn(name):
            if feature["geometry"]["type"] == "MultiPolygon":
                rings = [ring for polygon in feature["geometry"]["coordinates"] for ring in polygon]
                assert all(ring[0] == ring[-1] for ring in rings)
    assert "泰森多边形" in str(SHAPES["towns"].note) and "示意" in str(SHAPES["rivers"].note)
    assert all(feature["properties"]["approximate"] for feature in drawn("towns"))


def test_a_region_without_an_outline_borrows_that_of_its_only_town(catalogue) -> None:
    codes = {code: [one.code for one in catalogue.within(code)] for code in catalogue.regions}
    assert shape_of(codes["445102"]) == "445102"
    assert shape_of(codes["445185"]) == "445103121"
    assert shape_of(codes["445102009"]) == shape_of(codes["445102010"]) == "445102008"
    assert shape_of(codes["445102400"]) is None
