"""What changed since: lights, figures beyond usual, sources late since; nothing before, nothing of another region."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from access.actor import NOWHERE, TIMETABLE, Actor, Scope
from database.engine import reading
from datasources.delivery.observation import Delivery, Observation
from indicators.digest import digest
from indicators.intake import take
from indicators.reading import World
from indicators.states import Light

MOMENT = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
ALL = TIMETABLE


@pytest.fixture
def deliver(cockpit):
    """Takes one value in at a moment: `deliver("ENV-01", "2026-11-22T13", 50.0, at)`."""

    def take_in(code: str, rows: dict[str, float], at: datetime, region: str = "445100") -> None:
        catalogue = cockpit.live_catalogue.current
        source = catalogue.source_of(code, World.DEMO).key
        told = [Observation(code, region, period, value, line=n) for n, (period, value) in enumerate(rows.items(), 1)]
        take(cockpit.engine, catalogue, Delivery(source, "test", at, told), door="push", by=ALL, now=at)

    return take_in


@pytest.fixture
def seen(cockpit):
    """The digest of a region for an actor."""

    def ask(since: datetime, *, region: str = "445100", by: Actor = ALL, now: datetime = MOMENT):
        with reading(cockpit.engine) as connection:
            return digest(
                connection, cockpit.live_catalogue.current, by, world=World.DEMO, region=region, since=since, now=now
            )

    return ask


WAVES = (0, 7, 3, 9, 1, 6, -2, 5, 8, 2, -3, 4)
HOURS = {f"2026-11-{20 + n // 24}T{n % 24:02d}": 84.0 + WAVES[n % 12] for n in range(24, 60)}
"""From 21 November to 22 November 11:00, every hour; steps of about six."""


@pytest.mark.feature(3)
def test_a_light_that_changed_since_is_told_with_what_it_was(deliver, seen) -> None:
    deliver("ENV-01", HOURS, MOMENT - timedelta(hours=3))
    deliver("ENV-01", {"2026-11-22T12": 108.0}, MOMENT - timedelta(minutes=5))
    found = seen(MOMENT - timedelta(hours=1))
    assert [(one.theme.id, one.before, one.after) for one in found.lights] == [
        ("environment", Light.NORMAL, Light.ATTENTION)
    ]
    assert seen(MOMENT - timedelta(minutes=1)).lights == ()


@pytest.mark.feature(3)
def test_a_figure_beyond_its_usual_steps_is_told_and_a_usual_step_is_not(deliver, seen) -> None:
    deliver("ENV-01", HOURS, MOMENT - timedelta(hours=3))
    deliver("ENV-01", {"2026-11-22T12": 48.0}, MOMENT - timedelta(minutes=5))
    (moved,) = seen(MOMENT - timedelta(hours=1)).moves
    assert (moved.indicator.code, moved.before.value, moved.after.value) == ("ENV-01", 88.0, 48.0)
    deliver("ENV-01", {"2026-11-22T12": 85.0}, MOMENT - timedelta(minutes=4))
    assert seen(MOMENT - timedelta(hours=1)).moves == ()


@pytest.mark.feature(3)
def test_a_source_that_went_silent_since_is_told_once(deliver, seen) -> None:
    deliver("ENV-01", HOURS, datetime(2026, 11, 21, 16, 30, tzinfo=UTC))
    early = datetime(2026, 11, 21, 16, 20, tzinfo=UTC)
    late = seen(early).late
    assert any(one.source.key.startswith("demo_") for one in late)
    assert seen(MOMENT - timedelta(minutes=5)).late == ()


@pytest.mark.feature(3)
def test_a_history_loaded_later_as_a_whole_counts_as_it_stood_then(deliver, seen) -> None:
    """The first day of a product must not tell that everything has changed."""
    deliver("ENV-01", HOURS | {"2026-11-22T12": 85.0}, MOMENT - timedelta(minutes=5))
    found = seen(MOMENT - timedelta(hours=1))
    assert found.lights == () and found.moves == ()


def test_who_may_not_see_the_region_learns_nothing(deliver, seen) -> None:
    deliver("ENV-01", {"2026-11-22T12": 108.0}, MOMENT - timedelta(minutes=5))
    for scope in (NOWHERE, Scope(frozenset({"445103"}))):
        found = seen(MOMENT - timedelta(hours=1), by=Actor("甲", "county", scope))
        assert (found.lights, found.moves, found.late, found.arrived) == ((), (), (), 0)


@pytest.mark.parametrize("since", ["yesterday", "2026-13-01T00:00Z"])
def test_a_moment_that_is_none_is_refused(client, since: str) -> None:
    assert client.get(f"/panel/digest?since={since}").status_code == 400
    assert client.get("/panel/digest?since=1999-01-01T00:00Z").status_code == 200
