"""DeskHead: whose desk, what is in force, and the figures a duty officer answers for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.marks import sample_label
from components.place import Place
from components.times import when
from components.wall_alerts import Alert


@dataclass(frozen=True)
class DeskFigure:
    """One figure. `says` is its definition; `href` leads to the events it counts."""

    key: str
    name: str
    text: str
    says: str
    href: str = ""
    unit: str = ""
    look: str = ""


def desk_head(
    whose: str,
    worst: Alert | None,
    alerts: int,
    figures: Sequence[DeskFigure],
    urgent: Sequence[str],
    place: Place,
    now: datetime,
) -> Component:
    """Everything left of the ways to other pages. `urgent`: open red and orange events, for the sound of new ones."""
    return html.Div(
        [
            html.Div([html.B("事件分拨席"), html.Span(whose, className="mut")], className="ti"),
            sample_label(place.world),
            html.Span(className="sp"),
            _alert(worst, alerts, place, now),
            html.Dl([_figure(one) for one in figures], className="df"),
        ],
        className="head",
        **attributes(data_urgent=" ".join(urgent)),
    )


def _alert(worst: Alert | None, alerts: int, place: Place, now: datetime) -> Component | None:
    """The gravest warning in force; none of them says so by its absence."""
    if worst is None:
        return None
    rest = f"等 {alerts} 条" if alerts > 1 else ""
    since = f"{when(worst.since, now)} 起" if worst.since else ""
    words = " ".join(part for part in (rest, since) if part)
    return html.A(
        [chip(worst.level), html.B(worst.title), html.Span(words, className="mut")],
        href=place.to("/warnings"),
        className="al",
        title=f"{worst.title} {worst.said}",
    )


def _figure(one: DeskFigure) -> Component:
    value = html.Span([one.text, html.Small(one.unit) if one.unit and one.text != "—" else None], className="n")
    shown = html.I(value, className=f"sla {one.look}") if one.look else value
    inner = html.A(shown, href=one.href) if one.href else shown
    return html.Div(
        [html.Dt(one.name), html.Dd(inner, **attributes(data_live=f"desk-{one.key}"))],
        title=one.says,
        **attributes(data_figure=one.key),
    )
