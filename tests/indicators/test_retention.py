"""What is forgotten after ninety days, and what never is."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import func, select

from database.engine import reading, writing
from database.tables import calls, dead_letters
from indicators.retention import KEPT, forget


def call(days_ago: int, outcome: str, now, quarantined: int = 0) -> dict:
    moment = now - timedelta(days=days_ago)
    return {
        "source": "gauges", "door": "mqtt", "origin": "", "actor": "timetable", "started_at": moment,
        "ended_at": moment, "outcome": outcome, "quarantined": quarantined,
    }  # fmt: skip


def test_only_old_calls_that_brought_nothing_go(engine, now) -> None:
    past = KEPT.days + 1
    rows = [
        call(past, "taken", now),
        call(past, "unchanged", now),
        call(past, "failed", now),
        call(1, "unchanged", now),
    ]
    rows.append(call(past, "unchanged", now, quarantined=1))
    letter = {"topic": "t", "payload": "p", "error": "e", "tries": 3}
    with writing(engine) as connection:
        connection.execute(calls.insert(), rows)
        connection.execute(
            dead_letters.insert(), [letter | {"received_at": now - timedelta(days=d)} for d in (past, 1)]
        )
    assert forget(engine, now) == 3
    with reading(engine) as connection:
        kept = connection.execute(select(calls.c.outcome, calls.c.quarantined)).all()
        assert sorted(tuple(row) for row in kept) == [("taken", 0), ("unchanged", 0), ("unchanged", 1)]
        assert connection.execute(select(func.count()).select_from(dead_letters)).scalar() == 1
    assert forget(engine, now) == 0
