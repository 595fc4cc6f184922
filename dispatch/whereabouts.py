"""In whose territory an event lies, and how that is known."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.report import Report
from dispatch.rulebook import Rulebook
from geography.coordinates import NotOnEarth, Point
from geography.regions import place_of
from indicators.definition import RegionKind


@dataclass(frozen=True)
class Whereabouts:
    """`placed`: point, town, county or city; `reason` says how the region was found."""

    region: str
    county: str
    placed: str
    lon: float | None
    lat: float | None
    reason: str


def locate(report: Report, rules: Rulebook) -> Whereabouts:
    """The region by what was written and by the point; a town written wins over a point, a county is refined by it."""
    city = rules.catalogue.city.code
    point = _point(report)
    found = None if point is None else _by_point(point, rules)
    written = report.region if report.region and rules.knows(report.region) else None
    if written is None:
        region, reason = found or (city, "没有地点" if point is None else "坐标不在本市范围内，请核对")
    elif found is not None and found[0] in rules.within(written):
        region, reason = found
    else:
        region, reason = written, "按上报方写明的区域"
        reason += f"；坐标落在{rules.region_name(found[0])}，请核对" if found else ""
    return _made(region, reason, point if found or written else None, rules)


def _by_point(point: Point, rules: Rulebook) -> tuple[str, str] | None:
    place = place_of(point)
    if place is None:
        return None
    town = next((code for code in place.towns if rules.knows(code)), None)
    region = town or place.county
    if not rules.knows(region):
        return None
    sure = "坐标落在" if place.certain else "坐标紧邻"
    about = "（镇街界为示意）" if town else ""
    return (
        region,
        f"{sure}{rules.region_name(rules.county_of(region))}{rules.region_name(region) if town else ''}{about}",
    )


def _made(region: str, reason: str, point: Point | None, rules: Rulebook) -> Whereabouts:
    known = rules.catalogue.regions[region]
    if point is not None:
        return Whereabouts(region, rules.county_of(region), "point", point.lon, point.lat, reason)
    placed = "town" if known.kind in (RegionKind.TOWN, RegionKind.ZONE) else str(known.kind)
    lon, lat = (known.lon, known.lat) if placed != "city" else (None, None)
    return Whereabouts(region, rules.county_of(region), placed, lon, lat, reason)


def _point(report: Report) -> Point | None:
    if report.lon is None or report.lat is None:
        return None
    try:
        return Point(report.lon, report.lat)
    except NotOnEarth:
        return None
