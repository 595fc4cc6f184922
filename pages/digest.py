"""The panel of what changed since the viewer last looked: on the overview and on the pages of counties.

`since` in the address is when that was (UTC, to the minute); the browser remembers it. Without it: one shift, 8 hours.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from components.digest import digest_panel
from components.markup import Tree
from indicators.digest import digest
from pages.county_scope import in_county
from pages.panels import panel
from pages.view import Refused, View

DIGEST = "digest"
SHIFT = timedelta(hours=8)
OLDEST = timedelta(days=31)


@panel(DIGEST, topics=["readings:{world}", "sources"], params=["since", "id"], right="indicators.view", soft_seconds=60)
def draw_digest(view: View) -> Tree:
    """What changed in the region of the page."""
    here = in_county(view) if view.params.get("id") else view
    found = digest(
        here.connection, here.catalogue, here.by, world=here.world, region=here.region,
        since=since_in(here), now=here.now,
    )  # fmt: skip
    return digest_panel(found, here.place, here.now)


def since_in(view: View) -> datetime:
    """The moment the address names, at most a month back; raises Refused for what is none."""
    told = view.params.get("since")
    if told is None:
        return view.now - SHIFT
    try:
        moment = datetime.fromisoformat(told)
    except ValueError as error:
        raise Refused("“since”应为时刻，如 2026-11-22T06:30Z") from error
    moment = moment.replace(tzinfo=moment.tzinfo or UTC)
    return min(max(moment, view.now - OLDEST), view.now)
