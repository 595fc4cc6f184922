"""How a workbook shows a number, as the text a reader sees: 0.083 under `0.0%` is 8.3%, 46023 may be a date."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import NamedTuple


class Shown(NamedTuple):
    """`kind`: general, percent, or the finest part a date format shows (year … minute). `places`: fixed decimals."""

    kind: str
    places: int = 0


GENERAL = Shown("general")
# Formats that Excel keeps as bare numbers, those of Chinese installations included (ECMA-376 Part 1, 18.8.30).
_BUILT_IN: dict[int, Shown] = (
    {2: Shown("general", 2), 4: Shown("general", 2), 9: Shown("percent"), 10: Shown("percent")}
    | dict.fromkeys((14, 15, 16, 28, 29, 30, 31, 51, 53, 54, 58), Shown("day"))
    | dict.fromkeys((17, 27, 36, 50, 52, 57), Shown("month"))
    | dict.fromkeys((18, 19, 20, 21, 22, 32, 33, 34, 35, 45, 46, 47, 55, 56), Shown("minute"))
)
_QUOTED = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]')
_EPOCHS = {False: datetime(1899, 12, 30), True: datetime(1904, 1, 1)}  # noqa: DTZ001 -- serial dates carry no zone
_ISO = {"year": "%Y", "month": "%Y-%m", "day": "%Y-%m-%d", "minute": "%Y-%m-%d %H:%M"}


def shown_by(number: int, code: str | None) -> Shown:
    """What a number format does, from its number and, for formats of the workbook's own, its code."""
    if code is None:
        return _BUILT_IN.get(number, GENERAL)
    first = _QUOTED.sub("", code).partition(";")[0].lower()
    if "general" in first:
        return GENERAL
    if re.search(r"[ydhs]", first):
        return _date(first)
    if "%" in first:
        return Shown("percent")
    found = re.search(r"0\.(0+)(?!e)", first)
    return Shown("general", len(found[1])) if found else GENERAL


def _date(first: str) -> Shown:
    if "h" in first or "s" in first:
        return Shown("minute")
    if "d" in first:
        return Shown("day")
    if "m" in first and "y" in first:
        return Shown("month")
    return Shown("year") if "y" in first else GENERAL


def as_shown(raw: str, shown: Shown, *, date1904: bool) -> str:
    """The number `raw` (as stored) as text, at full precision."""
    if shown is GENERAL:
        return raw
    if shown.kind == "percent":
        return _percent(raw)
    if shown.kind == "general":
        return _padded(raw, shown.places)
    try:
        moment = _EPOCHS[date1904] + timedelta(minutes=round(float(raw) * 1440))
    except (ValueError, OverflowError):
        return raw
    return moment.strftime(_ISO[shown.kind]) if moment.year >= 1905 else raw


def _percent(raw: str) -> str:
    """Excel keeps 15 digits; a stored 0.083000000000000004 was typed as 8.3%."""
    try:
        return f"{format(Decimal(format(float(raw), '.15g')) * 100, 'f')}%"
    except (ValueError, InvalidOperation, OverflowError):
        return raw


def _padded(raw: str, places: int) -> str:
    """2026.1 under `0.00` reads 2026.10: October, not January."""
    whole, point, decimals = raw.partition(".")
    if not whole.lstrip("-").isdigit() or (point and not decimals.isdigit()) or len(decimals) >= places:
        return raw
    return f"{whole}.{decimals.ljust(places, '0')}"
