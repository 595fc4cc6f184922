"""The running product while what it leans on is killed or frozen: the last good values stay, with their age."""

from __future__ import annotations

import shutil
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from product import ROOT, Product
from servers import Server, wait_until

PANEL = "/panel/wall-tiles?world=real&region=445100"
SOURCE, CODE = "air_stations_hourly", "ENV-01"


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Product]:
    """A product without the demo city, not started: quick to fill, also in PostgreSQL."""
    folder = tmp_path / "catalogue"
    folder.mkdir()
    text = (ROOT / "indicators.yaml").read_text(encoding="utf-8")
    assert "demo_city: true" in text
    (folder / "indicators.yaml").write_text(text.replace("demo_city: true", "demo_city: false"), encoding="utf-8")
    shutil.copy(ROOT / "departments.yaml", folder)
    made = Product(tmp_path / "data", {"COCKPIT_CATALOGUE": str(folder)})
    yield made
    made.stop()


def push(product: Product, value: float, period: str = "2026-11-22T10") -> tuple[int, dict]:
    """One reading through the API."""
    reading = {"indicator": CODE, "region": "445102", "period": period, "value": value}
    return product.post("/api/v1/readings", {"source": SOURCE, "readings": [reading]})


def answered_in(product: Product, path: str) -> tuple[float, int, dict[str, str]]:
    """Seconds, status and headers of a GET."""
    begun = time.perf_counter()
    status, _, headers = product.get(path)
    return time.perf_counter() - begun, status, headers


@pytest.mark.redis
@pytest.mark.slow
@pytest.mark.feature(42)
def test_redis_frozen_killed_and_back_under_a_running_page(bare: Product, redis_up: Server) -> None:
    bare.settings["REDIS_URL"] = redis_up.url
    bare.start()
    assert push(bare, 55)[0] == 200
    usual = min(answered_in(bare, PANEL)[0] for _ in range(5))
    redis_up.freeze()
    for _ in range(5):
        seconds, status, _ = answered_in(bare, PANEL)
        assert status == 200
        assert seconds <= usual + 0.25, f"a frozen Redis cost {seconds:.2f} s"
    assert push(bare, 56)[0] == 200
    redis_up.thaw()
    redis_up.kill()
    seconds, status, _ = answered_in(bare, PANEL)
    assert (status, seconds < usual + 0.25) == (200, True)
    assert bare.get("/healthz")[0] == 200
    redis_up.start()
    wait_until(lambda: bare.json("/readyz")["dependencies"]["cache"]["ok"], 20, "Redis seen again")


@pytest.mark.postgres
@pytest.mark.slow
@pytest.mark.feature(42, 150)
def test_postgres_killed_and_frozen_under_a_running_page(bare: Product) -> None:
    from servers import postgres_server

    with postgres_server() as server:
        bare.settings["DATABASE_URL"] = server.url.replace("+psycopg", "")
        bare.start()
        assert push(bare, 55)[1]["taken"] == 1
        wait_until(lambda: answered_in(bare, PANEL)[1] == 200, 10, "the panel")
        server.kill()
        wait_until(lambda: "X-Degraded" in answered_in(bare, PANEL)[2], 10, "the panel says it is the last good one")
        seconds, status, headers = answered_in(bare, PANEL)
        assert status == 200
        assert headers["X-Frame-At"]
        assert seconds < 3
        assert push(bare, 56)[0] == 503
        assert answered_in(bare, "/healthz")[0] < 0.5
        server.start()
        wait_until(lambda: push(bare, 57)[0] == 200, 20, "taking readings again")
        wait_until(lambda: "X-Degraded" not in answered_in(bare, PANEL)[2], 15, "fresh panels again")
        server.freeze()
        seconds, status, _ = answered_in(bare, PANEL)
        assert (status, seconds < 3.5) == (200, True)
        server.thaw()


@pytest.mark.mqtt
@pytest.mark.slow
@pytest.mark.feature(49, 126)
def test_readings_by_mqtt_reach_the_api_and_a_killed_broker_only_delays_them(bare: Product, broker: Server) -> None:
    from paho.mqtt.publish import single

    def publish(value: float, minute: str) -> None:
        single(
            f"city/{SOURCE}/readings",
            f'{{"readings":[{{"indicator":"{CODE}","region":"445102","period":"2026-11-22T{minute}","value":{value}}}]}}',
            qos=1,
            port=broker.port,
        )

    def stored() -> list[float]:
        found = bare.json(f"/api/v1/indicators/{CODE}/readings?region=445102&world=real")
        return [item["value"] for item in found["items"]]

    bare.settings["MQTT_URL"] = broker.url
    bare.start()
    wait_until(lambda: bare.json("/readyz")["dependencies"]["mqtt"]["ok"], 15, "the broker")
    publish(61, "08")
    wait_until(lambda: 61 in stored(), 15, "the reading from the broker")
    broker.kill()
    assert answered_in(bare, PANEL)[1] == 200
    broker.start()
    publish(62, "09")
    wait_until(lambda: 62 in stored(), 20, "the reading after the broker came back")


@pytest.mark.slow
@pytest.mark.feature(132, 135, 151)
def test_a_first_start_fills_both_worlds_and_a_second_is_quick(product: Product) -> None:
    begun = time.perf_counter()
    product.start(30)
    assert time.perf_counter() - begun < 30
    themes = product.json("/api/v1/themes?limit=200")["items"]
    assert len(themes) == 27
    page = product.json("/api/v1/indicators?limit=400")["items"]
    assert len(page) == 355
    published = product.json("/api/v1/indicators/ECO-01/readings?region=445100&world=real")["items"]
    assert {"2021-Q3": 882.14}.items() <= {item["period"]: item["value"] for item in published}.items()
    assert {item["provenance"] for item in published} == {"published"}
    simulated = product.json("/api/v1/indicators/ECO-01/readings?region=445100&world=demo")["items"]
    assert {item["mark"] for item in simulated} == {"模拟"}


@pytest.mark.slow
@pytest.mark.redis
@pytest.mark.feature(129, 133)
def test_the_production_layout_serves_pages_streams_and_counters(bare: Product, redis_up: Server) -> None:
    bare.command = "up"
    bare.settings |= {"WORKERS": "2", "COCKPIT_SECRET_KEY": "k" * 40, "REDIS_URL": redis_up.url}
    bare.start()
    assert push(bare, 55)[1]["taken"] == 1
    assert answered_in(bare, PANEL)[1] == 200
    streams = Product(bare.folder, port=bare.port + 1, api_token=bare.api_token)
    wait_until(lambda: streams.get("/live/version")[0] == 200, 15, "the program of streams")
    version = streams.get("/live/version")[2]["ETag"]
    push(bare, 56)
    wait_until(lambda: streams.get("/live/version")[2]["ETag"] != version, 10, "the change in the stream program")
    assert b"cockpit_" in bare.get("/metrics")[1]


def test_production_refuses_to_start_without_its_secret(bare: Product) -> None:
    refused = bare.manage("up")
    assert refused.returncode == 1
    assert "COCKPIT_SECRET_KEY" in refused.stderr


def test_a_taken_port_stops_the_start_and_says_so(bare: Product) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", bare.port))
        other.listen()
        refused = bare.manage("run")
    assert refused.returncode == 1
    assert f"端口 {bare.port} 不可用" in refused.stderr
