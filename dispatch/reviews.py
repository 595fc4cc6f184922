"""Where reviews are kept: begun, written, signed by another person, opened again; every act a version and audited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, update
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import Actor, Denied
from access.audit import record
from access.personal import mask_text
from database import changes
from database.review_tables import review_measures, review_versions, reviews
from database.storable import storable
from dispatch import records
from dispatch.event import Case, Event
from dispatch.hands import identity
from dispatch.moves import topics
from dispatch.refusal import Incomplete, MovedMeanwhile, NoSuchEvent, NotNow
from dispatch.review import LONGEST, LONGEST_MEASURE, MOST_MEASURES, Measure, Review, ReviewState
from dispatch.review_records import read
from dispatch.rulebook import Rulebook
from dispatch.state import DONE, SIDE_ENDS

WRITES, SIGNS = "events.close", "events.approve"


@dataclass(frozen=True)
class Written:
    """What a person writes; `version` as last seen."""

    version: int
    lessons: str = ""
    problems: str = ""
    note: str = ""


def review_of(connection: Connection, number: str | int, by: Actor) -> tuple[Case, Review | None]:
    """The event and its review, if one was begun; NoSuchEvent for what the actor may not see."""
    by.require("events.view")
    case = records.load(connection, number, by)
    return case, read(connection, case.event)


def begin(connection: Connection, number: str | int, *, by: Actor, now: datetime) -> Review:
    """Start the review of an event that is no other's part; one that is there already is given back as it is."""
    case, found = review_of(connection, number, by)
    _may(by, WRITES, case.event)
    if found is not None:
        return found
    if case.event.state in SIDE_ENDS:
        raise NotNow("review", "本件未立案或已并入他件，请在主事件上复盘")
    event = case.event
    row = {
        "event_id": event.id, "world": event.world, "version": 0, "state": ReviewState.DRAFT, "begun_by": identity(by),
        "begun_at": now,
    }  # fmt: skip
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(make(reviews).values(row).on_conflict_do_nothing(index_elements=["event_id"]))
    return _kept(connection, case, 0, "begin", Written(0), by, now)


def save(connection: Connection, number: str | int, written: Written, *, by: Actor, now: datetime) -> Review:
    """Keep what was written as a new version; MovedMeanwhile if somebody else saved since."""
    case, found = _open(connection, number, by)
    _plain("note", written.note, LONGEST_MEASURE)
    for name in ("lessons", "problems"):
        _plain(name, getattr(written, name), LONGEST)
    return _kept(connection, case, written.version, "save", written, by, now, found)


def sign(connection: Connection, number: str | int, version: int, note: str, *, by: Actor, now: datetime) -> Review:
    """Put it in force, by another person than who wrote last; the event must be closed and the texts written."""
    case, found = _open(connection, number, by, SIGNS)
    last = next(one for one in reversed(found.versions) if one.act != "sign")
    if case.event.state not in DONE:
        raise NotNow("review", "事件结案后才能签发复盘")
    if not found.newest.lessons.strip() or not found.newest.problems.strip():
        raise NotNow("review", "请先写明经验和问题")
    if last.account == identity(by):
        raise NotNow("another_person", "起草人不能签发自己写的复盘")
    _plain("note", note, LONGEST_MEASURE)
    signed = {"state": ReviewState.SIGNED, "signed_by": by.name, "signed_at": now}
    return _kept(connection, case, version, "sign", _again(found, note), by, now, found, signed)


def reopen(connection: Connection, number: str | int, version: int, note: str, *, by: Actor, now: datetime) -> Review:
    """Open a signed review for changes, for a reason; the signed version stays."""
    case, found = review_of(connection, number, by)
    _may(by, SIGNS, case.event)
    if found is None or found.state is not ReviewState.SIGNED:
        raise NotNow("review", "没有已签发的复盘")
    if not note.strip():
        raise Incomplete("note", "请写明退回修改的理由")
    _plain("note", note, LONGEST_MEASURE)
    opened = {"state": ReviewState.DRAFT, "signed_by": None, "signed_at": None}
    return _kept(connection, case, version, "reopen", _again(found, note), by, now, found, opened)


def add_measure(
    connection: Connection, rules: Rulebook, number: str | int, words: str, department: str, due_on: date, *, by: Actor,
    now: datetime,
) -> Review:  # fmt: skip
    """What is to be done better, by which department until which day."""
    case, found = _open(connection, number, by)
    if not words.strip():
        raise Incomplete("words", "请写明措施")
    _plain("words", words, LONGEST_MEASURE)
    if department not in rules.catalogue.departments:
        raise Incomplete("department", "没有这个单位")
    if due_on < now.date():
        raise Incomplete("due_on", "完成日应在今天或以后")
    if len(found.now) >= MOST_MEASURES:
        raise NotNow("review", f"措施至多 {MOST_MEASURES} 条")
    row = {
        "event_id": case.event.id,
        "position": len(found.measures) + 1,
        "words": storable(words.strip(), LONGEST_MEASURE),
        "department": department,
        "due_on": due_on.isoformat(),
        "since_version": found.newest.version + 1,
    }
    made = _kept(connection, case, found.newest.version, "measure", _again(found, f"新增：{words}"), by, now, found)
    connection.execute(insert(review_measures).values(row))
    return read(connection, case.event) or made


def drop_measure(connection: Connection, number: str | int, position: int, *, by: Actor, now: datetime) -> Review:
    """Take a measure out of the draft; earlier versions keep it."""
    case, found = _open(connection, number, by)
    one = _measure(found, position)
    made = _kept(connection, case, found.newest.version, "measure", _again(found, f"撤下：{one.words}"), by, now, found)
    values = {"dropped_version": found.newest.version + 1}
    connection.execute(update(review_measures).where(*_at(case.event, position)).values(values))
    return read(connection, case.event) or made


def finish_measure(
    connection: Connection, number: str | int, position: int, note: str, *, by: Actor, now: datetime
) -> Review:  # fmt: skip
    """Report a measure done, once: by its department, or by the centre that holds the event."""
    case, found = review_of(connection, number, by)
    if found is None:
        raise NotNow("review", "还没有复盘")
    one = _measure(found, position)
    is_theirs = by.scope.departments is not None and one.department in by.scope.departments
    if not (is_theirs and by.may("events.handle")):
        _may(by, WRITES, case.event)
    if not note.strip():
        raise Incomplete("note", "请写明完成情况")
    _plain("note", note, LONGEST_MEASURE)
    values = {"done_at": now, "done_by": by.name, "done_note": storable(note.strip(), LONGEST_MEASURE)}
    open_one = (*_at(case.event, position), review_measures.c.done_at.is_(None))
    if connection.execute(update(review_measures).where(*open_one).values(values)).rowcount != 1:
        raise NotNow("review", "这一条已完成")
    _audit(connection, case.event, "measure_done", {"position": position}, by, now)
    changes.bump(connection, topics(case))
    return read(connection, case.event) or found


def _open(connection: Connection, number: str | int, by: Actor, right: str = WRITES) -> tuple[Case, Review]:
    case, found = review_of(connection, number, by)
    _may(by, right, case.event)
    if found is None:
        raise NotNow("review", "请先开始复盘")
    if found.state is ReviewState.SIGNED:
        raise NotNow("review", "复盘已签发，退回修改后才能改")
    return case, found


def _may(by: Actor, right: str, event: Event) -> None:
    """The centre that holds the event writes and signs: no department, no other level."""
    by.require(right)
    if by.scope.departments is not None or not by.scope.allows(event.holder):
        raise Denied("由承办本件的中心复盘", right=right)


def _plain(field: str, text: str, longest: int) -> None:
    """A review is handed round and printed: nobody's telephone, number or address belongs into it."""
    if len(text) > longest:
        raise Incomplete(field, f"至多 {longest} 字")
    if mask_text(text) != text:
        raise Incomplete(field, "请去掉姓名、电话、证件号、住址等个人信息")


def _again(found: Review, note: str) -> Written:
    return Written(found.newest.version, found.newest.lessons, found.newest.problems, note)


def _kept(
    connection: Connection, case: Case, seen: int, act: str, written: Written, by: Actor, now: datetime,
    found: Review | None = None, more: Mapping[str, Any] | None = None,
) -> Review:  # fmt: skip
    """One version more, if the one that was seen is still the newest."""
    event = case.event
    changed = update(reviews).where(reviews.c.event_id == event.id, reviews.c.version == seen)
    if connection.execute(changed.values({**(more or {}), "version": seen + 1})).rowcount != 1:
        raise MovedMeanwhile(found.newest.version if found is not None else 0)
    audit = _audit(connection, event, act, {"version": seen + 1}, by, now)
    row = {
        "event_id": event.id, "version": seen + 1, "at": now, "act": act, "actor": by.name, "account": identity(by),
        "role": by.role, "lessons": storable(written.lessons.strip(), LONGEST),
        "problems": storable(written.problems.strip(), LONGEST), "note": storable(written.note.strip(), 400),
        "audit_id": audit,
    }  # fmt: skip
    connection.execute(insert(review_versions).values(row))
    changes.bump(connection, topics(case))
    made = read(connection, event)
    if made is None:
        raise NoSuchEvent(event.number)
    return made


def _audit(connection: Connection, event: Event, act: str, detail: dict[str, Any], by: Actor, now: datetime) -> int:
    return record(
        connection, by=by, action=f"reviews.{act}", object=f"event {event.number}", region=event.region,
        detail=detail, now=now,
    )  # fmt: skip


def _measure(found: Review, position: int) -> Measure:
    one = next((one for one in found.now if one.position == position), None)
    if one is None:
        raise NotNow("review", "没有这条措施")
    return one


def _at(event: Event, position: int) -> tuple[Any, Any]:
    return review_measures.c.event_id == event.id, review_measures.c.position == position
