"""The wall of a county: of the neighbours it draws the outline and says nothing."""

from __future__ import annotations

import pytest
from flask import Flask

from access.actor import Actor
from access.rights import ALL_RIGHTS
from access.territory import Territory
from pages import panels
from pages.wall_map import BEYOND
from people import known_to

COUNTY = "445102"


@pytest.mark.feature(109)
def test_of_counties_beyond_the_scope_the_map_shows_no_counts(app, cockpit, arrive) -> None:
    for region in (COUNTY, "445103"):
        arrive("IND-13", "2026-11-21", 90.0, region=region)
    scope = Territory.of(cockpit.live_catalogue.current).scope([COUNTY])
    server = Flask("wall_of_a_county")
    own = Actor("县值班员", "county_officer", scope, ALL_RIGHTS, user="own", home=COUNTY)
    known_to(server, {"own": own})
    panels.mount(server, cockpit)
    answer = server.test_client().get("/panel/wall-map?world=demo", headers={"Authorization": "Bearer own"})
    counties = sum(one.kind.value == "county" for one in cockpit.live_catalogue.current.regions.values())
    assert answer.status_code == 200
    assert answer.text.count(BEYOND) == 2 * (counties - 1), "on the map and in its list"
