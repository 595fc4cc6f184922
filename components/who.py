"""Who is signed in: name, role, region, and what belongs to the account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes


@dataclass(frozen=True)
class SignedIn:
    """The viewer in words. `ways`: paths of the top line that lead somewhere for this viewer."""

    name: str
    role: str
    place: str
    is_person: bool
    ways: Sequence[str]
    links: Sequence[tuple[str, str]]
    """Pages of the account and of administration: (path, words)."""


def who(viewer: SignedIn) -> Component:
    """A name that opens: role, region, own pages, the way out. A screen has none of it, only its name."""
    may = attributes(data_may=" ".join(viewer.ways))
    if not viewer.is_person:
        return html.Span(viewer.name, className="who sub", **may)
    facts = html.Div(
        [html.B(viewer.name), html.Span(f"{viewer.role} · {viewer.place}", className="sub")], className="me"
    )
    links = [html.A(words, href=path) for path, words in viewer.links]
    out = html.Button("退出登录", type="button", **attributes(data_sign_out="true"))
    head = html.Summary([viewer.name, html.Small(viewer.role, className="mut")], title=viewer.place)
    return html.Details([head, html.Div([facts, *links, out], className="menu")], className="who", **may)
