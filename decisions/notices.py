"""Warnings and response levels told by the ways departments are reached: to the unit concerned, or to who wants all.

They lie in the outbox beside the deliveries of events and are sent, paced and put off alike. A notice belongs to no
event: its `event_id` is the negative number of the warning or of the command, its `seq` the step (below 0: a response).
Like deliveries of events, nothing of the demo city leaves the house.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, insert, select

from database.dispatch_tables import outbox
from database.engine import reading, writing
from database.foresight_tables import warning_steps, warnings
from database.readiness_tables import response_steps
from decisions.warning_rule import CHARACTERS, Level
from dispatch.outbox import terms_in
from dispatch.response import ACT_NAMES, Act
from dispatch.rulebook import Rulebook

EVERY_SECONDS = 10.0
LOOKED_BACK = timedelta(hours=1)
"""What is older was told, or is no news any more."""
REAL = "real"
TURNS = {"raised": "预警", "lowered": "预警降级", "lifted": "预警解除"}
"""Steps of a warning that are told."""
ROMAN = {1: "Ⅰ级", 2: "Ⅱ级", 3: "Ⅲ级", 4: "Ⅳ级", 0: "终止"}


@dataclass(frozen=True)
class Notice:
    """Something to be told. `units`: whom it concerns; who asked for all is told as well."""

    number: int
    seq: int
    level: int
    units: frozenset[str]
    payload: dict[str, Any]


@dataclass(frozen=True)
class NoticeRound:
    """Puts what is new into the outbox; `tick` is the timetable's."""

    engine: Engine
    rules: Callable[[], Rulebook]

    def tick(self, now: datetime) -> int:
        """How many deliveries were put."""
        rules = self.rules()
        if not subscribed(rules):
            return 0
        with reading(self.engine) as connection:
            found = [*_warnings(connection, rules, now), *_responses(connection, rules, now)]
            wanted = [row for one in found for row in deliveries(rules, one, now)]
            new = [row for row in wanted if not _is_known(connection, row)]
        if new:
            with writing(self.engine) as connection:
                connection.execute(insert(outbox), new)
        return len(new)


def subscribed(rules: Rulebook) -> bool:
    """True if any channel asked for notices."""
    return any(terms_in(one.kind, one.options).notices != "none" for one in rules.rules.channels)


def deliveries(rules: Rulebook, notice: Notice, now: datetime) -> Iterator[dict[str, Any]]:
    """One row for each channel that is subscribed to notices of this unit and level."""
    for one in rules.rules.channels:
        terms = terms_in(one.kind, one.options)
        concerns = terms.notices == "all" or (terms.notices == "own" and one.department in notice.units)
        if concerns and terms.backup_of is None and notice.level in terms.levels:
            yield {
                "event_id": -notice.number, "seq": notice.seq, "department": one.department, "channel": one.kind,
                "payload": notice.payload, "state": "waiting", "tries": 0, "next_at": now, "made_at": now,
                "sent_at": None,
            }  # fmt: skip


def _is_known(connection: Connection, row: dict[str, Any]) -> bool:
    same = (outbox.c[name] == row[name] for name in ("event_id", "seq", "department", "channel"))
    return connection.execute(select(outbox.c.id).where(*same)).first() is not None


def _warnings(connection: Connection, rules: Rulebook, now: datetime) -> Iterator[Notice]:
    """Steps of speaking warnings of the last hour; what is quiet, only expected or from late data alarms nobody."""
    rows = connection.execute(
        select(warning_steps.c.id.label("step"), warning_steps.c.act, warning_steps.c.at, warning_steps.c.level,
               warnings.c.id, warnings.c.name, warnings.c.region, warnings.c.owner, warnings.c.peak_level)
        .join(warnings, warnings.c.id == warning_steps.c.warning)
        .where(
            warnings.c.world == REAL, warning_steps.c.act.in_(TURNS), warning_steps.c.at > now - LOOKED_BACK,
            warnings.c.quiet.is_(None), warnings.c.measure != "forecast", warnings.c.is_late.is_(False),
        )
        .order_by(warning_steps.c.id)
    )  # fmt: skip
    for row in rows:
        level = row.level or row.peak_level
        title = f"{rules.region_name(row.region)}{row.name}{CHARACTERS[Level(level)]}色{TURNS[row.act]}"
        payload = _payload(rules, f"YJ-{row.id}", row.step, TURNS[row.act], title, level, row.region, "预警", row.at)
        yield Notice(row.id, row.step, level, frozenset({row.owner}), payload)


def _responses(connection: Connection, rules: Rulebook, now: datetime) -> Iterator[Notice]:
    """Commands of the last hour that took effect; a proposal that waits for a second person is none yet."""
    rows = connection.execute(
        select(response_steps)
        .where(
            response_steps.c.world == REAL, response_steps.c.recorded_at > now - LOOKED_BACK,
            response_steps.c.act != Act.ASK.value,
        )
        .order_by(response_steps.c.id)
    )  # fmt: skip
    plans = {one.key: one for one in rules.rules.responses}
    for row in rows:
        plan = plans.get(row.plan)
        name = plan.name if plan else row.plan
        act = ACT_NAMES[Act(row.act)]
        title = f"{rules.region_name(row.region)}{name}{act}{ROMAN[row.level] if row.level else ''}应急响应"
        level = row.level or 4
        payload = _payload(
            rules, f"XY-{row.id}", row.seq, f"应急响应{act}", title, level, row.region, name, row.recorded_at
        )  # fmt: skip
        yield Notice(row.id, -row.id, level, frozenset({plan.lead} if plan and plan.lead else ()), payload)


def _payload(
    rules: Rulebook, number: str, seq: int, act: str, title: str, level: int, region: str, category: str, at: datetime
) -> dict[str, Any]:  # fmt: skip
    """As channels expect it of an event."""
    return {
        "number": number, "seq": seq, "world": REAL, "action": "notice", "action_name": act, "state": "",
        "title": title, "level": level, "category": "", "category_name": category, "region": region,
        "region_name": rules.region_name(region), "lead": None, "place": "", "lon": None, "lat": None,
        "at": at.isoformat(), "due_at": None,
    }  # fmt: skip
