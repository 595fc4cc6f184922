"""Rates as indicators: numbers of the ledger, once per day, revised when the ledger changes, each world by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from desk_people import LIN, WATER, XU, Desk, report

from access.actor import LOOPBACK
from database.engine import reading
from dispatch.figures import CODES, MEASURE_OF, SETTLED, SOURCE, Figures
from dispatch.measures import MEASURES
from indicators.calls import calls_of
from indicators.proof import proof
from indicators.reading import World
from indicators.readings import history

DAY = date(2026, 11, 18)
NEXT_MORNING = datetime(2026, 11, 19, 1, 0, tzinfo=UTC)


def told(desk: Desk, code: str, region: str = "445100", world: World = World.REAL) -> list:
    with reading(desk.engine) as connection:
        return history(
            connection, desk.rules.catalogue, LOOPBACK, world=world, code=code, region=region, start=DAY.isoformat(),
            end=DAY.isoformat(), now=desk.now,
        )  # fmt: skip


def figures(desk: Desk) -> Figures:
    return Figures(desk.engine, lambda: desk.rules)


@pytest.mark.feature(162, 153)
def test_a_finished_day_is_told_with_numerator_and_denominator(desk: Desk) -> None:
    desk.closed(report("1", occurred_at=desk.now - timedelta(minutes=9)))
    desk.handling(report("2"))
    figures(desk).tick(NEXT_MORNING)
    (found,) = told(desk, "EVT-20")
    assert (found.value, found.numerator, found.denominator, found.provenance.value) == (50.0, 1.0, 2.0, "live")
    (here,) = told(desk, "EVT-20", "445102")
    assert (here.numerator, here.denominator) == (1.0, 2.0)
    assert told(desk, "EVT-24")[0].value == 9.0, "discovered after nine minutes"
    assert told(desk, "EVT-23")[0].value is None, "nobody was called back: no rate, and no zero"
    assert not told(desk, "EVT-20", world=World.DEMO)[0].denominator


@pytest.mark.feature(163)
def test_the_chain_of_proof_leads_to_the_events(desk: Desk) -> None:
    desk.closed()
    figures(desk).tick(NEXT_MORNING)
    with reading(desk.engine) as connection:
        chain = proof(
            connection, desk.rules.catalogue, LOOPBACK, world="real", code="EVT-20", region="445100",
            period=DAY.isoformat(), now=NEXT_MORNING,
        )  # fmt: skip
    assert chain is not None and chain.call is not None
    assert (chain.call.door, chain.call.source, chain.call.actor) == ("ledger", SOURCE, "timetable")
    assert chain.raw is not None and "/evaluation?from=2026-11-18&to=2026-11-18&measure=closed_rate" in chain.raw


def test_what_is_told_again_changes_nothing_and_a_changed_ledger_revises(desk: Desk) -> None:
    number = desk.handling(report("1"))
    first = figures(desk)
    assert first.tick(NEXT_MORNING) > 0
    assert first.tick(NEXT_MORNING) == 0
    figures(desk).tick(NEXT_MORNING)
    with reading(desk.engine) as connection:
        again = [call for call in calls_of(connection, SOURCE, limit=200) if call.origin.endswith(DAY.isoformat())]
    assert [call.outcome for call in again] == ["unchanged", "taken"]
    (before,) = told(desk, "EVT-17")
    desk.now = NEXT_MORNING
    desk.do(number, "report", by=WATER, note="好了")
    desk.do(number, "verify", by=LIN)
    desk.do(number, "close", by=XU)
    first.tick(desk.now)
    (after,) = told(desk, "EVT-16")
    assert after.value == 100.0 and before.value == 0.0


def test_a_day_stands_a_week_after_its_end(desk: Desk) -> None:
    number = desk.handling(report("1"))
    clockwork = figures(desk)
    clockwork.tick(NEXT_MORNING)
    desk.now = NEXT_MORNING + SETTLED + timedelta(days=1)
    desk.do(number, "report", by=WATER, note="好了")
    clockwork.tick(desk.now)
    assert told(desk, "EVT-16")[0].value == 0.0


@pytest.mark.feature(162)
def test_demo_events_speak_for_the_demo_city_only_and_as_simulated(desk: Desk) -> None:
    desk.closed(replace(report("d"), world="demo", provenance="simulated"))
    figures(desk).tick(NEXT_MORNING)
    (found,) = told(desk, "EVT-20", world=World.DEMO)
    assert (found.denominator, found.provenance.value) == (1.0, "simulated")
    assert told(desk, "EVT-20")[0].denominator == 0.0


def test_every_rate_of_the_standard_is_an_indicator(rules) -> None:
    assert {*MEASURE_OF.values()} == {one.key for one in MEASURES}
    assert set(rules.catalogue.indicators) >= CODES
    assert {rules.catalogue.indicators[code].source for code in CODES} == {SOURCE}
