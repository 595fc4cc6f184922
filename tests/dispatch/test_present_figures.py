"""Counts of events as indicators: the same numbers as the band of the wall, each world by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from desk_people import Desk, report

from access.actor import LOOPBACK
from database.engine import reading
from dispatch.loop import loop
from dispatch.present_figures import COUNT_OF, Present
from indicators.reading import Reading, World
from indicators.readings import latest

CITY = "445100"


def told(desk: Desk, world: World = World.REAL) -> dict[str, Reading]:
    with reading(desk.engine) as connection:
        found = latest(connection, desk.rules.catalogue, LOOPBACK, world=world, region=CITY, now=desk.now)
    return {code: one for code, one in found.items() if code in COUNT_OF}


@pytest.mark.feature(163)
def test_tiles_say_what_the_band_says(desk: Desk) -> None:
    desk.closed(report("1"))
    desk.handling(report("2"))
    desk.now += timedelta(days=40)
    Present(desk.engine, lambda: desk.rules).tick(desk.now)
    found = told(desk)
    with reading(desk.engine) as connection:
        band = loop(connection, LOOPBACK, world="real", region=CITY, now=desk.now)
    assert {code: one.value for code, one in found.items()} == {
        "EVT-01": float(band.accepted), "EVT-02": float(band.open), "EVT-03": float(band.overdue),
    }  # fmt: skip
    assert band.open == band.overdue == 1


def test_a_world_without_events_is_told_nothing(desk: Desk) -> None:
    assert Present(desk.engine, lambda: desk.rules).tick(desk.now) == 0
    desk.handling(report("2"))
    Present(desk.engine, lambda: desk.rules).tick(desk.now)
    assert not any(one.value for one in told(desk, World.DEMO).values())
