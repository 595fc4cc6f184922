"""What people do to a roster: enter a shift, swap it with who allowed it, strike it out. Nothing is ever removed."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select, update

from access.actor import Actor, OutOfScope
from access.audit import record
from access.visible_text import one_line
from database.changes import bump
from database.readiness_tables import duty_shifts
from dispatch.duty import POST_NAMES, Unit, may_edit, units_of
from dispatch.duty_rosters import EDIT, topic_of
from dispatch.hands import identity
from dispatch.refusal import Incomplete, NotNow

if TYPE_CHECKING:
    from dispatch.rulebook import Rulebook

LONGEST = timedelta(hours=48)
PAST = timedelta(days=31)
_NAME = re.compile(r"[\u4e00-\u9fff·]{2,12}(?:（模拟）)?|[A-Za-z][A-Za-z .'-]{1,40}")
_MOBILE = re.compile(r"1\d{10}")
_OFFICE = re.compile(r"[0-9+()（） 转-]{3,24}")
_C = duty_shifts.c


@dataclass(frozen=True)
class Entry:
    """One person on one post for a time, as written."""

    unit: str
    post: str
    name: str
    begins_at: datetime
    ends_at: datetime
    office: str = ""
    mobile: str = ""
    origin: str = "hand"
    said: str = ""
    allowed_by: str = ""


def enter(connection: Connection, rules: Rulebook, entry: Entry, *, world: str, by: Actor, now: datetime) -> str:
    """Put one shift on the roster; its ref. Twice the same is once."""
    unit = editable(rules, entry.unit, by)
    made = checked(entry, now)
    known = _same(connection, world, made)
    if known is not None:
        return known
    ref = keep(connection, unit, made, world=world, by=by, now=now)
    _written(connection, unit, ref, "duty.enter", world, by, now, {"post": made.post, "name": made.name})
    return ref


def swap(
    connection: Connection, rules: Rulebook, ref: str, *, name: str, mobile: str = "", office: str = "", reason: str,
    allowed_by: str, by: Actor, now: datetime,
) -> str:  # fmt: skip
    """Another person takes over the shift, or the rest of it; who allowed it is kept. The new ref."""
    row, unit = _editable_shift(connection, rules, ref, by)
    if row.ends_at <= now:
        raise NotNow("ended", "这一班已经结束，不能换班")
    why, who = (
        _words(reason, "reason", "请写明换班原因"),
        _words(allowed_by, "allowed_by", "请写明由谁同意（带班领导）"),
    )
    begins = max(row.begins_at, now)
    made = checked(
        Entry(
            row.unit, row.post, name, begins, row.ends_at, office or row.office, mobile, "swap",
            f"替 {row.name}：{why}"[:200], who,
        ),
        now,
    )  # fmt: skip
    if made.name == row.name:
        raise Incomplete("name", "换班须换成另一个人")
    _let_go(connection, row, f"换班：{why}", by, now)
    if row.begins_at < now:
        before = Entry(
            row.unit, row.post, row.name, row.begins_at, now, row.office, row.mobile or "", row.origin, row.said
        )
        keep(connection, unit, before, world=row.world, by=by, now=now)
    after = keep(connection, unit, made, world=row.world, by=by, now=now)
    told = {"post": row.post, "from": row.name, "to": made.name, "allowed_by": who, "reason": why}
    _written(connection, unit, after, "duty.swap", row.world, by, now, told)
    return after


def strike(connection: Connection, rules: Rulebook, ref: str, *, reason: str, by: Actor, now: datetime) -> None:
    """Take a wrong row off the roster; it stays in the past with the reason."""
    row, unit = _editable_shift(connection, rules, ref, by)
    if row.ends_at <= now:
        raise NotNow("ended", "已经过去的班次不能撤销")
    why = _words(reason, "reason", "请写明撤销原因")
    _let_go(connection, row, f"撤销：{why}", by, now)
    _written(connection, unit, ref, "duty.strike", row.world, by, now, {"name": row.name, "reason": why})


def editable(rules: Rulebook, key: str, by: Actor) -> Unit:
    """The unit, if the actor keeps its roster; OutOfScope alike for one that is none."""
    by.require(EDIT)
    unit = units_of(rules).get(key)
    if unit is None or not may_edit(by, unit):
        raise OutOfScope(right=EDIT)
    return unit


def checked(entry: Entry, now: datetime) -> Entry:
    """The entry tidied; Incomplete with the field that is wrong."""
    name = re.sub(r"\s+", "", entry.name) if re.search(r"[\u4e00-\u9fff]", entry.name) else entry.name.strip()
    mobile, office = re.sub(r"[\s-]", "", entry.mobile), entry.office.strip()
    wrong = [
        ("post", entry.post not in POST_NAMES, "岗位应为带班领导、值班长或值班员"),
        ("name", not _NAME.fullmatch(name), "姓名应为 2 至 12 个汉字"),
        ("mobile", bool(mobile) and not _MOBILE.fullmatch(mobile), "手机号应为 11 位数字"),
        ("office", bool(office) and not _OFFICE.fullmatch(office), "值班电话只能写号码"),
        ("ends_at", not timedelta(0) < entry.ends_at - entry.begins_at <= LONGEST, "班次应长于 0、不超过 48 小时"),
        ("begins_at", now - entry.begins_at > PAST, "只能登记最近一个月以内的班次"),
    ]
    for field, is_wrong, message in wrong:
        if is_wrong:
            raise Incomplete(field, message)
    return replace(entry, name=name, mobile=mobile, office=office)


def keep(connection: Connection, unit: Unit, entry: Entry, *, world: str, by: Actor, now: datetime) -> str:
    """Write one row; the caller has checked right and entry, records and bumps."""
    ref = token_hex(8)
    row = {
        "ref": ref, "world": world, "unit": unit.key, "region": unit.region, "department": unit.department,
        "post": entry.post, "begins_at": entry.begins_at, "ends_at": entry.ends_at, "name": entry.name,
        "office": entry.office, "mobile": entry.mobile or None, "origin": entry.origin,
        "said": one_line(entry.said, 200), "allowed_by": entry.allowed_by, "known_at": now, "entered_by": identity(by),
    }  # fmt: skip
    connection.execute(insert(duty_shifts).values(row))
    return ref


def let_go(connection: Connection, refs: list[str], why: str, *, by: Actor, now: datetime) -> None:
    """Mark rows as replaced; they stay for the past."""
    gone = update(duty_shifts).where(_C.ref.in_(refs), _C.gone_at.is_(None))
    connection.execute(gone.values(gone_at=now, gone_by=identity(by), gone_why=one_line(why, 200)))


def _let_go(connection: Connection, row: Row[Any], why: str, by: Actor, now: datetime) -> None:
    gone = update(duty_shifts).where(_C.ref == row.ref, _C.gone_at.is_(None))
    done = connection.execute(gone.values(gone_at=now, gone_by=identity(by), gone_why=one_line(why, 200)))
    if done.rowcount != 1:
        raise NotNow("changed", "这一班刚刚有变化，请刷新后再办理")


def _editable_shift(connection: Connection, rules: Rulebook, ref: str, by: Actor) -> tuple[Row[Any], Unit]:
    by.require(EDIT)
    row = connection.execute(select(duty_shifts).where(_C.ref == ref[:32])).first()
    if row is None:
        raise OutOfScope(right=EDIT)
    unit = editable(rules, row.unit, by)
    if row.gone_at is not None:
        raise NotNow("changed", "这一班已被替换，请刷新后再办理")
    return row, unit


def _same(connection: Connection, world: str, entry: Entry) -> str | None:
    query = select(_C.ref).where(
        _C.world == world, _C.unit == entry.unit, _C.post == entry.post, _C.name == entry.name,
        _C.begins_at == entry.begins_at, _C.ends_at == entry.ends_at, _C.gone_at.is_(None),
    )  # fmt: skip
    found: str | None = connection.execute(query.limit(1)).scalar_one_or_none()
    return found


def _written(
    connection: Connection, unit: Unit, ref: str, action: str, world: str, by: Actor, now: datetime,
    detail: dict[str, str],
) -> None:  # fmt: skip
    record(connection, by=by, action=action, object=f"duty {ref}", region=unit.region, detail=detail, now=now)
    bump(connection, [topic_of(world)])


def _words(text: str, field: str, message: str) -> str:
    told = one_line(text, 100).strip()
    if len(told) < 2:
        raise Incomplete(field, message)
    return told
