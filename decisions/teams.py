"""Teams that can be sent: from `teams.csv` beside the catalogue, in the demo city the invented ones of the map's layer.

`teams.csv` has the columns department,name,lon,lat,duty (WGS84). `duty` is `24h`, hours of the city like `08:00-20:00`,
or nothing where no duty list is kept: then nobody says whether the team is on duty.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo

from dispatch.event import Event
from dispatch.rulebook import Rulebook
from geography.areas import metres_between
from geography.coordinates import NotOnEarth, Point
from geography.layers import Spot, layers, spots
from geography.scattered import chance

FILE = "teams.csv"
LAYER = "teams"
PRODUCT = Path(__file__).resolve().parent.parent
CITY_TIME = ZoneInfo("Asia/Shanghai")
ALWAYS = "24h"
_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")
_SHARE_ON_DUTY = 0.75
_SHIFT = timedelta(hours=8)
DEPARTMENTS = {
    "城管巡查": "urban_management_bureau",
    "水务抢修": "water_bureau",
    "供电抢修": "power_supply_bureau",
    "公安巡逻": "public_security_bureau",
    "消防救援": "fire_rescue_brigade",
    "道路养护": "transport_bureau",
    "医疗急救": "health_bureau",
    "应急抢险": "emergency_bureau",
    "市监巡查": "market_regulation_bureau",
    "生态执法": "ecology_bureau",
    "住建巡查": "housing_construction_bureau",
}
"""Whose team an invented one is, by its kind; those of a town belong to the government of its county."""


class TeamsRefused(ValueError):
    """A line of teams.csv that cannot be used; the message names the line."""


@dataclass(frozen=True)
class Team:
    """One team and where it stands. `duty`: as in the file; of invented teams the number that draws their shifts."""

    department: str
    name: str
    place: Point
    duty: str = ""
    is_simulated: bool = False

    def on_duty(self, now: datetime) -> bool | None:
        """By its duty list; None without one."""
        if self.is_simulated:
            return chance(LAYER, self.duty, int(now.timestamp() // _SHIFT.total_seconds())) < _SHARE_ON_DUTY
        if self.duty in ("", ALWAYS):
            return True if self.duty else None
        begin, end = (_minutes(part) for part in self.duty.split("-"))
        local = now.astimezone(CITY_TIME)
        minute = local.hour * 60 + local.minute
        return begin <= minute < end if begin <= end else minute >= begin or minute < end


def teams(rules: Rulebook, world: str, folder: Path | None = None) -> tuple[Team, ...]:
    """The teams of the file; in the demo city the invented ones as well. TeamsRefused for a file that is wrong."""
    file = (folder or PRODUCT) / FILE
    listed = _listed(file, file.stat().st_mtime_ns) if file.exists() else ()
    unknown = next((one for one in listed if one.department not in rules.catalogue.departments), None)
    if unknown is not None:
        raise TeamsRefused(f"{FILE}：没有单位 {unknown.department}（{unknown.name}）")
    return (*listed, *(_invented(rules) if world == "demo" else ()))


def nearest(
    rules: Rulebook, event: Event, department: str, folder: Path | None = None
) -> list[tuple[Team, float | None]]:
    """The teams of a department with their distance in metres, the nearest first; None where no place is known."""
    mine = [one for one in teams(rules, event.world, folder) if one.department == department]
    if event.lon is None or event.lat is None:
        return [(one, None) for one in mine]
    here = Point(event.lon, event.lat)
    measured = sorted(((metres_between(here, one.place), one) for one in mine), key=lambda pair: pair[0])
    return [(one, metres) for metres, one in measured]


@lru_cache(maxsize=4)
def _listed(file: Path, _: int) -> tuple[Team, ...]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return tuple(_team(number, row) for number, row in enumerate(csv.DictReader(opened), start=2))


def _team(number: int, row: dict[str, str]) -> Team:
    duty = (row.get("duty") or "").strip()
    try:
        place = Point(float(row["lon"]), float(row["lat"]))
    except (KeyError, TypeError, ValueError, NotOnEarth) as wrong:
        raise TeamsRefused(f"{FILE} 第 {number} 行：经纬度应为 WGS84 的度数") from wrong
    if duty not in ("", ALWAYS) and not _HOURS.fullmatch(duty):
        raise TeamsRefused(f"{FILE} 第 {number} 行：duty 应为 {ALWAYS}、08:00-20:00 这样的时段，或留空")
    return Team((row.get("department") or "").strip(), (row.get("name") or "").strip(), place, duty)


def _invented(rules: Rulebook) -> Iterable[Team]:
    layer = layers()[LAYER]
    for spot in spots(LAYER):
        kind = layer.kinds[spot.kind]
        department = DEPARTMENTS.get(kind) or rules.government_of(_county(rules, spot))
        if department is not None and department in rules.catalogue.departments:
            name = spot.name.replace(layer.name, f"{kind}队")
            yield Team(department, name, spot.place, str(spot.number), is_simulated=True)


def _county(rules: Rulebook, spot: Spot) -> str:
    return rules.county_of(spot.town) if rules.knows(spot.town) else ""


def _minutes(text: str) -> int:
    hours, _, minutes = text.partition(":")
    return int(hours) * 60 + int(minutes)
