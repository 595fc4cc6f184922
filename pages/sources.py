"""Sources at `/sources`: who promised what, how it stands, every call, and the rows that wait for a person."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from components.header import crumbs, header
from components.notices import source_notices
from components.paging import page_links, pages_of
from components.source_table import by_urgency, call_table, source_table
from indicators.sources import history
from pages import sources_view
from pages.panels import Tree, panel, slot
from pages.shell import top
from pages.view import Refused, View

ROWS_A_PAGE = 40

dash.register_page(__name__, path="/sources", title="数据源", name="数据源")


@panel("sources-head", topics=["sources"])
def draw_head(view: View) -> Tree:
    """World and counts."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    line = header("数据源", "约定、时效与取数记录", view.place, "/sources", sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("sources-notices", topics=["sources"])
def draw_notices(view: View) -> Tree:
    """Sources past their promise, all of them."""
    lines = sources_view.listed(view)
    return source_notices(lines, view.place, view.now, at_most=len(lines))


@panel("sources-table", topics=["sources", "quarantine"], params=["source", "page"])
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


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("sources-head", look="head"), "/sources"),
            html.Main([slot(f"sources-{name}", look="p") for name in ("notices", "table")]),
        ],
        className="sheet",
    )
