"""Reviews the demo city keeps of its big events: two signed with their measures, one still a draft."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine, and_, exists, select

from access.actor import EVERYWHERE, Actor
from database.dispatch_tables import assignments, events
from database.engine import reading, writing
from database.review_tables import reviews
from demo_city.event_people import CHIEF, officer
from dispatch.reviews import Written, add_measure, begin, finish_measure, save, sign
from dispatch.rulebook import Rulebook
from dispatch.state import DONE

COMMANDER = Actor(
    "吴指挥（模拟）", "demo", EVERYWHERE, frozenset({"events.view", "events.approve"}), user="demo-commander",
    role_name="模拟人员", kind="program",
)  # fmt: skip
WRITER = officer("郑复盘", "reviewer")


LATELY = timedelta(days=25)
"""Events closed since then are looked back at, so that days of measures lie before and after today."""


@dataclass(frozen=True)
class Planted:
    """What is written on the big event of that turn, newest closed first. `is_signed`: put in force."""

    lessons: str
    problems: str
    measures: tuple[tuple[str, str, int], ...]
    """(words, department, days from the day of writing)."""
    is_signed: bool
    is_done: bool
    """The first measure is done."""


PLANTED: tuple[Planted, ...] = (
    Planted(
        "接报后先派最近的队伍到场，再补办协办手续。\n重复来电及时并入主事件，没有重复派单。",
        "首次通知只到承办单位值班室，承办人到场前未先联系属地镇街，现场围挡晚了一步。",
        (("把属地镇街值班电话列入首次通知名单", "emergency_bureau", 20),
         ("低洼点位配备可移动围挡和警示灯各两套", "urban_management_bureau", 45)),
        True, True,
    ),
    Planted(
        "多个单位在同一事件下协同，各自时限分开计算，责任清楚。",
        "协办单位签收偏慢，反馈口径不一致，结案前补充说明两次。",
        (("统一联合处置的反馈模板，写明必填项", "emergency_bureau", 5),
         ("协办签收超过 30 分钟自动提醒单位负责人", "gov_data_bureau", 30)),
        True, False,
    ),
    Planted(
        "协办单位到场后按统一口径反馈，信息一次报全。",
        "",
        (("梳理同一路段历史积水点，提前布控", "water_bureau", 30),),
        False, False,
    ),
)  # fmt: skip


def plant(engine: Engine, rules: Rulebook, now: datetime) -> int:
    """Write them, once; how many were written. Nothing where there is no demo city."""
    if not rules.catalogue.demo_city:
        return 0
    with reading(engine) as connection:
        numbers = [] if _has_any(connection) else _big(connection, now - LATELY, len(PLANTED))
    for (number, closed), planted in zip(numbers, PLANTED, strict=False):
        with writing(engine) as connection:
            _plant(connection, rules, number, planted, min(closed + timedelta(days=2), now))
    return len(numbers)


def _has_any(connection: Connection) -> bool:
    return connection.execute(select(reviews.c.event_id).where(reviews.c.world == "demo").limit(1)).first() is not None


def _big(connection: Connection, since: datetime, count: int) -> list[tuple[str, datetime]]:
    """Closed red and orange events on which several departments worked; the one longest ago is last."""
    joint = exists(select(assignments.c.event_id).where(
        and_(assignments.c.event_id == events.c.id, assignments.c.part == "joint")
    ))  # fmt: skip
    query = (
        select(events.c.number, events.c.closed_at)
        .where(
            events.c.world == "demo",
            events.c.state.in_(DONE),
            events.c.level.in_((1, 2)),
            joint,
            events.c.closed_at >= since,
        )
        .order_by(events.c.supervised.desc(), events.c.reworks.desc(), events.c.callers.desc(), events.c.id)
        .limit(count)
    )
    return sorted(((row.number, row.closed_at) for row in connection.execute(query)), key=lambda one: one[1])


def _plant(connection: Connection, rules: Rulebook, number: str, planted: Planted, at: datetime) -> None:
    made = begin(connection, number, by=WRITER, now=at)
    written = Written(made.newest.version, planted.lessons, planted.problems)
    made = save(connection, number, written, by=WRITER, now=at + timedelta(minutes=40))
    known = rules.catalogue.departments
    for words, department, days in planted.measures:
        if department in known:
            due = at.date() + timedelta(days=days)
            made = add_measure(
                connection, rules, number, words, department, due, by=WRITER, now=at + timedelta(hours=1)
            )
    if planted.is_signed:
        later = at + timedelta(hours=5)
        sign(connection, number, made.newest.version, "同意，按措施落实", by=COMMANDER, now=later)
    if planted.is_done and made.now:
        finish_measure(
            connection, number, made.now[0].position, "已更新通知名单并试拨", by=CHIEF, now=at + timedelta(days=1)
        )
