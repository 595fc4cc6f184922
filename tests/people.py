"""People and programs of the tests: who holds a role somewhere, and what opens the door for them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from access.actor import EVERYWHERE, Actor
from access.rights import ALL_RIGHTS

if TYPE_CHECKING:
    from flask import Flask
    from sqlalchemy import Engine

    from access.rules import Rules
    from access.session import Entrance

TOKEN = "token-of-the-tests"
EVERYTHING = Actor("loopback", "operator", EVERYWHERE, ALL_RIGHTS, user="test", role_name="测试", kind="program")
"""May do everything everywhere: for tests that are about something else."""

LIN, HUANG = ({"Authorization": f"Bearer {name}"} for name in ("lin", "huang"))
"""Two persons, where one alone may not do it."""


def _persons() -> dict[str, Actor]:
    made = {"lin": "林敏", "huang": "黄海"}
    return {key: Actor(name, "tester", EVERYWHERE, ALL_RIGHTS, user=key) for key, name in made.items()}


@dataclass
class Known:
    """A reception that knows actors by their token, in place of the one that asks the database."""

    actors: dict[str, Actor]
    engine: Any = None
    rules: Any = None
    now: Any = lambda: datetime.now(UTC)

    def by_token(self, text: str) -> Any:
        from access.reception import Visit

        return Visit(self.actors[text], "token") if text in self.actors else None

    by_session = by_identity = lambda self, *_, **__: None


def known_to(server: Flask, actors: dict[str, Actor] | None = None, **more: Any) -> Entrance:
    """Let `server` recognise these actors and nobody else."""
    from access.gateway import Front
    from access.session import Entrance, install

    made = Entrance(Known({TOKEN: EVERYTHING, **_persons()} if actors is None else actors, **more), Front(), False)  # type: ignore[arg-type]
    install(server, made)
    return made


@dataclass
class People:
    """Whoever is needed, in a real database."""

    engine: Engine
    rules: Rules
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def actor(self, role: str, region: str = "") -> Actor:
        """Who that is when signed in."""
        from access.reception import Reception

        found = Reception(self.engine, lambda: self.rules, now=self.now).by_session(self.session(role, region))
        assert found
        return found.actor

    def session(self, role: str, region: str = "", department: str = "", person: str = "") -> str:
        """The cookie text of somebody signed in who holds `role` there; `person` makes it somebody else."""
        from access.sessions import Opening, open_session
        from database.engine import writing

        now, place = self.now(), self.place(role, region, department)
        with writing(self.engine) as connection:
            number = self._account(connection, place, person, now)
            opening = Opening(number, place.role, place.department)
            return open_session(connection, opening, self.rules.limits, now).token.text

    def _account(self, connection: Any, place: Any, person: str, now: datetime) -> int:
        from access import accounts
        from access.account import account_named
        from access.actor import LOOPBACK

        name = f"{person or 'tester'}-{place.role}-{place.region}".replace("_", "-").lower()
        found = account_named(connection, name)
        if found:
            return found.id
        shown = ("第二人" if person else self.rules.roles.roles[place.role].name) + "（测试）"
        new = accounts.NewAccount(name, shown, place.region, place.department)
        number = accounts.add(connection, self.rules, new, by=LOOPBACK, now=now)
        accounts.grant(connection, self.rules, number, place, by=LOOPBACK, now=now)
        return number

    def place(self, role: str, region: str = "", department: str = "") -> Any:
        """Where a role is held: as named, else where it usually is."""
        from access import trial
        from access.accounts import Place

        first = department or next(iter(self.rules.territory.departments))
        usual = trial.usual_place(self.rules, role, first)
        return Place(role, region or usual.region, usual.department)

    def token(self, region: str = "", *, kind: str = "api", rights: frozenset[str] = frozenset()) -> str:
        """The text of an API or screen token."""
        from access import tokens
        from access.actor import LOOPBACK
        from database.engine import writing

        wanted = tokens.NewToken(kind, "测试", (region or self.rules.territory.city,), timedelta(days=30), rights)  # type: ignore[arg-type]
        with writing(self.engine) as connection:
            _, made = tokens.issue(connection, self.rules, wanted, by=LOOPBACK, now=self.now())
        return made.text


@contextmanager
def people_of(url: str, catalogue_folder: Any) -> Iterator[People]:
    """The people of a product whose database is at `url`."""
    from access.rules import Rules
    from access.territory import Territory
    from database.engine import open_engine
    from indicators.catalogue import load
    from indicators.roles_file import load as load_roles

    territory = Territory.of(load(catalogue_folder))
    engine = open_engine(url)
    try:
        yield People(engine, Rules(load_roles(catalogue_folder, territory), territory))
    finally:
        engine.dispose()
