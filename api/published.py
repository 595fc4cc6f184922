"""GET /published: every published figure of Chaozhou with its source, basis and the sentence it stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, Field
from sqlalchemy import select

from api.operation import Ask, Operation
from api.paging import Numbered, Page, cursor_after, numbered
from database.engine import reading
from database.tables import published_figures


class PublishedQuery(Numbered):
    indicator: str | None = Field(default=None, description="对应的指标代码", max_length=32)
    region: str | None = Field(default=None, description="区域代码", max_length=16)
    period: str | None = Field(default=None, description="时期，如 2025 或 2025-Q3", max_length=20)


class PublishedShape(BaseModel):
    """A figure as printed."""

    line: int = Field(description="在随附数据文件中的行号")
    title: str
    indicator: str | None
    region: str
    period: str
    value: float | None
    unit: str
    basis: str = Field(description="口径；“累计”为年初至期末")
    source_title: str
    source_url: str
    fragment: str = Field(description="原文片段")
    publisher: str
    note: str


def _check(ask: Ask) -> None:
    ask.known_region(ask.query.region)
    if ask.query.indicator is not None:
        ask.known("指标", ask.query.indicator, ask.catalogue.indicators)


def _published(ask: Ask) -> Page[PublishedShape]:
    columns = [published_figures.c[name] for name in PublishedShape.model_fields]
    query = select(published_figures.c.id, *columns).order_by(published_figures.c.id).limit(ask.query.limit + 1)
    for name in ("indicator", "region", "period"):
        wanted = getattr(ask.query, name)
        query = query.where(published_figures.c[name] == wanted) if wanted else query
    if ask.by.scope.regions is not None:
        query = query.where(published_figures.c.region.in_(sorted(ask.by.scope.regions)))
    after = numbered(ask.query)
    query = query.where(published_figures.c.id > after) if after is not None else query
    with reading(ask.cockpit.engine) as connection:
        rows = list(connection.execute(query).mappings())
    page = rows[: ask.query.limit]
    following = cursor_after((page[-1]["id"],)) if len(rows) > ask.query.limit else None
    return Page[PublishedShape](
        items=[PublishedShape.model_validate(_without_id(dict(row))) for row in page], next=following
    )


def _without_id(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "id"}


OPERATIONS = (
    Operation(
        "GET",
        "/published",
        "公开发布的统计数字及其出处",
        Page[PublishedShape],
        _published,
        tag="目录",
        right="indicators.view",
        query=PublishedQuery,
        check=_check,
        topics=lambda ask: ["readings:real"],
        problems=(404,),
    ),
)
