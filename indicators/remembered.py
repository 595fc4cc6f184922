"""Rows and readings of a region, kept in this process until the store says that a row was touched.

Reading 300 rows with their histories and working out their calendars takes a millisecond, looking which of them were
touched a tenth of that; and between two looks of a screen only a few were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import Connection, Engine

from indicators.reading import Reading

Row = tuple[Any, ...]
Stamp = tuple[Any, ...]
"""Touching call, known_at and observed_at: differs whenever anything in the row does."""
Gap = tuple[Any, ...]
"""A row of `gaps`: indicator, period, absent, bare."""


@dataclass(slots=True)
class Kept:
    """A row of `latest`, and the reading made of it and of `gap`, right from `since` until `until` (ms)."""

    stamp: Stamp
    row: Row
    gap: Gap | None = None
    reading: Reading | None = None
    since: int = 0
    until: int = 0


Shelf = dict[str, Kept]
"""By indicator."""

_MOST_SHELVES = 16
_SHELVES: WeakKeyDictionary[Engine, dict[tuple[str, str, str], Shelf]] = WeakKeyDictionary()


def shelf_of(connection: Connection, version: str, world: str, region: str) -> Shelf:
    """What is kept of one region of one world under one version of the catalogue, for this database."""
    shelves = _SHELVES.setdefault(connection.engine, {})
    key = (version, world, region)
    found = shelves.get(key)
    if found is None:
        if len(shelves) >= _MOST_SHELVES:
            shelves.clear()
        found = shelves.setdefault(key, {})
    return found
