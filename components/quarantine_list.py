"""Rows that were not let in: why, what they said, and the form of the person who decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.faces import empty
from components.form import form, note_field, submit
from components.place import Place
from components.times import stamp, when


@dataclass(frozen=True)
class HeldRow:
    """One row in quarantine, in words. `raw` is the row as it arrived."""

    id: int
    what: str
    reasons: Sequence[str]
    source: str
    held_at: datetime
    raw: str
    call_id: int
    line: int | None


def quarantine_list(rows: Sequence[HeldRow], opened: int | None, place: Place, now: datetime) -> Component:
    """One entry per held row; the one the address names shows the row as it arrived and asks for a decision."""
    if not rows:
        return empty("没有待处理的数据", "到达检查正在运行：值域、跳变、单位、停滞、未来时间、分项合计、重复")
    return html.Ul([_entry(row, row.id == opened, place, now) for row in rows], className="held")


def _entry(row: HeldRow, is_open: bool, place: Place, now: datetime) -> Component:
    head = html.Div(
        [
            html.A(
                ["▾ " if is_open else "▸ ", html.B(row.what)],
                href=place.to("/sources", held=None if is_open else str(row.id)),
            ),
            html.Span("；".join(row.reasons)),
            html.Span(f"{row.source} · {when(row.held_at, now)}", className="mut"),
        ],
        className="hd",
    )
    return html.Li([head, *([_details(row), _decision(row)] if is_open else [])])


def _details(row: HeldRow) -> Component:
    line = f"，第 {row.line} 行" if row.line else ""
    return html.Div(
        [
            html.Pre(row.raw or "（没有保留原文）"),
            html.Span(f"取数记录 № {row.call_id}{line}，{stamp(row.held_at)} 隔离", className="mut"),
        ]
    )


def _decision(row: HeldRow) -> Component:
    address = f"/api/v1/quarantine/{row.id}/decision"
    return form(
        [note_field("处理依据", "例如：已与来源单位电话核实，数值无误")],
        [submit("放行", address, decision="release", primary=True), submit("退回", address, decision="reject")],
    )
