"""An address that leads nowhere."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

dash.register_page(__name__, title="没有这个页面", name="没有这个页面", access="signed-in")


def layout(**_: str) -> Component:
    """Say so, and the way back."""
    return html.Div(
        html.Div(
            [
                html.B("没有这个页面"),
                html.Span("地址可能已变更，请从总览重新进入。", className="sub"),
                html.A("返回总览", href="/", className="act"),
            ],
            className="er p",
        ),
        className="sheet",
    )
