"""The list of the map's layers: symbol, name, number of objects, and how many of them are silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.markup import Markup, Node, element
from components.numbers import plain
from geography.layers import Origin, Symbol
from indicators.places import Counted

OUTLINES = {
    Symbol.CIRCLE: "M8 2a6 6 0 1 0 .01 0z",
    Symbol.SQUARE: "M3 3h10v10H3z",
    Symbol.TRIANGLE: "M8 2l6.5 11.5h-13z",
    Symbol.DIAMOND: "M8 1l7 7-7 7-7-7z",
}


@dataclass(frozen=True)
class LayerLine:
    """A counted layer and the theme it stands under."""

    counted: Counted
    theme: str


def symbol(found: Symbol) -> Markup:
    """The shape objects of a layer are drawn with."""
    path = element("path", d=OUTLINES[found])
    return element("svg", path, viewBox="0 0 16 16", class_="sy", aria_hidden="true")


def event_line(open_events: int, overdue: int, simulated: bool) -> Component:
    """The layer of open events: a button of its own above the others."""
    parts: list[Node] = [
        html.I("!", className="ev", **attributes(aria_hidden="true")),
        html.Span("在办事件"),
        html.I("模", className="pv m", title="模拟事件") if simulated else None,
        html.Span(f"超期 {overdue}", className="mut") if overdue else None,
        html.B(plain(open_events, 0), className="n"),
    ]
    button = html.Button(
        parts, type="button", title="颜色为等级，环为超期", **attributes(data_layer="events", aria_pressed="false")
    )
    return html.Div([html.H3("事件", className="mut"), button], className="ly")


def device_line(total: int, simulated: bool) -> Component:
    """The layer of what moves or measures: vehicles, boats, patrols, sensors with their newest report."""
    parts: list[Node] = [
        symbol(Symbol.SQUARE),
        html.Span("车船巡查与传感"),
        html.I("模", className="pv m", title="模拟对象") if simulated else None,
        html.B(plain(total, 0), className="n"),
    ]
    button = html.Button(
        parts, type="button", title="设备最近一次上报的位置", **attributes(data_layer="devices", aria_pressed="false")
    )
    return html.Div([html.H3("动态对象", className="mut"), button], className="ly")


def layer_list(lines: Sequence[LayerLine]) -> Component:
    """Buttons by theme; which of them are on stands in the address and is shown by the map's script."""
    return html.Div([_theme(name, list(group)) for name, group in groupby(lines, key=lambda line: line.theme)])


def _theme(name: str, lines: Sequence[LayerLine]) -> Component:
    return html.Div([html.H3(name, className="mut"), *(_line(line.counted) for line in lines)], className="ly")


def _line(found: Counted) -> Component:
    layer = found.layer
    kinds = "、".join(f"{kind} {count}" for kind, count in zip(layer.kinds, found.kinds, strict=True))
    is_simulated = layer.origin is Origin.SIMULATED
    parts: list[Node] = [
        symbol(layer.symbol),
        html.Span(layer.name),
        html.I("模", className="pv m", title="模拟对象") if is_simulated else None,
        html.Span(f"静默 {found.silent}", className="mut") if found.silent else None,
        html.B(plain(found.total, 0), className="n"),
    ]
    return html.Button(
        parts,
        type="button",
        title=f"{layer.note}：{kinds}",
        **attributes(data_layer=layer.key, aria_pressed="false"),
    )
