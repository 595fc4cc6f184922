"""ThemeTile and DomainGroup: the 27 lights in their fixed order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import LEVELS
from components.marks import LIGHT, light, seal
from components.place import Place
from components.shown import PROVENANCE, Shown, as_of, short_name
from components.times import brief_age
from components.wall_alerts import Alert
from indicators.definition import Theme
from indicators.reading import Provenance
from indicators.states import Light, ThemeState

ROWS = 2


@dataclass(frozen=True)
class Lit:
    """One theme with its light and the indicator its tile names."""

    theme: Theme
    state: ThemeState
    headline: Shown | None


def theme_tile(lit: Lit, place: Place, now: datetime, rule: str, alert: Alert | None = None) -> Component:
    """The light of one theme, a link to its page; the title says why, by which rule, and as of when.

    An alert in force takes the place of the light and of the headline: red and orange fill the tile.
    """
    reasons = [f"{alert.title} {alert.said}"] if alert else []
    return html.A(
        [
            html.I(LEVELS[alert.level], className=f"lt L{alert.level}") if alert else light(lit.state.light),
            html.B(lit.theme.short),
            html.Span(alert.title if alert else _line(lit, now), **attributes(data_live=lit.theme.id)),
            seal(Provenance.SIMULATED) if _is_simulated(lit, alert) else None,
        ],
        href=place.theme(lit.theme.id),
        className=f"t w L{alert.level}" if alert else f"t {lit.state.light.value}",
        title="\n".join(line for line in (*reasons, *_reasons(lit, now), f"规则：{rule}") if line),
        **attributes(aria_label=_spoken(lit, alert)),
    )


def domain_group(name: str, tiles: Sequence[Component]) -> Component:
    """A function group: header with its count, tiles in two rows; width follows the number of tiles."""
    columns = -(-len(tiles) // ROWS)
    return html.Div(
        [
            html.H3([name, html.Small(str(len(tiles)))]),
            html.Div(list(tiles), className="tg2"),
        ],
        className="dg one" if len(tiles) == 1 else "dg",
        style={"--c": columns, "--n": len(tiles)},
    )


def tile_loading() -> Component:
    """The same space without content."""
    return html.Div(className="t blank", **attributes(aria_hidden="true"))


def _line(lit: Lit, now: datetime) -> list[Component | str]:
    shown = lit.headline
    if shown is None or shown.reading is None or not shown.has_value:
        return [LIGHT[Light.UNCONNECTED]]
    if lit.state.light is Light.STALE and shown.reading.observed_at:
        return [f"过期 {brief_age(now - shown.reading.observed_at)}"]
    figure = shown.figure
    return [figure.text, html.Small(figure.unit, className="tight" if figure.unit == "%" else "")]


def _is_simulated(lit: Lit, alert: Alert | None) -> bool:
    return alert.simulated if alert else bool(lit.headline and lit.headline.is_simulated)


def _spoken(lit: Lit, alert: Alert | None) -> str:
    """三防水情，黄色警情，韩江潮安站水位 12.86 米."""
    shown = lit.headline
    parts = [lit.theme.name, f"{LEVELS[alert.level]}色警情，{alert.title}" if alert else LIGHT[lit.state.light]]
    if shown:
        parts.append(f"{short_name(shown.indicator)} {shown.figure.spoken}")
        parts.extend(["模拟数据"] if shown.is_simulated else [])
    return "，".join(parts)


def _reasons(lit: Lit, now: datetime) -> list[str]:
    state, shown = lit.state, lit.headline
    lines = [f"{lit.theme.name}：{LIGHT[state.light]}", state.reason]
    if shown and shown.reading:
        lines.append(
            f"{shown.indicator.name} {shown.figure.spoken}"
            f"（{PROVENANCE[shown.reading.provenance]}，{as_of(shown.reading, now)}）"
        )
    lines.append(f"指标 {state.current} 项在用，{state.stale} 项过期，{state.missing} 项无数据")
    return lines
