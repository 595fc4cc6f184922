"""Digest: what changed since the viewer last looked, in three short lists, or that nothing did."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.attributes import attributes
from components.faces import panel_head
from components.marks import LIGHT, lateness, light, seal
from components.place import Place
from components.shown import short_name
from components.times import when
from indicators.digest import Digest, LateSource, LightChange, Move
from indicators.reading import Provenance

EACH = 5


def digest_panel(found: Digest, place: Place, now: datetime) -> list[Component]:
    """Lights, figures beyond usual, sources late since; and the button that says it has been seen."""
    head = panel_head(f"自 {when(found.since, now)} 以来的变化", _seen_button())
    lists = [
        _list("灯变化", [_light(one, place) for one in found.lights[:EACH]], len(found.lights)),
        _list("异常变动", [_move(one, place) for one in found.moves[:EACH]], len(found.moves)),
        _list("新迟报来源", [_late(one, place) for one in found.late[:EACH]], len(found.late)),
    ]
    return [head, html.Div(lists, className="dg3"), html.P(_summary(found), className="mut")]


def _summary(found: Digest) -> str:
    return f"其间更新指标 {found.arrived} 项；异常变动指偏离自身同步长变化 4 倍稳健离差以上"


def _seen_button() -> Component:
    return html.Button("标为已看", type="button", className="act", **attributes(data_seen="true"))


def _list(name: str, rows: Sequence[Component], count: int) -> Component:
    more = [html.Li(f"另有 {count - len(rows)} 项", className="mut")] if count > len(rows) else []
    body = html.Ul([*rows, *more]) if rows else html.P("没有", className="mut")
    return html.Div([html.H3([name, html.Small(str(count), className="n")]), body])


def _light(one: LightChange, place: Place) -> Component:
    words = f"{LIGHT[one.before]} → {LIGHT[one.after]}"
    link = html.A(
        [light(one.after), html.B(one.theme.name), html.Span(words, className="sub")],
        href=place.theme(one.theme.id),
        title=one.reason,
    )
    return html.Li(link)


def _move(one: Move, place: Place) -> Component:
    unit, decimals = one.indicator.unit, one.indicator.decimals
    before = numbers.figure(one.before.value, unit, decimals).text
    after = numbers.figure(one.after.value, unit, decimals).compact
    mark = seal(one.after.provenance) if one.after.provenance is Provenance.SIMULATED else None
    link = html.A(
        [html.B(short_name(one.indicator)), html.Span([mark, f"{before} → {after}"], className="sub")],
        href=place.indicator(one.indicator.code),
        title=f"偏离 {numbers.plain(one.spreads, 1)} 倍离差",
    )
    return html.Li(link)


def _late(one: LateSource, place: Place) -> Component:
    link = html.A(
        [lateness(one.freshness, one.reason), html.B(one.source.name), html.Span(one.reason, className="sub")],
        href=place.to("/sources", source=one.source.key, region=None),
    )
    return html.Li(link)
