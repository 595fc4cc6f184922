"""经过: every line of the ledger newest first, who, when, what was written and what changed, and who was told."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.attributes import attributes
from components.case_seen import Seen
from components.markup import Node
from components.people import person
from components.times import dwell, stamp
from dispatch.event import LedgerRow
from dispatch.lifecycle import Effect
from dispatch.stage import LEVEL_NAMES
from dispatch.state import ACTION_NAMES, STATE_NAMES, Action

_EFFECTS = {
    Effect.RESTART: "时钟重新起算",
    Effect.PAUSE: "时钟暂停",
    Effect.RESUME: "时钟继续",
    Effect.EXTEND: "时限延长",
    Effect.STOP: "时钟停止",
}
_ORDERS = frozenset({Action.DISPATCH, Action.INSTRUCT, Action.SUPERVISE, Action.URGE, Action.REWORK, Action.REOPEN})
"""Marked filled: somebody was told to do something."""
_ROLES = {"": "系统", "scheduler": "定时任务"}


def case_course(seen: Seen) -> list[Node]:
    """Newest on top; deliveries of a move stand under it."""
    deliveries: dict[int, list[Mapping[str, Any]]] = {}
    for one in seen.detail.deliveries:
        deliveries.setdefault(int(one.get("seq", 0)), []).append(one)
    rows = [_row(row, before, seen, deliveries.get(row.seq, [])) for row, before in _pairs(seen)]
    ladder = [_rung(*one, seen) for one in seen.detail.escalated]
    title = html.H2(["经过 ", html.Small(f"{len(rows)} 步", className="mut")])
    return [title, html.Ol([*reversed(rows)], className="tl2", **attributes(aria_label="办理经过")), *_ladder(ladder)]


def _pairs(seen: Seen) -> list[tuple[LedgerRow, LedgerRow | None]]:
    rows = seen.case.ledger
    return [(row, rows[at - 1] if at else None) for at, row in enumerate(rows)]


def _row(row: LedgerRow, before: LedgerRow | None, seen: Seen, sent: list[Mapping[str, Any]]) -> Component:
    moved = before is not None and before.state is not row.state
    head: list[Node] = [html.B(mask_text(row.said) or ACTION_NAMES[row.action])]
    if moved:
        head.append(html.Span(f"→ {STATE_NAMES[row.state]}", className="to"))
    parts: list[Node] = [html.P(head)]
    if row.note:
        parts.append(html.P(mask_text(row.note), className="nt2"))
    parts += [html.P("；".join(changed), className="sub")] if (changed := _changed(row, seen)) else []
    who = [person(row.actor) or "系统", _ROLES.get(row.role, "")]
    if row.department:
        who.append(seen.rules.department_name(row.department))
    since = "" if before is None else f"距上一步 {_gap(row, before)}"
    parts.append(html.Span(" · ".join(word for word in (*who, since) if word), className="mut"))
    parts += [_delivery(one, seen) for one in sent]
    look = "or" if row.action in _ORDERS else ""
    when = html.Span(seen.at(row.at), className="n", title=stamp(row.at))
    return html.Li([when, html.I(), html.Div(parts)], className=look)


def _gap(row: LedgerRow, before: LedgerRow) -> str:
    return dwell(max((row.at - before.at).total_seconds(), 0.0))


def _changed(row: LedgerRow, seen: Seen) -> list[str]:
    """What a move changed beside the state, in words; codes never reach the screen."""
    data, rules = row.data, seen.rules
    told = [_EFFECTS[row.effect]] if row.effect in _EFFECTS else []
    if joint := data.get("joint"):
        told.append("协办 " + "、".join(rules.department_name(str(one)) for one in joint))
    if data.get("department"):
        told.append(f"转给 {rules.department_name(str(data['department']))}")
    if data.get("due"):
        told.append(f"协办时限 {stamp(datetime.fromisoformat(str(data['due'])))[5:]}")
    if data.get("amount") and row.action is not Action.ABSORB:
        told.append(f"延长 {float(data['amount']):g} {_unit(seen)}")
    if data.get("reason"):
        told.append("原因 " + next((o.name for o in rules.rules.pause_reasons if o.key == data["reason"]), ""))
    if data.get("to"):
        told.append(f"由{rules.region_name(str(data.get('from')))}转至{rules.region_name(str(data['to']))}")
    if data.get("team"):
        told.append(f"队伍 {data['team']}")
    if data.get("other"):
        told.append(f"另一件 {data['other']}")
    if row.action is Action.CORRECT:
        told.append(_corrected(data, seen))
    if data.get("attachments"):
        told.append(f"附件 {len(data['attachments'])} 个")
    return [one for one in told if one]


def _corrected(data: Mapping[str, Any], seen: Seen) -> str:
    impact, urgency = int(data.get("impact", 1)), int(data.get("urgency", 1))
    level = LEVEL_NAMES[seen.rules.level_of(impact, urgency)]
    return f"现为{seen.rules.category_name(str(data.get('category', '')))}，影响 {impact} × 紧急 {urgency}＝{level}"


def _unit(seen: Seen) -> str:
    return str(seen.rules.handling_limit(seen.event.category, seen.event.level).unit)


def _delivery(one: Mapping[str, Any], seen: Seen) -> Component:
    """Who was told by what; a failure with how often it was tried and when it is tried again."""
    state = str(one.get("state", ""))
    to = recipient(str(one.get("department") or one.get("recipient") or ""), seen)
    channel = CHANNELS.get(str(one.get("channel")), str(one.get("channel")))
    if state == "sent":
        return html.Span(f"已送达 {to}（{channel}）", className="dlv ok")
    words = "送达失败，已停止重试" if state == "failed" else "未送达，正在重试"
    tries = int(one.get("tries") or 0)
    told = f"{words} {to}（{channel}），已试 {tries} 次"
    return html.Span(told, className="dlv bad", title=str(one.get("error") or ""))


CHANNELS = {"inbox": "收件箱", "webhook": "接口推送", "mail": "邮件", "open311": "Open311", "wecom": "企业微信群",
            "wecom_app": "企业微信", "yuezhengyi": "粤政易", "dingtalk": "钉钉群",
            "dingtalk_work": "钉钉", "sms": "短信"}  # fmt: skip


def recipient(key: str, seen: Seen) -> str:
    """A department or a centre by name."""
    if key.startswith("centre:"):
        return f"{seen.rules.region_name(key.removeprefix('centre:'))}中心"
    return seen.rules.department_name(key)


def _rung(key: str, at: datetime, told: str, seen: Seen) -> Component:
    words = next((one.words for one in seen.rules.rules.ladder if one.key == key.rpartition("/")[2]), key)
    return html.Li(
        [html.Span(seen.at(at), className="n"), html.Span(words), html.Span(recipient(told, seen), className="mut")]
    )


def _ladder(rows: list[Component]) -> list[Node]:
    return [html.H2("超期升级"), html.Ul(rows, className="lad")] if rows else []
