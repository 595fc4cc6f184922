"""A running interface for the API tests: real database, shipped catalogue, fixed clock, a client of this machine."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from access import sealing
from database.hub import open_hub
from database.query_cache import open_cache
from indicators.cockpit import Cockpit

sys.path.insert(0, str(Path(__file__).parent))

from served import client_of, serve


@pytest.fixture(autouse=True)
def sealed() -> Iterator[None]:
    """Personal columns are stored sealed; the tests have a key of their own."""
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers may take longer than in service: several runs share few processors. Speed is the benchmark's matter."""
    monkeypatch.setattr("api.answering.WRITE_SECONDS", 20.0)
    monkeypatch.setattr("database.query_cache.DEADLINE", 20.0)


class FixedCatalogue:
    """A catalogue that never changes, in place of the folder's."""

    def __init__(self, catalogue) -> None:
        self.current = catalogue
        self.problems = ()
        self.since = None
        self.folder = Path(__file__).resolve().parents[2]


@pytest.fixture
def make_cockpit(catalogue, now: datetime, tmp_path: Path) -> Iterator[Callable[..., Cockpit]]:
    """Makes cockpits on an engine of choice; their hubs end with the test."""
    made: list[Cockpit] = []

    def make(engine, *, live_catalogue=None, **more) -> Cockpit:
        live_catalogue = live_catalogue or FixedCatalogue(catalogue)
        hub = open_hub(engine, None)
        cache = open_cache(
            None,
            folder=tmp_path / "frames",
            secret="a secret of the tests only",
            hub=hub,
            catalogue_version=lambda: live_catalogue.current.version,
            now=lambda: now,
        )
        made.append(Cockpit(engine, live_catalogue, cache, hub, lambda: now, **more))
        return made[-1]

    yield make
    for cockpit in made:
        cockpit.hub.stop()


@pytest.fixture
def cockpit(engine, make_cockpit) -> Cockpit:
    return make_cockpit(engine)


@pytest.fixture
def client(cockpit: Cockpit) -> FlaskClient:
    return client_of(serve(cockpit))


@pytest.fixture
def small_engine(tmp_path: Path):
    """An embedded database, for what does not depend on the kind."""
    from database.engine import open_engine
    from database.migrate import migrate

    opened = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}")
    migrate(opened)
    yield opened
    opened.dispose()


@pytest.fixture
def small_cockpit(small_engine, make_cockpit) -> Cockpit:
    return make_cockpit(small_engine)


@pytest.fixture
def small_client(small_cockpit: Cockpit) -> FlaskClient:
    return client_of(serve(small_cockpit))


@pytest.fixture
def push(small_client: FlaskClient):
    """Push rows of one source; the receipt."""

    def send(source: str, *rows: dict[str, object]):
        return small_client.post("/api/v1/readings", json={"source": source, "readings": list(rows)})

    return send
