"""The demo city of the shipped catalogue, and one loaded database for all tests that only read it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from demo_city import SEED
from demo_city.city import DemoCity
from demo_city.history import Summary, load

LOADED_AT = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def demo(catalogue) -> DemoCity:
    """The shipped demo city."""
    return DemoCity(catalogue, SEED)


@dataclass(frozen=True)
class Loaded:
    """A database with the whole past of the demo city, and what loading took of the processor."""

    engine: Engine
    summary: Summary


@pytest.fixture(scope="session")
def loaded(catalogue, tmp_path_factory) -> Iterator[Loaded]:
    """An embedded database with the whole past of the demo city, loaded once."""
    from database.engine import open_engine
    from database.migrate import migrate

    engine = open_engine(f"sqlite:///{tmp_path_factory.mktemp('demo') / 'demo.db'}")
    migrate(engine)
    summary = load(engine, catalogue, SEED, LOADED_AT)
    yield Loaded(engine, summary)
    engine.dispose()
