"""The plain way of the same content, as a Dash tutorial would build it: what `bench.screens` is measured against.

Every region of the page is a server callback on an interval that draws Plotly figures and tables from the same API of
the running product; all of Dash's and Plotly's scripts are served by Dash itself. `python -m bench.plain_dash PORT URL
TOKEN` serves it until it is stopped. Nothing of the product is imported.
"""

from __future__ import annotations

import json
import sys
import urllib.request
from typing import Any

import plotly.graph_objects as go
from dash import Dash, Input, Output, dash_table, dcc, html

COUNTIES = ("445102", "445103", "445122", "445185")
FIGURES = 20
REFRESH_MS = 5000


def fetch(url: str, token: str, path: str) -> Any:
    """The JSON at `path` of the product."""
    request = urllib.request.Request(url + path, headers={"Authorization": f"Bearer {token}"} if token else {})
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.load(answer)


def history(url: str, token: str, code: str, region: str) -> list[float]:
    """The known values of one figure, oldest first."""
    found = fetch(url, token, f"/api/v1/indicators/{code}/readings?world=demo&region={region}&limit=100")["items"]
    return [one["value"] for one in found if one["value"] is not None]


def spark(name: str, values: list[float]) -> dcc.Graph:
    """A figure and its line as one graph each."""
    drawn = go.Figure(go.Scatter(y=values, mode="lines"))
    drawn.update_layout(height=70, margin={"l": 0, "r": 0, "t": 20, "b": 0}, title=name)
    return dcc.Graph(figure=drawn)


def build(url: str, token: str) -> Dash:
    """The page: 27 tiles, figures with sparks, a map of bars by county, a table of sources."""
    app = Dash("plain", serve_locally=True)
    places = ("tiles", "figures", "regions", "sources")
    app.layout = html.Div([dcc.Interval(id="beat", interval=REFRESH_MS), *(html.Div(id=place) for place in places)])

    @app.callback(Output("tiles", "children"), Input("beat", "n_intervals"))
    def _tiles(_: int | None) -> list[Any]:
        themes = fetch(url, token, "/api/v1/themes?world=demo&limit=100")["items"]
        return [html.Button([html.B(one["name"]), html.Span(str(one.get("state", "")))]) for one in themes]

    @app.callback(Output("figures", "children"), Input("beat", "n_intervals"))
    def _figures(_: int | None) -> list[Any]:
        found = fetch(url, token, f"/api/v1/indicators?limit={FIGURES}")["items"]
        return [spark(one["name"], history(url, token, one["code"], "445100")) for one in found]

    @app.callback(Output("regions", "children"), Input("beat", "n_intervals"))
    def _regions(_: int | None) -> dcc.Graph:
        newest = [(history(url, token, "ECO-01", code) or [0.0])[-1] for code in COUNTIES]
        return dcc.Graph(figure=go.Figure(go.Bar(x=list(COUNTIES), y=newest)))

    @app.callback(Output("sources", "children"), Input("beat", "n_intervals"))
    def _sources(_: int | None) -> dash_table.DataTable:
        found = fetch(url, token, "/api/v1/sources?world=demo&limit=100")["items"]
        rows = [{key: str(one.get(key)) for key in ("key", "name", "freshness")} for one in found]
        return dash_table.DataTable(data=rows, page_size=10)

    return app


def main(arguments: list[str]) -> int:
    """Serve the page."""
    port, url, token = arguments
    build(url, token).run(host="127.0.0.1", port=int(port), debug=False)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
