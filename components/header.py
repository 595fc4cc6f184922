"""The top line of a screen: title, world, how many sources are on time, clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.marks import sample_label
from components.place import Place
from indicators.reading import World

WORLDS = {World.DEMO: "演示城市", World.REAL: "真实数据"}


@dataclass(frozen=True)
class SourceCount:
    """How many of the connected sources of a world keep their promise."""

    on_time: int
    connected: int
    stale: int
    planned: int
    """Agreed but not linked up."""


def world_switch(place: Place, path: str) -> Component:
    """Two links; the world in view is filled. The two are never shown together."""
    links = [
        html.A(
            name,
            href=place.in_world(path, world),
            **attributes(aria_current="true" if world is place.world else None),
        )
        for world, name in WORLDS.items()
    ]
    return html.Div(links, className="mode", role="group", **attributes(aria_label="数据范围"))


def source_count(count: SourceCount, place: Place) -> Component:
    """n/N with a bar; a link to the page of sources. Past promise is counted in words, not in colour."""
    share = count.on_time / count.connected if count.connected else 0.0
    return html.A(
        [
            html.Span("数据源", className="sub"),
            html.B(
                [str(count.on_time), html.Small(f"/{count.connected}")],
                className="n",
                **attributes(data_live="sources"),
            ),
            html.Span(html.I(style={"width": f"{100 * share:.1f}%"}), className="dhb"),
            html.Span(_remark(count), className="sub"),
        ],
        href=place.to("/sources", region=None),
        className="dh",
        title=f"{count.connected} 路已接入，{count.on_time} 路按约更新，{count.planned} 路未接入",
    )


def header(
    title: str, subtitle: str, place: Place, path: str | None, count: SourceCount, trail: Sequence[Component] = ()
) -> list[Component]:
    """Everything left of the clock. Without `path` the page knows no worlds: no switch, no label."""
    parts = [
        *trail,
        html.Div([html.B(title), html.Span(subtitle, className="mut")], className="ti"),
        sample_label(place.world) if path else None,
        html.Span(className="sp"),
        source_count(count, place),
        world_switch(place, path) if path else None,
    ]
    return [part for part in parts if part is not None]


def crumbs(links: Sequence[tuple[str, str]], last: str) -> list[Component]:
    """The way up: Escape follows the last link."""
    parts: list[Component] = []
    for index, (name, href) in enumerate(links):
        up = attributes(data_up="true") if index == len(links) - 1 else {}
        parts += [html.A(name, href=href, className="bk", **up), html.Span("›", className="sep")]
    return [html.Span([*parts, html.Span(last, className="sub")], className="crumbs")]


def _remark(count: SourceCount) -> str:
    return f"{count.stale} 路过期" if count.stale else "全部按约"
