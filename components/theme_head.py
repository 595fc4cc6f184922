"""The head of a theme's page: way, name, light, lead, regions, neighbours; the headline tiles; the guided path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import LEVELS
from components.kpi import looks, value
from components.marks import LIGHT, light, origin
from components.shown import Shown, change_words, gap_words, short_name, spoken
from components.spark import spark
from components.target_bar import target_bar
from indicators.composite import Composite
from indicators.definition import Theme
from indicators.states import Light, ThemeState


@dataclass(frozen=True)
class Choice:
    """One of several: words, where it leads, whether it is the one in view, what it means."""

    words: str
    href: str
    is_chosen: bool
    title: str = ""


def switch(label: str, choices: Sequence[Choice], look: str = "") -> Component:
    """A row of links of which one is filled."""
    links = [
        html.A(
            one.words,
            href=one.href,
            title=one.title or None,
            **attributes(aria_current="true" if one.is_chosen else None),
        )
        for one in choices
    ]
    return html.Div(links, className=f"sw {look}".strip(), role="group", **attributes(aria_label=label))


def neighbours(before: tuple[str, str], place: str, after: tuple[str, str]) -> Component:
    """The theme before and after in the order of the tiles; the arrow keys follow these links."""
    return html.Span(
        [
            html.A([html.Kbd("←"), f" {before[0]}"], href=before[1], **attributes(data_previous="true")),
            html.I(place),
            html.A([f"{after[0]} ", html.Kbd("→")], href=after[1], **attributes(data_next="true")),
        ],
        className="nx",
    )


def light_chip(state: ThemeState, alert: tuple[int, str] | None = None) -> Component:
    """The light with its word, its reason as title; a warning in force (level, where it is told) takes its place."""
    if alert:
        words = f"{LEVELS[alert[0]]}色预警"
        return html.A(words, href=alert[1], className=f"chip L{alert[0]}", title=f"有生效预警；{state.reason}")
    look = "chip L0" if state.light is Light.ATTENTION else "chip calm"
    return html.Span([light(state.light), LIGHT[state.light]], className=look, title=state.reason)


def headline_tile(shown: Shown, now: datetime, href: str, *, is_chosen: bool) -> Component:
    """One headline figure; choosing it puts it into the trend, the regions and the breakdown below."""
    behind = shown.progress is not None and shown.progress.behind
    gap = "不计入态势" if shown.is_grey else gap_words(shown)
    return html.A(
        [
            html.Span(_tile_name(shown), className="nm"),
            html.Span(_tile_origin(shown, now), className="mut"),
            value(shown),
            spark(shown.trend, width=112, height=38) if shown.has_value else html.Span(className="sv"),
            html.Span(change_words(shown), className="d"),
            html.Span(gap, className="g bad" if behind and not shown.is_grey else "g"),
            target_bar(shown.progress),
        ],
        href=href,
        className=" ".join(["kt", *looks(shown)]),
        title=spoken(shown, now),
        **attributes(aria_label=spoken(shown, now), aria_current="true" if is_chosen else None),
    )


def index_tile(found: Composite, href: str, *, is_chosen: bool) -> Component:
    """The composite index of the theme; leads to its weights."""
    lagging = sum(one.score < 100 for one in found.components)
    number = html.B(f"{found.value:.1f}" if found.value is not None else "—", className="n")
    return html.A(
        [
            html.Span(["综合指数", html.Small("满分 100")], className="nm"),
            html.Span("自选权重" if found.is_changed else "通用权重", className="mut"),
            html.Span(number, className="v"),
            html.Span(f"{len(found.components)} 项计入 · {found.left_out} 项未计", className="d"),
            html.Span(f"{lagging} 项未到位", className="g bad" if lagging else "g"),
            html.Span(
                html.I(className="lo" if lagging else "", style={"width": f"{found.value or 0:.1f}%"}), className="bl"
            ),
        ],
        href=href,
        className="kt index",
        title="按各项指标到位程度加权的综合指数，点开看权重，可自行调整",
        **attributes(aria_current="true" if is_chosen else None),
    )


@dataclass(frozen=True)
class Step:
    """One step of the guided path; `answer` is what it found (湘桥区)."""

    words: str
    href: str
    answer: str
    is_chosen: bool


def guide(steps: Sequence[Step]) -> Component:
    """The path an author laid through the theme: questions in order, each one click."""
    rows = [
        html.Li(
            html.A(
                [html.B(str(number), className="n"), html.Span(one.words), html.Em(one.answer) if one.answer else None],
                href=one.href,
                **attributes(aria_current="step" if one.is_chosen else None),
            )
        )
        for number, one in enumerate(steps, 1)
    ]
    return html.Ol(rows, className="guide", **attributes(aria_label="导览"))


def lead_words(theme: Theme, names: dict[str, str]) -> list[Component | str]:
    """牵头 市发展改革局 · 协同 工信局、统计局."""
    lead = "、".join(names[key] for key in theme.lead)
    support = "、".join(names[key] for key in theme.support[:3]) + ("等" if len(theme.support) > 3 else "")
    return ["牵头 ", html.B(lead), *([f" · 协同 {support}"] if support else [])]


_ROOM = 8
"""Characters of a name that leave room for the unit that answers for it."""
_BRIEF = {"规模以上": "规上", "同比增速": "增速", "地方一般公共预算": "公共预算"}


def _tile_name(shown: Shown) -> str:
    """As written in reports where room is short: 规上工业增加值增速."""
    name = short_name(shown.indicator)
    for long, short in _BRIEF.items():
        name = name.replace(long, short)
    return name


def _tile_origin(shown: Shown, now: datetime) -> list[Component | str]:
    """Seal, time and unit; beside a long name the unit goes, it stands in the title."""
    parts = origin(shown, now)
    if len(_tile_name(shown)) <= _ROOM or not isinstance(parts[-1], str):
        return parts
    return [*parts[:-1], parts[-1].removesuffix(shown.owner).rstrip()]
