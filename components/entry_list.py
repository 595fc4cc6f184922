"""Figures entered by hand: the form, and what waits for another person."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.faces import empty
from components.form import choice, form, note_field, offers, submit, text_field
from components.people import person
from components.place import Place
from components.times import when

STATES = {"waiting": "待审核", "accepted": "已通过", "refused": "已退回"}


@dataclass(frozen=True)
class EnteredFigure:
    """One entered figure in words."""

    id: int
    what: str
    note: str
    state: str
    entered_by: str
    entered_at: datetime
    reviewed_by: str | None
    reviewed_at: datetime | None
    review_note: str | None


def entry_form(indicators: Sequence[tuple[str, str]], regions: Sequence[tuple[str, str]]) -> Component:
    """The form of a figure. It goes to the real city's data, never to the demo city's."""
    return form(
        [
            text_field("indicator", "指标代码", hint="如 ECO-01", offers="indicator-codes"),
            offers("indicator-codes", indicators),
            choice("region", "区域", regions),
            text_field("period", "时期", hint="如 2026-10、2026-Q3"),
            text_field("value", "数值（按指标单位）", required=False),
            text_field("numerator", "分子（比率类）", required=False),
            text_field("denominator", "分母（比率类）", required=False),
            note_field("数据出处", "例如：市统计局《2026年10月统计月报》第 3 页"),
        ],
        [submit("提交审核", "/api/v1/entries", primary=True)],
    )


def nothing_waiting() -> Component:
    """Nobody has entered anything that is still to be reviewed."""
    return empty("没有待审核的填报", "填报人提交后出现在这里，由另一人审核通过才会入库")


def entry_list(rows: Sequence[EnteredFigure], opened: int | None, place: Place, now: datetime) -> Component:
    """Entered figures; the one the address names asks for the decision of a second person."""
    return html.Ul([_entry(row, row.id == opened, place, now) for row in rows], className="held")


def _entry(row: EnteredFigure, is_open: bool, place: Place, now: datetime) -> Component:
    head = html.Div(
        [
            html.A(
                ["▾ " if is_open else "▸ ", html.B(row.what)],
                href=place.to("/entry", entry=None if is_open else str(row.id)),
            ),
            html.Span(row.note),
            html.Span(_history(row, now), className="mut"),
        ],
        className="hd",
    )
    return html.Li([head, *([_decision(row)] if is_open and row.state == "waiting" else [])])


def _history(row: EnteredFigure, now: datetime) -> str:
    """Who entered it when, how it stands, who decided."""
    entered = f"{person(row.entered_by)} {when(row.entered_at, now)} · {STATES[row.state]}"
    if row.reviewed_by is None:
        return entered
    note = f"：{row.review_note}" if row.review_note else ""
    return f"{entered}，{person(row.reviewed_by)} {when(row.reviewed_at, now)}{note}"


def _decision(row: EnteredFigure) -> Component:
    address = f"/api/v1/entries/{row.id}/decision"
    return form(
        [note_field("审核意见（填报人不能审核自己的填报）", "例如：已对照原件核实")],
        [submit("通过入库", address, decision="accept", primary=True), submit("退回", address, decision="refuse")],
    )
