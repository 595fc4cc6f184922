"""The composition of the wall: every panel in its place. Which of them show is decided by the style sheets.

`/` and `/wall` draw the same panels. A panel that the screen has no room for stays in the page and is not fetched.
"""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from pages import wall_head, wall_loop, wall_map, wall_side, wall_trends
from pages.panels import slot
from pages.wall_figures import group_slot, tiles_slot

PARTS = (wall_head, wall_loop, wall_map, wall_side, wall_trends)
"""Modules whose panels stand in this layout."""


def composition(head: Component, told: Component | None = None) -> Component:
    """`head` is the top line; below it the domains around the map, the loop, the tiles. `told`: a line between."""
    parts = [head, *([] if told is None else [told]), _main(), _band(), tiles_slot()]
    return html.Div(parts, className="wall" if told is None else "wall told")


def head_slot() -> Component:
    """The place of the header's panel."""
    return slot("wall-head", look="head")


def _main() -> Component:
    return html.Main(
        [
            _panel("departments", "承办效能", "dep ultra"),
            _panel("hot", "12345 诉求热点", "hot ultra"),
            group_slot("经济调节", "econ"),
            group_slot("市场监管", "mkt"),
            group_slot("公共服务", "pub"),
            _panel("trend", "趋势", "tr1 wide"),
            _panel("counties", "四区对比", "cmp wide"),
            slot("wall-map", look="mapbay"),
            _panel("decisions", "待决策", "dec"),
            group_slot("社会管理", "soc"),
            group_slot("生态环境保护", "eco"),
            _panel("water", "水位", "tr2 wide"),
            _panel("events", "重点事件", "que wide"),
            _panel("happenings", "今日大事", "tln ultra"),
            _panel("duty", "值守", "dut ultra"),
            _panel("video", "视频巡检", "vid ultra"),
            _panel("notices", "数据来源提示", "ntc ultra"),
        ]
    )


def _band() -> Component:
    return html.Div(
        [
            slot("wall-loop", look="loopbay"),
            slot("wall-hours", look="hr wide"),
            slot("wall-supervised", look="sv2 ultra"),
            slot("wall-ticker", look="tkbay"),
        ],
        className="p band",
        id="loop",
    )


def _panel(name: str, title: str, area: str) -> Component:
    return slot(f"wall-{name}", panel_head(title), look=f"p {area}")
