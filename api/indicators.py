"""GET /indicators and /indicators/{code}: what is measured, with the newest values embedded."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Literal

from pydantic import BaseModel, Field

from api.export import file_of
from api.operation import Ask, Operation
from api.paging import Page, Paged, cut
from api.shapes import Query, ReadingWithHistory, Unit, reading_with_history, unit_shape
from database.changes import readings_of, theme_of
from database.engine import reading
from indicators.definition import Arrival, Bands, Baseline, Indicator, Target
from indicators.reading import World
from indicators.readings import latest
from indicators.small_counts import for_sharing

Region = Annotated[str | None, Field(description="区域代码，缺省为全市", max_length=16)]
InWorld = Annotated[World | None, Field(description="real 或 demo；缺省两个都给，每条注明所属")]


class IndicatorsQuery(Paged):
    theme: str | None = Field(default=None, description="主题 id", max_length=64)
    headline: bool | None = Field(default=None, description="只要（或不要）重点指标")
    world: InWorld = None
    region: Region = None
    format: Literal["json", "csv", "xlsx"] = Field(default="json", description="csv 与 xlsx 给出最新值，不分页")
    share: bool = Field(default=False, description="true 为对外共享：小于 5 的人数、件数不给出")


class OneIndicator(Query):
    world: InWorld = None
    region: Region = None
    share: bool = Field(default=False, description="true 为对外共享：小于 5 的人数、件数不给出")


class IndicatorShape(BaseModel):
    """One figure of the city: definition, unit, owner, source, cadence, direction, targets and newest values."""

    code: str
    theme: str
    name: str
    definition: str
    formula: str | None
    unit: str
    decimals: int
    frequency: str
    basis: str
    direction: str
    aggregation: str = Field(description="县区如何汇总为全市：sum、mean、weighted、ratio、last")
    scale: float
    levels: list[str]
    dims: list[str]
    owner: Unit
    source: str
    source_name: str
    cadence: dict[str, str | int]
    rationale: str | None
    headline: bool
    historical: bool
    target: Target | None
    baseline: Baseline | None
    bands: Bands | None
    arrival: Arrival
    latest: list[ReadingWithHistory] = Field(description="各世界的最新值；没有数值时带原因")


def _check_list(ask: Ask) -> None:
    ask.known_region(ask.query.region)
    if ask.query.theme is not None:
        ask.known("主题", ask.query.theme, ask.catalogue.themes)


def _check_one(ask: Ask) -> None:
    ask.known_region(ask.query.region)
    ask.known("指标", ask.path["code"], ask.catalogue.indicators)


def _wanted(ask: Ask) -> list[Indicator]:
    wish: IndicatorsQuery = ask.query
    return [
        indicator
        for code, indicator in sorted(ask.catalogue.indicators.items())
        if wish.theme in {None, indicator.theme} and wish.headline in {None, indicator.headline}
    ]


def _list(ask: Ask) -> Page[IndicatorShape]:
    page, following = cut(_wanted(ask), ask.query, key=lambda indicator: (indicator.code,))
    return Page[IndicatorShape](items=_shapes(ask, page), next=following)


def _one(ask: Ask) -> IndicatorShape:
    return _shapes(ask, [ask.catalogue.indicators[ask.path["code"]]])[0]


def _file(ask: Ask, form: str) -> bytes:
    newest = _latest(ask, [indicator.code for indicator in _wanted(ask)])
    return file_of(form, ask.catalogue, (one for many in newest.values() for one in many), ask.now)


def _shapes(ask: Ask, wanted: Iterable[Indicator]) -> list[IndicatorShape]:
    wanted = list(wanted)
    newest = _latest(ask, [indicator.code for indicator in wanted])
    return [_shape(ask, indicator, newest.get(indicator.code, [])) for indicator in wanted]


def _latest(ask: Ask, codes: list[str]) -> dict[str, list[ReadingWithHistory]]:
    region = ask.query.region or ask.catalogue.city.code
    newest: dict[str, list[ReadingWithHistory]] = {}
    with reading(ask.cockpit.engine) as connection:
        for world in ask.worlds:
            found = latest(connection, ask.catalogue, ask.by, world=world, region=region, codes=codes, now=ask.now)
            for one in for_sharing(found.values()) if ask.query.share else found.values():
                newest.setdefault(one.indicator, []).append(reading_with_history(ask.catalogue, one))
    return newest


def _shape(ask: Ask, indicator: Indicator, newest: list[ReadingWithHistory]) -> IndicatorShape:
    source = ask.catalogue.sources[indicator.source]
    return IndicatorShape(
        **indicator.model_dump(exclude={"owner", "frequency", "levels", "dims"}),
        frequency=indicator.frequency.value,
        levels=[level.value for level in indicator.levels],
        dims=list(indicator.dims),
        owner=unit_shape(ask.catalogue, indicator.owner),
        source_name=source.name,
        cadence=source.cadence.model_dump(exclude_none=True),
        latest=newest,
    )


def _topics_of_list(ask: Ask) -> list[str]:
    theme = ask.query.theme
    return [theme_of(world, theme) if theme else readings_of(world) for world in ask.worlds]


def topics_of_indicator(ask: Ask) -> list[str]:
    """The topics of the theme of the indicator in the path, in every world asked for."""
    theme = ask.catalogue.indicators[ask.path["code"]].theme
    return [theme_of(world, theme) for world in ask.worlds]


OPERATIONS = (
    Operation(
        "GET",
        "/indicators",
        "指标目录与最新值",
        Page[IndicatorShape],
        _list,
        tag="主题与指标",
        right="indicators.view",
        query=IndicatorsQuery,
        check=_check_list,
        topics=_topics_of_list,
        tables=_file,
        problems=(404,),
    ),
    Operation(
        "GET",
        "/indicators/{code}",
        "一项指标",
        IndicatorShape,
        _one,
        tag="主题与指标",
        right="indicators.view",
        query=OneIndicator,
        check=_check_one,
        topics=topics_of_indicator,
    ),
)
