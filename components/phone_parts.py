"""What the phone shows: decisions first, lights by function, figures as cards, the loop as four numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import LEVELS
from components.county_events import level_chip
from components.faces import empty
from components.kpi import looks
from components.marks import LIGHT, light, sample_label, seals
from components.markup import Node
from components.numbers import plain
from components.place import Place
from components.shown import Shown, as_of, change_words, gap_words, short_name, spoken
from components.spark import spark
from components.tile import Lit
from components.times import age, when
from components.wall_alerts import Alert
from dispatch.loop import DecisionRow, Loop, MapPin
from dispatch.stage import STAGE_NAMES
from indicators.states import Light

HOME = "/m"
FIRST_DECISIONS = 2
NO_ALERTS: Mapping[str, Alert] = MappingProxyType({})
_ORDER = (Light.ATTENTION, Light.STALE, Light.NORMAL, Light.UNCONNECTED)


@dataclass(frozen=True)
class Tab:
    """One of the places of the phone: what the address calls it and what the bar calls it."""

    key: str
    name: str
    badge: int = 0


def phone_head(title: str, place: Place, up: str | None) -> list[Component | None]:
    """Name of the page, the way up if there is one, the label of the demo city."""
    back = html.A("‹", href=up, className="back", **attributes(data_up="true", aria_label="返回")) if up else None
    return [back, html.H1(title), sample_label(place.world)]


def tab_bar(tabs: Sequence[Tab], current: str, place: Place) -> Component:
    """The bar at the bottom; the place in view is marked."""
    return html.Nav([_tab(tab, tab.key == current, place) for tab in tabs], **attributes(aria_label="栏目"))


def card(title: str, note: str | Component, children: Sequence[Component | None], look: str = "") -> Component:
    """One card: title left, remark right."""
    head = html.Div([html.H2(title), html.Span(note, className="mut")], className="hh")
    return html.Section([head, *children], className=f"pc {look}".strip())


def decision_card(
    rows: Sequence[DecisionRow], place: Place, now: datetime, at_most: int = FIRST_DECISIONS
) -> Component:
    """What only a leader can settle, most urgent first; the rest is one tap away."""
    count = html.B(str(len(rows)), className="n")
    if not rows:
        return card("待决策", count, [empty("没有待决策事项", "预警、退回、申请按规则监测中")])
    shown = [_decision(row, place, now) for row in rows[:at_most]]
    more = len(rows) - at_most
    link = html.A([f"其余 {more} 项", html.Span("›")], href=place.to(HOME, tab="decisions"), className="more")
    return card("待决策", count, [*shown, link if more > 0 else None])


def lights_card(
    lit: Sequence[Lit], functions: Sequence[str], place: Place, alerts: Mapping[str, Alert] = NO_ALERTS
) -> Component:
    """One line per function group: its lights, and the names of those that ask for attention.

    `alerts`: the worst one in force by theme; it takes the place of the theme's light.
    """
    calm = [one for one in lit if one.theme.id not in alerts]
    counts = {found: sum(one.state.light is found for one in calm) for found in Light}
    off = [f"{LIGHT[found]} {counts[found]}" for found in (Light.ATTENTION, Light.STALE) if counts[found]]
    note = " · ".join([*([f"警情 {len(lit) - len(calm)}"] if len(calm) < len(lit) else []), *off])
    rows = [_function(name, [one for one in lit if one.theme.function == name], place, alerts) for name in functions]
    return card(f"{len(lit)} 专题", note or "全部正常", [html.Ul(rows, className="th")])


def figures_card(rows: Sequence[Shown], place: Place, now: datetime) -> Component:
    """Figures two by two."""
    return card("指标", "重点指标", [html.Div([_figure(one, place, now) for one in rows], className="pk")])


def loop_card(found: Loop, now: datetime) -> Component:
    """Accepted, on time, overdue, supervised of today."""
    mark = html.I("模", className="pv m") if found.simulated else html.I("实", className="pv s")
    rate = f"{plain(found.on_time.value, 1)}%" if found.on_time.denominator else "—"
    late = html.I(str(found.overdue), className="sla over") if found.overdue else "0"
    pairs = (("受理", str(found.accepted)), ("按期率", rate), ("超期", late), ("督办", str(found.supervised)))
    cells = [html.Div([html.Dt(name), html.Dd(value, className="n")]) for name, value in pairs]
    return card("事件闭环", html.Span(["今日 ", mark, when(found.as_of, now)]), [html.Dl(cells, className="four")])


def theme_rows(lit: Sequence[Lit], place: Place, alerts: Mapping[str, Alert] = NO_ALERTS) -> Component:
    """Every theme as a line to tap: alerts first, the gravest on top, then what asks for attention."""
    ordered = sorted(lit, key=lambda one: _urgency(one, alerts))
    return html.Ul([_theme(one, place, alerts.get(one.theme.id)) for one in ordered], className="rows")


def figure_rows(rows: Sequence[Shown], place: Place, now: datetime) -> Component:
    """The figures of one theme, one line each."""
    return html.Ul([_line(one, place, now) for one in rows], className="rows figs")


def event_rows(pins: Sequence[MapPin], place: Place, now: datetime) -> Component:
    """Open events, most urgent first."""
    if not pins:
        return empty("没有在办事件", "事件受理、派遣规则运行中")
    return html.Ul([_event(pin, place, now) for pin in pins], className="rows evs")


def _tab(tab: Tab, current: bool, place: Place) -> Component:
    badge = html.I(str(tab.badge), className="n") if tab.badge else None
    href = place.to(HOME, tab=tab.key or None)
    spoken_name = f"{tab.name}，{tab.badge} 项" if tab.badge else None
    here = attributes(aria_current="page" if current else None, aria_label=spoken_name)
    return html.A([tab.name, badge], href=href, **here)


def _decision(row: DecisionRow, place: Place, now: datetime) -> Component:
    clock = html.Span(["已 ", age(now - row.since)], className="n tm") if row.since else None
    late = html.I("超期", className="sla over") if row.overdue else clock
    mark = html.I("模", className="pv m", title="模拟数据") if row.simulated else None
    return html.Article(
        [
            html.Div([level_chip(row.level), html.B(row.title), late], className="ct"),
            html.P([mark, f"{row.owner} · {row.suggestion}"], className="sub"),
            html.Div(html.A("详情", href=place.to(HOME, event=row.number), className="btn pri"), className="bt"),
        ]
    )


def _urgency(one: Lit, alerts: Mapping[str, Alert]) -> tuple[int, int]:
    alert = alerts.get(one.theme.id)
    return (alert.level if alert else len(LEVELS) + 1, _ORDER.index(one.state.light))


def _lamp(one: Lit, alert: Alert | None) -> Component:
    """The light of a theme, or the character of the alert in force."""
    return html.I(LEVELS[alert.level], className=f"chip L{alert.level}") if alert else light(one.state.light)


def _told(one: Lit, alert: Alert | None) -> str:
    return f"{one.theme.name}{f'{LEVELS[alert.level]}色警情' if alert else LIGHT[one.state.light]}"


def _function(name: str, lit: Sequence[Lit], place: Place, alerts: Mapping[str, Alert]) -> Component:
    ordered = sorted(lit, key=lambda one: _urgency(one, alerts))
    loud = {Light.ATTENTION, Light.STALE}
    off = [one.theme.short for one in ordered if one.theme.id in alerts or one.state.light in loud]
    words = " ".join(off[:1]) + (f" 等 {len(off)} 个" if len(off) > 1 else "")
    told = "，".join(_told(one, alerts.get(one.theme.id)) for one in ordered)
    return html.Li(
        html.A(
            [
                html.B(name.removesuffix("保护")),
                html.Span([_lamp(one, alerts.get(one.theme.id)) for one in ordered], className="dots"),
                html.Span(words, className="mut"),
            ],
            href=place.to(HOME, tab="themes"),
            **attributes(aria_label=f"{name}：{told}"),
        )
    )


def _theme(lit: Lit, place: Place, alert: Alert | None) -> Component:
    shown = lit.headline
    below = alert.title if alert else short_name(shown.indicator) if shown else ""
    figure = shown.figure.compact if shown and shown.has_value else LIGHT[lit.state.light]
    return html.Li(
        html.A(
            [
                _lamp(lit, alert),
                html.B(lit.theme.name),
                html.Span(below, className="mut"),
                html.Span(figure, className="n"),
            ],
            href=place.to(HOME, theme=lit.theme.id),
            **attributes(aria_label=_told(lit, alert)),
        )
    )


def _figure(shown: Shown, place: Place, now: datetime) -> Component:
    return html.A(
        [
            html.Span(short_name(shown.indicator), className="nm"),
            html.B(
                [shown.figure.text, html.Small(shown.figure.unit)],
                className="n",
                **attributes(data_live=f"m-{shown.indicator.code}"),
            ),
            spark(shown.trend) if shown.has_value else None,
            html.Span(f"{change_words(shown)} {gap_words(shown)}", className="d"),
            html.Span(_as_of(shown, now), className="mut"),
        ],
        href=place.to(HOME, theme=shown.indicator.theme),
        className=" ".join(["pf", *looks(shown)]),
        **attributes(aria_label=spoken(shown, now)),
    )


def _line(shown: Shown, place: Place, now: datetime) -> Component:
    behind = shown.progress is not None and shown.progress.behind
    return html.Li(
        html.A(
            [
                html.B(short_name(shown.indicator)),
                html.Span([shown.figure.text, html.Small(shown.figure.unit)], className="n"),
                html.Span(_as_of(shown, now), className="mut"),
                html.Span(f"{change_words(shown)} {gap_words(shown)}", className="d bad" if behind else "d"),
            ],
            href=place.indicator(shown.indicator.code),
            className=" ".join(looks(shown)),
            **attributes(aria_label=spoken(shown, now)),
        )
    )


def _as_of(shown: Shown, now: datetime) -> list[Node]:
    reading = shown.reading
    if reading is None or not shown.has_value:
        return [shown.short_absence]
    return [*seals(reading), as_of(reading, now)]


def _event(pin: MapPin, place: Place, now: datetime) -> Component:
    late = html.I("超期", className="sla over") if pin.overdue else html.Span(age(now - pin.since), className="mut")
    return html.Li(
        html.A(
            [level_chip(pin.level), html.B(pin.title), late, html.Span(STAGE_NAMES[pin.stage], className="mut")],
            href=place.to(HOME, event=pin.number),
        )
    )
