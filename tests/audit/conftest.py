"""A keyring, an anchor file, people of three kinds, and a hand that gets past the triggers."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import text

from access import sealing
from access.anchor import AnchorFile
from access.audit import record
from access.sealing import INTL, Keyring
from audit_people import OFFICER
from database.engine import writing


@pytest.fixture
def ring(request) -> Iterator[Keyring]:
    """The keyring of the process; `@with_both` runs a test once for each family of algorithms."""
    before = sealing.keyring()
    made = Keyring(getattr(request, "param", INTL), ("a secret of forty characters, for the tests",))
    sealing.use(made)
    yield made
    sealing.forget()
    if before:
        sealing.use(before)


@pytest.fixture
def anchors(tmp_path) -> AnchorFile:
    return AnchorFile(tmp_path / "away" / "audit-anchor.jsonl")


@pytest.fixture
def written(engine, now):
    """A function that writes so many rows, one transaction each."""

    def write(count: int, **more: object) -> None:
        for number in range(count):
            with writing(engine) as connection:
                told = {"by": OFFICER, "action": "entries.write", "object": f"entry {number}", "now": now, **more}
                record(connection, **told)

    return write


@pytest.fixture
def tampering(engine):
    """Statements of somebody who owns the database: triggers off, done, triggers on again."""

    def tamper(*statements: str) -> None:
        with guards_off(engine), writing(engine) as connection:
            for statement in statements:
                connection.execute(text(statement))

    return tamper


@contextmanager
def guards_off(engine) -> Iterator[None]:
    is_postgres = engine.dialect.name == "postgresql"
    tables = ("audit", "audit_heads", "audit_checkpoints")
    with writing(engine) as connection:
        kept = [] if is_postgres else _dropped(connection)
        for table in tables if is_postgres else ():
            connection.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
    yield
    with writing(engine) as connection:
        for statement in kept:
            connection.execute(text(statement))
        for table in tables if is_postgres else ():
            connection.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))


def _dropped(connection) -> list[str]:
    found = connection.execute(text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")).all()
    for name, _ in found:
        connection.execute(text(f"DROP TRIGGER {name}"))
    return [sql for _, sql in found]
