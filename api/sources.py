"""GET /sources and /sources/{key}/calls: who promised what, how it stands, and the record of every delivery."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import BaseModel, Field
from sqlalchemy import select

from api.operation import Ask, Operation
from api.paging import Numbered, Page, Paged, cursor_after, cut, numbered
from api.problem import unknown
from api.shapes import Unit, unit_shape
from database.changes import SOURCES
from database.engine import reading
from database.tables import calls
from indicators.reading import Freshness, Provenance, World
from indicators.sources import Health, health

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue


class SourcesQuery(Paged):
    world: World | None = Field(default=None, description="real 或 demo；缺省两个都给")
    freshness: Freshness | None = Field(default=None, description="fresh、late、stale 或 dead")
    owner: str | None = Field(default=None, description="责任单位的键", max_length=64)


class SourceShape(BaseModel):
    """A source: owner, promise and how it keeps it."""

    key: str
    name: str
    world: World
    provenance: Provenance
    kind: str
    owner: Unit
    contact: str | None = Field(description="本数据源的联系人；未填时见责任单位")
    promise: str = Field(description="更新约定，文字")
    cadence: dict[str, str | int]
    grace: str | None
    connected: bool
    planned: str | None
    freshness: Freshness
    reason: str | None
    since: datetime | None = Field(description="自何时处于此时效")
    due_at: datetime | None = Field(description="下一批数据应到的时刻")
    last_success_at: datetime | None
    last_failure_at: datetime | None
    last_error: str | None
    failures_in_row: int
    newest_period: str | None
    newest_observed_at: datetime | None
    quarantined: int = Field(description="待处理的隔离行数")
    indicators: int = Field(description="依赖它的指标数")


class CallShape(BaseModel):
    """One delivery: rows = taken + unchanged + quarantined."""

    id: int
    source: str
    door: str
    origin: str
    digest: str | None
    actor: str
    started_at: datetime
    ended_at: datetime
    outcome: str
    error: str | None
    rows: int
    taken: int
    unchanged: int
    quarantined: int


def known_source(catalogue: Catalogue, key: str) -> str:
    """`key`, or Problem 404 with the nearest source, written or simulated."""
    if not catalogue.has_source(key):
        raise unknown("数据源", key, [*catalogue.sources, *catalogue.twins])
    return key


def _check_list(ask: Ask) -> None:
    if ask.query.owner is not None:
        ask.known("责任单位", ask.query.owner, ask.catalogue.departments)


def _sources(ask: Ask) -> Page[SourceShape]:
    wish: SourcesQuery = ask.query
    with reading(ask.cockpit.engine) as connection:
        found = [
            one
            for world in ask.worlds
            for one in health(connection, ask.catalogue, ask.by, world, ask.now)
            if wish.freshness in {None, one.standing.freshness} and wish.owner in {None, one.source.owner}
        ]
    found.sort(key=lambda one: one.source.key)
    page, following = cut(found, wish, key=lambda one: (one.source.key,))
    return Page[SourceShape](items=[_shape(ask, one) for one in page], next=following)


def _shape(ask: Ask, one: Health) -> SourceShape:
    source, record, standing = one.source, one.record, one.standing
    return SourceShape(
        **source.model_dump(include={"key", "name", "kind", "contact", "grace", "connected", "planned"}),
        world=one.world,
        provenance=ask.catalogue.provenance_of(source.key),
        owner=unit_shape(ask.catalogue, source.owner),
        promise=one.promise,
        cadence=source.cadence.model_dump(exclude_none=True),
        freshness=standing.freshness,
        reason=standing.reason,
        since=record.since,
        due_at=standing.due_at,
        last_success_at=record.last_success_at,
        last_failure_at=record.last_failure_at,
        last_error=record.last_error,
        failures_in_row=record.failures_in_row,
        newest_period=record.newest_period,
        newest_observed_at=record.newest_observed_at,
        quarantined=one.held,
        indicators=one.indicators,
    )


def _check_calls(ask: Ask) -> None:
    known_source(ask.catalogue, ask.path["key"])


def _calls(ask: Ask) -> Page[CallShape]:
    columns = [calls.c[name] for name in CallShape.model_fields]
    query = select(*columns).where(calls.c.source == ask.path["key"]).order_by(calls.c.id.desc())
    after = numbered(ask.query)
    query = query.where(calls.c.id < after) if after is not None else query
    if ask.by.scope.regions is not None:  # a call holds rows of all regions together
        return Page[CallShape](items=[], next=None)
    with reading(ask.cockpit.engine) as connection:
        rows = connection.execute(query.limit(ask.query.limit + 1)).mappings().all()
    page = [CallShape(**row) for row in rows[: ask.query.limit]]
    following = cursor_after((page[-1].id,)) if len(rows) > ask.query.limit else None
    return Page[CallShape](items=page, next=following)


OPERATIONS = (
    Operation(
        "GET",
        "/sources",
        "数据源的约定、时效与责任单位",
        Page[SourceShape],
        _sources,
        tag="数据源",
        right="sources.view",
        query=SourcesQuery,
        check=_check_list,
        topics=lambda ask: [SOURCES],
        problems=(404,),
    ),
    Operation(
        "GET",
        "/sources/{key}/calls",
        "数据源的取数记录，新的在前",
        Page[CallShape],
        _calls,
        tag="数据源",
        right="sources.view",
        query=Numbered,
        check=_check_calls,
        topics=lambda ask: [SOURCES],
        soft_seconds=3,
    ),
)
