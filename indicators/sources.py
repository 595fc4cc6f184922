"""How the sources stand: health of each, one notice per source that fails its promise, changes of state told once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import Connection, Engine, func, select, text

from access.actor import Actor
from database import changes
from database.engine import reading, writing
from database.moments import to_ms
from database.tables import quarantine, source_states
from indicators.calls import Call, calls_of
from indicators.catalogue import Catalogue
from indicators.definition import Cadence, Source
from indicators.freshness import Standing, duration, judge, length_in_words
from indicators.reading import Freshness, World
from indicators.source_records import SourceRecord, source_records


@dataclass(frozen=True)
class Health:
    """One source: its promise, what it has done about it, and what waits for a person."""

    source: Source
    world: World
    standing: Standing
    record: SourceRecord
    held: int
    """Rows in quarantine that the asking person may see."""
    indicators: int
    """Figures that depend on it."""

    @property
    def promise(self) -> str:
        """What was promised, in words: '每 5 分钟', '每月 20 日前'."""
        return promise_in_words(self.source.cadence)

    @property
    def is_silent(self) -> bool:
        """True if it is linked up, or was heard once, and does not keep its promise now."""
        known = self.source.connected or self.record.newest_observed_at is not None
        return known and self.standing.freshness is not Freshness.FRESH


@dataclass(frozen=True)
class Notice:
    """What the duty desk is told about one source, however many figures hang on it."""

    source: str
    owner: str
    freshness: Freshness
    since: datetime | None
    message: str


@dataclass(frozen=True)
class Transition:
    """A change of state of one source, announced once."""

    source: str
    before: Freshness
    after: Freshness
    reason: str | None


def health(connection: Connection, catalogue: Catalogue, by: Actor, world: World, now: datetime) -> list[Health]:
    """Every source of `world` in the catalogue's order; nothing for an actor who may see no region.

    What a failed call said may name any region: it is for those who see the whole city.
    """
    if by.scope.is_nothing:
        return []
    records = source_records(connection)
    if by.scope.regions is not None:
        records = {key: replace(record, last_error=None) for key, record in records.items()}
    held = _held(connection, by)
    return [
        _health(catalogue, world, source, records.get(source.key, SourceRecord(source.key)), held, now)
        for source in catalogue.sources_of(world)
    ]


def _health(
    catalogue: Catalogue, world: World, source: Source, record: SourceRecord, held: dict[str, int], now: datetime
) -> Health:
    standing = standing_of(source, record, now)
    return Health(source, world, standing, record, held.get(source.key, 0), len(catalogue.indicators_from(source.key)))


def _held(connection: Connection, by: Actor) -> dict[str, int]:
    waiting = (
        select(quarantine.c.source, func.count().label("waiting"))
        .where(quarantine.c.state == "held")
        .group_by(quarantine.c.source)
    )
    if by.scope.regions is not None:
        waiting = waiting.where(quarantine.c.region.in_(sorted(by.scope.regions)))
    return {row.source: row.waiting for row in connection.execute(waiting)}


def standing_of(source: Source, record: SourceRecord, now: datetime) -> Standing:
    """How the source as a whole stands, by its newest data of whatever frequency."""
    return judge(source, newest_period=None, newest_observed_at=record.newest_observed_at, now=now)


def history(connection: Connection, catalogue: Catalogue, by: Actor, key: str, *, limit: int = 50) -> list[Call]:
    """The last calls of one source, newest first; none of an unknown source.

    A call holds rows of all regions together (counts, origin, error): it is for those who see the whole city.
    """
    if not catalogue.has_source(key) or by.scope.regions is not None:
        return []
    return calls_of(connection, key, limit=limit)


def notices(found: Iterable[Health]) -> list[Notice]:
    """One notice for each silent source, the worst first."""
    silent = [_notice(one) for one in found if one.is_silent]
    return sorted(silent, key=lambda notice: _WORST_FIRST.index(notice.freshness))


_WORST_FIRST = [Freshness.DEAD, Freshness.STALE, Freshness.LATE]


def _notice(one: Health) -> Notice:
    standing, record = one.standing, one.record
    failed = f"最近一次错误：{record.last_error}。" if record.failures_in_row and record.last_error else ""
    kept = f"影响 {one.indicators} 项指标，页面保留最后一次有效数据。" if record.newest_observed_at else ""
    message = f"“{one.source.name}”{standing.reason}。{kept}{failed}"
    return Notice(one.source.key, one.source.owner, standing.freshness, record.since, message)


# Changes of state


def sweep(engine: Engine, catalogue: Catalogue, now: datetime) -> list[Transition]:
    """Compare every source with what was last announced; write and announce each change exactly once.

    Two timetables may sweep at the same time: the change belongs to the one whose conditional UPDATE hits.
    """
    with reading(engine) as connection:
        announced = _announced(connection)
        records = source_records(connection)
    changed = list(_changed(catalogue, announced, records, now))
    if not changed:
        return []
    with writing(engine) as connection:
        made = [one for one in changed if _announce(connection, one, records[one.source], now)]
        changes.bump(connection, {topic for one in made for topic in topics_of(catalogue, one.source)})
    return made


def _announced(connection: Connection) -> dict[str, Freshness]:
    rows = connection.execute(select(source_states.c.source, source_states.c.freshness))
    return {source: Freshness(freshness) for source, freshness in rows}


def _changed(
    catalogue: Catalogue, announced: dict[str, Freshness], records: dict[str, SourceRecord], now: datetime
) -> Iterable[Transition]:
    for key, before in announced.items():
        if not catalogue.has_source(key) or key not in records:
            continue
        standing = standing_of(catalogue.source(key), records[key], now)
        if standing.freshness is not before:
            yield Transition(key, before, standing.freshness, standing.reason)


_ANNOUNCE = text(
    "UPDATE source_states SET freshness = :after, since = :now WHERE source = :source AND freshness = :before "
    "AND COALESCE(newest_observed_at, -1) = :newest"
)


def _announce(connection: Connection, change: Transition, record: SourceRecord, now: datetime) -> bool:
    newest = -1 if record.newest_observed_at is None else to_ms(record.newest_observed_at)
    said = {
        "source": change.source,
        "before": change.before,
        "after": change.after,
        "newest": newest,
        "now": to_ms(now),
    }
    return connection.execute(_ANNOUNCE, said).rowcount == 1


def topics_of(catalogue: Catalogue, key: str) -> set[str]:
    """Everything on screen that shows how fresh this source is."""
    world = catalogue.world_of(key)
    themes = {indicator.theme for indicator in catalogue.indicators_from(key)}
    return {changes.SOURCES, changes.readings_of(world), *(changes.theme_of(world, theme) for theme in themes)}


# Words

_BY_DAY = {"yearly": "每年", "quarterly": "每季后", "monthly": "每月"}


def promise_in_words(cadence: Cadence) -> str:
    """'每 5 分钟', '每月 20 日前', '每天 08:00 前', '每小时 20 分前'."""
    if cadence.every is not None:
        return f"每 {length_in_words(duration(cadence.every))}".rstrip()
    if cadence.release == "hourly":
        return f"每小时 {int((cadence.at or '0:00').partition(':')[2])} 分前"
    at = f" {cadence.at}" if cadence.at else ""
    if cadence.release == "daily":
        return f"每天{at} 前" if at else "每天"
    month = f" {cadence.month} 月" if cadence.month else ""
    day = f" {cadence.day} 日" if cadence.day else "末"
    return f"{_BY_DAY[cadence.release or 'monthly']}{month}{day}{at}前"
