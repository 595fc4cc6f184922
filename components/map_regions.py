"""Beside the map: which figure it shows, the same figure as a table, and the villages where the map ends."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.marks import seals
from components.markup import Markup, Node, element
from components.numbers import figure
from components.place import Place
from components.shown import as_of
from indicators.definition import Indicator, Theme
from indicators.spread import Shade, Spread


def chooser(themes: Iterable[Theme], indicators: Iterable[Indicator], chosen: Indicator, place: Place) -> Component:
    """All indicators by theme; choosing one changes the address. Beside it the way to the indicator's own page."""
    listed = list(indicators)
    groups = [_group(theme, [one for one in listed if one.theme == theme.id], chosen) for theme in themes]
    select = element("select", groups, name="indicator", aria_label="地图上的指标")
    return html.Div(
        [html.Form([select], **attributes(data_query="true")), html.A("指标说明", href=place.indicator(chosen.code))],
        className="mc",
    )


def region_table(
    found: Spread, ways: Mapping[str, str], now: datetime, alerts: Mapping[str, tuple[int, str]] | None = None
) -> Component:
    """One row per region: the step of the ink, name, value and its origin; what is missing says why.

    `alerts`: by region, the worst warning level in force and where it is told.
    """
    marks = alerts or {}
    rows = [
        _row(shade, found.indicator, ways[shade.region.code], now, marks.get(shade.region.code))
        for shade in found.shades
    ]
    caption = html.Caption(f"{found.indicator.name} · {found.region.name}", className="unseen")
    return html.Table([caption, html.Tbody(rows)], className="tb mr")


def village_list(names: Sequence[str]) -> Component:
    """Names only: no open source gives their positions."""
    head = html.H3(f"村（社区）{len(names)} 个", className="mut")
    note = html.P("名称与代码为公开区划数据，无开放坐标", className="mut")
    return html.Div([head, html.Ul([html.Li(name) for name in names]), note], className="vl")


def _group(theme: Theme, indicators: Sequence[Indicator], chosen: Indicator) -> Markup:
    options = [element("option", one.name, value=one.code, selected=one.code == chosen.code) for one in indicators]
    return element("optgroup", options, label=theme.name)


def _row(shade: Shade, indicator: Indicator, way: str, now: datetime, alert: tuple[int, str] | None) -> Component:
    step = "none" if shade.step is None else str(shade.step)
    name: list[Node] = [html.A(shade.region.name, href=way)]
    if alert:
        name += [" ", html.A(chip(alert[0]), href=alert[1], title=f"{shade.region.name}有生效预警")]
    swatch = html.Td(html.I(className="sw", **attributes(data_step=step)))
    return html.Tr(
        [swatch, html.Th(name, scope="row"), html.Td(_value(shade, indicator, now))],
        className="none" if step == "none" else "",
    )


def _value(shade: Shade, indicator: Indicator, now: datetime) -> list[Node]:
    reading = shade.reading
    if reading is None or reading.value is None:
        return [html.Span(shade.reason, className="mut")]
    written = figure(reading.value, indicator.unit, indicator.decimals)
    return [
        html.B(written.text, className="n"),
        html.U(written.unit),
        html.Span([*seals(reading), as_of(reading, now)], className="mt"),
    ]
