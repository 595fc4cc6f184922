"""GET /themes: the 27 subject areas with their light in each world and the rule it follows from."""

from __future__ import annotations

from pydantic import BaseModel, Field

from api.operation import Ask, Operation
from api.paging import Page, Paged, cut
from api.shapes import Unit, unit_shape
from database.changes import readings_of
from database.engine import reading
from indicators.definition import Theme
from indicators.reading import World
from indicators.readings import latest
from indicators.states import Light, ThemeState, theme_state


class ThemesQuery(Paged):
    world: World | None = Field(default=None, description="只看一个世界的状态；缺省两个都给，各自成项")
    region: str | None = Field(default=None, description="区域代码，缺省为全市", max_length=16)


class StateShape(BaseModel):
    """A theme's light in one world and what it follows from."""

    world: World
    light: Light = Field(description="ok 正常，at 关注，st 过期，off 未接入")
    reason: str
    headline: str | None = Field(description="瓦片上显示的指标")
    off_track: list[str] = Field(description="偏离的指标")
    judged: int
    current: int
    stale: int
    missing: int


class ThemeShape(BaseModel):
    """A subject area (主题)."""

    id: str
    name: str
    short: str
    group: str
    function: str
    dimension: str
    lead: list[Unit]
    support: list[str]
    plan_projects: list[int]
    description: str
    indicators: list[str]
    states: list[StateShape]


class ThemePage(Page[ThemeShape]):
    """Themes, with the rule of their lights in words."""

    rule: str


def _check(ask: Ask) -> None:
    ask.known_region(ask.query.region)


def _themes(ask: Ask) -> ThemePage:
    states = _states(ask)
    shapes = [_shape(ask, theme, [state for state in states if state[1].theme == theme.id]) for theme in _all(ask)]
    items, following = cut(shapes, ask.query, key=lambda shape: (shape.id,))
    return ThemePage(items=items, next=following, rule=ask.catalogue.state_rule.words)


def _all(ask: Ask) -> list[Theme]:
    return sorted(ask.catalogue.themes.values(), key=lambda theme: theme.id)


def _states(ask: Ask) -> list[tuple[World, ThemeState]]:
    catalogue, region = ask.catalogue, ask.query.region or ask.catalogue.city.code
    states = []
    with reading(ask.cockpit.engine) as connection:
        for world in ask.worlds:
            found = latest(connection, catalogue, ask.by, world=world, region=region, now=ask.now)
            states += [
                (world, theme_state(theme.id, catalogue.indicators_of(theme.id), found, catalogue.state_rule))
                for theme in catalogue.themes.values()
            ]
    return states


def _shape(ask: Ask, theme: Theme, states: list[tuple[World, ThemeState]]) -> ThemeShape:
    return ThemeShape(
        **theme.model_dump(exclude={"lead"}),
        lead=[unit_shape(ask.catalogue, key) for key in theme.lead],
        indicators=[indicator.code for indicator in ask.catalogue.indicators_of(theme.id)],
        states=[_state(world, state) for world, state in states],
    )


def _state(world: World, state: ThemeState) -> StateShape:
    counts = {name: getattr(state, name) for name in ("judged", "current", "stale", "missing")}
    return StateShape(
        world=world,
        light=state.light,
        reason=state.reason,
        headline=state.headline,
        off_track=list(state.off_track),
        **counts,
    )


OPERATIONS = (
    Operation(
        "GET",
        "/themes",
        "27 个主题及其状态",
        ThemePage,
        _themes,
        tag="主题与指标",
        right="indicators.view",
        query=ThemesQuery,
        check=_check,
        topics=lambda ask: [readings_of(world) for world in ask.worlds],
        problems=(404,),
    ),
)
