"""A desk for the tests: people of the centre, of two departments, of a county, a stranger; and a clock that ticks."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from access.actor import EVERYWHERE, Actor, Scope
from access.rights import ALL_RIGHTS
from database.engine import writing
from dispatch.event import Case, Step
from dispatch.intake import receive
from dispatch.moves import move
from dispatch.report import Receipt, Report
from dispatch.rulebook import Rulebook

NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
"""Wednesday, 09:00 in the city."""


def person(name: str, scope: Scope = EVERYWHERE, home: str = "", department: str = "") -> Actor:
    """Someone with every right, so that a test may take them away one by one."""
    return Actor(name, "tester", scope, ALL_RIGHTS, user=name, home=home, department=department)


CHEN, LIN, XU = person("chen"), person("lin"), person("xu")
"""Officers of the city's centre."""
WATER = person("water", Scope(None, frozenset({"water_bureau"})), department="water_bureau")
POLICE = person("police", Scope(None, frozenset({"public_security_bureau"})), department="public_security_bureau")
TRAFFIC = person("traffic", Scope(None, frozenset({"transport_bureau"})), department="transport_bureau")
STRANGER = person("stranger", Scope(frozenset({"445122", "445122100"})))
NOBODY = Actor("nobody", "tester", EVERYWHERE)


def county(rules: Rulebook, code: str, name: str) -> Actor:
    """An officer of a county's centre."""
    return person(name, Scope(rules.within(code)), home=code)


def report(origin_id: str = "1", **given: Any) -> Report:
    """A flooded culvert in 意溪, reported by a caller."""
    usual = Report(
        "锡美村涵洞积水", "hotline", origin_id, NOW, description="水漫到膝盖，请抽水", category="S0403",
        lon=116.6405, lat=23.6995,
    )  # fmt: skip
    return replace(usual, **given)


@dataclass
class Desk:
    """Does things one after the other, some minutes apart."""

    engine: Engine
    rules: Rulebook
    now: datetime = NOW

    def receive(self, what: Report | None = None, *, by: Actor = CHEN, key: str | None = None) -> Receipt:
        """Take a report in."""
        self.now += timedelta(minutes=1)
        with writing(self.engine) as connection:
            return receive(connection, self.rules, what or report(), by=by, now=self.now, key=key)

    def do(self, number: str, action: str, *, by: Actor = CHEN, minutes: float = 5, **given: Any) -> Case:
        """One move, some minutes after the last one."""
        self.now += timedelta(minutes=minutes)
        with writing(self.engine) as connection:
            return move(connection, self.rules, number, Step(action, **given), by=by, now=self.now)

    def registered(self, what: Report | None = None) -> str:
        """An event that waits to be dispatched; its number."""
        number = self.receive(what).event.number
        self.do(number, "accept")
        self.do(number, "confirm", note="属实")
        self.do(number, "register")
        return number

    def handling(self, what: Report | None = None, joint: tuple[str, ...] = ()) -> str:
        """An event that the water bureau is working on."""
        number = self.registered(what)
        self.do(number, "dispatch", department="water_bureau", joint=joint)
        self.do(number, "sign", by=WATER)
        self.do(number, "handle", by=WATER)
        return number

    def closed(self, what: Report | None = None) -> str:
        """An event that was handled, verified by somebody else, and closed."""
        number = self.handling(what)
        self.do(number, "report", by=WATER, note="已排除")
        self.do(number, "check", by=LIN)
        self.do(number, "verify", by=LIN)
        self.do(number, "close", by=XU)
        return number
