"""What people do about warnings: take up, judge, keep quiet, change a rule. Each act leaves a step and an audit row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from sqlalchemy import Connection, select

from access.actor import Actor, OutOfScope
from access.audit import record
from database import changes
from database.foresight_tables import warning_edits, warning_silences, warnings
from decisions.warning import Warning
from decisions.warning_book import record_step
from decisions.warning_rules import Rules, edited
from decisions.warnings import topic_of, warning
from indicators.catalogue import Catalogue

CITY_TIME = ZoneInfo("Asia/Shanghai")
HANDOVERS = (8, 20)
"""Hours of the day at which shifts change: an acknowledgement holds until the next one."""
LONGEST_SILENCE = timedelta(days=14)
VERDICTS = {"confirmed": "属实", "false": "误报"}

OpenEvent = Callable[[Connection, Warning], str]
"""Opens an event from a warning inside the transaction and gives its number."""


class ActRefused(ValueError):
    """An act that cannot be done; the message is for people."""


class MovedMeanwhile(Exception):
    """Somebody acted on the warning since it was shown; `now` is how it stands."""

    def __init__(self, now: Warning) -> None:
        super().__init__("这条预警刚刚有变化，请看清后再操作。")
        self.now = now


def acknowledge(
    connection: Connection, by: Actor, number: int, *, comment: str, version: int | None = None, now: datetime
) -> Warning:
    """Take a warning up until the next handover; a comment says what is being done."""
    found = _mine(connection, by, number, "warnings.acknowledge")
    words = _words(comment, "请写明正在采取的措施")
    changed = {
        "acknowledged_by": by.name, "acknowledged_at": now, "comment": words, "keep_until": next_handover(now),
    }  # fmt: skip
    return _change(connection, by, found, changed, "acknowledged", words, version, now)


def judge(
    connection: Connection, by: Actor, number: int, *, verdict: str, note: str, version: int | None = None,
    now: datetime,
) -> Warning:  # fmt: skip
    """Say whether a warning was right: the score of its rule follows from it."""
    found = _mine(connection, by, number, "warnings.acknowledge")
    if verdict not in VERDICTS:
        raise ActRefused("结论只能是“属实”或“误报”")
    words = _words(note, "请写明依据")
    changed = {"verdict": verdict, "verdict_by": by.name, "verdict_at": now, "verdict_note": words}
    return _change(connection, by, found, changed, "judged", f"{VERDICTS[verdict]}：{words}", version, now)


def to_event(
    connection: Connection, by: Actor, number: int, *, opened: OpenEvent, version: int | None = None, now: datetime
) -> Warning:
    """Open an event that carries the evidence; the second click finds the first one's event."""
    found = _mine(connection, by, number, "events.report")
    if found.event is not None:
        return found
    event = opened(connection, found)
    return _change(connection, by, found, {"event": event}, "event", event, version, now)


def silence(
    connection: Connection, catalogue: Catalogue, by: Actor, rules: Rules, *, world: str, rule: str,
    region: str | None, reason: str, ends_at: datetime, now: datetime,
) -> int:  # fmt: skip
    """Keep a rule quiet until `ends_at` in `region` and below (None: everywhere); its warnings are still kept."""
    by.require("warnings.acknowledge", region)
    if region is None and by.scope.regions is not None:
        raise OutOfScope(right="warnings.acknowledge")
    if rule not in rules.rules:
        raise ActRefused("没有这条规则")
    if not now < ends_at <= now + LONGEST_SILENCE:
        raise ActRefused(f"静默须有结束时间，最长 {LONGEST_SILENCE.days} 天")
    words = _words(reason, "请写明静默的理由")
    row = {
        "world": world, "rule": rule, "region": region, "reason": words, "by": by.name, "begins_at": now,
        "ends_at": ends_at,
    }  # fmt: skip
    key = connection.execute(warning_silences.insert().values(row)).inserted_primary_key
    _told(connection, by, "warnings.silence", f"rule {rule}", region or "", {"reason": words}, world, now)
    return int(key[0]) if key else 0


def end_silence(connection: Connection, by: Actor, number: int, *, now: datetime) -> None:
    """Let a rule speak again before its silence runs out."""
    row = connection.execute(select(warning_silences).where(warning_silences.c.id == number)).first()
    if row is None or (row.region is None and by.scope.regions is not None):
        raise OutOfScope(right="warnings.acknowledge")
    by.require("warnings.acknowledge", row.region)
    connection.execute(
        warning_silences.update()
        .where(warning_silences.c.id == number, warning_silences.c.ended_by.is_(None))
        .values(ended_by=by.name, ends_at=now)
    )
    _told(connection, by, "warnings.speak", f"rule {row.rule}", row.region or "", {}, row.world, now)


def edit_rule(
    connection: Connection,
    by: Actor,
    written: Rules,
    *,
    rule: str,
    edits: Mapping[str, Any],
    reason: str,
    now: datetime,
) -> None:
    """Change a rule on screen; {} takes the changes back. The change is kept beside the file and can be exported."""
    by.require("rules.edit")
    if by.scope.regions is not None:
        raise OutOfScope(right="rules.edit")
    if rule not in written.rules:
        raise ActRefused("没有这条规则")
    if edits:
        edited(written.rules[rule], edits)
    words = _words(reason, "请写明修改的理由")
    connection.execute(
        warning_edits.insert().values(
            rule=rule, changes=orjson.dumps(dict(edits)).decode(), reason=words, by=by.name, at=now
        )
    )
    record(connection, by=by, action="rules.edit", object=f"rule {rule}", detail={**edits, "reason": words}, now=now)
    changes.bump(connection, [changes.CATALOGUE])


def next_handover(now: datetime) -> datetime:
    """The next change of shifts in city time."""
    local = now.astimezone(CITY_TIME)
    today = local.replace(minute=0, second=0, microsecond=0)
    coming = [today.replace(hour=hour) + timedelta(days=day) for day in (0, 1) for hour in HANDOVERS]
    return next(moment for moment in coming if moment > local).astimezone(now.tzinfo)


def _mine(connection: Connection, by: Actor, number: int, right: str) -> Warning:
    by.require(right)
    found = warning(connection, by, number)
    if found is None:
        raise OutOfScope(right=right)
    return found


def _change(
    connection: Connection, by: Actor, found: Warning, changed: Mapping[str, Any], act: str, note: str,
    version: int | None, now: datetime,
) -> Warning:  # fmt: skip
    """One row, of the version that was seen; MovedMeanwhile if it has moved on."""
    seen = found.version if version is None else version
    moved = connection.execute(
        warnings.update()
        .where(warnings.c.id == found.id, warnings.c.version == seen)
        .values(**changed, version=seen + 1)
    )
    if moved.rowcount != 1:
        raise MovedMeanwhile(warning(connection, by, found.id) or found)
    record_step(connection, found.id, now, act, found.level, None, by=by.name, note=note)
    _told(connection, by, f"warnings.{act}", f"warning {found.id}", found.region, {"note": note}, found.world, now)
    return warning(connection, by, found.id) or found


def _told(
    connection: Connection, by: Actor, action: str, what: str, region: str, detail: Mapping[str, object], world: str,
    now: datetime,
) -> None:  # fmt: skip
    record(connection, by=by, action=action, object=what, region=region, detail=detail, now=now)
    changes.bump(connection, [topic_of(world)])


def _words(given: str, otherwise: str) -> str:
    words = " ".join(given.split())[:300]
    if len(words) < 2:
        raise ActRefused(otherwise)
    return words
