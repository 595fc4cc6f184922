"""Who opens which page to see what texts that want to become program do there. Names in braces: what was planted.

`tests/pages/test_every_page_is_tried.py` turns red for a page that nobody opens here.
"""

from __future__ import annotations

VISITS = (
    ("system_admin", ("/admin/accounts", "/admin/screens", "/screens", "/account")),
    ("city_commander", (
        "/?world=real", "/wall?world=real", "/wall?world=real&region=445102", "/wall?world=demo",
        "/map?world=real&layer=events", "/map?world=demo&watch=1", "/snapshots?world=demo",
        "/attention?world=real", "/county/445102?world=real",
        "/digest?world=demo", "/warnings?world=demo", "/warnings?world=demo&warning={warning}",
        "/warnings?world=demo&view=rules&rule=rain_hour",
        "/warnings?world=demo&view=past&since=all", "/decisions?world=demo", "/desk?world=demo&event={number}",
        "/desk?world=real", "/event/{number}?world=demo", "/messages?world=demo", "/report?world=demo",
        "/patterns", "/evaluation?world=demo", "/review/{reviewed}?world=demo", "/m?world=demo&tab=events",
        "/duty?world=demo", "/response?world=demo",
        "/m?world=real&event={real}", "/event/{real}?world=real", "/indicator/ECO-01?world=real&period={kept}",
        "/indicator/ENV-01?world=demo", "/indicator/ENG-01?world=demo&period={period}",
        "/indicator/IND-13?world=real&region=445102", "/theme/environment?world=demo",
    )),
    ("data_manager", ("/entry", "/sources", "/sources?world=real&source=enterprise_requests&held={held}",
                      "/sources?world=demo&source=demo_air_stations_hourly")),
    ("auditor", ("/audit", "/audit?who={teller}&row={row}")),
)  # fmt: skip

LATE = {"/desk?world=demo&event={number}": "#viewers:not([hidden])"}
"""What comes after the panels of a page have answered, as a selector: told by a script of its own."""

ORDINARY = (1440, 900)
SIZES = {"/wall?world=demo": (3840, 700)}
"""Width and height where not everything stands on an ordinary screen: long walls have columns of their own."""

NOT_VISITED: dict[str, str] = {}
"""Panels that no visit shows, each with the reason."""
