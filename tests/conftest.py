"""Fixtures every test may ask for: a database of each kind, the shipped catalogue, a fixed now."""

from __future__ import annotations

import fcntl
import gc
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from product import Product, prepared_copy
from servers import Server, mosquitto_broker, postgres_server, redis_server

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "house",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """A real PostgreSQL for the whole run."""
    with postgres_server() as server:
        yield server


@pytest.fixture
def redis_up() -> Iterator[Server]:
    """A real, empty Redis of the test's own: it may be killed or frozen."""
    with redis_server() as server:
        yield server


@pytest.fixture
def broker() -> Iterator[Server]:
    """A real Mosquitto of the test's own."""
    with mosquitto_broker() as server:
        yield server


@pytest.fixture
def own_heap() -> Iterator[None]:
    """What earlier tests of this process left in memory is no work for the collector while this one is timed."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(scope="session")
def prepared_data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as the first start leaves it: migrated, published figures and demo city loaded.

    Made once for all processes of a run; who comes second waits.
    """
    base = tmp_path_factory.getbasetemp()
    shared = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "prepared"
    with (shared.parent / "prepared.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (shared / "ready").exists():
            done = Product(shared).manage("prepare")
            assert done.returncode == 0, done.stdout + done.stderr
            (shared / "ready").touch()
    return shared


@pytest.fixture
def product(prepared_data: Path, tmp_path: Path) -> Iterator[Product]:
    """A product of the test's own, filled but not started; change `settings`, then `start()`."""
    made = Product(prepared_copy(prepared_data, tmp_path / "data"))
    yield made
    made.stop()


@pytest.fixture(scope="session")
def running_product(prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Product]:
    """One running product for tests that only look."""
    made = Product(prepared_copy(prepared_data, tmp_path_factory.mktemp("running") / "data"))
    yield made.start()
    made.stop()


@pytest.fixture
def now() -> datetime:
    """Sunday 22 November 2026, 14:32:08 in the city."""
    return datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


@pytest.fixture(scope="session")
def catalogue():
    """The catalogue as shipped."""
    from indicators.catalogue import load

    return load(ROOT)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request, tmp_path) -> str:
    """The address of an empty database, once for each kind we support."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'cockpit.db'}"
    server = request.getfixturevalue("postgres")
    _empty(server.url)
    return str(server.url)


@pytest.fixture
def engine(database_url):
    """A migrated, empty database of each kind."""
    from database.engine import open_engine
    from database.migrate import migrate

    opened = open_engine(database_url)
    migrate(opened)
    yield opened
    opened.dispose()


def _empty(url: str) -> None:
    from sqlalchemy import create_engine, text

    plain = create_engine(url)
    with plain.begin() as connection:
        connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        connection.execute(text("DROP SCHEMA public CASCADE"))
        connection.execute(text("CREATE SCHEMA public"))
    plain.dispose()


def pytest_configure(config: pytest.Config) -> None:
    os.environ.setdefault("PYTHONDONTWRITEBYTECODE", "1")
