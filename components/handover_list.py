"""Handover: what the last shift left behind, ticked off one by one; and what this one leaves to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import panel_head
from components.markup import Markup, Tree, element
from components.times import when

KINDS = {"event": "事件", "source": "数据源", "rule": "规则", "duty": "值班", "note": "留言"}


@dataclass(frozen=True)
class ShiftItem:
    """One thing to know. `href` leads to it; `seen` says who took it over and when, '' for nobody yet."""

    position: int
    kind: str
    words: str
    ref: str
    href: str = ""
    seen: str = ""


@dataclass(frozen=True)
class Shift:
    """The newest handover. `may_take` False: `why_not` says why."""

    number: int
    from_name: str
    at: datetime
    items: Sequence[ShiftItem]
    taken: str = ""
    why_not: str = ""

    @property
    def waiting(self) -> int:
        """Items nobody has acknowledged."""
        return sum(not one.seen for one in self.items)


def handover_panel(
    shift: Shift | None, draft: Sequence[ShiftItem], may_hand_over: bool, now: datetime, region: str, world: str
) -> Tree:
    """Head, items of the shift before, the sheet for the next one."""
    parts: list[Tree] = [panel_head("交接", _head(shift, now))]
    if shift is not None and shift.waiting:
        words = f"待接收 {shift.waiting} 项" + (f"：{shift.why_not}" if shift.why_not else "，逐项打勾即接班")
        parts.append(html.P(words, className="mut"))
    if shift is None:
        parts.append(html.P("还没有交接记录", className="mut"))
    else:
        rows = sorted(shift.items, key=lambda one: (bool(one.seen), one.position))
        parts.append(html.Ul([_item(one, shift) for one in rows], className="hl"))
    parts.append(_sheet(draft, region, world) if may_hand_over else html.P("交接班由值班中心办理", className="mut"))
    return parts


def _head(shift: Shift | None, now: datetime) -> str:
    if shift is None:
        return ""
    return f"{when(shift.at, now)} {shift.from_name} → {shift.taken or '待接班'}"


def _item(one: ShiftItem, shift: Shift) -> Component:
    tick = element(
        "input", type="checkbox", checked=bool(one.seen), disabled=bool(one.seen or shift.why_not),
        aria_label=f"已知悉：{one.words}", data_acknowledge=f"/api/v1/handovers/{shift.number}/items/{one.position}",
        title=one.seen or shift.why_not or "打勾表示已知悉",
    )  # fmt: skip
    name = html.A(one.words, href=one.href) if one.href else html.Span(one.words)
    return html.Li([tick, name], title=one.seen, className="seen" if one.seen else "", **attributes(data_row=one.words))


def _sheet(draft: Sequence[ShiftItem], region: str, world: str) -> Component:
    """What will be handed over, drafted; anything may be left out; a note in one's own words."""
    counts = "、".join(f"{words} {n}" for kind, words in KINDS.items() if (n := sum(one.kind == kind for one in draft)))
    rows = [html.Li(html.Label([_keep(one), html.Span(one.words)])) for one in draft]
    drafted = html.Details(
        [html.Summary(f"自动起草 {len(draft)} 项" + (f"（{counts}）" if counts else "")), html.Ul(rows, className="hl")]
    )
    note = element(
        "textarea", rows="1", maxlength="500", placeholder="写给下一班", aria_label="写给下一班", data_keep="handover",
    )  # fmt: skip
    button = html.Button("交班", type="button", className="act", **attributes(data_hand_over="true"))
    said = html.P(className="said", role="status")
    return html.Div(
        [drafted, html.Div([note, button], className="memo"), said],
        className="give",
        id="hand-over",
        **attributes(data_region=region, data_world=world),
    )


def _keep(one: ShiftItem) -> Markup:
    return element("input", type="checkbox", checked=True, data_kind=one.kind, data_ref=one.ref)
