"""GET /search: regions, villages, indicators, themes and open events by name, pinyin or initials."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from pydantic import BaseModel, Field

from api.map_values import world_of
from api.operation import Ask, Operation
from api.shapes import Query
from database.engine import reading
from dispatch.loop import pins
from dispatch.stage import STAGE_NAMES
from geography.search import best
from indicators.places import villages_seen
from indicators.reading import World

KINDS = {"city": "全市", "county": "县区", "zone": "功能园区", "town": "镇街"}


class SearchQuery(Query):
    q: str = Field(default="", max_length=40, description="名称、全拼或首字母")
    limit: int = Field(default=12, ge=1, le=50)
    world: World | None = Field(default=None, description="事件所在的数据范围；缺省：演示城市有数据时为 demo")


class Hit(BaseModel):
    """Something that has a name."""

    kind: Literal["region", "village", "indicator", "theme", "event"]
    code: str
    name: str
    what: str = Field(description="是什么、属于哪里")
    region: str | None = Field(description="地图上应显示的区域")


class Hits(BaseModel):
    """What was found, best first."""

    items: list[Hit]


def _search(ask: Ask) -> Hits:
    return Hits(items=best(ask.query.q, _named(ask), ask.query.limit))


def _named(ask: Ask) -> Iterator[tuple[str, Hit]]:
    """Everything with a name the caller may see; of equals the earlier is shown first."""
    yield from _regions(ask)
    for key, theme in ask.catalogue.themes.items():
        yield theme.name, Hit(kind="theme", code=key, name=theme.name, what=f"主题 · {theme.function}", region=None)
    for code, indicator in ask.catalogue.indicators.items():
        subject = ask.catalogue.themes[indicator.theme].name
        hit = Hit(kind="indicator", code=code, name=indicator.name, what=f"指标 · {subject}", region=None)
        yield indicator.name, hit
    yield from _events(ask)
    yield from _villages(ask)


def _regions(ask: Ask) -> Iterator[tuple[str, Hit]]:
    for code, region in ask.catalogue.regions.items():
        if ask.by.scope.allows(code):
            above = ask.catalogue.regions.get(region.parent or "")
            what = " · ".join([KINDS[region.kind.value], *([above.name] if above else [])])
            yield region.name, Hit(kind="region", code=code, name=region.name, what=what, region=code)


def _villages(ask: Ask) -> Iterator[tuple[str, Hit]]:
    for one in villages_seen(ask.catalogue, ask.by):
        town = ask.catalogue.regions.get(one.town)
        what = f"村居 · {town.name if town else one.town}"
        yield one.name, Hit(kind="village", code=one.code, name=one.name, what=what, region=one.town)


def _events(ask: Ask) -> Iterator[tuple[str, Hit]]:
    """Open events of the world, for who may see events; found by title and by number."""
    if not ask.query.q or not ask.by.may("events.view"):
        return
    world, city = world_of(ask), ask.catalogue.city.code
    with reading(ask.cockpit.engine) as connection:
        found = pins(connection, ask.by, world=world.value, region=city, now=ask.now)
    for pin in found:
        mark = "（模拟）" if pin.simulated else ""
        what = f"事件{mark} · {STAGE_NAMES[pin.stage]} · {pin.number}"
        hit = Hit(kind="event", code=pin.number, name=pin.title, what=what, region=pin.county)
        yield pin.title, hit
        yield pin.number, hit


def _topics(ask: Ask) -> list[str]:
    return [f"events:{world_of(ask).value}"]


OPERATIONS = (
    Operation(
        "GET", "/search", "按名称或拼音查找区域、村居、主题、指标与在办事件", Hits, _search, tag="地图",
        right="indicators.view",
        query=SearchQuery, topics=_topics, soft_seconds=3600,
    ),
)  # fmt: skip
