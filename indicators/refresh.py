"""Fetching from sources that are pulled: one fetch per source, off the request path, failures told and survived."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from difflib import get_close_matches
from inspect import signature
from random import Random
from types import ModuleType

from sqlalchemy import Engine

import datasources
from access.actor import TIMETABLE, Actor
from database import changes
from database.engine import writing
from database.workers import Workers
from datasources.delivery.deadline import Overdue, within
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.delivery.reconcile import Reconcile
from indicators.calls import record_failure
from indicators.catalogue import Catalogue
from indicators.definition import Source
from indicators.freshness import duration
from indicators.intake import Receipt, take
from indicators.reading import World

log = logging.getLogger(__name__)

DOOR = "pull"
LONGEST_SECONDS = 120.0
"""No fetch is waited for longer, whatever its Spec allows; what it still brings is dropped."""
FETCHES_AT_ONCE = 8
_AFTER_FAILURE = timedelta(minutes=5)
_ASKED_EVERY = {
    "hourly": timedelta(minutes=10),
    "daily": timedelta(hours=1),
    "monthly": timedelta(hours=6),
    "quarterly": timedelta(hours=12),
    "yearly": timedelta(days=1),
}
"""How often a publication is looked for; asking again brings nothing twice."""


@dataclass(frozen=True)
class Pull:
    """How the figures of one source are fetched: directly, or as reconciliation of a source that pushes."""

    source: str
    kind: str
    options: dict[str, object]
    every: timedelta


@dataclass(frozen=True)
class Outcome:
    """How one refresh ended: with a receipt, or with the error that was recorded."""

    source: str
    receipt: Receipt | None = None
    error: str | None = None

    @property
    def succeeded(self) -> bool:
        """True if the source answered, even with nothing new."""
        return self.receipt is not None

    def __str__(self) -> str:
        if self.receipt is None:
            return f"失败：{self.error}"
        receipt = self.receipt
        return f"共 {receipt.rows} 行，采纳 {receipt.taken}，未变 {receipt.unchanged}，隔离 {len(receipt.held)}"


def pull_of(source: Source) -> Pull | None:
    """How to fetch from a source; None if it only delivers by itself, or cannot be set up as written."""
    try:
        if _is_fetched(datasources.kind(source.kind)):
            return Pull(source.key, source.kind, dict(source.options), _interval(source))
        again = getattr(datasources.spec(source.kind, source.options), "reconcile", None)
    except (SourceFailed, ValueError):
        return None
    if not isinstance(again, Reconcile):
        return None
    return Pull(source.key, again.kind, dict(again.options), duration(again.every))


def _is_fetched(kind: ModuleType) -> bool:
    """True for kinds that know where to look; a file has to be handed over."""
    return datasources.verb(kind) == "read" and "content" not in signature(kind.read).parameters


def _interval(source: Source) -> timedelta:
    every = source.cadence.every
    return duration(every) if every is not None else _ASKED_EVERY[source.cadence.release or "daily"]


def pulled_sources(catalogue: Catalogue) -> list[str]:
    """Keys of the real, linked-up sources that are fetched. A simulated twin never asks the real system."""
    linked = (source for source in catalogue.sources_of(World.REAL) if source.connected)
    return [source.key for source in linked if pull_of(source) is not None]


def refresh(engine: Engine, catalogue: Catalogue, key: str, *, now: datetime, by: Actor = TIMETABLE) -> Outcome:
    """Fetch and take once. A source that fails is recorded and told of; its last good values stay.

    A key that is unknown or not fetched gives an Outcome with the error; database errors pass through.
    """
    if not catalogue.has_source(key):
        return Outcome(key, error=_unknown(catalogue, key))
    pull = pull_of(catalogue.source(key)) if catalogue.world_of(key) is World.REAL else None
    if pull is None:
        return Outcome(key, error=f"来源“{key}”由对方报送或为模拟来源，不能主动获取")
    try:
        delivery = fetch(pull, catalogue, now)
    except SourceFailed as failure:
        return _failed(engine, pull, str(failure), by, now)
    return Outcome(key, take(engine, catalogue, delivery, door=DOOR, by=by, now=now))


def _unknown(catalogue: Catalogue, key: str) -> str:
    near = get_close_matches(key, list(catalogue.sources), 1)
    return f"目录中没有来源“{key}”" + (f"，您是否想填“{near[0]}”？" if near else "")


def fetch(pull: Pull, catalogue: Catalogue, now: datetime, *, longest: float = LONGEST_SECONDS) -> Delivery:
    """What the source answers, within `longest` seconds; SourceFailed for everything that goes wrong on the way."""
    known = {
        "frequencies": {code: indicator.frequency for code, indicator in catalogue.indicators.items()},
        "regions": {region.name: code for code, region in catalogue.regions.items()},
    }
    try:
        return within(
            longest,
            lambda: datasources.read(pull.kind, pull.options, source=pull.source, now=now, **known),
            lambda: None,
        )
    except Overdue as overdue:
        raise SourceFailed(f"超过 {longest:g} 秒没有完整答复") from overdue
    except SourceFailed:
        raise
    except Exception as surprise:  # a kind must not bring the timetable down; the error is stored and shown
        log.exception("source %s", pull.source)
        raise SourceFailed(f"读取时发生意外错误（{type(surprise).__name__}：{surprise}）") from surprise


def _failed(engine: Engine, pull: Pull, error: str, by: Actor, now: datetime) -> Outcome:
    with writing(engine) as connection:
        record_failure(
            connection, pull.source, door=DOOR, origin=pull.kind, actor=by.name, started_at=now, now=now, error=error
        )
        changes.bump(connection, [changes.SOURCES])
    return Outcome(pull.source, error=error)


class Refresher:
    """Fetches due sources on a few threads of its own: a slow source delays no other, and is asked once at a time."""

    def __init__(
        self,
        engine: Engine,
        catalogue: Callable[[], Catalogue],
        now: Callable[[], datetime],
        *,
        count: int = FETCHES_AT_ONCE,
        rng: Random | None = None,
    ) -> None:
        self._engine = engine
        self._catalogue = catalogue
        self._now = now
        self._rng = rng or Random()  # noqa: S311 -- spreads load, no secret
        self._workers = Workers(count, "refresh")
        self._lock = threading.Lock()
        self._in_flight: set[str] = set()
        self._due: dict[str, datetime] = {}

    def start_due(self) -> list[str]:
        """Begin to fetch whatever is due and not being fetched; the keys begun. Returns at once."""
        now = self._now()
        return [key for key in pulled_sources(self._catalogue()) if self._is_due(key, now) and self.start(key)]

    def _is_due(self, key: str, now: datetime) -> bool:
        return self._due.get(key, now) <= now

    def start(self, key: str) -> bool:
        """Begin to fetch from one source; False if that is going on already."""
        with self._lock:
            if key in self._in_flight:
                return False
            self._in_flight.add(key)
        self._workers.submit(lambda: self._run(key))
        return True

    @property
    def in_flight(self) -> frozenset[str]:
        """The sources being asked at this moment."""
        with self._lock:
            return frozenset(self._in_flight)

    def _run(self, key: str) -> None:
        succeeded = False
        try:
            outcome = refresh(self._engine, self._catalogue(), key, now=self._now())
            succeeded = outcome.succeeded
            log.log(logging.DEBUG if succeeded else logging.WARNING, "%s: %s", key, outcome)
        except Exception:  # the database is down, or the entry is gone: tried again when due
            log.exception("refresh of %s", key)
        finally:
            self._plan(key, succeeded)
            with self._lock:
                self._in_flight.discard(key)

    def _plan(self, key: str, succeeded: bool) -> None:
        """Set when it is due again, spread by a tenth so that sources do not march in step."""
        source = self._catalogue().sources.get(key)
        pull = pull_of(source) if source is not None else None
        if pull is None:
            return
        pause = pull.every if succeeded else min(pull.every, _AFTER_FAILURE)
        self._due[key] = self._now() + pause * self._rng.uniform(0.9, 1.0)
