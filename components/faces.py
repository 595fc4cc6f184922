"""The faces of a panel without content: loading, empty, failed, not connected: what, since when, what next."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes


def panel_head(title: str, note: str | Component = "") -> Component:
    """Title left, remark right."""
    return html.Div([html.H2(title), html.Span(className="sp"), html.Small(note) if note else None], className="ph")


def empty(title: str, remark: str) -> Component:
    """Empty is a finding: say what was looked for and that the rules are running."""
    return html.Div([html.B(title), html.Span(remark, className="sub")], className="er")


def not_connected(what: str, planned: str | None, owner: str) -> Component:
    """No number, the plan and who is to bring it."""
    plan = f"计划 {planned}" if planned else "接入时间待定"
    return html.Div([html.B("未接入"), html.Span(f"{what} · {plan} · 责任 {owner}", className="sub")], className="er")


def failed(what: str, why: str) -> Component:
    """The panel could not be made: what, why, and a button to try again."""
    return html.Div(
        [
            html.B("取数失败"),
            html.Span(f"{what} · {why}", className="sub"),
            html.Button("重试", className="retry", type="button", **attributes(data_retry="true")),
        ],
        className="er",
        role="alert",
    )


def loading(rows: Sequence[Component]) -> list[Component]:
    """Blocks of the size of what is to come; they stand still."""
    return list(rows)
