"""A city of made-up events for tests of routing, hot issues and crews: through the real intake and the real moves."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from sqlalchemy import Engine, insert

from access.actor import EVERYWHERE, Actor, Scope
from access.rights import ALL_RIGHTS
from database.dispatch_tables import events
from database.engine import writing
from dispatch.event import Case, Event, Step
from dispatch.intake import receive
from dispatch.moves import move
from dispatch.report import Report, Reporter
from dispatch.rulebook import Rulebook

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
"""Wednesday, 09:00 in the city."""
HERE = (116.6405, 23.6995)


def person(name: str, scope: Scope = EVERYWHERE, home: str = "", department: str = "") -> Actor:
    """Someone with every right."""
    return Actor(name, "tester", scope, ALL_RIGHTS, user=name, home=home, department=department)


CHEN, LIN = person("陈值班"), person("林值班")
RAOPING = person("rao", Scope(frozenset({"445122", "445122100"})), home="445122")


@dataclass
class MessageCity:
    """Takes reports in and moves them on."""

    engine: Engine
    rules: Rulebook
    now: datetime = NOW
    numbers: Any = field(default_factory=lambda: count(1))

    def report(self, title: str, **given: Any) -> Event:
        """One report of a caller in 意溪, without a category unless given."""
        number = next(self.numbers)
        usual: dict[str, Any] = {
            "title": title, "origin": "hotline", "origin_id": f"T-{number}", "reported_at": self.now,
            "lon": HERE[0], "lat": HERE[1], "reporter": Reporter(f"某{number}", f"1990000{number:04d}"),
        }  # fmt: skip
        with writing(self.engine) as connection:
            made = Report(**usual | given)
            return receive(connection, self.rules, made, by=CHEN, now=max(self.now, made.reported_at)).event

    def do(self, number: str, action: str, *, by: Actor = CHEN, minutes: float = 5, **given: Any) -> Case:
        """One move, some minutes later."""
        self.now += timedelta(minutes=minutes)
        with writing(self.engine) as connection:
            return move(connection, self.rules, number, Step(action, **given), by=by, now=self.now)

    def registered(self, title: str, **given: Any) -> str:
        """An event that waits to be dispatched."""
        number = self.report(title, **given).number
        self.do(number, "accept")
        self.do(number, "confirm", note="属实")
        self.do(number, "register")
        return number

    def dispatched(self, title: str, department: str, **given: Any) -> str:
        """An event in the hands of a department."""
        number = self.registered(title, **given)
        self.do(number, "dispatch", department=department)
        return number

    def closed(self, title: str, department: str = "water_bureau", note: str = "已处理", **given: Any) -> str:
        """An event handled, verified by another and closed."""
        worker = person("worker", Scope(None, frozenset({department})), department=department)
        number = self.dispatched(title, department, **given)
        for action, by, more in (
            ("sign", worker, {}), ("handle", worker, {}), ("report", worker, {"note": note}),
            ("check", LIN, {}), ("verify", LIN, {}), ("close", LIN, {}),
        ):  # fmt: skip
            self.do(number, action, by=by, **more)
        return number

    def handled(self, rows: list[tuple[str, str, datetime]]) -> None:
        """(title, category, closed at) as events that were closed long ago: only what a model learns from."""
        made = [self._handled(title, category, at) for title, category, at in rows]
        with writing(self.engine) as connection:
            connection.execute(insert(events), made)

    def _handled(self, title: str, category: str, at: datetime) -> dict[str, Any]:
        number = next(self.numbers)
        return {
            "world": "real", "number": f"CZ-OLD-{number}", "version": 9, "state": "evaluated", "title": title,
            "description": "", "category": category, "region": "445102100", "county": "445102", "holder": "445100",
            "placed": "county", "level": 0, "impact": 1, "urgency": 1, "reasons": {}, "origin": "hotline",
            "origin_id": f"old-{number}", "provenance": "live", "must_check": True,
            "reported_at": at - timedelta(hours=8), "received_at": at - timedelta(hours=8), "moved_at": at,
            "closed_at": at, "lead": "urban_management_bureau", "case_due_at": at + timedelta(hours=1),
            "lon": HERE[0], "lat": HERE[1],
        }  # fmt: skip
