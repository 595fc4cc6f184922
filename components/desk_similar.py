"""Similar: what happened before at the same place, how it was dealt with and how long it took."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.faces import panel_head


@dataclass(frozen=True)
class Before:
    """An earlier event: `says` is 10-06 · 水务局 · 1.8 时结案."""

    title: str
    says: str
    href: str
    why: str


def similar_list(found: Sequence[Before], note: str, nothing: str) -> list[Component]:
    """The nearest kind first."""
    head = panel_head("同类", note)
    if not found:
        return [head, html.P(nothing, className="mut")]
    rows = [
        html.Li([html.A(one.title, href=one.href, title=one.why), html.Span(one.says, className="mut")])
        for one in found
    ]
    return [head, html.Ul(rows, className="sim3")]
