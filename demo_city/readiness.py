"""The demo city's response levels and rosters: invented people on numbers nobody can have, kept up to date."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, select

from access.actor import EVERYWHERE, Actor
from database.engine import writing
from database.foresight_tables import warnings
from database.readiness_tables import response_steps
from demo_city.feed import canary_of
from demo_city.rosters import keep_rosters
from dispatch.responses import Wish, command
from dispatch.rulebook import Rulebook, rulebook

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

WORLD = "demo"
EVERY_SECONDS = 60
COMMANDER = Actor(
    "许指挥（模拟）", "demo", EVERYWHERE, frozenset({"responses.command", "warnings.view", "events.view"}),
    user="demo-commander", role_name="模拟人员", kind="person",
)  # fmt: skip
"""The demo city's commander: nobody signs in as him."""
_AT_LEAST = timedelta(hours=6)
"""So long a level of the demo city holds, and so long it is off."""
_WEATHER = ("rain", "storm", "typhoon", "river", "water", "wind", "flood")


@dataclass
class ReadinessFeeder:
    """Plants what a duty room would find: a response that ended last week, one now if the weather asks for it, rosters
    from last week to the next."""

    engine: Engine
    catalogue: Callable[[], Catalogue]
    seed: int

    def tick(self, now: datetime) -> int:
        """Plant what is missing; how much was done."""
        rules = rulebook(self.catalogue())
        return _levels(self.engine, rules, now) + keep_rosters(self.engine, rules, self.seed, now)


def load(engine: Engine, catalogue: Catalogue, seed: int, now: datetime, canary: str | None = None) -> int:
    """Everything at once, for the first start. With a canary every county has a level of its own that carries it."""
    rules = rulebook(catalogue)
    done = _levels(engine, rules, now) + keep_rosters(engine, rules, seed, now, canary)
    if canary is not None:
        with writing(engine) as connection:
            for county in catalogue.children(catalogue.city.code):
                words = canary_of(canary, county.code)
                _command(connection, rules, "general", 4, f"演练 {words}", "document", words, None, now, county.code)
    return done


def _levels(engine: Engine, rules: Rulebook, now: datetime) -> int:
    if not rules.rules.responses:
        return 0
    with writing(engine) as connection:
        return _past(connection, rules, now) + _present(connection, rules, now)


def _past(connection: Connection, rules: Rulebook, now: datetime) -> int:
    """Ⅳ级, Ⅲ级 and the end, over a day and a half of last week."""
    plan = rules.rules.responses[0].key
    if _is_planted(connection, plan):
        return 0
    begun = now - timedelta(days=7, hours=3)
    course = (
        (0, 4, "强降雨过程来临，各级三防责任人到岗", "潮汛〔模拟〕07号"),
        (9, 3, "韩江水位上涨较快，城区多处积水", "潮汛〔模拟〕08号"),
        (22, 4, "降雨减弱，水位回落", "潮汛〔模拟〕09号"),
        (31, 0, "降雨过程结束，水位退至警戒以下", "潮汛〔模拟〕10号"),
    )
    for version, (hours, level, reason, paper) in enumerate(course):
        _command(connection, rules, plan, level, reason, "document", paper, version, begun + timedelta(hours=hours))
    return len(course)


def _present(connection: Connection, rules: Rulebook, now: datetime) -> int:
    """Ⅳ级 while a red or orange weather warning is in force, and its end some hours after the last one."""
    plan = next((one.key for one in rules.rules.responses if one.key == "weather"), "")
    found = _weather_warning(connection)
    c = response_steps.c
    query = select(c.seq, c.level, c.at, c.account).where(c.world == WORLD, c.plan == plan)
    last = connection.execute(query.order_by(c.seq.desc()).limit(1)).first()
    if not plan or (last is not None and (last.account != COMMANDER.user or now - last.at < _AT_LEAST)):
        return 0
    standing = last is not None and last.level > 0
    if standing is (found is not None):
        return 0
    if found is None and last is not None:
        _command(connection, rules, plan, 0, "气象预警解除，风险降低", "document", "值班记录（模拟）", last.seq, now)
    else:
        reason = "气象预警生效，相关单位加强值守、排查低洼易涝点"
        _command(connection, rules, plan, 4, reason, "warning", str(found), None, now)
    return 1


def _weather_warning(connection: Connection) -> int | None:
    c = warnings.c
    query = select(c.id, c.rule, c.theme).where(c.world == WORLD, c.lifted_at.is_(None), c.level.in_((1, 2)))
    rows = connection.execute(query.order_by(c.level, c.id))
    return next((row.id for row in rows if any(word in row.rule for word in _WEATHER)), None)


def _is_planted(connection: Connection, plan: str) -> bool:
    c = response_steps.c
    return connection.execute(select(c.id).where(c.world == WORLD, c.plan == plan).limit(1)).first() is not None


def _command(
    connection: Connection, rules: Rulebook, plan: str, level: int, reason: str, kind: str, ref: str,
    version: int | None, at: datetime, region: str = "",
) -> None:  # fmt: skip
    typed = str(level) if level else "终止"
    wish = Wish(WORLD, plan, region or rules.catalogue.city.code, level, typed, reason, kind, ref, version, at)
    command(connection, rules, wish, by=COMMANDER, now=at)
