"""A tree of components as HTML text: how panels travel. Every text and attribute is escaped here and nowhere else.

The browser puts the text in place by itself; React never sees it, because thousands of live Dash components cost a
second of main thread on every page and each of them again at every change anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from dash.development.base_component import Component

Node = Component | str | int | float | None
Tree = Node | Sequence["Tree"]

_NAMES = {"className": "class", "htmlFor": "for"}
_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})
_CAPITAL = re.compile(r"(?<!^)([A-Z])")
_SAFE_NAME = re.compile(r"[a-z][a-z0-9-]*")
_WAY = re.compile(r"/(?!/)|tel:\+?\d{3,20}\Z")
"""Where a link may lead: within the product, or to a telephone."""


class Markup(str):
    """Text that is HTML already; made by `element`, `markup` and `marks` only, or kept from them."""

    __slots__ = ()


def markup(tree: Tree) -> Markup:
    """The HTML of a component, a text, or a sequence of them."""
    if tree is None:
        return Markup()
    if isinstance(tree, Markup):
        return tree
    if isinstance(tree, Component):
        return _component(tree)
    if isinstance(tree, str | int | float):
        return Markup(escape(str(tree), quote=False))
    return Markup("".join(markup(part) for part in tree))


def element(tag: str, children: Tree = None, **attributes: object) -> Markup:
    """An element by its tag, for SVG: `element("path", d="M0 0", class_="ln")`."""
    given = {name.rstrip("_").replace("__", ":").replace("_", "-"): value for name, value in attributes.items()}
    return _element(tag, given, children)


def marks(**attributes: object) -> Markup:
    """Attributes alone, for an element that is text already: `marks(data_shown="/panel/x")`."""
    return Markup("".join(_attribute(name.replace("_", "-"), value) for name, value in sorted(attributes.items())))


def _component(one: Component) -> Markup:
    props = {name: value for name, value in one.to_plotly_json()["props"].items() if name != "children"}
    tag = type(one).__name__.lower()
    return _element(tag, {_name(name): value for name, value in props.items()}, getattr(one, "children", None))


def _element(tag: str, attributes: Mapping[str, object], children: Tree) -> Markup:
    """Attributes are sorted: the same tree is the same bytes in every process, whatever order Dash keeps them in."""
    if not _SAFE_NAME.fullmatch(tag):
        raise ValueError(f"'{tag}' is no element")
    opening = "".join(_attribute(name, value) for name, value in sorted(attributes.items()))
    if tag in _VOID:
        return Markup(f"<{tag}{opening}>")
    return Markup(f"<{tag}{opening}>{markup(children)}</{tag}>")


def _attribute(name: str, value: object) -> str:
    if value is None or value is False or (value == "" and name != "value"):  # an empty value is a choice: "all"
        return ""
    if value is True:
        return f" {name}"
    text = _style(value) if isinstance(value, Mapping) else str(value)
    if name in {"href", "data-href"} and not _WAY.match(text):
        raise ValueError(f"'{text}' leads out of the product")
    return f' {name}="{escape(text)}"'


def _name(prop: str) -> str:
    """`className` is class, `colSpan` colspan, `data-live` itself."""
    return _NAMES.get(prop, prop.lower())


def _style(rules: Mapping[str, object]) -> str:
    return ";".join(f"{_rule(name)}:{value}" for name, value in rules.items())


def _rule(name: str) -> str:
    return name if name.startswith("--") else _CAPITAL.sub(lambda found: f"-{found[1].lower()}", name)
