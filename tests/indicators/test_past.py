"""Readings as of an earlier moment: exactly what `latest` gave then, whatever came since."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from access.actor import Scope
from database.engine import reading
from indicators.intake import take
from indicators.past import as_known, begins
from indicators.readings import history, latest, latest_in, revisions
from small_city import CITY, CLERK, COUNTIES, NOW, delivery, new_database, row, small_catalogue

CATALOGUE = small_catalogue()
HOUR = timedelta(hours=1)


def give(engine, moment, *rows):
    take(engine, CATALOGUE, delivery(*rows), door="file", by=CLERK, now=moment)


def then(engine, region, moment, by=CLERK, *, seen_at=None):
    """The readings at `moment`: as they stand, or as rebuilt when looked at later."""
    with reading(engine) as connection:
        bound = connection if seen_at is None else as_known(connection, seen_at)
        found = latest(bound, CATALOGUE, by, world="real", region=region, now=moment)
    return {
        code: (one.period, one.value, one.known_at, one.freshness, one.source, one.quality, one.history)
        for code, one in found.items()
        if one.value is not None
    }


DELIVERIES = st.lists(
    st.lists(
        st.tuples(st.sampled_from(COUNTIES), st.integers(1, 9), st.integers(0, 50)),
        min_size=1, max_size=6, unique_by=lambda one: one[:2],
    ),
    min_size=1, max_size=6,
)  # fmt: skip


@pytest.mark.feature(121)
@settings(max_examples=25)
@given(DELIVERIES)
def test_the_past_is_what_was_shown_then(tmp_path_factory, deliveries) -> None:
    """Deliveries, revisions and roll-ups in any order: each moment rebuilt later equals what stood then."""
    engine, shown = new_database(tmp_path_factory.mktemp("past") / "cockpit.db"), {}
    for step, rows in enumerate(deliveries):
        moment = NOW + step * HOUR
        give(engine, moment, *(row("SUM-01", region, f"2026-{month:02d}", float(v)) for region, month, v in rows))
        shown |= {(region, moment): then(engine, region, moment) for region in (CITY, *COUNTIES)}
    for (region, moment), stood in shown.items():
        assert then(engine, region, moment, seen_at=moment) == stood
    engine.dispose()


@pytest.fixture
def revised(tmp_path):
    engine = new_database(tmp_path / "cockpit.db")
    give(engine, NOW, row("SUM-01", "445102", "2026-08", 8.0))
    give(engine, NOW + HOUR, row("SUM-01", "445102", "2026-08", 8.8), row("SUM-01", "445102", "2026-09", 9.0))
    yield engine
    engine.dispose()


@pytest.mark.feature(121)
def test_nothing_learned_later_shows_through_any_reading(revised) -> None:
    with reading(revised) as connection:
        bound = as_known(connection, NOW)
        given = {"world": "real", "code": "SUM-01"}
        one = latest_in(bound, CATALOGUE, CLERK, regions=["445102"], now=NOW, **given)["445102"]
        assert (one.period, one.value) == ("2026-08", 8.0)
        assert [point.value for point in history(bound, CATALOGUE, CLERK, region="445102", **given)] == [8.0]
        told = revisions(bound, CATALOGUE, CLERK, region="445102", period="2026-08", **given)
        assert [point.value for point in told] == [8.0]
        later = history(bound, CATALOGUE, CLERK, region="445102", known_at=NOW + 9 * HOUR, **given)
        assert [point.value for point in later] == [8.0], "a wish for later knowledge does not reach past the moment"


def test_before_the_first_delivery_nothing_was_known_and_that_is_said(revised) -> None:
    before = NOW - HOUR
    with reading(revised) as connection:
        assert begins(connection, "real") == NOW
        found = latest(as_known(connection, before), CATALOGUE, CLERK, world="real", region="445102", now=before)
    assert found["SUM-01"].value is None and found["SUM-01"].reason


def test_the_past_is_seen_within_ones_scope(revised) -> None:
    stranger = replace(CLERK, scope=Scope(frozenset({"445122"})))
    assert then(revised, "445102", NOW, stranger, seen_at=NOW) == {}
    with reading(revised) as connection:
        bound = as_known(connection, NOW)
        assert latest_in(
            bound, CATALOGUE, stranger, world="real", code="SUM-01", regions=["445102"], now=NOW
        ) == {}  # fmt: skip


def test_the_present_is_untouched_by_who_looks_back(revised) -> None:
    with reading(revised) as connection:
        as_known(connection, NOW)
    assert then(revised, "445102", NOW + HOUR)["SUM-01"][:2] == ("2026-09", 9.0)
