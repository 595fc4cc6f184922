"""Forms that hand something in; the browser sends them (`assets/80-actions.js`) and says the answer beside."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.markup import Markup, element


def text_field(name: str, label: str, *, required: bool = True, hint: str = "", offers: str | None = None) -> Component:
    """One line of text; `offers` is the id of a list of what may be meant."""
    field = element(
        "input", name=name, type="text", required=required, placeholder=hint, maxlength=120, autocomplete="off",
        list=offers,
    )  # fmt: skip
    return html.Label([label, field])


def offers(name: str, options: Sequence[tuple[str, str]]) -> Component:
    """What a text field offers while somebody types: (value, words)."""
    return html.Datalist([html.Option(words, value=value) for value, words in options], id=name)


def note_field(label: str, hint: str) -> Component:
    """Several lines: on what ground."""
    return html.Label(
        [label, html.Textarea(name="note", required=True, rows=2, maxLength=400, placeholder=hint)], className="full"
    )


def choice(name: str, label: str, options: Sequence[tuple[str, str]]) -> Component:
    """One of (value, words); the first stands chosen."""
    return html.Label([label, html.Select([html.Option(words, value=value) for value, words in options], name=name)])


def submit(words: str, address: str, *, decision: str | None = None, primary: bool = False) -> Component:
    """A button that sends the form to `address`, as one of its decisions."""
    marks = attributes(data_post=address, data_decision=decision)
    return html.Button(words, type="submit", className="act pri" if primary else "act", **marks)


def form(fields: Sequence[Component | Markup], buttons: Sequence[Component]) -> Component:
    """Fields, buttons, and the place where the answer is said."""
    said = html.Span(className="said", role="status")
    return html.Form([*fields, html.Div([*buttons, said], className="acts full")], className="fm")
