"""The pages on an empty database, asked without a browser."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from dash import Dash
from flask import Flask
from flask.testing import FlaskClient

from access.actor import LOOPBACK
from database.engine import open_engine
from database.hub import open_hub
from database.migrate import migrate
from database.query_cache import open_cache
from datasources.delivery.observation import Delivery, Observation
from indicators.cockpit import Cockpit
from indicators.intake import take
from indicators.live_catalogue import LiveCatalogue
from pages import panels, shell
from people import TOKEN, known_to

ROOT = Path(__file__).resolve().parents[2]
MOMENT = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """Panels may take longer than in service: several runs share few processors. Speed is the benchmark's matter."""
    monkeypatch.setattr("database.query_cache.DEADLINE", 20.0)


@pytest.fixture
def cockpit(tmp_path: Path) -> Iterator[Cockpit]:
    """A cockpit on an empty database of its own."""
    engine = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}")
    migrate(engine)
    live_catalogue = LiveCatalogue(ROOT)
    hub = open_hub(engine, None)
    cache = open_cache(
        None, folder=tmp_path / "frames", secret="s" * 40, hub=hub,
        catalogue_version=lambda: live_catalogue.current.version, now=lambda: MOMENT,
    )  # fmt: skip
    yield Cockpit(engine, live_catalogue, cache, hub, lambda: MOMENT)
    hub.stop()
    engine.dispose()


@pytest.fixture(scope="session")
def app() -> Dash:
    """The pages, registered once for the whole run, as Dash wants it."""
    made = Dash("pages_under_test", use_pages=True, pages_folder=str(ROOT / "pages"), suppress_callback_exceptions=True)
    made.layout = shell.layout()
    return made


@pytest.fixture
def client(app: Dash, cockpit: Cockpit) -> FlaskClient:
    """A client of a server that has the panels alone."""
    server = Flask("panels_under_test")
    known_to(server)
    panels.mount(server, cockpit)
    client = server.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    return client


@pytest.fixture
def arrive(cockpit: Cockpit):
    """Takes one value in: `arrive("ENV-01", "2026-11-22T13", 50.0)`, in the demo city unless told otherwise."""

    def take_in(code: str, period: str, value: float, *, region: str = "445100", world: str = "demo") -> None:
        catalogue = cockpit.live_catalogue.current
        source = catalogue.source_of(code, world).key
        delivery = Delivery(source, "test", MOMENT, [Observation(code, region, period, value, line=1)])
        take(cockpit.engine, catalogue, delivery, door="push", by=LOOPBACK, now=MOMENT)
        cockpit.hub.refresh()

    return take_in
