"""Warnings as a list: grouped by what belongs together, the worst first; quiet ones folded with their reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import LEVELS, chip, expected_chip
from components.faces import empty
from components.marks import seal
from components.markup import element
from components.table import table
from components.times import age, stamp
from indicators.reading import Provenance

ALL = ("", "全部")
HISTORY = ("级别", "预警", "区域", "触发", "解除", "最重值", "结论", "事件")


@dataclass(frozen=True)
class WarningLine:
    """One warning in words. `said`: measured value against its bound. `taken`: who has taken it up."""

    id: int
    level: int
    name: str
    place: str
    said: str
    owner: str
    since: datetime
    ended: datetime | None
    is_forecast: bool
    is_simulated: bool
    is_late: bool
    quiet: str | None
    taken: str
    verdict: str
    event: str | None
    event_href: str | None
    href: str
    is_chosen: bool = False


def level_mark(level: int, *, is_forecast: bool = False, is_over: bool = False) -> Component:
    """Filled while in force; an outline for what is only expected; ink for what is over."""
    if is_over:
        return chip(0, LEVELS[level])
    return expected_chip(level) if is_forecast else chip(level)


def warning_list(groups: Sequence[Sequence[WarningLine]], quiet: Sequence[WarningLine], now: datetime) -> Component:
    """Speaking warnings by family and region, then the quiet ones behind one line."""
    rows = [html.Li([_line(one, now, index > 0) for index, one in enumerate(family)]) for family in groups]
    spoken = html.Ul(rows, className="wl") if rows else nothing_in_force()
    if not quiet:
        return html.Div(spoken)
    folded = [html.Li([_line(one, now, False), html.P(one.quiet, className="why2")]) for one in quiet]
    fold = element(
        "details",
        [html.Summary(f"静默中 {len(quiet)} 条：不提示，照常记录"), html.Ul(folded, className="wl quiet")],
        class_="fold",
    )
    return html.Div([spoken, fold])


def nothing_in_force() -> Component:
    """Empty is a finding."""
    return empty("没有符合条件的生效预警", "规则每 15 秒核对一次；放宽筛选可查看其他预警")


def history_table(lines: Sequence[WarningLine], older: str | None) -> Component:
    """Past warnings, newest first."""
    if not lines:
        return empty("所选时间内没有预警", "请放宽条件；预警从启用规则之日起全部保留")
    rows = [_past(one) for one in lines]
    more = html.P(html.A("更早的预警", href=older, className="act")) if older else None
    return html.Div([table(HISTORY, rows, "预警历史", "warned"), more])


def counts(levels: Mapping[int, int], expected: int, quiet: int, silences: int) -> Component:
    """How many are in force by level; what is only expected and what is quiet are counted apart."""
    cells = [
        html.Li([chip(level), html.B(str(levels.get(level, 0)), className="n"), html.Span("生效", className="sub")])
        for level in LEVELS
    ]
    apart = [
        html.Li([html.B(str(count), className="n"), html.Span(words, className="sub")])
        for count, words in ((expected, "预计（未发生）"), (quiet, "静默中"), (silences, "生效的静默"))
    ]
    return html.Ul([*cells, *apart], className="wc", **attributes(aria_label="生效预警数"))


def watchdog(trouble: str | None) -> Component | None:
    """The line on top when the engine's silence means nothing."""
    if trouble is None:
        return None
    words = "请联系运维核对定时任务；恢复前以现场值守和人工研判为准"
    return html.Div([html.B(trouble), html.Span(words, className="sub")], className="er dog", role="alert")


def filters(given: Mapping[str, str], fields: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]) -> Component:
    """Choices that go into the address, and the first day of what is looked at."""
    made = [_choice(name, label, options, given.get(name, "")) for name, label, options in fields]
    day = html.Label(["自", element("input", type="date", name="since", value=given.get("since", ""))])
    return html.Form([*made, day], className="fm wf", **attributes(data_query="true"))


def _choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> Component:
    made = [element("option", words, value=value, selected=value == chosen) for value, words in (ALL, *options)]
    return html.Label([label, element("select", made, name=name)])


def _line(one: WarningLine, now: datetime, is_inner: bool) -> Component:
    seals = [seal(Provenance.SIMULATED)] if one.is_simulated else []
    name = html.A(one.name, href=one.href, **attributes(aria_current="true" if one.is_chosen else None))
    state = " · ".join(part for part in (one.taken, f"已转事件 {one.event}" if one.event else "", one.verdict) if part)
    return html.Div(
        [
            level_mark(one.level, is_forecast=one.is_forecast),
            html.Div(
                [
                    html.B([html.Span(one.place, className="pl"), name]),
                    html.Span([*seals, one.said], className="sub"),
                ]
            ),
            html.Div([html.Span(f"已 {age(now - one.since)}", className="n"), html.Span(one.owner, className="sub")]),
            html.Span(state or "无人接手", className="sub st" if state else "st bad"),
        ],
        className="w1" + (" in" if is_inner else "") + (" on" if one.is_chosen else ""),
    )


def _past(one: WarningLine) -> Component:
    event = html.A(one.event, href=one.event_href) if one.event and one.event_href else "—"
    marks = [one.quiet and "静默", one.is_late and "补录", one.is_forecast and "预测"]
    remark = "、".join(mark for mark in marks if mark)
    return html.Tr(
        [
            html.Td(level_mark(one.level, is_forecast=one.is_forecast, is_over=one.ended is not None)),
            html.Td([html.A(one.name, href=one.href), html.Small(remark, className="sub sub2") if remark else None]),
            html.Td(one.place or "全市"),
            html.Td(stamp(one.since), className="n"),
            html.Td(stamp(one.ended) if one.ended else "生效中", className="n"),
            html.Td([*([seal(Provenance.SIMULATED)] if one.is_simulated else []), one.said]),
            html.Td(one.verdict or "未下结论"),
            html.Td(event),
        ],
        className="chosen" if one.is_chosen else "",
    )
