"""Towns and villages by the codes of the national bureau of statistics, and the open points of towns."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from geography.coordinates import Point

HERE = Path(__file__).resolve().parent


@dataclass(frozen=True, slots=True)
class Village:
    """A village or neighbourhood committee. No open source gives positions."""

    code: str
    name: str
    """Without the names of the county and the town some of them repeat."""
    town: str


@cache
def villages() -> tuple[Village, ...]:
    """All 1,034 of them in the order of their codes."""
    counties = {row["code"]: row["name"] for row in rows("divisions/areas_4451.csv")}
    towns = {row["code"]: row["name"] for row in rows("divisions/streets_4451.csv")}
    found = []
    for row in rows("divisions/villages_4451.csv"):
        name = _short(row["name"], (counties[row["areaCode"]], towns[row["streetCode"]]))
        found.append(Village(row["code"], name, row["streetCode"]))
    return tuple(found)


@cache
def town_points() -> Mapping[str, Point]:
    """WGS84 points by code of the 42 towns that have one."""
    found = [row for row in rows("town_points.csv") if row["lon_wgs84"]]
    return {row["code"]: Point(float(row["lon_wgs84"]), float(row["lat_wgs84"])) for row in found}


@cache
def town_names() -> Mapping[str, str]:
    """Names by code."""
    return {row["code"]: row["name"] for row in rows("divisions/streets_4451.csv")}


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a shipped table."""
    with (HERE / name).open(encoding="utf-8", newline="") as opened:
        return list(csv.DictReader(opened))


def _short(name: str, above: tuple[str, str]) -> str:
    for part in ("潮州市", *above):
        rest = name.removeprefix(part)
        name = rest if len(rest) > 2 else name
    return name
