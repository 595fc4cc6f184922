"""Fixtures of dispatch: sealed columns can be written, the shipped rules, people of centre and departments."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from access import sealing
from dispatch.rulebook import Rulebook, rulebook
from small_city import new_database

sys.path.insert(0, str(Path(__file__).parent))

from desk_people import Desk

RING = sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",))


@pytest.fixture(autouse=True)
def sealed() -> Iterator[None]:
    """What people write is stored sealed; the tests have a key of their own."""
    before = sealing.keyring()
    sealing.use(RING)
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


@pytest.fixture(scope="session")
def rules(catalogue) -> Rulebook:
    """The rulebook as shipped."""
    return rulebook(catalogue)


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Engine]:
    """An empty embedded database."""
    engine = new_database(tmp_path / "dispatch.db")
    yield engine
    engine.dispose()


@pytest.fixture
def desk(embedded: Engine, rules: Rulebook) -> Desk:
    """A desk on an embedded database."""
    return Desk(embedded, rules)


@pytest.fixture
def any_desk(engine: Engine, rules: Rulebook) -> Desk:
    """A desk on a database of each kind."""
    return Desk(engine, rules)
