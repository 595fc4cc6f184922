"""Rosters of the demo city: everybody invented (某), mobiles 199000… that stand for nobody, lines 0768-0000…"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from secrets import token_hex
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, insert, select

from access.audit import record
from database.changes import bump
from database.engine import reading, writing
from database.readiness_tables import duty_shifts
from datasources.delivery.period import CITY_TIME
from demo_city.event_people import DOOR
from demo_city.feed import canary_of
from demo_city.noise import key_of
from dispatch.duty import Unit, units_of
from dispatch.duty_rosters import topic_of
from dispatch.response import above

if TYPE_CHECKING:
    from dispatch.rulebook import Rulebook

WORLD = "demo"
BACK, AHEAD = 7, 8
"""Days a roster reaches to either side."""
_SURNAMES = "陈林黄许蔡郑吴杨李刘谢曾洪邱苏庄余沈柯佘"
_GIVEN = "安宁海波明华辉文玲静燕萍生伟强敏丽娜涛峰"
_WITHOUT = "4451-FQH"
"""A zone that has never sent its roster."""
_DAY, _NIGHT = (8, 12), (20, 12)
_SHIFTS: dict[str, tuple[tuple[str, tuple[int, int], int], ...]] = {
    "city": (
        ("leader", (8, 24), 1), ("chief", _DAY, 1), ("chief", _NIGHT, 1), ("officer", _DAY, 3), ("officer", _NIGHT, 2),
    ),
    "county": (("leader", (8, 24), 1), ("officer", _DAY, 2), ("officer", _NIGHT, 1)),
    "zone": (("leader", (8, 24), 1), ("officer", (8, 24), 1)),
    "town": (("leader", (8, 24), 1), ("officer", _DAY, 1), ("officer", _NIGHT, 1)),
    "department": (("leader", (8, 24), 1), ("officer", (8, 24), 1)),
}  # fmt: skip
"""By kind of unit: post, (hour it begins, how long), how many."""


def keep_rosters(engine: Engine, rules: Rulebook, seed: int, now: datetime, canary: str | None = None) -> int:
    """Write what is missing up to a week ahead; how many shifts."""
    today = now.astimezone(CITY_TIME).date()
    c = duty_shifts.c
    with reading(engine) as connection:
        last: datetime | None = connection.execute(
            select(func.max(c.begins_at)).where(c.world == WORLD, c.origin == "demo")
        ).scalar_one()
    first = today - timedelta(days=BACK) if last is None else last.astimezone(CITY_TIME).date() + timedelta(days=1)
    days = [first + timedelta(days=number) for number in range((today + timedelta(days=AHEAD) - first).days + 1)]
    rows = [row for day in days for row in _rows(rules, seed, day, now, canary)]
    if rows:
        with writing(engine) as connection:
            connection.execute(insert(duty_shifts), rows)
            told = {"shifts": len(rows), "world": WORLD}
            record(connection, by=DOOR, action="duty.import", object="duty demo", detail=told, now=now)
            bump(connection, [topic_of(WORLD)])
    return len(rows)


def _rows(rules: Rulebook, seed: int, day: date, now: datetime, canary: str | None) -> Iterator[dict[str, object]]:
    units = units_of(rules)
    towns = [key for key, unit in units.items() if unit.kind == "town"]
    careless = towns[day.toordinal() % len(towns)] if towns else ""
    for unit in units.values():
        if unit.key == _WITHOUT:
            continue
        mark = _mark(rules, unit, canary)
        for post, (hour, lasts), count in _SHIFTS[unit.kind]:
            if unit.key == careless and post == "officer" and hour == _NIGHT[0]:
                continue  # the gap a duty officer is warned of
            for number in range(count):
                yield _row(unit, post, day, hour, lasts, number, seed, now, mark)


def _row(
    unit: Unit, post: str, day: date, hour: int, lasts: int, number: int, seed: int, now: datetime, mark: str
) -> dict[str, object]:
    begins = datetime.combine(day, time(hour), CITY_TIME)
    who = key_of(seed, f"{unit.key}/{post}/{(day.toordinal() * 3 + number * 7 + (hour >= _NIGHT[0]) * 2) % 11}")
    name = f"{_SURNAMES[who % len(_SURNAMES)]}某{_GIVEN[who // 97 % len(_GIVEN)]}"
    is_swap = unit.kind == "city" and post == "officer" and number == 1 and day.toordinal() % 3 == 0
    other = f"{_SURNAMES[who // 7 % len(_SURNAMES)]}某{_GIVEN[who // 13 % len(_GIVEN)]}"
    return {
        "ref": token_hex(8), "world": WORLD, "unit": unit.key, "region": unit.region, "department": unit.department,
        "post": post, "begins_at": begins, "ends_at": begins + timedelta(hours=lasts), "name": f"{name}{mark}",
        "office": f"0768-0000{key_of(seed, unit.key) % 900 + 100:03d}", "mobile": f"199000{who % 100_000:05d}",
        "origin": "swap" if is_swap else "demo", "said": f"替 {other}：参加培训（模拟）" if is_swap else "",
        "allowed_by": "带班领导（模拟）" if is_swap else "", "known_at": min(now, begins - timedelta(days=2)),
        "entered_by": "demo-door",
    }  # fmt: skip


def _mark(rules: Rulebook, unit: Unit, canary: str | None) -> str:
    if canary is None:
        return ""
    counties = [code for code in above(unit.region, rules.catalogue) if code != rules.catalogue.city.code]
    return canary_of(canary, counties[-1]) if counties else ""
