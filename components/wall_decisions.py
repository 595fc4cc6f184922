"""The list right of the map: what only a leader can settle, then what weighs most among the figures off track."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.event_name import EventWay, event_name
from components.faces import empty, panel_head
from components.marks import seal
from components.numbers import figure, plain
from components.place import Place
from components.shown import short_name
from components.sla import sla
from components.table import number, table
from components.times import remaining
from dispatch.loop import DecisionRow
from indicators.attention import TEN_THOUSAND, Concern
from indicators.reading import Provenance

SHOWN = 3
TITLES = ("序→", "指标", "地区", "现值→", "应达→", "权重→", "偏离→", "影响人口→", "得分→")
WIDE = 6


def decision_list(
    rows: Sequence[DecisionRow],
    concerns: Sequence[Concern],
    names: Mapping[str, str],
    place: Place,
    now: datetime,
    way: EventWay | None = None,
) -> list[Component]:
    """At most six lines, three of them on an ordinary wall: decisions first, then concerns by score."""
    lines = [_decision(row, now, way) for row in rows[:WIDE]]
    lines += [_concern(one, names, place) for one in concerns[: WIDE - len(lines)]]
    note = html.A(f"关注排序 {len(concerns)} 项", href=place.to("/attention", region=None), className="mut")
    count = html.Small([html.B(str(len(rows)), className="n cnt"), " 件"])
    head = html.Div([html.H2("待决策"), html.Span(className="sp"), note, count], className="ph")
    if not lines:
        return [head, empty("没有需要决策的事项", "各项指标未偏离目标和界限，规则持续运行")]
    looks = ["x2" if index >= SHOWN else "" for index in range(len(lines))]
    return [
        head,
        html.Ul([html.Li(line, className=look) for line, look in zip(lines, looks, strict=True)], className="de"),
    ]


def concern_table(
    concerns: Sequence[Concern], names: Mapping[str, str], words: str, place: Place, simulated: bool
) -> list[Component]:
    """All of them with the three factors of each score."""
    head = panel_head("领导关注排序", f"{len(concerns)} 项偏离")
    if not concerns:
        return [head, empty("没有偏离的指标", words)]
    rows = [_row(rank, one, names, place, simulated) for rank, one in enumerate(concerns, 1)]
    return [head, html.P(words, className="mut"), table(TITLES, rows, "领导关注排序", "att")]


def formula(one: Concern) -> str:
    """权重 2 × 偏离 18% × 256.8 万人."""
    return f"权重 {plain(one.severity, 1)} × 偏离 {_percent(one)} × {_people(one)}"


def _decision(row: DecisionRow, now: datetime, way: EventWay | None) -> list[Component]:
    return [
        chip(row.level, "督" if not row.level else ""),
        html.Div(
            [
                event_name(row.title, row.number, way),
                html.Span(
                    [seal(Provenance.SIMULATED) if row.simulated else None, row.owner, " · ", row.suggestion],
                    className="sub",
                ),
            ],
            title=f"{row.title} {row.owner} {row.suggestion}",
        ),
        _deadline(row, now),
    ]


def _deadline(row: DecisionRow, now: datetime) -> Component:
    if row.sla is not None:
        return html.Span(sla(row.sla, now), className="rt")
    if row.eta is not None:
        return html.Span([html.B(remaining(row.eta - now), className="n"), "后到达"], className="rt")
    words = remaining(now - row.since) if row.since else "—"
    return html.Span([html.B(words, className="n"), "已持续"], className="rt")


def _concern(one: Concern, names: Mapping[str, str], place: Place) -> list[Component]:
    name, where = short_name(one.indicator), names[one.region]
    simulated = one.reading.provenance is Provenance.SIMULATED
    return [
        chip(0, "关"),
        html.A(
            [
                html.B(f"{where}{name} {_value(one)}"),
                html.Span([seal(Provenance.SIMULATED) if simulated else None, formula(one)], className="sub"),
            ],
            href=place.in_region(f"/indicator/{one.indicator.code}", one.region),
            title=f"{where}{one.indicator.name} {_value(one)}：{formula(one)}",
        ),
        html.Span([html.B(plain(one.score, 1), className="n"), "关注得分"], className="rt"),
    ]


def _row(rank: int, one: Concern, names: Mapping[str, str], place: Place, simulated: bool) -> Component:
    others = "、".join(names[region] for region in one.elsewhere)
    link = html.A(html.B(one.indicator.name), href=place.in_region(f"/indicator/{one.indicator.code}", one.region))
    factors = (_due(one), plain(one.severity, 1), _percent(one), _people(one))
    return html.Tr(
        [
            number(str(rank)),
            html.Th(link, scope="row"),
            html.Td([names[one.region], html.Span(f"（{others}也偏离）", className="sub") if others else None]),
            html.Td([seal(Provenance.SIMULATED) if simulated else None, html.B(_value(one))], className="n r"),
            *(number(words) for words in factors),
            html.Td(html.B(plain(one.score, 1)), className="n r"),
        ],
        **attributes(data_code=one.indicator.code),
    )


def _due(one: Concern) -> str:
    return figure(one.due, one.indicator.unit, one.indicator.decimals).compact


def _value(one: Concern) -> str:
    return figure(one.reading.value, one.indicator.unit, one.indicator.decimals).compact


def _percent(one: Concern) -> str:
    return f"{plain(100 * one.deviation, 1)}%"


def _people(one: Concern) -> str:
    return "人口未知" if one.people is None else f"{plain(one.people / TEN_THOUSAND, 1)} 万人"
