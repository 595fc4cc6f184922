"""Which pages are looked at, by day and role: counted in memory, added up in the database, never by person.

A process counts for itself and writes what it counted once a minute; what it counted last is lost if it is killed.
"""

from __future__ import annotations

import logging
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import Actor
from database.engine import writing
from database.usage_tables import page_views

log = logging.getLogger(__name__)

CITY_TIME = ZoneInfo("Asia/Shanghai")
EVERY_SECONDS = 60.0
MOST_KINDS = 5000
"""Different pages and roles held between two writings; more than there are, so that nothing grows without end."""
RIGHT = "settings.manage"
Kind = tuple[str, str, str]
"""Day, page, role."""


def _timer(seconds: float, call: Callable[[], None]) -> None:
    timer = threading.Timer(seconds, call)
    timer.daemon = True
    timer.start()


@dataclass
class Counting:
    """The counts of one process. `later` calls a function once after so many seconds."""

    engine: Engine
    now: Callable[[], datetime]
    later: Callable[[float, Callable[[], None]], None] = _timer
    _counts: Counter[Kind] = field(default_factory=Counter)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _is_due: bool = False

    def look(self, page: str, role: str) -> None:
        """Somebody with that role looked at that page."""
        kind = (self.now().astimezone(CITY_TIME).date().isoformat(), page[:120], role[:40])
        with self._lock:
            if kind in self._counts or len(self._counts) < MOST_KINDS:
                self._counts[kind] += 1
            is_first, self._is_due = not self._is_due, True
        if is_first:
            self.later(EVERY_SECONDS, self.write)

    def write(self) -> None:
        """Add what was counted to the database; what could not be written is counted on."""
        with self._lock:
            counts, self._counts, self._is_due = self._counts, Counter(), False
        if not counts:
            return
        try:
            with writing(self.engine) as connection:
                add(connection, counts)
        except Exception:
            log.warning("usage figures not written, kept for the next time", exc_info=True)
            with self._lock:
                self._counts.update(counts)


def add(connection: Connection, counts: Mapping[Kind, int]) -> None:
    """Add views to those there are."""
    upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = upsert(page_views)
    more = page_views.c.views + statement.excluded.views
    keys = ["day", "page", "role"]
    statement = statement.on_conflict_do_update(index_elements=keys, set_={"views": more})
    rows = [dict(zip((*keys, "views"), (*kind, views), strict=True)) for kind, views in sorted(counts.items())]
    connection.execute(statement, rows)


@dataclass(frozen=True)
class PageUse:
    """How often a page was looked at in the days asked for, by role."""

    page: str
    views: int
    roles: Mapping[str, int]
    last_day: str


def used(connection: Connection, by: Actor, *, days: int, now: datetime) -> list[PageUse]:
    """Every page that was looked at in the last `days`, the most used first. Denied without `settings.manage`."""
    by.require(RIGHT)
    first = (now.astimezone(CITY_TIME).date() - timedelta(days=days - 1)).isoformat()
    kept = page_views.c
    query = select(kept.page, kept.role, func.sum(kept.views), func.max(kept.day)).where(kept.day >= first)
    found: dict[str, list[tuple[str, int, str]]] = {}
    for page, role, views, day in connection.execute(query.group_by(kept.page, kept.role)):
        found.setdefault(page, []).append((role, int(views), day))
    pages = [_page_use(page, rows) for page, rows in found.items()]
    return sorted(pages, key=lambda one: (-one.views, one.page))


def _page_use(page: str, rows: list[tuple[str, int, str]]) -> PageUse:
    by_role = sorted(rows, key=lambda row: (-row[1], row[0]))
    return PageUse(
        page,
        sum(views for _, views, _ in rows),
        {role: views for role, views, _ in by_role},
        max(day for *_, day in rows),
    )
