"""The token by which the demo city pushes: made on this machine for the timetable alone; it may push, nothing else."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine

from access.actor import TIMETABLE
from access.rules import Rules
from access.tokens import NewToken, issue, listed, revoke
from database.engine import writing

NAME = "演示城市（本机）"
LASTS = timedelta(days=30)


@dataclass
class PassToken:
    """Makes the token when it is first asked for, and another one after `forget`: the old one is taken back."""

    engine: Engine
    rules: Callable[[], Rules]
    now: Callable[[], datetime]
    _text: str = ""

    def __call__(self) -> str:
        """The token's text."""
        if not self._text:
            self._text = self._make()
        return self._text

    def forget(self) -> None:
        """It opens nothing any more."""
        self._text = ""

    def _make(self) -> str:
        rules, now = self.rules(), self.now()
        wanted = NewToken("api", NAME, (rules.territory.city,), LASTS, frozenset({"readings.push"}))
        with writing(self.engine) as connection:
            for earlier in listed(connection, rules, ["api"], by=TIMETABLE):
                if earlier.name == NAME and earlier.is_valid:
                    revoke(connection, rules, earlier.id, by=TIMETABLE, now=now)
            return issue(connection, rules, wanted, by=TIMETABLE, now=now)[1].text
