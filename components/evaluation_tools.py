"""The choices of the evaluation: which days, as known when, whose cases; and the figures above the tables."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.markup import Markup, element

ALL = ("", "全部")


@dataclass(frozen=True)
class Tile:
    """One figure: name, value with its unit, what it rests on, where its events are listed."""

    name: str
    value: str
    unit: str
    remark: str
    href: str | None = None


def choices(given: Mapping[str, str], fields: Sequence[tuple[str, str, Sequence[tuple[str, str]]]]) -> Component:
    """Days and lists; every change goes into the address."""
    days = [_day(name, label, given.get(name, "")) for name, label in DAYS]
    lists = [_list(name, label, options, given.get(name, "")) for name, label, options in fields]
    return html.Form([*days, *lists], className="fm wf evf", **attributes(data_query="true"))


DAYS = (("from", "起日"), ("to", "止日"), ("asof", "按哪天所知（空为现在）"))


def _day(name: str, label: str, value: str) -> Component:
    return html.Label([label, element("input", type="date", name=name, value=value)])


def _list(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str) -> Component:
    made = [element("option", words, value=value, selected=value == chosen) for value, words in (ALL, *options)]
    return html.Label([label, element("select", made, name=name)])


def file_links(addresses: Sequence[tuple[str, str]]) -> list[Component]:
    """The same table as a file, with units and the moment it is known at."""
    return [html.A(words, href=href, className="act", **attributes(download="evaluation")) for words, href in addresses]


def tiles(found: Sequence[Tile]) -> Component:
    """Figures side by side."""
    return html.Ul([html.Li(_tile(one)) for one in found], className="evk")


def _tile(one: Tile) -> Component | Markup:
    inner = [
        html.Span(one.name, className="nm"),
        html.Span([html.B(one.value, className="n"), html.U(one.unit)], className="v"),
        html.Span(one.remark, className="sub"),
    ]
    return html.A(inner, href=one.href) if one.href else html.Div(inner)
