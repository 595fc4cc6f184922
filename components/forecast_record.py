"""A forecast and its record: what is expected now, how wrong earlier expectations were at each lead, beside naive."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.faces import empty
from components.marks import seal
from components.numbers import plain
from components.table import number, table
from components.times import stamp
from indicators.reading import Provenance

AHEAD = ("时期", "预测→", "80% 区间→", "95% 区间→", "基准→")
RECORD = ("提前期→", "已核对→", "平均误差→", "基准误差→", "优于基准→", "80% 覆盖→", "95% 覆盖→")
MODELS = {
    "ensemble": "统计模型组合",
    "hourly ensemble": "逐时统计模型组合",
    "naive": "基准（沿用上期或上年同期）",
    "hourly": "逐时回归与季节模型",
}


@dataclass(frozen=True)
class AheadLine:
    """One coming period as written, in the indicator's unit."""

    period: str
    mean: float
    low80: float
    high80: float
    low95: float
    high95: float
    naive: float


@dataclass(frozen=True)
class RecordLine:
    """All outcomes so far at one lead; errors in the indicator's unit, shares 0 to 1."""

    lead: int
    outcomes: int
    error: float
    naive_error: float
    skill: float | None
    inside80: float
    inside95: float


def outlook(
    lines: Sequence[AheadLine], *, model: str, issued_at: datetime, origin: str, reason: str | None, unit: str,
    decimals: int, is_simulated: bool,
) -> list[Component]:  # fmt: skip
    """What is expected; where the model does not speak, the reason and the baseline alone."""
    marks = [html.I("预测", className="pv m"), *([seal(Provenance.SIMULATED)] if is_simulated else [])]
    words = f"{MODELS.get(model, model)}，{stamp(issued_at)} 发出，已知至 {origin}，单位 {unit or '无量纲'}"
    said = [html.P([*marks, words], className="sub")]
    if reason:
        said.append(html.P([html.B("模型不发言："), reason], className="bad"))
    rows = [_coming(one, decimals, speaks=reason is None) for one in lines]
    return [*said, table(AHEAD, rows, "预测值", "ahead")]


def record(lines: Sequence[RecordLine], decimals: int, steps: str) -> Component:
    """How earlier forecasts did; empty until the first outcome is known."""
    if not lines:
        return empty("尚无可核对的预测", "预测发出后不再改动，实际值到达即逐期核对，在此列出误差与覆盖率")
    return table(RECORD, [_scored(one, decimals, steps) for one in lines], "预测记录", "record")


def standing(
    switched_off: bool, since: datetime | None, recent: Sequence[tuple[str, float, float]]
) -> Component | None:
    """Whether the model still speaks, by its last first-lead errors beside the baseline's."""
    if not recent:
        return None
    own, naive = sum(one[1] for one in recent) / len(recent), sum(one[2] for one in recent) / len(recent)
    head = f"模型已停用（{stamp(since)}），仅列基准值" if switched_off else "模型在用"
    errors = f"近 {len(recent)} 期平均误差 {plain(own, 2)}，基准 {plain(naive, 2)}"
    return html.P([html.B(head), f"：{errors}；连续 8 期合计不优于基准即自动停用。"], className="sub")


def _coming(one: AheadLine, decimals: int, *, speaks: bool) -> Component:
    def between(low: float, high: float) -> str:
        return f"{plain(low, decimals)}–{plain(high, decimals)}" if speaks else "—"

    return html.Tr(
        [
            html.Th(one.period, scope="row"),
            number(plain(one.mean, decimals) if speaks else "—"),
            number(between(one.low80, one.high80)),
            number(between(one.low95, one.high95)),
            number(plain(one.naive, decimals)),
        ]
    )


def _scored(one: RecordLine, decimals: int, steps: str) -> Component:
    skill = "—" if one.skill is None else f"{plain(100 * one.skill, 0)}%"
    return html.Tr(
        [
            number(f"{one.lead} {steps}"),
            number(str(one.outcomes)),
            number(plain(one.error, decimals + 1)),
            number(plain(one.naive_error, decimals + 1)),
            number(skill),
            *(number(f"{plain(100 * share, 0)}%") for share in (one.inside80, one.inside95)),
        ]
    )
