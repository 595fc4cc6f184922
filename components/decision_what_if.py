"""What-if: sliders for supposed changes, what follows along proven edges, saved scenarios; 情景测算，非因果."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty
from components.form import form, submit
from components.markup import Markup, element
from components.numbers import plain
from components.table import number, table
from components.times import stamp

MARK = "情景测算，非因果"
REACH, STEP = 5.0, 0.5
"""Points of growth a slider may move either way, and its step."""
COLUMNS = ("受影响指标", "增速变化→", "何时→", "说明")


@dataclass(frozen=True)
class Slider:
    """A supposed change of the growth of one figure, in points. `name` is its parameter in the address."""

    name: str
    words: str
    value: float


@dataclass(frozen=True)
class EffectLine:
    """What follows: change in points, months after the first move."""

    name: str
    href: str
    change: float
    months: int
    is_supposed: bool
    is_capped: bool


@dataclass(frozen=True)
class SavedLine:
    """A saved scenario and the address that sets its sliders."""

    id: int
    name: str
    words: str
    by: str
    at: datetime
    href: str


def sliders(rows: Sequence[Slider]) -> Component:
    """Every change goes into the address: a supposition can be sent on."""
    made = [
        html.Label(
            [
                html.Span([one.words, html.B(f"{_signed(one.value)} pp", className="n")], className="sl"),
                element(
                    "input", type="range", name=one.name, min=-REACH, max=REACH, step=STEP, value=f"{one.value:g}",
                    aria_label=f"假定{one.words}变化，百分点",
                ),
            ]
        )
        for one in rows
    ]  # fmt: skip
    return html.Form(made, className="fm sliders", **attributes(data_query="true"))


def effects(rows: Sequence[EffectLine], refused: str = "") -> list[Component]:
    """What follows, supposed changes first."""
    if refused:
        return [empty("不能测算", refused)]
    if not rows:
        return [empty("尚未假定变化", "拖动滑块，测算沿已证实的关系传导")]
    told = [_row(one) for one in rows]
    return [table(COLUMNS, told, MARK, "effects")]


def save_form(world: str, supposed: Sequence[tuple[str, float]]) -> Component:
    """Keep what is supposed under a name."""
    hidden = [element("input", type="hidden", name=code, value=f"{change:g}") for code, change in supposed]
    name = element("input", name="name", type="text", required=True, maxlength=60, autocomplete="off")
    fields: list[Component | Markup] = [
        element("input", type="hidden", name="world", value=world), *hidden, html.Label(["情景名称", name]),
    ]  # fmt: skip
    return form(fields, [submit("保存情景", "/api/v1/scenarios")])


def saved_list(rows: Sequence[SavedLine], *, may_forget: bool) -> Component | None:
    """Saved scenarios, newest first."""
    if not rows:
        return None
    made = [
        html.Li(
            [
                html.Div([html.B(html.A(one.name, href=one.href)), html.Span(_who(one), className="sub")]),
                form([], [submit("删去", f"/api/v1/scenarios/{one.id}/forget")]) if may_forget else None,
            ]
        )
        for one in rows
    ]
    return html.Ul(made, className="ru saved")


def _who(one: SavedLine) -> str:
    return f"{one.words} · {one.by} {stamp(one.at)} · {MARK}"


def _row(one: EffectLine) -> Component:
    remark = "假定" if one.is_supposed else "沿已证实关系传导"
    return html.Tr(
        [
            html.Th(html.A(one.name, href=one.href), scope="row"),
            number(f"{_signed(one.change)} pp"),
            number(f"{one.months} 个月后" if one.months else "当月"),
            html.Td(f"{remark}；已按历史两倍波动封顶" if one.is_capped else remark),
        ]
    )


def _signed(value: float) -> str:
    return f"+{plain(value, 2)}" if value > 0 else plain(value, 2)
