"""The faces of a panel without content: loading, empty, failed, not connected; and the bar of a lost link."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.times import clock


def panel_head(title: str, note: str | Component = "") -> Component:
    """Title left, remark right."""
    return html.Div([html.H2(title), html.Span(className="sp"), html.Small(note) if note else None], className="ph")


def empty(title: str, remark: str) -> Component:
    """Empty is a finding: say what was looked for and that the rules are running."""
    return html.Div([html.B(title), html.Span(remark, className="sub")], className="er")


def cannot_tell(why: str, title: str = "无法还原") -> Component:
    """What an earlier moment cannot be told of, and why; never the present in its place."""
    return html.Div([html.B(title), html.Span(why, className="sub")], className="er")


def not_connected(what: str, planned: str | None, owner: str) -> Component:
    """No number, the plan and who is to bring it."""
    plan = f"计划 {planned}" if planned else "接入时间待定"
    return html.Div([html.B("未接入"), html.Span(f"{what} · {plan} · 责任 {owner}", className="sub")], className="er")


def failed(what: str, why: str, last_good: str = "", retry: str = "true") -> Component:
    """The panel could not be made: what, why, the last good value if there was one, and a button to try again.

    `retry` is the panel to ask for again.
    """
    return html.Div(
        [
            html.B("取数失败"),
            html.Span(f"{what} · {why}", className="sub"),
            html.Span(last_good, className="sub") if last_good else None,
            html.Button("重试", className="retry", type="button", **attributes(data_retry=retry)),
        ],
        className="er",
        role="alert",
    )


def loading(rows: Sequence[Component], source: str = "") -> list[Component]:
    """Blocks of the size of what is to come; they stand still. After two seconds `source` is named."""
    waiting = [html.Span(f"正在读取 {source}", className="waiting sub", role="status")] if source else []
    return [*rows, *waiting]


def block(width: float, height: float = 1.1) -> Component:
    """A still block in place of a text, in rem."""
    style = {"width": f"{width}rem", "height": f"{height}rem"}
    return html.Span(className="skb", style=style, **attributes(aria_hidden="true"))


def disconnected(silent: timedelta, stopped_at: datetime) -> Component:
    """The white bar over a screen that has lost the server for more than 15 seconds."""
    seconds = int(silent.total_seconds())
    clock_words = f"{seconds // 3600:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"
    return html.Div(
        [
            html.B(f"连接中断 {clock_words}"),
            html.Span(f"画面停在 {clock(stopped_at)}，正在重连", className="sub"),
        ],
        className="lostbar",
        role="alert",
    )
