"""Sources at `/sources`: who promised what, how it stands, every call, and the rows that wait for a person."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.notices import catalogue_notice, source_notices
from components.numbers import figure
from components.paging import page_links, pages_of
from components.quarantine_list import HeldRow, quarantine_list
from components.source_table import by_urgency, call_table, source_table
from components.times import period
from indicators.quarantine import Entry, held
from indicators.sources import history
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import Refused, View

ROWS_A_PAGE = 40
HELD_A_PAGE = 12

dash.register_page(__name__, path="/sources", title="数据源", name="数据源", access="sources.view")


@panel("sources-head", topics=["sources"], right="sources.view")
def draw_head(view: View) -> Tree:
    """World and counts."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    line = header("数据源", "约定、时效与取数记录", view.place, "/sources", sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("sources-notices", topics=["sources"], right="sources.view")
def draw_notices(view: View) -> Tree:
    """Sources past their promise, all of them."""
    lines = sources_view.listed(view)
    told = [f"{one.file}:{one.line}: {one.path}: {one.message}" for one in view.problems]
    return [*catalogue_notice(told), *source_notices(lines, view.place, view.now, at_most=len(lines))]


@panel("sources-table", topics=["sources", "quarantine"], params=["source", "page"], right="sources.view")
def draw_table(view: View) -> Tree:
    """Every source; the one the address names with its calls."""
    opened = view.params.get("source")
    if opened and not view.catalogue.has_source(opened):
        raise Refused("没有这个数据源")
    lines = sources_view.listed(view)
    planned = sum(not line.is_connected for line in lines)
    head = panel_head(f"数据源 {len(lines)} 路", f"{planned} 路未接入" if planned else "")
    if opened:
        found = history(view.connection, view.catalogue, view.by, opened, limit=30)
        only = [line for line in lines if line.key == opened]
        return [head, source_table(only, opened, call_table(found, view.now), view.place, view.now)]
    sheet = pages_of(by_urgency(lines), ROWS_A_PAGE, view.params.get("page"))
    return [head, source_table(sheet.rows, None, None, view.place, view.now), page_links(sheet, "/sources", view.place)]


@panel("sources-held", topics=["quarantine"], params=["held", "source", "page"], right="sources.view")
def draw_held(view: View) -> Tree:
    """Rows of this world that wait for a person."""
    source = view.params.get("source")
    keys = {source} if source else {one.key for one in view.catalogue.sources_of(view.world)}
    entries = [one for one in held(view.connection, view.by, source=source) if one.source in keys]
    text = view.params.get("held", "")
    may_decide = view.by.may("quarantine.release")
    opened = int(text) if text.isascii() and text.isdigit() and may_decide else None
    entries.sort(key=lambda one: one.id != opened)
    sheet = pages_of(entries, HELD_A_PAGE, view.params.get("page"))
    shown = [_held_row(view, one) for one in sheet.rows]
    return [
        panel_head(f"隔离待处理 {len(entries)} 条", "放行即入库并留痕，退回后同一数据不再询问"),
        quarantine_list(shown, opened, view.place, view.now),
        page_links(sheet, "/sources", view.place),
    ]


def _held_row(view: View, one: Entry) -> HeldRow:
    catalogue = view.catalogue
    name = catalogue.source(one.source).name if catalogue.has_source(one.source) else one.source
    reasons = [reason.message for reason in one.reasons]
    return HeldRow(one.id, _what(view, one), reasons, name, one.held_at, one.raw, one.call_id, one.line)


def _what(view: View, one: Entry) -> str:
    """The row in one line; what the catalogue does not know stands as it arrived."""
    indicator = view.catalogue.indicators.get(one.indicator or "")
    region = view.catalogue.regions.get(one.region or "")
    unit, decimals = (indicator.unit, indicator.decimals) if indicator else ("-", 4)
    parts = [
        indicator.name if indicator else one.indicator or "未识别的行",
        region.name if region else one.region or "",
        period(one.period) if one.period and indicator else one.period or "",
        figure(one.value, unit, decimals).exact if one.value is not None else "",
    ]
    return " ".join(part for part in parts if part)


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("sources-head", look="head"), "/sources"),
            html.Main([slot(f"sources-{name}", look="p") for name in ("notices", "held", "table")]),
        ],
        className="sheet",
    )
