"""Timeline: what was done, by whom, when, newest on top; what is due stands above it with its clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty
from components.times import when


@dataclass(frozen=True)
class Act:
    """One entry. `kind` is one character or two (令, 报, 派遣); `filled` marks an order."""

    at: datetime
    kind: str
    words: str
    who: str
    remark: str = ""
    filled: bool = False


def timeline(acts: Sequence[Act], now: datetime) -> Component:
    """Newest first, whatever the order given."""
    if not acts:
        return empty("尚无办理记录", "受理后各环节在此逐条留痕")
    rows = sorted(acts, key=lambda act: act.at, reverse=True)
    return html.Ol([_row(act, now) for act in rows], className="tl", **attributes(aria_label="办理记录"))


def _row(act: Act, now: datetime) -> Component:
    return html.Li(
        [
            html.Span(when(act.at, now), className="n"),
            html.I(act.kind, className="chip ink" if act.filled else "chip L0"),
            html.Div([html.B(act.words), html.Span(act.remark, className="sub") if act.remark else None]),
            html.Span(act.who, className="sub"),
        ]
    )
