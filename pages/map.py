"""The map at `/map`: regions to drill into, one figure in one ink, layers of objects, drawn areas, replay.

The layout and its Leaflet frame hold no data. Panels give the words; outlines, values and objects are fetched by
`assets/map-*.js`, which no other page loads.
"""

from __future__ import annotations

from functools import cache
from hashlib import sha256
from pathlib import Path

import dash
import dash_leaflet as dl
import orjson
from dash import ClientsideFunction, Input, Output, State, clientside_callback, html
from dash.development.base_component import Component
from dash.fingerprint import build_fingerprint
from flask import current_app

from components.attributes import attributes
from components.faces import panel_head
from components.header import crumbs, header
from components.map_layers import LayerLine, event_line, layer_list
from components.map_regions import chooser, region_table, village_list
from components.markup import Tree
from components.place import Place
from decisions.alerts import speaking, worst_by_region
from geography.drawn import SHAPES, shapes_version
from indicators.cockpit import Cockpit
from indicators.definition import Indicator
from indicators.places import counted, layers_of, villages_seen
from indicators.spread import spread, usual_indicator
from pages import sources_view
from pages.county_scope import pins_in
from pages.map_areas import draw_devices
from pages.panels import WHERE, panel, slot
from pages.shell import top
from pages.view import Refused, View

READINGS = "readings:{world}"
FRAME = "map-frame"
ASSETS = Path(__file__).resolve().parent.parent / "assets"
CENTRE, ZOOM = (23.786, 116.78), 10
TOOLS = (
    ("measure", "测距", "依次点击，双击或回车结束"),
    ("polygon", "多边形", "依次点击顶点，双击或回车结束"),
    ("box", "矩形", "点击两个对角"),
    ("circle", "圆", "点击圆心，再点圆周"),
    ("watch", "关注", "把圈选的区域存为关注区域：有情况时提醒"),
    ("clear", "清除", "清除量距与圈选"),
    ("heat", "热力", "所选图层的疏密，一色深浅"),
    ("print", "打印", "打印当前地图"),
)

dash.register_page(__name__, path="/map", title="地图", name="地图", access="indicators.view")
dl._js_dist[0]["dynamic"] = True  # served, but loaded by this page alone: 96 kB that the wall does without


@panel("map-head", topics=["sources"], params=["indicator"], right="indicators.view")
def draw_head(view: View) -> Tree:
    """The way from the city down to the region in view; world and sources."""
    way = _way(view)
    links = [("驾驶舱", view.place.to("/", region=None))]
    links += [(view.catalogue.regions[code].name, _to(view, code)) for code in way[:-1]]
    region = view.catalogue.regions[view.region]
    line = header("地图", "一张图", view.place, "/map", sources_view.count(view), crumbs(links, region.name))
    return html.Div(line, className="head")


@panel("map-regions", topics=[READINGS, "sources", "warnings:{world}"], params=["indicator"], right="indicators.view")
def draw_regions(view: View) -> Tree:
    """The figure of the map, its value in each region inside the one in view, and villages where there are no more."""
    indicator = indicator_in(view)
    found = spread(
        view.connection,
        view.catalogue,
        view.by,
        world=view.world,
        code=indicator.code,
        region=view.region,
        now=view.now,
    )
    here = view.catalogue.regions[view.region]
    parts: list[Tree] = [
        panel_head("指标", f"{here.name}分区"),
        chooser(view.catalogue.themes.values(), view.catalogue.indicators.values(), indicator, view.place),
        region_table(found, {code: _to(view, code) for code in view.catalogue.regions}, view.now, _alerts(view)),
    ]
    if not view.catalogue.children(view.region):
        parts.append(village_list([one.name for one in villages_seen(view.catalogue, view.by, view.region)]))
    return parts


def _alerts(view: View) -> dict[str, tuple[int, str]]:
    """The worst warning level in force by region, and where its warnings are told."""
    found = worst_by_region(speaking(view.connection, view.by, world=view.world.value))
    return {code: (int(level), view.place.to("/warnings", region=None, of=code)) for code, level in found.items()}


@panel("map-layers", topics=[READINGS, "events:{world}"], soft_seconds=60, right="indicators.view")
def draw_layers(view: View) -> Tree:
    """The layers with their symbols and the number of objects in the region in view."""
    lines = [
        LayerLine(found, theme.name if (theme := view.catalogue.themes.get(found.layer.theme or "")) else "基础")
        for layer in layers_of(view.world).values()
        if (found := counted(layer, view.catalogue, view.by, view.now, view.region))
    ]
    head = panel_head("图层", view.catalogue.regions[view.region].name)
    return [head, _event_line(view), draw_devices(view), layer_list(lines)]


def _event_line(view: View) -> Component | None:
    """The layer of events, for who may see events."""
    if not view.by.may("events.view"):
        return None
    found = pins_in(view)
    return event_line(len(found), sum(pin.overdue for pin in found), any(pin.simulated for pin in found))


def indicator_in(view: View) -> Indicator:
    """The indicator the address names, or the usual one; raises Refused."""
    code = view.params.get("indicator")
    if code is None:
        return usual_indicator(view.catalogue)
    if code not in view.catalogue.indicators:
        raise Refused("没有这项指标")
    return view.catalogue.indicators[code]


def _way(view: View) -> list[str]:
    """Codes from the city down to the region in view."""
    way = [view.region]
    while (parent := view.catalogue.regions[way[0]].parent) is not None:
        way.insert(0, parent)
    return way


def _to(view: View, region: str) -> str:
    place: Place = view.place
    code = None if region == place.city else region
    return place.to("/map", region=code, indicator=view.params.get("indicator"))


def layout(**_: str) -> Component:
    """The address is read by the panels and scripts, not here."""
    return html.Div(
        [
            top(slot("map-head", look="head"), "/map"),
            html.Main(
                [
                    slot("map-regions", panel_head("指标"), look="p map-left"),
                    html.Div([_stage(), html.Div(id="map-time")], className="map-middle"),
                    html.Div(
                        [
                            html.Section(id="map-search", className="p"),
                            html.Section(id="map-area", className="p", hidden=True),
                            slot("map-areas", panel_head("关注区域"), look="p"),
                            slot("map-layers", panel_head("图层"), look="p"),
                        ],
                        className="map-right",
                    ),
                ],
                className="mapwork",
            ),
        ],
        className="mappage",
    )


def _stage() -> Component:
    return html.Div(
        [
            html.Div(
                id=FRAME,
                **attributes(
                    data_frame=frame_text(),
                    data_scripts=" ".join(scripts()),
                    data_shapes=_shapes(),
                    data_tiles=_cockpit().map_tiles,
                ),
            ),
            html.Div(_tools(), className="map-tools", role="toolbar", **attributes(aria_label="地图工具")),
            html.Div(id="map-mark", role="status"),
            html.Div(id="map-legend"),
            html.Div(
                f"镇街界线为示意（泰森多边形）· 水系、枫溪区界为示意 · 审图号：{_cockpit().map_review}",
                className="map-note mut",
            ),
        ],
        className="map-stage",
    )


def _cockpit() -> Cockpit:
    found: Cockpit = current_app.extensions["cockpit"]
    return found


def _tools() -> list[Component]:
    return [
        html.Button(words, type="button", title=title, **attributes(data_tool=tool, aria_pressed="false"))
        for tool, words, title in TOOLS
    ]


def _shapes() -> str:
    """The addresses of the outlines with their version, as JSON."""
    addresses = {name: f"/api/v1/map/shapes/{name}?v={shapes_version()}" for name in SHAPES}
    return orjson.dumps(addresses).decode()


def frame_text() -> str:
    """The Leaflet frame as the JSON Dash's renderer reads: put in place when its script has come."""
    frame = dl.Map(
        [
            dl.ZoomControl(position="topright"),
            dl.ScaleControl(position="bottomleft", imperial=False),
        ],
        id="map-leaflet",
        center=CENTRE,
        zoom=ZOOM,
        zoomSnap=0.25,
        minZoom=8,
        maxZoom=18,
        zoomControl=False,
        attributionControl=False,
        fadeAnimation=False,
        doubleClickZoom=False,
        keyboard=True,
        className="map-canvas",
        style={"height": "100%"},
    )
    return orjson.dumps(frame, default=lambda node: node.to_plotly_json()).decode()


@cache
def scripts() -> tuple[str, ...]:
    """What this page loads itself, in order: Leaflet, then the map's own style and scripts, each with its version."""
    leaflet = Path(dl.__file__).parent / "dash_leaflet.js"
    stamp = build_fingerprint("dash_leaflet.js", dl.__version__, int(leaflet.stat().st_mtime))
    own = sorted(ASSETS.glob("map-*.css")) + sorted(ASSETS.glob("map-*.js"))
    return (f"/_dash-component-suites/dash_leaflet/{stamp}", *(f"/assets/{file.name}?v={_mark(file)}" for file in own))


def _mark(file: Path) -> str:
    return sha256(file.read_bytes()).hexdigest()[:12]


clientside_callback(
    ClientsideFunction("cockpit", "mapFrame"),
    Output(FRAME, "children"),
    Input(WHERE, "data"),
    State(FRAME, "id"),
)
