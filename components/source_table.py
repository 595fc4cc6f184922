"""The table of sources of one world, and the record of calls to one of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.marks import lateness
from components.people import person
from components.place import Place
from components.shown import FRESHNESS
from components.source_line import SourceLine, how, promise_words
from components.table import table
from components.times import MISSING, period, stamp, when
from indicators.calls import Call

DOORS = {
    "pull": "定时取数",
    "push": "接口推送",
    "mqtt": "物联消息",
    "file": "文件导入",
    "manual": "人工填报",
    "rollup": "县区汇总",
    "release": "隔离放行",
    "demo": "模拟生成",
    "ledger": "台账计算",
}
OUTCOMES = {"taken": "已入库", "unchanged": "无变化", "partial": "部分隔离", "failed": "失败"}
COLUMNS = ("数据源", "责任单位", "方式", "更新约定", "时效", "自何时", "最新数据", "最近成功", "最近错误", "指标→")
CALL_COLUMNS = ("时间", "入口", "来源", "结果", "行数→", "入库→", "无变化→", "隔离→", "办理", "说明")


def source_table(
    lines: Sequence[SourceLine], opened: str | None, details: Component | None, place: Place, now: datetime
) -> Component:
    """One row per source; the one named by the address is opened below its row."""
    rows = []
    for line in lines:
        rows.append(_row(line, line.key == opened, place, now))
        if line.key == opened and details is not None:
            rows.append(html.Tr(html.Td(details, colSpan=len(COLUMNS)), className="opened"))
    return table(COLUMNS, rows, "数据源一览")


def by_urgency(lines: Sequence[SourceLine]) -> list[SourceLine]:
    """Trouble first, what is not linked up last."""
    return sorted(lines, key=lambda line: (not line.is_in_trouble, not line.is_connected, line.source.name))


def call_table(found: Sequence[Call], now: datetime) -> Component:
    """What was brought when, by which door, and how it ended; newest first."""
    rows = [
        html.Tr(
            [
                html.Td(when(call.ended_at, now), title=stamp(call.ended_at)),
                html.Td(DOORS.get(call.door, call.door)),
                html.Td(call.origin, className="clip", title=call.origin),
                html.Td(OUTCOMES.get(call.outcome, call.outcome)),
                *(
                    html.Td(str(count), className="n r")
                    for count in (call.rows, call.taken, call.unchanged, call.quarantined)
                ),
                html.Td(person(call.actor)),
                html.Td(call.error or "", className="clip", title=call.error or ""),
            ],
            className="stale" if call.outcome == "failed" else "",
        )
        for call in found
    ]
    return table(CALL_COLUMNS, rows, "取数记录")


def _row(line: SourceLine, is_open: bool, place: Place, now: datetime) -> Component:
    mark = lateness(line.standing.freshness, line.standing.reason) if line.is_connected else None
    contact = line.source.contact or line.owner.contact
    return html.Tr(
        [
            html.Th(
                html.A(
                    ["▾ " if is_open else "▸ ", line.source.name],
                    href=place.to("/sources", source=None if is_open else line.key),
                    title=line.key,
                ),
                scope="row",
            ),
            html.Td(
                [line.owner.short, html.Span(contact or "联系方式待补", className="mut sub2")], title=line.owner.name
            ),
            html.Td(how(line)),
            html.Td(promise_words(line)),
            html.Td(
                [mark, FRESHNESS[line.standing.freshness] if mark is None else ""]
                if line.is_connected
                else _planned(line),
                title=line.standing.reason or "",
            ),
            html.Td(when(line.since, now), title=stamp(line.since)),
            html.Td(period(line.newest_period) if line.newest_period else MISSING),
            html.Td(when(line.last_success_at, now), title=stamp(line.last_success_at)),
            html.Td(_error(line, now), className="clip", title=line.last_error or ""),
            html.Td(str(line.indicators), className="n r"),
        ],
        className="stale" if line.is_in_trouble else "",
    )


def _planned(line: SourceLine) -> str:
    return f"未接入 {line.source.planned}" if line.source.planned else "未接入"


def _error(line: SourceLine, now: datetime) -> str:
    if not line.last_error:
        return ""
    again = f"（连续 {line.failures_in_row} 次）" if line.failures_in_row > 1 else ""
    return f"{when(line.last_failure_at, now)} {line.last_error}{again}"
