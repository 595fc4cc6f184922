"""What happens to each event of the demo city and when: who does what, drawn by chance, within or beyond the limits.

A script only says what is to be tried; whether it may happen is decided by the real lifecycle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import exp, sqrt

from access.actor import Actor
from demo_city import event_people as people
from demo_city.event_plans import Planned
from demo_city.noise import draw
from dispatch.clocks import Meter
from dispatch.event import Event, Step
from dispatch.power_list import suggest
from dispatch.report import PUBLIC, Report, Reporter
from dispatch.rulebook import Rulebook
from dispatch.stage import Stage
from dispatch.state import Action

_SURNAMES = "陈林黄许蔡郑谢吴李张"
_DONE = {
    "part": "已修复，附前后照片",
    "matter": "已到场清理整改，附前后照片",
    "appeal": "已联系当事人答复处理",
    "emergency": "险情已排除，现场恢复",
}
_OVERRIDDEN = 0.12
_BETTER_KNOWN = "该处由协办单位日常管护，请其牵头"
_LATE_SHARE = 0.055
"""Part of the cases whose handling takes longer than the limit."""


@dataclass(frozen=True)
class Turn:
    """One step of a script: when, who, what."""

    at: datetime
    by: Actor
    step: Step


def report_of(plan: Planned, seed: int, mark: str = "") -> Report:
    """The report as its door would bring it. Reporters are invented: their numbers are in no use."""
    note = f"（模拟数据）{plan.title}，请核实处理。{mark}".strip()
    surname = _SURNAMES[int(draw(seed, plan.name + "/surname") * len(_SURNAMES))]
    phone = f"199000{int(draw(seed, plan.name + '/phone') * 99999):05d}"
    is_person = plan.origin in PUBLIC
    return Report(
        title=f"{plan.title}{mark}",
        origin=plan.origin,
        origin_id=plan.name,
        reported_at=plan.at,
        description=note,
        category=plan.code if plan.is_coded else None,
        region=plan.town,
        lon=plan.lon,
        lat=plan.lat,
        place=f"{plan.place}{mark}",
        occurred_at=plan.at - timedelta(minutes=2 + int(40 * draw(seed, plan.name + "/seen") ** 2)),
        reporter=Reporter(f"{surname}某（虚构）", phone, f"{plan.place}（虚构）") if is_person else Reporter(),
        world="demo",
        provenance="simulated",
        episode=plan.episode,
    )


def script(plan: Planned, event: Event, seed: int, rules: Rulebook) -> Iterator[Turn]:
    """The turns of an event, in order; the caller stops where its time ends or the lifecycle refuses."""
    yield from _Writer(plan, event, seed, rules).turns()


class _Writer:
    """Writes one script, keeping its own clock."""

    def __init__(self, plan: Planned, event: Event, seed: int, rules: Rulebook) -> None:
        self.plan, self.event, self.seed, self.rules = plan, event, seed, rules
        self.at = plan.at
        self.count = 0
        found = suggest(event, rules)
        self.lead = found.lead or "urban_management_bureau"
        self.joint = found.joint[:2] if self.chance("joint") < (0.75 if event.level in (1, 2, 3) else 0.12) else ()
        self.is_other = bool(found.joint) and event.level not in (1, 2) and self.chance("override") < _OVERRIDDEN
        if self.is_other:  # the officer knows better: who would assist is nearer and leads
            self.lead, self.joint = found.joint[0], (self.lead,)

    def chance(self, what: str) -> float:
        return draw(self.seed, f"{self.plan.name}/{what}")

    def turn(self, by: Actor, action: Action, **given: object) -> Turn:
        self.count += 1
        key = f"demo/{self.plan.name}/{self.count}"
        return Turn(self.at, by, Step(action, key=key[-120:], **given))  # type: ignore[arg-type]

    def turns(self) -> Iterator[Turn]:
        self.wait(Stage.ACCEPT, 0.05, 0.45)
        if self.chance("refused") < 0.02:
            yield self.turn(people.ACCEPTER, Action.REFUSE, note="不属受理范围，已告知")
            return
        yield self.turn(people.ACCEPTER, Action.ACCEPT)
        if self.plan.twin_of is not None:
            self.minutes(3, 8)
            yield self.turn(people.DISPATCHER, Action.MERGE, other=self.plan.twin_of, note="同一地点同一问题")
            return
        if self.chance("refer") < 0.07:
            yield from self.referred()
        if self.event.must_check:
            self.wait(Stage.ACCEPT, 0.1, 0.4)
            if self.chance("untrue") < 0.02:
                yield self.turn(people.ACCEPTER, Action.DISPROVE, note="现场查看未发现所述问题")
                return
            yield self.turn(people.ACCEPTER, Action.CONFIRM, note="电话核实属实")
        yield from self.handled()
        yield from self.closed()

    def referred(self) -> Iterator[Turn]:
        """The city hands it down to the county, which confirms receipt."""
        self.minutes(2, 10)
        yield self.turn(people.DISPATCHER, Action.REFER, region=self.event.county, note="属地事项，请办理")
        self.minutes(5, 40)
        yield self.turn(people.ACCEPTER, Action.RECEIVE)

    def handled(self) -> Iterator[Turn]:
        if self.plan.origin == "grid" and self.chance("self") < 0.22:
            self.minutes(6, 30)
            yield self.turn(people.GRID, Action.SELF_HANDLE, note="网格员当场处置完毕")
            return
        self.wait(Stage.REGISTER, 0.1, 0.7)
        yield self.turn(people.ACCEPTER, Action.REGISTER)
        self.wait(Stage.DISPATCH, 0.1, 0.8)
        yield from self.dispatched()
        if self.chance("return") < 0.06:
            yield from self.returned()
        yield from self.worked(1)
        if self.chance("rework") < 0.05:
            self.wait(Stage.REPORT, 0.1, 0.8)
            yield self.turn(people.CHECKER, Action.REWORK, note="核查发现仍有残留，请返工")
            yield from self.worked(2)

    def dispatched(self) -> Iterator[Turn]:
        yield self.turn(
            people.DISPATCHER,
            Action.DISPATCH,
            department=self.lead,
            joint=self.joint,
            note=_BETTER_KNOWN if self.is_other else "请按权责清单办理",
        )

    def returned(self) -> Iterator[Turn]:
        me = self.worker(self.lead)
        again = 2 if self.chance("twice") < 0.25 else 1
        for _ in range(again):
            self.minutes(20, 90)
            yield self.turn(me, Action.ASK_RETURN, note="经核对不属本单位职责范围，请另派")
            self.minutes(10, 60)
            yield self.turn(people.CHIEF, Action.GRANT_RETURN)
            self.wait(Stage.DISPATCH, 0.3, 1.1)
            yield from self.dispatched()

    def worked(self, time: int) -> Iterator[Turn]:
        me = self.worker(self.lead)
        budget, meter, start = self.limit()
        share = self.share(time)
        if time == 1:
            self.minutes(4, 35)
            yield self.turn(me, Action.SIGN)
            for one in self.joint:
                yield self.turn(self.worker(one), Action.JOINT_SIGN, department=one)
            self.at = max(self.at, meter.after(start, budget * share * 0.2))
            yield self.turn(me, Action.HANDLE)
        extends = time == 1 and share > 0.8 and self.chance("extend") < 0.35
        if extends:
            self.at = max(self.at, meter.after(start, budget * 0.7))
            amount = max(0.5, round(self.rules.handling_limit(self.event.category, self.event.level).amount * 0.4, 1))
            yield self.turn(me, Action.ASK_EXTENSION, note="需调配设备，申请延长", amount=amount)
            self.minutes(15, 60)
            yield self.turn(people.CHIEF, Action.GRANT_EXTENSION)
        if time == 1 and self.chance("suspend") < 0.012:
            self.minutes(30, 200)
            yield self.turn(me, Action.ASK_SUSPENSION, note="权属待确认", reason="owner")
            self.minutes(20, 90)
            yield self.turn(people.CHIEF, Action.GRANT_SUSPENSION)
            self.minutes(2000, 9000)
            yield self.turn(people.CHIEF, Action.RESUME, note="权属已明确")
        yield from self.pressed(meter, start, budget, share)
        self.at = max(self.at + timedelta(minutes=5), meter.after(start, budget * share))
        for one in self.joint if time == 1 else ():
            yield self.turn(self.worker(one), Action.JOINT_REPORT, department=one, note="协办完成")
        yield self.turn(me, Action.REPORT, note=self.result())

    def pressed(self, meter: Meter, start: datetime, budget: float, share: float) -> Iterator[Turn]:
        if share > 1.05:
            self.at = max(self.at, meter.after(start, budget * 1.02))
            yield self.turn(people.CHIEF, Action.URGE)
        if share > 1.4 or (self.event.level == 1 and self.chance("supervise") < 0.5):
            self.at = max(self.at, meter.after(start, budget * min(share * 0.9, 1.3)))
            yield self.turn(people.CHIEF, Action.SUPERVISE, note="请主要负责人过问")

    def closed(self) -> Iterator[Turn]:
        self.wait(Stage.REPORT, 0.1, 0.9)
        yield self.turn(people.CHECKER, Action.CHECK)
        self.wait(Stage.VERIFY, 0.1, 0.9)
        yield self.turn(people.CHECKER, Action.VERIFY)
        self.wait(Stage.CLOSE, 0.1, 0.9)
        yield self.turn(people.CHIEF, Action.CLOSE)
        satisfied = self.chance("satisfied") < 0.945
        if self.event.must_check:
            self.minutes(60, 600)
            yield self.turn(people.CHIEF, Action.CALL_BACK, satisfied=satisfied)
        self.minutes(100, 1500)
        yield self.turn(people.CHIEF, Action.EVALUATE, score=5 if satisfied else 3)

    def result(self) -> str:
        category = self.rules.categories.get(self.event.category)
        return _DONE[category.kind] if category else "已处理"

    def worker(self, department: str) -> Actor:
        return people.worker(department, self.rules.department_name(department))

    def share(self, time: int) -> float:
        """Part of the limit that handling takes: log-normal around 0.42, and a few beyond the limit."""
        if self.chance(f"late{time}") < _LATE_SHARE:
            return 1.05 + 0.9 * self.chance(f"how late{time}") ** 2
        bell = sqrt(3) * (2 * self.chance(f"share{time}") - 1)
        return min(0.97, 0.42 * exp(0.5 * bell))

    def limit(self) -> tuple[float, Meter, datetime]:
        limit = self.rules.handling_limit(self.event.category, self.event.level)
        meter = Meter(limit.unit, self.rules.calendar)
        return meter.seconds(limit), meter, meter.begins(self.at)

    def wait(self, stage: Stage, low: float, high: float) -> None:
        """Let part of a stage's limit pass, counted as the limit counts."""
        limit = self.rules.stage_limit(stage, self.event.category, self.event.level)
        if limit is None:
            return
        meter = Meter(limit.unit, self.rules.calendar)
        part = low + (high - low) * self.chance(f"{stage}/{self.count}")
        self.at = meter.after(self.at, max(60.0, meter.seconds(limit) * part))

    def minutes(self, low: int, high: int) -> None:
        self.at += timedelta(minutes=low + (high - low) * self.chance(f"pause/{self.count}"))
