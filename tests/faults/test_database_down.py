"""PostgreSQL killed or frozen under a running interface: last good answers with their age, refusals without a trace."""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from servers import postgres_server, wait_until

sys.path.insert(0, str(Path(__file__).parents[1] / "api"))

from served import client_of, serve

from database.engine import open_engine
from database.hub import open_hub
from database.migrate import migrate
from database.query_cache import open_cache
from indicators.cockpit import Cockpit

pytestmark = [pytest.mark.postgres, pytest.mark.feature(151)]

ROW = {
    "indicator": "IND-13",
    "region": "445102",
    "period": "2026-11-21",
    "numerator": 45,
    "denominator": 50,
    "value": 90,
}
PUSH = {"source": "enterprise_requests", "readings": [ROW]}
SEEN = "/api/v1/indicators/IND-13/readings?region=445102&world=real"
LONGEST = 3.2
"""Seconds: three, and what this machine adds."""


@pytest.fixture(scope="module")
def server():
    with postgres_server() as made:
        migrate(open_engine(made.url))
        yield made


class Catalogue:
    def __init__(self, catalogue) -> None:
        self.current, self.problems, self.since = catalogue, (), None


@pytest.fixture
def running(server, catalogue, now, tmp_path):
    engine = open_engine(server.url)
    hub = open_hub(engine, None)
    cache = open_cache(
        None, folder=tmp_path, secret="of the tests", hub=hub, catalogue_version=lambda: "c", now=lambda: now
    )
    cockpit = Cockpit(engine, Catalogue(catalogue), cache, hub, lambda: now)
    client = client_of(serve(cockpit))
    assert client.post("/api/v1/readings", json=PUSH).status_code == 200
    assert client.get(SEEN).get_json()["items"]
    yield client, cockpit
    hub.stop()
    engine.dispose()


def send_to_all(server, number: signal.Signals) -> None:
    """Signal the server and its backends: each backend is a process group of its own."""
    family, found = [server.process.pid], 0
    while found < len(family):
        parent, found = family[found], found + 1
        family += [pid for pid, its in parents().items() if its == parent]
    for pid in family:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def parents() -> dict[int, int]:
    """The parent of every process."""
    known = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            known[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
    return known


def timed(work):
    started = time.perf_counter()
    return work(), time.perf_counter() - started


@pytest.mark.parametrize("trouble", ["kill", "freeze"])
def test_reads_go_on_writes_are_refused_and_all_heals(running, server, trouble: str) -> None:
    client, cockpit = running
    server.kill() if trouble == "kill" else send_to_all(server, signal.SIGSTOP)
    try:
        check_while_away(client, cockpit)
    finally:
        server.start() if trouble == "kill" else send_to_all(server, signal.SIGCONT)
    wait_until(lambda: not cockpit.hub.is_blind, 15, "the hub hearing again")
    wait_until(lambda: client.post("/api/v1/readings", json=PUSH).status_code == 200, 15, "writing again")
    healed = client.get(SEEN)
    assert healed.status_code == 200
    assert "X-Degraded" not in healed.headers
    assert [row["value"] for row in healed.get_json()["items"]] == [90.0]


def check_while_away(client, cockpit) -> None:
    refused, took = timed(lambda: client.post("/api/v1/readings", json=PUSH))
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert took < LONGEST
    assert int(refused.headers["Retry-After"]) > 0
    wait_until(lambda: cockpit.hub.is_blind, 10, "the hub noticing")
    kept, took = timed(lambda: client.get(SEEN))
    assert kept.status_code == 200
    assert kept.headers["X-Degraded"] == "1"
    assert kept.headers["X-Frame-At"]
    assert kept.get_json()["items"][0]["value"] == 90.0
    assert took < 0.5
    never, took = timed(lambda: client.get("/api/v1/indicators?theme=environment&region=445122"))
    assert (never.status_code, never.mimetype) == (503, "application/problem+json")
    assert "Traceback" not in never.get_data(as_text=True)
    assert "psycopg" not in never.get_data(as_text=True)
    assert took < LONGEST
    alive = [timed(lambda: client.get("/healthz")) for _ in range(5)]
    assert {answer.status_code for answer, _ in alive} == {200}
    assert min(took for _, took in alive) < 0.05
    ready, took = timed(lambda: client.get("/readyz"))
    assert ready.status_code == 200
    assert not ready.get_json()["dependencies"]["database"]["ok"]
    assert took < LONGEST


def test_one_frozen_backend_stops_one_request_not_the_rest(running, server) -> None:
    """statement_timeout does not help: the frozen backend is the one that would enforce it."""
    client, cockpit = running
    with cockpit.engine.connect() as held:
        (pid,) = held.exec_driver_sql("SELECT pg_backend_pid()").one()
    os.kill(pid, signal.SIGSTOP)
    try:
        results = [
            timed(lambda n=n: client.get(f"/api/v1/sources/enterprise_requests/calls?limit={n}")) for n in (3, 4, 5)
        ]
    finally:
        os.kill(pid, signal.SIGCONT)
    assert all(took < LONGEST for _, took in results)
    assert [response.status_code for response, _ in results].count(200) >= 2
