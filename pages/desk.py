"""The desk at `/desk`: the queue left, one event in the middle, place and shift on the right. All in the address."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.desk_foot import desk_foot
from components.faces import block, panel_head
from pages import (  # noqa: F401 -- they register the panels of the desk
    desk_bulk,
    desk_handover,
    desk_head,
    desk_next,
    desk_queue,
    desk_side,
    duty_panels,
)
from pages.case import case_column
from pages.desk_view import HOME
from pages.panels import slot
from pages.shell import top

dash.register_page(__name__, path=HOME, title="事件分拨席", name="分拨席", access="events.view", walls=False)


def layout(**_: str) -> Component:
    """The frame without data; what is chosen stands in the address and is read by the panels."""
    return html.Div(
        [
            top(slot("desk-head", look="head"), HOME),
            html.Main(
                [
                    html.Section(
                        [
                            slot("desk-queue", [block(30), block(30), *(block(34, 2.6) for _ in range(10))], look="qp"),
                            html.P(id="held", role="status", hidden=True),
                            slot("desk-bulk", look="bulkbar"),
                        ],
                        className="p queue",
                        **attributes(aria_label="事件列表"),
                    ),
                    html.Section(
                        [
                            html.P(id="viewers", role="status", hidden=True),
                            case_column(),
                            slot("desk-next", look="nxp"),
                        ],
                        className="p middle",
                        tabIndex="-1",
                        **attributes(aria_label="所选事件"),
                    ),
                    html.Aside(
                        [
                            slot("desk-map", look="dmap"),
                            slot("desk-similar", panel_head("同类"), look="p"),
                            slot("desk-duty", panel_head("值班"), look="p dutyp"),
                            slot("desk-handover", panel_head("交接"), look="p ho"),
                        ],
                        **attributes(aria_label="周边、同类与交接"),
                    ),
                ]
            ),
            desk_foot(),
        ],
        className="desk",
    )
