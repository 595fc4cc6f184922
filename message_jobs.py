"""What the timetable does with messages: routes them, looks for hot issues, keeps choices of crews, learns at night."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, select

import launch
from database.engine import reading
from database.foresight_tables import findings
from decisions import crew_choices, issue_search, routing_loop
from decisions.crew_choices import ChoiceKeeper
from decisions.issue_search import IssueSearch
from decisions.night import last_begin
from decisions.routing_loop import RoutingLoop
from decisions.routing_record import MODEL
from dispatch.rulebook import Rulebook, rulebook
from indicators.live_catalogue import LiveCatalogue

Line = tuple[str, float, Callable[[], object]]
"""Name, seconds between two times, what is done."""
LOOKED_AT_EVERY = 600.0


def lines(
    engine: Engine, catalogue: LiveCatalogue, catalogue_folder: Path, data_folder: Path, now: Callable[[], datetime]
) -> Iterator[Line]:
    """The lines of the timetable."""

    def rules() -> Rulebook:
        return rulebook(catalogue.current, catalogue_folder)

    loop = RoutingLoop(engine, rules, data_folder)
    search = IssueSearch(engine, rules, lambda: worlds(catalogue))
    keeper = ChoiceKeeper(engine, rules, catalogue_folder)
    yield "routing", routing_loop.EVERY_SECONDS, lambda: loop.tick(now())
    yield "hot issues", issue_search.EVERY_SECONDS, lambda: search.tick(now())
    yield "crew choices", crew_choices.EVERY_SECONDS, lambda: keeper.tick(now())
    yield "learning", LOOKED_AT_EVERY, lambda: launch.aside("learn") if is_due(engine, catalogue, now()) else None


def worlds(catalogue: LiveCatalogue) -> list[str]:
    """The worlds that are looked at."""
    return ["real", "demo"] if catalogue.current.demo_city else ["real"]


def is_due(engine: Engine, catalogue: LiveCatalogue, now: datetime) -> bool:
    """True if some world's router has not been trained since the last night began."""
    with reading(engine) as connection:
        rows = connection.execute(select(findings.c.world, findings.c.made_at).where(findings.c.model == MODEL)).all()
    made = {row.world: row.made_at for row in rows}
    return any(world not in made or made[world] < last_begin(now) for world in worlds(catalogue))
