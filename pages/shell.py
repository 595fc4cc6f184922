"""What every page stands in: the HTML document, the router, the link to the server, the bar that says it is lost."""

from __future__ import annotations

from dash import ClientsideFunction, Input, Output, clientside_callback, dcc, html, page_container
from dash.development.base_component import Component

from components.attributes import attributes
from pages import response_banner  # noqa: F401 -- the line over every page
from pages.panels import WHERE, slot
from pages.who import NAME

CITY = "潮州市城市运行管理中心"
INDEX = """<!DOCTYPE html>
<html lang="zh-CN" data-scheme="dark" data-page="wall" data-link="live">
<head>
{%metas%}
<meta name="viewport" content="width=device-width,initial-scale=1,viewport-fit=cover">
<meta name="referrer" content="same-origin">
<title>{%title%}</title>
{%favicon%}
{%css%}
</head>
<body>
<div id="banner" role="alert"><b></b><span class="sub"></span></div>
<div id="response"></div>
<div id="early"><!--early--></div>
<div id="react-entry-point" hidden></div>
<template>{%app_entry%}</template>
<noscript>本页面需要启用 JavaScript。</noscript>
<footer hidden>{%config%}</footer>
<template id="dash">{%scripts%}{%renderer%}</template>
</body>
</html>"""
PAGES = (
    ("/", "总览"),
    ("/desk", "事件"),
    ("/evaluation", "评价"),
    ("/messages", "民意"),
    ("/map", "地图"),
    ("/warnings", "预警"),
    ("/decisions", "研判"),
    ("/sources", "数据源"),
    ("/entry", "填报"),
)


def layout() -> Component:
    """The frame around the page in view. It holds no data; panels fetch theirs."""
    return html.Div([dcc.Store(id=WHERE), page_container])


def top(head: Component, current: str = "") -> Component:
    """The top line of a page: its head panel, the way to other pages, look, clock."""
    return html.Header(
        [
            head,
            _ways(current),
            finder(),
            freezer(),
            slot(NAME, look="whoami"),
            html.Button(className="scheme", type="button", title="切换深浅配色"),
            clock(),
        ],
        className="top ways",
    )


def finder() -> Component:
    """Opens the search over everything; its key is shown beside it."""
    return html.Button(
        ["查找", html.Kbd("/")],
        className="find",
        type="button",
        title="查找指标、地点、事件",
        **attributes(data_search="true"),
    )


def freezer() -> Component:
    """Keeps the page in view as it is (`assets/99-snapshot.js`)."""
    return html.Button(
        "存快照", className="freeze", type="button", title="把此刻的页面存为只读快照", **attributes(data_freeze="true")
    )


def clock() -> Component:
    """City time; the browser keeps it running from the server's clock."""
    return html.Div(
        [
            html.B(
                [html.Span(**attributes(data_clock="time")), html.Small(**attributes(data_clock="seconds"))],
                className="n",
            ),
            html.Span(className="sub", **attributes(data_clock="date")),
        ],
        className="ck",
        role="timer",
        **attributes(aria_label="城市时间"),
    )


def _ways(current: str) -> Component:
    links = [
        html.A(name, href=path, **attributes(aria_current="page" if path == current else None)) for path, name in PAGES
    ]
    return html.Nav(links, className="go", **attributes(aria_label="页面"))


clientside_callback(
    ClientsideFunction("cockpit", "where"),
    Output(WHERE, "data"),
    Input("_pages_location", "pathname"),
    Input("_pages_location", "search"),
)
clientside_callback(ClientsideFunction("cockpit", "moved"), Input(WHERE, "data"))
clientside_callback(ClientsideFunction("cockpit", "arrived"), Input("_pages_store", "data"))
