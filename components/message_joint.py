"""The one click that makes one joint event of many reports, or the way to the one that is there already."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash import html
from dash.development.base_component import Component

from components.form import form, submit
from components.markup import element
from decisions.message import Member

ADDRESS = "/api/v1/messages/joint"


def joint_act(
    members: Sequence[Member], title: str, joint: str | None, event_href: Callable[[str], str], *, may_join: bool
) -> Component | None:
    """Nothing for who may not dispatch, and where fewer than two reports could still be joined."""
    open_ = [one for one in members if one.may_be_merged]
    there = html.P(["已有联合事件 ", html.A(joint, href=event_href(joint))], className="sub") if joint else None
    if not may_join or len(open_) < (1 if joint else 2):
        return html.Div(there, className="join") if there else None
    words = f"并入联合事件（{len(open_)} 件）" if joint else f"转联合事件（{len(open_)} 件在办）"
    joined = [*open_, *(one for one in members if joint and one.state.value == "merged")]
    fields = [
        element("input", type="hidden", name="numbers", value=",".join(one.number for one in joined)),
        element("input", type="hidden", name="title", value=title[:120]),
    ]
    return html.Div([there, form(fields, [submit(words, ADDRESS, primary=True)])], className="join")
