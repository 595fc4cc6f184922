"""Who was told of an event, by what, and what did not arrive; beside the event."""

from __future__ import annotations

from typing import Any

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.case_course import CHANNELS, recipient
from components.case_seen import Seen
from components.faces import empty, panel_head
from components.form import form, submit
from components.markup import Node

STATES = {"sent": "已送达", "waiting": "正在重试", "failed": "失败"}
_MOST = 12


def case_told(seen: Seen, *, may_retry: bool = False) -> list[Node]:
    """The newest first; failures are counted above, and tried again by whoever may."""
    rows = list(reversed(seen.detail.deliveries))
    missed = sum(one["state"] != "sent" for one in rows)
    head = panel_head(
        "送达", f"{len(rows)} 次，未送达 {missed}" if missed else f"{len(rows)} 次，全部送达" if rows else ""
    )
    if not rows:
        return [head, empty("尚未送达任何单位", "派遣、督办、反馈等会自动通知相关单位和中心")]
    return [head, html.Ul([_row(one, seen, may_retry) for one in _shown(rows)], className="told")]


def _shown(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The newest, and every one that failed: nobody looks for it further down."""
    return [*rows[:_MOST], *(one for one in rows[_MOST:] if one["state"] == "failed")]


def _row(one: dict[str, Any], seen: Seen, may_retry: bool) -> Component:
    state = str(one["state"])
    said = next((mask_text(row.said) for row in seen.case.ledger if row.seq == one["seq"]), "时限提醒")
    channel = CHANNELS.get(str(one["channel"]), str(one["channel"]))
    stand = STATES.get(state, state)
    if state != "sent":
        stand += f"（已试 {one['tries']} 次）"
    cells = [
        html.B(recipient(str(one["department"]), seen)),
        html.Span(f"{said} · {channel}", className="mut"),
        html.Span(stand, className="sub" if state == "sent" else "bad"),
    ]
    if state == "failed" and may_retry:
        address = f"{seen.address}/deliveries/{one['id']}/retry"
        cells.append(form([], [submit("重发", address)]))
    return html.Li(cells, title=str(one.get("error") or ""))
