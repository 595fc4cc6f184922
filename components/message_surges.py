"""Surges as cards: the sentence, what was expected and why that counts, the reports, one click to a joint event."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.faces import empty
from components.marks import seal
from components.markup import Node, element
from components.message_joint import joint_act
from components.numbers import plain
from components.times import clock, when
from decisions.message import Member, Place
from dispatch.state import STATE_NAMES
from indicators.reading import Provenance


@dataclass(frozen=True)
class SurgeCard:
    """A surge and what the viewer may do about it."""

    place: Place
    may_join: bool
    joint: str | None
    event_href: Callable[[str], str]


def surge_list(cards: Sequence[SurgeCard], now: datetime) -> Component:
    """The most surprising first."""
    if not cards:
        return empty("目前没有地点明显多于往常", "按 1、3、6、12、24 小时逐个地点与往周同时段比较，每分钟核对一次")
    return html.Ul([html.Li(_card(one, now)) for one in cards], className="surges")


def _card(one: SurgeCard, now: datetime) -> list[Node]:
    place, found = one.place, one.place.surge
    share = min(1.0, max(0.015, found.expected / found.count))
    return [
        html.Div(
            [
                html.B(place.name),
                html.Span([html.B(str(found.count), className="n"), f" 件／{found.hours} 小时"], className="cnt"),
            ],
            className="hd",
        ),
        html.Span(html.I(style={"width": f"{100 * share:.1f}%"}), className="bar2", title=found.usual),
        html.P(
            [
                *([seal(Provenance.SIMULATED)] if place.members[0].is_simulated else []),
                f"{found.usual}（往周同时段期望{expected_words(found.expected)}，依据 {found.weeks} 周）；"
                f"{chance_words(found.chance)}；自 {when(found.since, now)} {_clock(found.since, now)}起",
            ],
            className="sub",
        ),
        joint_act(place.members, f"{place.name}集中反映", one.joint, one.event_href, may_join=one.may_join),
        element("details", [html.Summary(f"{found.count} 件明细"), member_list(place.members, one.event_href, now)],
                class_="fold"),
    ]  # fmt: skip


def _clock(moment: datetime, now: datetime) -> str:
    """The time of day where `when` gave the date."""
    return "" if when(moment, now) == clock(moment) else f"{clock(moment)} "


def expected_words(expected: float) -> str:
    """' 2.3 件', '不到 0.1 件'."""
    return "不到 0.1 件" if expected < 0.1 else f" {plain(expected, 1)} 件"


def chance_words(chance: float) -> str:
    """How likely so many are by chance alone, corrected for all looks."""
    if chance < 1e-6:
        return "偶然出现的可能不到百万分之一"
    if chance < 1e-4:
        return "偶然出现的可能不到万分之一"
    return f"偶然出现的可能约 {plain(100 * chance, 2)}%"


def member_list(members: Sequence[Member], event_href: Callable[[str], str], now: datetime) -> Component:
    """Every report, newest first; texts are masked."""
    rows = [
        html.Li(
            [
                html.Span(f"{when(one.at, now)}", className="n sub"),
                html.A(one.title, href=event_href(one.number), title=f"{one.number} {one.title}"),
                html.Span(STATE_NAMES[one.state], className="sub"),
            ]
        )
        for one in reversed(members)
    ]
    return html.Ul(rows, className="mems")
