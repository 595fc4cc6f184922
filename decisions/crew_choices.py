"""What officers chose where a crew was suggested: written down seconds after each dispatch, for the score.

The suggestion is the one of that moment: duty list and record as of the dispatch, before its outcome is known.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Row, exists, insert, select

from access.actor import TIMETABLE
from database import changes
from database.dispatch_tables import events, ledger
from database.engine import reading, writing
from database.routing_tables import crew_choices
from decisions.crews import crews_for
from decisions.teams import TeamsRefused
from dispatch.refusal import DispatchError
from dispatch.rulebook import Rulebook
from dispatch.state import Action

log = logging.getLogger(__name__)

EVERY_SECONDS = 10
RECENT = timedelta(days=2)
AT_ONCE = 40


@dataclass(frozen=True)
class ChoiceKeeper:
    """Looks for dispatches whose choice was not written down yet; one tick at a time."""

    engine: Engine
    rules: Callable[[], Rulebook]
    folder: Path

    def tick(self, now: datetime) -> int:
        """Write down what was chosen; how many."""
        with reading(self.engine) as connection:
            made = [self._choice(connection, row) for row in _unkept(connection, now)]
        kept = [row for row in made if row is not None]
        if kept:
            with writing(self.engine) as connection:
                connection.execute(insert(crew_choices), kept)
                changes.bump(connection, sorted({f"events:{row['world']}" for row in kept}))
        return len(kept)

    def _choice(self, connection: Connection, row: Row[Any]) -> dict[str, Any] | None:
        """None where nobody could be suggested."""
        try:
            offered = crews_for(connection, self.rules(), row.number, by=TIMETABLE, now=row.at, folder=self.folder)
        except (DispatchError, TeamsRefused) as refused:
            log.warning("no suggestion for %s: %s", row.number, refused)
            return None
        if not offered or offered[0].part != "lead":
            return None
        first = offered[0]
        return {
            "event_id": row.event_id, "seq": row.seq, "world": row.world, "at": row.at, "by": row.actor,
            "suggested": first.department, "chosen": row.department, "reasons": list(first.reasons),
            "offered": [[one.department, one.part] for one in offered],
            "is_followed": first.department == row.department,
        }  # fmt: skip


def _unkept(connection: Connection, now: datetime) -> list[Any]:
    """Dispatches of the last days without a row, the oldest first."""
    c = ledger.c
    kept = exists().where(crew_choices.c.event_id == c.event_id, crew_choices.c.seq == c.seq)
    query = (
        select(c.event_id, c.seq, c.at, c.department, c.actor, events.c.number, events.c.world)
        .join(events, events.c.id == c.event_id)
        .where(c.action == Action.DISPATCH, c.at >= now - RECENT, c.department.is_not(None), ~kept)
    )
    return list(connection.execute(query.order_by(c.at).limit(AT_ONCE)))
