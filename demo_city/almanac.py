"""The city's calendar: rest days with 调休, 春节, school terms, tourist season, as functions of local days.

`holidays.csv` follows the yearly notices of the State Council (国办发明电) for 2022 to 2026. Notices for 2027 and 2028
were not out when this was written: those years hold the festival days themselves, without 调休.
"""

from __future__ import annotations

import csv
from functools import lru_cache
from pathlib import Path

import numpy as np

from demo_city.noise import Floats, Ints

SPRING_FESTIVALS = (
    "2021-02-12",
    "2022-02-01",
    "2023-01-22",
    "2024-02-10",
    "2025-01-29",
    "2026-02-17",
    "2027-02-06",
    "2028-01-26",
    "2029-02-13",
)
"""First day of the lunar year (rules of GB/T 33661-2017)."""

TOURIST_FESTIVALS = {"春节": 1.9, "国庆": 2.0, "劳动节": 1.7, "元旦": 0.9, "清明": 0.9, "端午": 0.9, "中秋": 0.9}
"""Extra visitors of a festival day, in ordinary weekend days."""

_TERMS = ((46, 190), (244, 382))
"""School is in from about 15 February to 9 July and from 1 September to 17 January (days of the year)."""


@lru_cache(maxsize=1)
def _notices() -> tuple[Ints, Floats, Floats]:
    """Days with a notice, sorted: day number, 1 for rest and 0 for work, extra visitors."""
    with (Path(__file__).parent / "holidays.csv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened))
    days = np.array([row["date"] for row in rows], dtype="datetime64[D]").astype(np.int64)
    rests = np.array([float(row["kind"] == "rest") for row in rows])
    return days, rests, np.array([TOURIST_FESTIVALS.get(row["name"], 0.0) for row in rows])


def _noticed(days: Ints) -> tuple[Ints, Ints]:
    """Positions in `days` that have a notice, and the places of those notices."""
    known = _notices()[0]
    place = np.searchsorted(known, days).clip(max=len(known) - 1)
    hits = np.flatnonzero(known[place] == days)
    return hits, place[hits]


def weekday(days: Ints) -> Ints:
    """0 Monday to 6 Sunday of day numbers since 1970."""
    return (days + 3) % 7


def is_rest(days: Ints) -> Floats:
    """1 on days off: weekends and holidays, less the weekends worked in exchange (调休)."""
    rest = (weekday(days) >= 5).astype(np.float64)
    hits, place = _noticed(days)
    rest[hits] = _notices()[1][place]
    return rest


def festival_visitors(days: Ints) -> Floats:
    """Extra visitors on holidays, in ordinary weekend days; 0 on other days."""
    extra = np.zeros(len(days))
    hits, place = _noticed(days)
    extra[hits] = _notices()[2][place]
    return extra


def spring_festival(days: Ints) -> Floats:
    """How much the city keeps 春节: rises over the ten days before, full for a week, fades by the 15th day."""
    first = np.array(SPRING_FESTIVALS, dtype="datetime64[D]").astype(np.int64)
    nearest = first[np.abs(days[:, None] - first[None, :]).argmin(axis=1)]
    return np.interp(days - nearest, [-11, -1, 6, 15], [0.0, 1.0, 1.0, 0.0])


def in_term(days: Ints) -> Floats:
    """1 while schools teach."""
    year = days.astype("datetime64[D]").astype("datetime64[Y]")
    number = days - year.astype("datetime64[D]").astype(np.int64) + 1
    inside = np.zeros(len(days), dtype=bool)
    for first, last in _TERMS:
        inside |= (number >= first) & (number <= last) | (number + 365 <= last)
    return inside * (spring_festival(days) < 0.5) * 1.0


def year_part(days: Ints) -> Floats:
    """0 on 1 January, nearly 1 on 31 December."""
    year = days.astype("datetime64[D]").astype("datetime64[Y]")
    begin = year.astype("datetime64[D]").astype(np.int64)
    return (days - begin) / ((year + 1).astype("datetime64[D]").astype(np.int64) - begin)
