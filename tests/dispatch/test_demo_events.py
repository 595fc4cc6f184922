"""The demo city's events: by the real doors, whole, repeatable, going on live, and never a person's event."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from access.actor import LOOPBACK
from database.dispatch_tables import events, inbox, ledger, outbox
from database.engine import reading, writing
from demo_city import SEED
from demo_city import events as demo
from demo_city.event_plans import planned
from dispatch.clocks import case_clock, current_clock
from dispatch.loop import decisions, loop, pins, ticker
from dispatch.records import EVENT_COLUMNS, event_of, whole
from dispatch.state import OPEN, State
from small_city import new_database

NOW = datetime(2026, 11, 20, 7, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def filled(tmp_path_factory, catalogue):
    """Nine days of demo events."""
    from access import sealing

    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    before, demo.HISTORY = demo.HISTORY, timedelta(days=9)
    engine = new_database(tmp_path_factory.mktemp("demo") / "demo.db")
    summary = demo.load(engine, catalogue, SEED, NOW)
    demo.HISTORY = before
    yield engine, summary
    engine.dispose()


def test_the_same_seed_plans_the_same_events_in_any_order(catalogue) -> None:
    start, middle = NOW - timedelta(days=3), NOW - timedelta(days=2)
    at_once = planned(catalogue, SEED, start, NOW)
    assert at_once == [*planned(catalogue, SEED, start, middle), *planned(catalogue, SEED, middle, NOW)]
    assert planned(catalogue, SEED + 1, start, NOW) != at_once


def test_everything_is_marked_simulated_and_lies_in_its_county(filled, catalogue) -> None:
    engine, summary = filled
    with reading(engine) as connection:
        rows = connection.execute(select(events)).all()
    assert summary.events == len(rows) > 120
    assert {(row.world, row.provenance) for row in rows} == {("demo", "simulated")}
    assert all(row.description.startswith("（模拟数据）") and row.number.startswith("MN-") for row in rows)
    assert {row.county for row in rows} == {county.code for county in catalogue.children("445100")}
    assert any(row.episode for row in rows)
    assert {row.state for row in rows} >= {"handling", "evaluated", "merged"}


def test_the_history_is_what_single_moves_would_have_written(filled, rules) -> None:
    engine, _ = filled
    with reading(engine) as connection:
        for row in connection.execute(select(events).limit(40)).all():
            mine = connection.execute(select(*EVENT_COLUMNS).where(events.c.id == row.id)).one()
            case = whole(connection, event_of(mine))
            assert [one.seq for one in case.ledger] == list(range(1, row.version + 1))
            assert case.ledger[-1].state == row.state
            clock, total = current_clock(case, rules), case_clock(case, rules)
            assert row.stage_due_at == (clock.due_at if clock else None)
            if State(row.state) in OPEN:
                assert row.case_due_at == (total.due_at if total else None)
        sent = connection.execute(select(func.count()).select_from(outbox)).scalar_one()
        assert sent == connection.execute(select(func.count()).select_from(inbox)).scalar_one() > 0


def test_loading_again_changes_nothing(filled, catalogue) -> None:
    engine, _ = filled
    demo.HISTORY, before = timedelta(days=9), demo.HISTORY
    assert demo.load(engine, catalogue, SEED, NOW).events == 0
    demo.HISTORY = before


def test_a_name_kept_from_before_the_history_is_not_played_again(filled, catalogue) -> None:
    """Another seed had put the same call a little earlier, out of the days asked for; the second load then failed."""
    engine, _ = filled
    mine = events.c.id == select(func.max(events.c.id)).scalar_subquery()
    with writing(engine) as connection:
        reported = connection.execute(select(events.c.reported_at).where(mine)).scalar_one()
        connection.execute(update(events).where(mine).values(reported_at=NOW - timedelta(days=10)))
    demo.HISTORY, before = timedelta(days=9), demo.HISTORY
    try:
        assert demo.load(engine, catalogue, SEED, NOW).events == 0
    finally:
        demo.HISTORY = before
        with writing(engine) as connection:
            connection.execute(update(events).where(mine).values(reported_at=reported))


@pytest.mark.feature(154)
def test_the_wall_has_a_loop_of_eight_stages_and_the_plans_four(filled) -> None:
    engine, _ = filled
    ask = {"world": "demo", "region": "445100", "now": NOW}
    with reading(engine) as connection:
        found = loop(connection, LOOPBACK, **ask)
        counties = [
            loop(connection, LOOPBACK, **ask | {"region": one}) for one in ("445102", "445103", "445122", "445185")
        ]
        rows, marks = ticker(connection, LOOPBACK, **ask), pins(connection, LOOPBACK, **ask)
        waiting = decisions(connection, LOOPBACK, **ask)
    assert len(found.stages) == 8 and found.folds[0].name == "事件受理"
    assert found.open == sum(one.open for one in counties) == len(marks) > 10
    assert sum(stage.in_stage for stage in found.stages) >= found.open
    assert [stage.reached for stage in found.stages] == sorted((s.reached for s in found.stages), reverse=True)
    assert found.stages[0].reached == found.accepted > 0
    assert len(rows) == 8 and all(row.simulated for row in rows)
    assert [row.at for row in rows] == sorted((row.at for row in rows), reverse=True)
    assert all((row.since is None) != (row.eta is None) for row in waiting)


def test_live_goes_on_where_history_ends_and_leaves_people_alone(filled, catalogue) -> None:
    engine, _ = filled
    feeder = demo.EventFeeder(engine, lambda: catalogue, SEED)
    with writing(engine) as connection:
        taken = connection.execute(select(events.c.id).where(events.c.state == "handling").limit(1)).scalar_one()
        connection.execute(update(ledger).where(ledger.c.event_id == taken, ledger.c.action == "sign").values(key=None))
        before = connection.execute(select(events.c.version).where(events.c.id == taken)).scalar_one()
    done = sum(feeder.tick(NOW + timedelta(minutes=20 * look)) for look in range(1, 25))
    with reading(engine) as connection:
        after = connection.execute(select(events.c.version).where(events.c.id == taken)).scalar_one()
        newest = connection.execute(select(func.max(ledger.c.at))).scalar_one()
    assert done > 20
    assert after == before
    assert newest > NOW + timedelta(hours=6)


def test_no_call_is_forgotten_at_the_door(filled) -> None:
    """A call about a matter settled meanwhile once stayed at 待核实 for ever and filled the wall with old delays."""
    engine, _ = filled
    with reading(engine) as connection:
        rows = connection.execute(select(events.c.state, events.c.reported_at)).all()
    waiting = [
        row for row in rows if row.state in {"reported", "accepted"} and row.reported_at < NOW - timedelta(days=2)
    ]
    assert not waiting
