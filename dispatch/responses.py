"""Response levels as kept: what holds now or held at a past moment, and the one door by which a level is commanded.

A person of the region with the right commands it; ledger row, audit row and change notice are one transaction. No rule
of the product ever sets a level. Commands of one plan and region are numbered: of two at once one must look again.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, select
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import Actor, OutOfScope
from access.audit import record
from access.personal import mask_text
from access.visible_text import one_line
from database.changes import bump
from database.readiness_tables import response_steps
from dispatch.hands import identity
from dispatch.refusal import Incomplete, NotNow
from dispatch.response import (
    Act,
    Basis,
    ChangedMeanwhile,
    Course,
    Step,
    above,
    act_of,
    courses_of,
    level_words,
    typed_level,
)
from dispatch.response_basis import basis_of
from indicators.definition import RegionKind

if TYPE_CHECKING:
    from dispatch.rulebook import Rulebook
    from indicators.catalogue import Catalogue
    from indicators.readiness import ResponsePlan

RIGHT = "responses.command"
LEVELS_OF = (RegionKind.CITY, RegionKind.COUNTY, RegionKind.ZONE)
SHORTEST_REASON, LONGEST_REASON = 4, 300
BACKDATED = timedelta(hours=24)
"""A paper may have been signed so long before it is entered."""
ASKED_FOR = timedelta(hours=12)
"""So long a proposal waits for the second person."""


@dataclass(frozen=True)
class Wish:
    """A level to be commanded. `typed` is what the person typed to confirm it; `version` the ledger's as it was seen,
    None for who has seen nothing in force: then only a start is possible."""

    world: str
    plan: str
    region: str
    level: int
    typed: str
    reason: str
    basis_kind: str
    basis_ref: str
    version: int | None = None
    at: datetime | None = None


def topic_of(world: str) -> str:
    """The topic of all response levels of one world."""
    return f"responses:{world}"


def plans_of(rules: Rulebook) -> dict[str, ResponsePlan]:
    """The kinds of plans by key."""
    return {plan.key: plan for plan in rules.rules.responses}


def courses(
    connection: Connection, by: Actor, catalogue: Catalogue, *, world: str, known_at: datetime | None = None
) -> list[Course]:
    """Every response the actor may see, newest first: of its own regions and of those they lie in.

    `known_at`: as it was recorded by then.
    """
    c = response_steps.c
    query = select(response_steps).where(c.world == world).order_by(c.plan, c.region, c.seq)
    if known_at is not None:
        query = query.where(c.recorded_at <= known_at)
    grouped: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for row in connection.execute(query):
        grouped[row.plan, row.region].append(_step(row))
    told = [
        course
        for (plan, region), steps in grouped.items()
        if may_see(by, region, catalogue)
        for course in courses_of(world, plan, region, steps)
    ]
    return sorted(told, key=lambda one: -one.id)


def may_see(by: Actor, region: str, catalogue: Catalogue) -> bool:
    """True for levels of the actor's regions and of those they lie in."""
    if by.scope.is_nothing:
        return False
    return by.scope.allows(region) or any(region in above(code, catalogue) for code in by.scope.regions or ())


def may_command(by: Actor, region: str) -> bool:
    """True if this person may set the level of `region`. Departments command nothing."""
    return by.kind == "person" and by.may(RIGHT) and by.scope.departments is None and by.scope.allows(region)


def command(connection: Connection, rules: Rulebook, wish: Wish, *, by: Actor, now: datetime) -> Course:
    """Start, raise, lower or end; with the setting for two people only propose it."""
    now = _kept(now)
    _check_right(by, wish.region)
    plan = _plan(rules, wish.plan)
    _check_region(rules, wish.region)
    before = _present(connection, wish.world, wish.plan, wish.region)
    if before is not None and before.asked is not None and now - before.asked.recorded_at < ASKED_FOR:
        raise NotNow("asked", "已有一项报请在等另一名有权人员确认")
    _check_version(before, wish.version)
    version = before.version if before else 0
    act = act_of(before.level if before else 0, wish.level)
    if wish.version is None and act not in (Act.START, None):
        raise ChangedMeanwhile(version)
    if act is None:
        raise NotNow("level", "没有在执行的响应，不必终止" if wish.level == 0 else f"现在就是{level_words(wish.level)}")
    if typed_level(wish.typed) != wish.level:
        raise Incomplete("typed", f"请再次键入“{level_words(wish.level)}”以确认")
    basis = basis_of(connection, by, world=wish.world, kind=wish.basis_kind, ref=wish.basis_ref)
    made = Act.ASK if rules.rules.responses_two_people else act
    step = Step(
        0, version + 1, made, wish.level, _moment(wish, before, now), now, _reason(wish.reason), basis, by.name,
        identity(by), by.role_name,
    )  # fmt: skip
    return _keep(connection, wish.world, plan.key, wish.region, step, by, now)


def confirm(
    connection: Connection, rules: Rulebook, *, world: str, plan: str, region: str, version: int, by: Actor,
    now: datetime,
) -> Course:  # fmt: skip
    """The second person puts into effect what the first proposed; it holds from this moment on."""
    now = _kept(now)
    _check_right(by, region)
    _plan(rules, plan)
    before = _present(connection, world, plan, region)
    _check_version(before, version)
    asked = before.asked if before else None
    if before is None or asked is None or now - asked.recorded_at >= ASKED_FOR:
        raise NotNow("asked", "没有等待确认的报请，或已过期")
    if asked.account == identity(by):
        raise NotNow("another_person", "报请人不能确认自己的报请")
    act = act_of(before.level, asked.level)
    if act is None:
        raise NotNow("level", "级别已是所请级别")
    step = Step(
        0, version + 1, act, asked.level, now, now, asked.reason, asked.basis, by.name, identity(by), by.role_name,
        asked.seq,
    )  # fmt: skip
    return _keep(connection, world, plan, region, step, by, now)


def _keep(
    connection: Connection, world: str, plan: str, region: str, step: Step, by: Actor, now: datetime
) -> Course:  # fmt: skip
    row = {
        "world": world, "plan": plan, "region": region, "seq": step.seq, "act": step.act.value, "level": step.level,
        "at": step.at, "recorded_at": step.recorded_at, "reason": step.reason, "basis_kind": step.basis.kind,
        "basis_ref": step.basis.ref, "basis_words": step.basis.words, "actor": step.actor, "account": step.account,
        "role": step.role, "asked": step.asked,
    }  # fmt: skip
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    kept = connection.execute(
        insert(response_steps).values(row).on_conflict_do_nothing().returning(response_steps.c.id)
    )
    if kept.scalar_one_or_none() is None:
        made = _present(connection, world, plan, region)
        raise ChangedMeanwhile(made.version if made else 0)
    detail = {"plan": plan, "level": step.level, "reason": step.reason, "basis": f"{step.basis.kind} {step.basis.ref}"}
    record(
        connection, by=by, action=f"responses.{step.act}", object=f"response {world} {plan} {region} {step.seq}",
        region=region, detail=detail, now=now,
    )  # fmt: skip
    bump(connection, [topic_of(world)])
    found = _present(connection, world, plan, region)
    if found is None:
        raise LookupError(row)
    return found


def _present(connection: Connection, world: str, plan: str, region: str) -> Course | None:
    """The newest course of one plan and region."""
    c = response_steps.c
    query = select(response_steps).where(c.world == world, c.plan == plan, c.region == region).order_by(c.seq)
    found = courses_of(world, plan, region, [_step(row) for row in connection.execute(query)])
    return found[-1] if found else None


def _check_right(by: Actor, region: str) -> None:
    by.require(RIGHT, region)
    if not may_command(by, region):
        raise OutOfScope(right=RIGHT)


def _check_version(before: Course | None, version: int | None) -> None:
    present = before.version if before else 0
    if version is not None and present != version:
        raise ChangedMeanwhile(present)


def _plan(rules: Rulebook, key: str) -> ResponsePlan:
    found = plans_of(rules).get(key)
    if found is None:
        raise Incomplete("plan", f"没有预案种类“{key}”")
    return found


def _check_region(rules: Rulebook, region: str) -> None:
    known = rules.catalogue.regions.get(region)
    if known is None or known.kind not in LEVELS_OF:
        raise Incomplete("region", "响应级别由市和县区（功能区）启动，镇街执行上级的响应")


def _reason(text: str) -> str:
    told = one_line(text, LONGEST_REASON).strip()
    if len(told) < SHORTEST_REASON:
        raise Incomplete("reason", f"请写明理由（不少于 {SHORTEST_REASON} 个字）")
    return told


def _moment(wish: Wish, before: Course | None, now: datetime) -> datetime:
    """When it takes effect: as written, at most a day back, never before the step it follows."""
    at = wish.at or now
    last = before.steps[-1].at if before and before.steps else None
    if at > now + timedelta(minutes=1):
        raise Incomplete("at", "生效时间不能晚于现在")
    if now - at > BACKDATED:
        raise Incomplete("at", "生效时间不能早于 24 小时前")
    if last is not None and at < last:
        raise Incomplete("at", "生效时间不能早于上一次调整")
    return _kept(min(at, now))


def _kept(moment: datetime) -> datetime:
    """As it is stored, in whole milliseconds and never later: what is commanded now holds now."""
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _step(row: Row[Any]) -> Step:
    r = row._mapping
    return Step(
        r["id"], r["seq"], Act(r["act"]), r["level"], r["at"], r["recorded_at"], r["reason"],
        _basis(r["basis_kind"], r["basis_ref"], r["basis_words"]), r["actor"], r["account"], r["role"], r["asked"],
    )  # fmt: skip


def _basis(kind: str, ref: str, words: str) -> Basis:
    """As everybody may read it: titles of events and what people type as a document's number hold telephones too."""
    return Basis(kind, mask_text(ref) if kind == "document" else ref, mask_text(words))
