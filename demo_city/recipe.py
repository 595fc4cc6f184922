"""How the figures of one indicator are made: one row of `recipes.csv`.

level: the usual figure of the whole city in the catalogue's unit at the start of 2026 (per period for flows, per day
for `today`, per year for `ytd`); trend: growth per year, relative for amounts, in units for rates; noise: likewise;
spread: standard deviation between regions; base: the city's denominator; low, high: limits; shares: row of
`shares.csv`; links: what moves it, `driver@lag*gain` (lags in m, h or M for months; gains relative for amounts, in
units for rates and counts). Codes with X are hidden: nobody receives them, others are made of them.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_LINK = re.compile(r"(?P<driver>[a-z_]+(:[A-Z]{3}-\d+)?)(@(?P<lag>\d+)(?P<unit>[mhM]))?\*(?P<gain>-?[\d.]+)")
_MINUTES = {"m": 1, "h": 60}


@dataclass(frozen=True)
class Link:
    """A cause: `gain` times the driver as it was so many minutes or months ago."""

    driver: str
    gain: float
    minutes: int = 0
    months: int = 0


@dataclass(frozen=True)
class Recipe:
    """One row, with its blanks filled in."""

    code: str
    how: str
    level: float
    trend: float
    noise: float
    spread: float
    base: float
    low: float | None
    high: float | None
    shares: str
    profile: str
    links: tuple[Link, ...]
    parts: tuple[str, ...]


@lru_cache(maxsize=1)
def recipes() -> dict[str, Recipe]:
    """All recipes by code, as shipped."""
    with (Path(__file__).parent / "recipes.csv").open(encoding="utf-8") as opened:
        return {row["code"]: _recipe(row) for row in csv.DictReader(opened)}


def _recipe(row: dict[str, str]) -> Recipe:
    def number(name: str) -> float:
        return float(row[name] or 0.0)

    return Recipe(
        row["code"],
        row["how"],
        number("level"),
        number("trend"),
        number("noise"),
        number("spread"),
        number("base"),
        float(row["low"]) if row["low"] else None,
        float(row["high"]) if row["high"] else None,
        row["shares"] or "even",
        row["profile"],
        tuple(_link(text) for text in row["links"].split(";") if text),
        tuple(code for code in row["of"].split("+") if code),
    )


def _link(text: str) -> Link:
    found = _LINK.fullmatch(text)
    if found is None:
        raise ValueError(f"recipes.csv: '{text}' is not a link such as storm@65m*2.6")
    lag = int(found["lag"] or 0)
    months = lag if found["unit"] == "M" else 0
    minutes = lag * _MINUTES[found["unit"]] if found["unit"] in _MINUTES else 0
    return Link(found["driver"], float(found["gain"]), minutes, months)
