"""Figures by hand at `/entry`: one person enters, another reviews, then it becomes a reading of the real city."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.entry_list import EnteredFigure, entry_form, entry_list, nothing_waiting
from components.faces import empty, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.numbers import figure, plain
from components.times import period
from indicators.entries import ENTRIES, Entry, kept
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

DECIDED_SHOWN = 15

dash.register_page(__name__, path="/entry", title="填报", name="填报", access="entries.write")


@panel("entry-head", topics=["sources"], right="indicators.view")
def draw_head(view: View) -> Tree:
    """World and counts."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    line = header("填报", "一人填报，另一人审核；只进入真实数据", view.place, None, sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("entry-form", topics=[], soft_seconds=300, right="entries.write")
def draw_form(view: View) -> Tree:
    """The form; it depends on the catalogue alone, so that nothing redraws it while somebody types."""
    codes = [(code, indicator.name) for code, indicator in view.catalogue.indicators.items()]
    regions = [(code, region.name) for code, region in view.catalogue.regions.items() if view.by.scope.allows(code)]
    return [panel_head("填报数值", "来源性质记为“填”，审核通过后入库"), entry_form(codes, regions)]


@panel("entry-waiting", topics=[ENTRIES], params=["entry"], right="indicators.view")
def draw_waiting(view: View) -> Tree:
    """What waits for a second person."""
    text = view.params.get("entry", "")
    opened = int(text) if text.isascii() and text.isdigit() and view.by.may("entries.review") else None
    rows = [_entered(view, one) for one in kept(view.connection, view.by)]
    return [panel_head(f"待审核 {len(rows)} 条"), _listed(view, rows, opened)]


@panel("entry-decided", topics=[ENTRIES], right="indicators.view")
def draw_decided(view: View) -> Tree:
    """What was decided lately, and by whom."""
    found = [one for state in ("accepted", "refused") for one in kept(view.connection, view.by, state=state)]
    found.sort(key=lambda one: one.id, reverse=True)
    rows = [_entered(view, one) for one in found[:DECIDED_SHOWN]]
    if not rows:
        return [panel_head("最近办结"), empty("尚无办结的填报", "审核通过或退回的填报留在这里")]
    return [panel_head("最近办结"), entry_list(rows, None, view.place, view.now)]


def _listed(view: View, rows: list[EnteredFigure], opened: int | None) -> Component:
    return entry_list(rows, opened, view.place, view.now) if rows else nothing_waiting()


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("entry-head", look="head"), "/entry"),
            html.Main(
                [
                    slot("entry-form", look="p wide"),
                    *(slot(f"entry-{name}", look="p") for name in ("waiting", "decided")),
                ],
                className="filling",
            ),
        ],
        className="sheet",
    )


def _entered(view: View, one: Entry) -> EnteredFigure:
    return EnteredFigure(
        one.id, _what(view, one), one.note, one.state, one.entered_by, one.entered_at,
        one.reviewed_by, one.reviewed_at, one.review_note,
    )  # fmt: skip


def _what(view: View, one: Entry) -> str:
    indicator = view.catalogue.indicators.get(one.indicator)
    region = view.catalogue.regions.get(one.region)
    unit, decimals = (indicator.unit, indicator.decimals) if indicator else ("-", 4)
    ratio = f"{plain(one.numerator, 4)} ÷ {plain(one.denominator, 4)}" if one.numerator is not None else ""
    parts = [
        indicator.name if indicator else one.indicator,
        region.name if region else one.region,
        period(one.period, indicator.basis if indicator else "period"),
        figure(one.value, unit, decimals).exact if one.value is not None else ratio,
    ]
    return " ".join(part for part in parts if part)
