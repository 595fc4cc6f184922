"""Notices of sources past their promise: one line per source however many indicators it feeds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.faces import empty, panel_head
from components.marks import lateness
from components.place import Place
from components.source_line import SourceLine
from components.times import when
from indicators.reading import Freshness

_MOST_PROBLEMS = 8
_WORST = [Freshness.DEAD, Freshness.STALE, Freshness.LATE, Freshness.FRESH]


def source_notices(lines: Sequence[SourceLine], place: Place, now: datetime, at_most: int) -> list[Component]:
    """The worst first, at most so many, the rest as a number. Without trouble it says so and how many were watched."""
    trouble = sorted((line for line in lines if line.is_in_trouble), key=_urgency)
    watched = sum(line.is_connected for line in lines)
    if not trouble:
        return [
            panel_head("数据来源提示", f"{watched} 路监测中"),
            empty("各数据源按约更新", f"正在监测 {watched} 路来源的更新约定"),
        ]
    shown = trouble[:at_most]
    rest = f"另有 {len(trouble) - len(shown)} 路" if len(trouble) > len(shown) else ""
    return [
        panel_head("数据来源提示", rest or f"{len(trouble)} 路"),
        html.Ul([_notice(line, place, now) for line in shown], className="nt"),
    ]


def catalogue_notice(problems: Sequence[str]) -> list[Component]:
    """The catalogue's files are wrong and the last good version is in use; nothing while they are right."""
    if not problems:
        return []
    shown = [html.Li(problem) for problem in problems[:_MOST_PROBLEMS]]
    head = panel_head("指标目录有误，沿用上一版", f"{len(problems)} 处")
    return [head, html.Ul(shown, className="problems", role="alert")]


def _notice(line: SourceLine, place: Place, now: datetime) -> Component:
    time = when(line.last_success_at, now) if line.last_success_at else "从未"
    return html.Li(
        [
            lateness(line.standing.freshness, line.standing.reason),
            html.A(
                [html.B(line.source.name), html.Span(line.standing.reason or "", className="sub")],
                href=place.to("/sources", source=line.key, region=None),
                title=f"{line.source.name}：{line.standing.reason or ''}；影响 {line.indicators} 项指标",
            ),
            html.Span([f"影响 {line.indicators} 项", html.Br(), f"{line.owner.short} {time}"], className="rt"),
        ]
    )


def _urgency(line: SourceLine) -> tuple[int, int]:
    return _WORST.index(line.standing.freshness), -line.indicators
