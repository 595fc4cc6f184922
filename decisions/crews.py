"""Whom to send: the departments that may act on an event, each with its nearest team, load, record and the reasons.

The order is the power list's first (主办, 属地, 协办), then what experience adds as a reserve; within a department the
team that is on duty and nearest. It is a suggestion: the officer chooses, and the choice is scored (crew_choices.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection, case, func, select

from access.actor import Actor
from database.dispatch_tables import events
from decisions.teams import Team, teams
from dispatch import records
from dispatch.event import Event
from dispatch.events import visible
from dispatch.power_list import suggest
from dispatch.rulebook import Rulebook
from dispatch.state import DONE
from dispatch.together import Load, loads
from geography.areas import metres_between
from geography.coordinates import Point

Part = Literal["lead", "joint", "territorial", "reserve"]
PART_NAMES: Mapping[str, str] = {"lead": "主办", "joint": "协办", "territorial": "属地", "reserve": "备选"}
RECORD = timedelta(days=90)
"""How far back the record of a department is counted."""
DETOUR, METRES_A_MINUTE, SETTING_OUT = 1.3, 500.0, 5.0
"""Roads are longer than the straight line; 30 km/h in town; minutes to set out."""
HEAVY = 20
"""Events in hand from which the load is named as a reason against."""
_TEAMS_OF_LEAD, _RESERVES = 2, 2


@dataclass(frozen=True)
class Crew:
    """A department's team (or the department, where no team is listed). `minutes` on the way, estimated.

    `on_time`: closed in time of all closed in 90 days, of this category where there are ten, else of all.
    """

    department: str
    name: str
    part: Part
    distance_m: float | None
    minutes: int | None
    in_hand: int
    on_time: tuple[int, int]
    on_duty: bool | None
    reasons: tuple[str, ...]
    is_simulated: bool = False


@dataclass(frozen=True)
class _Seat:
    department: str
    part: Part
    reason: str


@dataclass(frozen=True)
class _Known:
    """What is looked up once for all crews of an event."""

    event: Event
    rules: Rulebook
    teams: tuple[Team, ...]
    loads: Mapping[str, Load]
    overall: Mapping[str, tuple[int, int]]
    of_category: Mapping[str, tuple[int, int]]
    now: datetime


def crews_for(
    connection: Connection, rules: Rulebook, number: str | int, *, by: Actor, now: datetime, folder: Path | None = None
) -> tuple[Crew, ...]:
    """The suggested crews, the one to lead first. NoSuchEvent for what `by` may not see.

    `folder` holds teams.csv (default: the product's own). Loads and records count what `by` may see.
    """
    event = records.load(connection, number, by).event
    known = _Known(
        event, rules, teams(rules, event.world, folder), loads(connection, by, world=event.world, now=now),
        _record(connection, by, event, now, None), _record(connection, by, event, now, event.category), now,
    )  # fmt: skip
    return tuple(crew for seat in _seats(known) for crew in _crews(seat, known))


def _seats(known: _Known) -> Iterator[_Seat]:
    """Each department once, in the part in which it is named first."""
    found = suggest(known.event, known.rules)
    government = known.rules.government_of(known.event.county)
    named: dict[str, _Seat] = {}
    if found.lead is not None:
        named[found.lead] = _Seat(found.lead, "lead", found.reasons[0])
    for one in found.joint:
        part: Part = "territorial" if one == government else "joint"
        why = f"事发地由{known.rules.department_name(one)}属地管理" if one == government else "权责清单列为协办"
        named.setdefault(one, _Seat(one, part, why))
    for one in _experienced(known, tuple(named)):
        done = known.of_category[one][1]
        named[one] = _Seat(one, "reserve", f"近 90 天办结同类 {done} 件")
    return iter(named.values())


def _experienced(known: _Known, without: Sequence[str]) -> list[str]:
    """Departments that closed most of this category, besides those named already and governments of elsewhere."""
    elsewhere = {one.department for one in known.rules.rules.governments}
    usable = known.rules.catalogue.departments.keys() - elsewhere - set(without)
    others = [one for one in known.of_category if one in usable]
    return sorted(others, key=lambda one: (-known.of_category[one][1], one))[:_RESERVES]


def _crews(seat: _Seat, known: _Known) -> list[Crew]:
    mine = [team for team in known.teams if team.department == seat.department]
    ranked = sorted(mine, key=lambda team: (_duty_order(team, known.now), _metres(team, known.event) or 0.0, team.name))
    most = _TEAMS_OF_LEAD if seat.part == "lead" else 1
    return [_crew(seat, team, known) for team in ranked[:most]] or [_crew(seat, None, known)]


def _duty_order(team: Team, now: datetime) -> int:
    return {True: 0, None: 1, False: 2}[team.on_duty(now)]


def _crew(seat: _Seat, team: Team | None, known: _Known) -> Crew:
    load = known.loads.get(seat.department, Load(seat.department, 0, 0))
    metres = None if team is None else _metres(team, known.event)
    on_duty = None if team is None else team.on_duty(known.now)
    on_time, of_what = _on_time(seat.department, known)
    reasons = [seat.reason, _where(team, metres, known.event), _load_words(load)]
    if on_duty is not None:
        reasons.append("值班表显示当前在岗" if on_duty else "值班表显示当前不在岗")
    if on_time[1]:
        reasons.append(f"近 90 天{of_what}办结 {on_time[1]} 件，按期 {on_time[0]} 件")
    name = known.rules.department_name(seat.department) if team is None else team.name
    return Crew(
        seat.department, name, seat.part, metres, None if metres is None else minutes_for(metres), load.open,
        on_time, on_duty, tuple(reasons), team is not None and team.is_simulated,
    )  # fmt: skip


def _where(team: Team | None, metres: float | None, event: Event) -> str:
    if team is None:
        return "未登记队伍位置，按单位派遣"
    if metres is None:
        return "事件没有确切位置，不能比较远近"
    about = "" if event.placed == "point" else "（按镇街驻地估算）"
    return f"距现场 {told(metres)}{about}，约 {minutes_for(metres)} 分钟到场"


def _load_words(load: Load) -> str:
    late = f"，其中超期 {load.overdue} 件" if load.overdue else ""
    return f"在手 {load.open} 件{late}{'，负荷较重' if load.open >= HEAVY else ''}"


def _on_time(department: str, known: _Known) -> tuple[tuple[int, int], str]:
    of_category = known.of_category.get(department, (0, 0))
    if of_category[1] >= 10:
        return of_category, "同类"
    return known.overall.get(department, (0, 0)), "各类"


def told(metres: float) -> str:
    """850 米, 3.2 公里."""
    return f"{metres:.0f} 米" if metres < 1000 else f"{metres / 1000:.1f} 公里"


def minutes_for(metres: float) -> int:
    """Minutes until a team so far away (in a straight line) is there: an estimate, not a route."""
    return round(SETTING_OUT + metres * DETOUR / METRES_A_MINUTE)


def _metres(team: Team, event: Event) -> float | None:
    if event.lon is None or event.lat is None:
        return None
    return metres_between(team.place, Point(event.lon, event.lat))


def _record(
    connection: Connection, by: Actor, event: Event, now: datetime, category: str | None
) -> dict[str, tuple[int, int]]:
    """By lead department: closed in time, closed; of the last RECORD before `now`."""
    c = events.c
    in_time = func.sum(case((c.closed_at <= c.case_due_at, 1), else_=0))
    query = select(c.lead, in_time, func.count()).where(
        visible(by), c.world == event.world, c.state.in_(DONE), c.lead.is_not(None), c.closed_at <= now,
        c.closed_at >= now - RECORD, c.case_due_at.is_not(None), c.id != event.id,
    )  # fmt: skip
    if category is not None:
        query = query.where(c.category == category)
    return {row[0]: (int(row[1] or 0), int(row[2])) for row in connection.execute(query.group_by(c.lead))}
