"""Issues the digests: each morning for the city, its counties and its themes; again for one subject when asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import Connection, Engine, select

from access.actor import TIMETABLE, Actor
from database.engine import reading, writing
from database.foresight_tables import heartbeats
from decisions import digests
from decisions.digest import Digest, Item, Subject
from decisions.digest_changes import changes, gaps, moves_of
from decisions.digest_ground import Ground, ground
from decisions.digest_reasons import reasons
from decisions.digest_score import scored
from decisions.digest_text import written
from decisions.digest_watch import civil_day, to_watch
from decisions.digest_words import CITY_TIME
from decisions.night import FORECASTS
from decisions.warnings import ENGINE
from indicators.catalogue import Catalogue
from indicators.reading import World

EVERY_SECONDS = 120.0
MORNING = time(7, 30)
"""City time from which the day's text is issued: after the night's batch, before the morning meeting."""


@dataclass(frozen=True)
class DigestRound:
    """Keeps the texts of the day in being; `tick` is the timetable's."""

    engine: Engine
    catalogue: Callable[[], Catalogue]

    def tick(self, now: datetime) -> int:
        """Issue what the day has not got yet; how many. The first start does not wait for the morning."""
        catalogue, day = self.catalogue(), civil_day(now)
        made = 0
        for world in worlds(catalogue):
            with reading(self.engine) as connection:
                present = digests.issued_on(connection, world, day)
                if never_ran(connection):
                    continue
                is_early = now.astimezone(CITY_TIME).time() < MORNING and digests.any_of(connection, world)
            missing = [one for one in subjects(catalogue, world) if (one.region, one.theme) not in present]
            if missing and not is_early:
                made += self.issue(catalogue, missing, now)
        return made

    def issue(self, catalogue: Catalogue, wanted: list[Subject], now: datetime) -> int:
        """Make and keep these texts, those of one region from one look at it; how many are new."""
        made = 0
        shared: dict[tuple[str, str], Ground] = {}
        for subject in wanted:
            with reading(self.engine) as connection:
                place = (subject.world, subject.region)
                on = ground(connection, catalogue, TIMETABLE, subject, now=now, shared=shared.get(place))
                shared[place] = on
                items = compose(on, digests.before(connection, subject, civil_day(now)))
            if is_silent(on):
                continue
            with writing(self.engine) as connection:
                made += digests.put(connection, subject, civil_day(now), items, now)[1]
        return made


def compose(on: Ground, before: Digest | None) -> list[Item]:
    """The whole text from what is known now. The same facts give the same text."""
    moves = moves_of(on)
    return [
        written(item)
        for item in (*changes(on, moves), *reasons(on, moves), *to_watch(on), *gaps(on), *scored(on, before))
    ]  # fmt: skip


def is_silent(on: Ground) -> bool:
    """True for a world or region in which nothing has ever been known: there is nothing to tell about it."""
    return not any(
        found.value is not None for code, found in on.readings.items() if on.concerns(on.catalogue.indicators[code])
    )


def issue_now(engine: Engine, catalogue: Catalogue, by: Actor, subject: Subject, *, now: datetime) -> Digest | None:
    """A further edition on request, seen with the rights of who asks; None where nothing is known."""
    if not by.scope.allows(subject.region):
        return None
    DigestRound(engine, lambda: catalogue).issue(catalogue, [subject], now)
    with reading(engine) as connection:
        return digests.newest(connection, by, subject, day=civil_day(now))


def subjects(catalogue: Catalogue, world: str) -> list[Subject]:
    """The city, each theme of it, each county."""
    city = catalogue.city.code
    return [
        Subject(world, city),
        *(Subject(world, city, theme) for theme in catalogue.themes),
        *(Subject(world, county.code) for county in catalogue.children(city)),
    ]


def worlds(catalogue: Catalogue) -> list[str]:
    """The worlds texts are made of."""
    return [World.REAL.value, World.DEMO.value] if catalogue.demo_city else [World.REAL.value]


def never_ran(connection: Connection) -> bool:
    """True on a first start, before forecasts and warnings have been worked out once."""
    beaten = set(connection.execute(select(heartbeats.c.engine)).scalars())
    return not {FORECASTS, ENGINE} <= beaten
