"""In whose territory a CAP area lies: by codes, by outlines, by the names in its words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from api.cap_message import Area
from dispatch.rulebook import Rulebook
from geography.areas import Circle, NoArea, Polygon, read_area
from geography.coordinates import NotOnEarth, Point
from geography.regions import place_of
from indicators.definition import RegionKind


@dataclass(frozen=True)
class Affected:
    """A county (or the whole city) with those of its towns that are named; no towns means all of it."""

    region: str
    towns: tuple[str, ...] = ()

    @property
    def smallest(self) -> str:
        """The one region that holds all of it."""
        return self.towns[0] if len(self.towns) == 1 else self.region


def affected(areas: tuple[Area, ...], rules: Rulebook) -> tuple[Affected, ...]:
    """By county, so that each centre gets its own; empty if nothing of it lies in this city."""
    city = rules.catalogue.city.code
    found = dict.fromkeys(code for area in areas for code in _codes(area, rules))
    if city in found:
        return (Affected(city),)
    towns: dict[str, list[str]] = {}
    whole = {code for code in found if rules.county_of(code) == code}
    for code in found:
        county = rules.county_of(code)
        towns.setdefault(county, []).extend([code] if code != county else [])
    return tuple(
        Affected(county, () if county in whole and not inside else tuple(sorted(inside)))
        for county, inside in sorted(towns.items())
    )


def _codes(area: Area, rules: Rulebook) -> Iterator[str]:
    """What the codes say, else the outlines, else the words."""
    by_code = [code for code in (_known(value, rules) for _, value in area.geocodes) if code]
    by_outline = [] if by_code else [code for shape in _shapes(area) for code in _inside(shape, rules)]
    yield from by_code or by_outline or _named(area.words, rules)


def _known(value: str, rules: Rulebook) -> str | None:
    """A region by its code as written, or without the noughts at its end (445122000000)."""
    tried = (value.strip(), value.strip()[:9], value.strip()[:6])
    return next((code for code in tried if rules.knows(code)), None) if value.strip()[:4] else None


def _shapes(area: Area) -> Iterator[Circle | Polygon]:
    """CAP writes latitude first and closes its polygons; circles have kilometres."""
    for text in area.polygons:
        corners = [pair.split(",") for pair in text.split()]
        if all(len(corner) == 2 for corner in corners):
            yield from _read("polygon:" + ";".join(f"{lon},{lat}" for lat, lon in corners[:-1]))
    for text in area.circles:
        centre, _, radius = text.partition(" ")
        lat, _, lon = centre.partition(",")
        yield from _circle(lat, lon, radius)


def _circle(lat: str, lon: str, radius: str) -> Iterator[Circle]:
    try:
        yield Circle(Point(float(lon), float(lat)), max(1.0, float(radius) * 1000))
    except (ValueError, NotOnEarth):
        return


def _read(text: str) -> Iterator[Circle | Polygon]:
    try:
        yield read_area(text)
    except NoArea:
        return


def _inside(shape: Circle | Polygon, rules: Rulebook) -> Iterator[str]:
    """The towns whose middle it holds; for small shapes the town its own middle lies in."""
    towns = [one for one in rules.catalogue.regions.values() if one.kind is RegionKind.TOWN]
    held = [
        one.code
        for one in towns
        if one.lon is not None and one.lat is not None and shape.holds(Point(one.lon, one.lat))
    ]
    if held:
        yield from held
        return
    place = place_of(shape.centre)
    if place is not None:
        yield next((code for code in place.towns if rules.knows(code)), place.county)


def _named(words: str, rules: Rulebook) -> Iterator[str]:
    """Towns named in full; else counties, zones and the city."""
    regions = rules.catalogue.regions.values()
    towns = [one.code for one in regions if one.kind is RegionKind.TOWN and one.name in words]
    wider = [one.code for one in regions if one.kind is not RegionKind.TOWN and one.name in words]
    counties = [code for code in wider if code != rules.catalogue.city.code]
    yield from towns or counties or wider
