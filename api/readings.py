"""GET /indicators/{code}/readings: the values of one figure through time, as known today or on an earlier day."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import AwareDatetime, BaseModel, Field

from api.export import file_of
from api.indicators import topics_of_indicator
from api.operation import Ask, Operation
from api.paging import Page, Paged, cut
from api.shapes import ReadingShape, reading_shape
from database.engine import reading
from indicators.reading import World
from indicators.readings import history, latest
from indicators.small_counts import for_sharing

PERIOD = r"^\d{4}(-Q[1-4]|-\d\d(-\d\d(T\d\d(:\d\d)?)?)?)?$"


class ReadingsQuery(Paged):
    key_types = (str, str)

    region: str | None = Field(default=None, description="区域代码，缺省为全市", max_length=16)
    start: str | None = Field(default=None, alias="from", pattern=PERIOD, description="起始时期（含），如 2025-01")
    end: str | None = Field(default=None, alias="to", pattern=PERIOD, description="终止时期（含）")
    known_at: AwareDatetime | None = Field(default=None, description="只用此刻之前已获知的数据，带时区")
    world: World | None = Field(default=None, description="缺省两个世界都给，每条注明所属")
    dim: str = Field(default="", description="细分，如 industry=陶瓷；缺省为总体", max_length=120)
    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="csv 与 xlsx 不分页")
    share: bool = Field(default=False, description="true 为对外共享：小于 5 的人数、件数不给出")


class Absence(BaseModel):
    """Why a world has no value to show."""

    world: World
    reason: str


class ReadingPage(Page[ReadingShape]):
    """Values of one series per world, oldest first."""

    missing: list[Absence] = Field(description="没有任何读数的世界及其原因")


def _check(ask: Ask) -> None:
    ask.known("指标", ask.path["code"], ask.catalogue.indicators)
    ask.known_region(ask.query.region)


def _page(ask: Ask) -> ReadingPage:
    rows = _rows(ask)
    items, following = cut(rows, ask.query, key=lambda row: (row.world.value, row.period))
    return ReadingPage(items=items, next=following, missing=_missing(ask, {row.world for row in rows}))


def _rows(ask: Ask) -> list[ReadingShape]:
    """All rows asked for, world by world."""
    wish: ReadingsQuery = ask.query
    rows = []
    with reading(ask.cockpit.engine) as connection:
        for world in sorted(ask.worlds):
            found = history(
                connection,
                ask.catalogue,
                ask.by,
                world=world,
                code=ask.path["code"],
                region=_region(ask),
                start=wish.start,
                end=wish.end,
                known_at=wish.known_at,
                dim=wish.dim,
                now=ask.now,
            )
            told = for_sharing(found) if wish.share else found
            rows += [reading_shape(ask.catalogue, one) for one in told]
    return rows


def _missing(ask: Ask, present: set[World]) -> list[Absence]:
    code = ask.path["code"]
    told = []
    with reading(ask.cockpit.engine) as connection:
        for world in ask.worlds:
            if world in present:
                continue
            found = latest(
                connection, ask.catalogue, ask.by, world=world, region=_region(ask), codes=[code], now=ask.now
            )
            reason = found[code].reason if code in found and found[code].value is None else None
            told.append(Absence(world=world, reason=reason or "所选范围内没有数据"))
    return told


def _region(ask: Ask) -> str:
    region: str | None = ask.query.region
    return region or ask.catalogue.city.code


def _file(ask: Ask, form: str) -> bytes:
    as_of: datetime = ask.query.known_at or ask.now
    return file_of(form, ask.catalogue, _rows(ask), as_of)


OPERATIONS = (
    Operation(
        "GET",
        "/indicators/{code}/readings",
        "一项指标的历史读数",
        ReadingPage,
        _page,
        tag="读数",
        right="indicators.view",
        query=ReadingsQuery,
        check=_check,
        topics=topics_of_indicator,
        tables=_file,
    ),
)
