"""Alive, ready, version, metrics: one entry per dependency and source, quick whatever is broken."""

from __future__ import annotations

import socket
import threading
import time
from datetime import timedelta
from types import SimpleNamespace

import pytest
from served import client_of, serve

from api.health import mqtt_answer
from database.lease import acquire
from servers import wait_until

pytestmark = pytest.mark.feature(133)

GOOD = {
    "indicator": "IND-13",
    "region": "445102",
    "period": "2026-11-21",
    "numerator": 45,
    "denominator": 50,
    "value": 90,
}


def test_ready_has_an_entry_per_dependency_and_source(client, cockpit, catalogue) -> None:
    told = wait_until(lambda: (told := client.get("/readyz").get_json())["sources"] and told, 20, "the sources")
    assert told["ready"] is True
    assert set(told["dependencies"]) == {"database", "cache", "mqtt", "timetable", "catalogue"}
    assert told["dependencies"]["database"]["ok"]
    assert set(told["sources"]) == {*catalogue.sources, *catalogue.twins}
    assert told["sources"]["enterprise_requests"]["freshness"] == "dead"
    assert told["sources"]["enterprise_requests"]["reason"]


def test_the_timetables_heartbeat_is_its_lease(small_client, small_engine, now) -> None:
    def found():
        return small_client.get("/readyz").get_json()["dependencies"]["timetable"]

    assert not found()["ok"]
    acquire(small_engine, "timetable", "one", lasting=timedelta(seconds=30), now=now - timedelta(seconds=40))
    assert found()["ok"]
    acquire(small_engine, "timetable", "one", lasting=timedelta(seconds=30), now=now - timedelta(seconds=300))
    assert not found()["ok"]
    assert "没有心跳" in found()["detail"]


def test_a_wrong_catalogue_file_is_a_finding_and_the_product_stays_ready(small_engine, make_cockpit, catalogue) -> None:
    broken = SimpleNamespace(current=catalogue, problems=("one",), since=None)
    response = client_of(serve(make_cockpit(small_engine, live_catalogue=broken))).get("/readyz")
    told = response.get_json()
    assert response.status_code == 200
    assert not told["dependencies"]["catalogue"]["ok"]
    assert catalogue.version in told["dependencies"]["catalogue"]["detail"]


def test_with_a_database_never_reached_it_is_alive_but_not_ready(tmp_path, make_cockpit) -> None:
    from database.engine import open_engine

    cockpit = make_cockpit(open_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
    client = client_of(serve(cockpit))
    assert client.get("/healthz").status_code == 200
    ready = client.get("/readyz")
    assert ready.status_code == 503
    assert ready.headers["Retry-After"]
    told = ready.get_json()
    assert told["ready"] is False
    assert not told["dependencies"]["database"]["ok"]
    assert "nobody" not in ready.get_data(as_text=True)
    lost = client.get("/api/v1/themes")
    assert (lost.status_code, lost.mimetype) == (503, "application/problem+json")
    assert lost.headers["Retry-After"]


def test_health_answers_at_once_although_everything_hangs(tmp_path, make_cockpit) -> None:
    """A port that accepts and never answers, as a frozen database does."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        from database.engine import open_engine

        cockpit = make_cockpit(
            open_engine(f"postgresql+psycopg://x@127.0.0.1:{silent.getsockname()[1]}/x"),
            mqtt_url=f"mqtt://127.0.0.1:{silent.getsockname()[1]}",
        )
        client, other = client_of(serve(cockpit)), client_of(serve(cockpit))
        asked = threading.Thread(target=lambda: client.get("/readyz"))
        asked.start()
        best = min(seconds_of(lambda: other.get("/healthz")) for _ in range(3))
        started = time.perf_counter()
        told = client.get("/readyz").get_json()
        took = time.perf_counter() - started
        asked.join()
    assert best < 0.5
    assert min(seconds_of(lambda: client.get("/healthz")) for _ in range(5)) < 0.05
    assert took < 6
    assert not told["dependencies"]["mqtt"]["ok"]


def seconds_of(work) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


@pytest.mark.mqtt
def test_a_broker_that_answers_is_told_from_a_port_that_is_open(broker) -> None:
    assert mqtt_answer(broker.url)
    broker.kill()
    with pytest.raises(OSError):
        mqtt_answer(broker.url)


def test_version_names_product_and_catalogue(small_client, catalogue) -> None:
    told = small_client.get("/version").get_json()
    assert told["catalogue"] == catalogue.version
    assert told["version"]


@pytest.mark.feature(129)
def test_metrics_tell_age_freshness_cache_quarantine_and_clients(push, small_client) -> None:
    push("enterprise_requests", GOOD, {**GOOD, "region": "445103", "value": 450})
    stream = small_client.get("/live")
    small_client.get("/api/v1/themes")
    text = small_client.get("/metrics").get_data(as_text=True)
    lines = dict(line.rsplit(" ", 1) for line in text.splitlines() if line and not line.startswith("#"))
    assert float(lines['cockpit_source_age_seconds{source="enterprise_requests"}']) > 0
    assert float(lines["cockpit_quarantine_rows"]) == 1
    assert float(lines["cockpit_live_clients"]) >= 1
    assert float(lines['cockpit_outcomes_total{outcome="miss",part="cache"}']) >= 1
    assert 'cockpit_topic_version{topic="readings:real"}' in lines
    assert 'cockpit_sources{freshness="dead",world="real"}' in lines
    stream.close()


@pytest.mark.feature(129)
def test_several_worker_processes_are_added_up(tmp_path) -> None:
    """Under gunicorn each worker counts for itself; /metrics of any one tells the sum."""
    import os
    import subprocess
    import sys
    from pathlib import Path

    count = "from database.tally import Tally; Tally('cache').count('hit')"
    ask = (
        "from api.metrics import _counters; from prometheus_client import generate_latest; "
        "print(generate_latest(_counters()).decode())"
    )
    environment = {**os.environ, "PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    root = Path(__file__).resolve().parents[2]
    for code in (count, count):
        subprocess.run([sys.executable, "-c", code], cwd=root, env=environment, check=True)
    told = subprocess.run(
        [sys.executable, "-c", ask], cwd=root, env=environment, check=True, capture_output=True, text=True
    )
    assert 'cockpit_outcomes_total{outcome="hit",part="cache"} 2.0' in told.stdout
