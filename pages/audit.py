"""The audit record at `/audit`: who did what, narrowed by the address, with the proof that nobody touched it."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from urllib.parse import urlencode

import dash
from dash import html
from dash.development.base_component import Component

from access.anchor import reviews, rows_so_far
from access.audit_rows import AuditRow, Wanted, audit_rows
from components.attributes import attributes
from components.audit_list import ANY, PEOPLE, AuditLine, Standing, audit_list, filters, standing
from components.faces import panel_head
from components.header import crumbs
from components.markup import Tree
from components.times import CITY_TIME
from pages.panels import panel, slot
from pages.shell import top
from pages.view import Refused, View

ROWS_A_PAGE = 50
FILTERS = ("who", "act", "obj", "of", "result", "from", "to")
MACHINES = "readings.push"
NO_AREA = (ANY[0], PEOPLE[0])
_SOON = 5.0
"""Seconds a drawing is kept; no notice tells of new rows, for then every writer would wait for every other."""

dash.register_page(__name__, path="/audit", title="审计", name="审计", access="audit.view")


@panel("audit-head", topics=[], right="audit.view")
def draw_head(view: View) -> Tree:
    """Where we are."""
    title = html.Div([html.B("审计"), html.Span("谁在何时做了什么", className="mut")], className="ti")
    return html.Div([*crumbs([("驾驶舱", view.place.to("/"))], ""), title], className="head")


@panel("audit-standing", topics=[], soft_seconds=_SOON, right="audit.view")
def draw_standing(view: View) -> Tree:
    """Rows, last anchor, last look at the whole."""
    looks = reviews(view.connection)
    anchored, verified = looks.get("anchor"), looks.get("verify")
    state = Standing(
        rows_so_far(view.connection),
        anchored.at if anchored else None,
        verified.at if verified else None,
        verified.finding if verified else "",
    )
    return [panel_head("完整性", "逐条相连，每 5 分钟在库外锚定一次"), standing(state, view.now)]


@panel("audit-filters", topics=[], params=FILTERS, soft_seconds=300, right="audit.view")
def draw_filters(view: View) -> Tree:
    """What is looked for."""
    wanted(view)
    seen = [(code, one.name) for code, one in view.catalogue.regions.items() if view.by.scope.allows(code)]
    return [panel_head("查找"), filters(_given(view), seen, f"/api/v1/audit?{_query(view)}")]


@panel("audit-list", topics=[], params=[*FILTERS, "before", "row"], soft_seconds=_SOON, right="audit.view")
def draw_list(view: View) -> Tree:
    """One page of rows, newest first."""
    before = _number(view, "before")
    found = audit_rows(view.connection, view.by, wanted(view), limit=ROWS_A_PAGE + 1, before=before)
    shown = [_line(view, row) for row in found[:ROWS_A_PAGE]]
    older = shown[-1].id if len(found) > ROWS_A_PAGE else None
    given = {**_given(view), "before": view.params.get("before")}
    return audit_list(shown, _number(view, "row"), _links(view, before, older), view.place, _kept(given))


def wanted(view: View) -> Wanted:
    """What the address asks for; Refused for a day that is none."""
    given = _given(view)
    last = _day(given.get("to"))
    return Wanted(
        actor=given.get("who", ""),
        action="" if given.get("act") in {None, *NO_AREA} else given["act"],
        leave_out="" if given.get("act") == ANY[0] else MACHINES,
        object=given.get("obj", ""),
        region=given.get("of", ""),
        result=given.get("result", ""),
        since=_day(given.get("from")),
        until=last + timedelta(days=1) if last else None,
    )


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("audit-head", look="head"), "/audit"),
            html.Main([slot(f"audit-{name}", look="p") for name in ("standing", "filters", "list")]),
        ],
        className="sheet",
    )


def _given(view: View) -> dict[str, str]:
    return {
        name: view.params[name]
        for name in FILTERS
        if view.params.get(name) not in {None, ""} and (name == "act" or view.params[name] != ANY[0])
    }


def _kept(given: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in given.items() if value}


def _links(view: View, before: int | None, older: int | None) -> Component:
    """Back to the newest, on to older ones; the record has no page numbers, for it grows while it is read."""
    links = []
    if before is not None:
        links.append(html.A("最新", href=view.place.to("/audit", **_given(view))))
    if older is not None:
        links.append(html.A("更早", href=view.place.to("/audit", **{**_given(view), "before": str(older)})))
    return html.Nav(links, className="seg", **attributes(aria_label="翻页"))


def _query(view: View) -> str:
    look = wanted(view)
    told = {
        "format": "csv", "actor": look.actor, "action": look.action, "object": look.object, "region": look.region,
        "leave_out": look.leave_out, "result": look.result, "from": _instant(look.since), "to": _instant(look.until),
    }  # fmt: skip
    return urlencode({name: value for name, value in told.items() if value})


def _instant(moment: datetime | None) -> str:
    return moment.isoformat() if moment else ""


def _day(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        return datetime.combine(datetime.strptime(text, "%Y-%m-%d").date(), time(), CITY_TIME)  # noqa: DTZ007 -- a day
    except ValueError:
        raise Refused("日期应写成 2026-11-22") from None


def _number(view: View, name: str) -> int | None:
    text = view.params.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else None


def _line(view: View, row: AuditRow) -> AuditLine:
    region = view.catalogue.regions.get(row.region)
    return AuditLine(
        row.id, row.at, row.actor, row.account, row.role, region.name if region else row.region, row.action, row.object,
        row.result, row.address, row.request_id,
        {name: str(value) for name, value in row.detail.items()}, row.hash,
    )  # fmt: skip
