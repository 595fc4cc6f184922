"""Plain tables: a caption for screen readers, a head, rows."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes

RIGHT = "→"
"""At the end of a column's name: its cells are aligned right."""


def table(columns: Sequence[str], rows: Sequence[Component], caption: str, look: str = "") -> Component:
    """A table of prepared rows; columns of numbers are aligned by the cells' own class."""
    head = html.Thead(html.Tr([_head(name) for name in columns]))
    whole = html.Table(
        [html.Caption(caption, className="unseen"), head, html.Tbody(list(rows))], className=f"tb {look}".strip()
    )
    return html.Div(whole, className="wrap", tabIndex="0", role="region", **attributes(aria_label=caption))


def _head(name: str) -> Component:
    return html.Th(name.removesuffix(RIGHT), scope="col", className="r" if name.endswith(RIGHT) else "")


def number(text: str, title: str = "") -> Component:
    """A cell with a number, aligned right in the figures' type."""
    return html.Td(text, className="n r", title=title)


def clipped(text: str) -> Component:
    """A cell for long text: cut on screen, whole in its title."""
    return html.Td(text, className="clip", title=text)
