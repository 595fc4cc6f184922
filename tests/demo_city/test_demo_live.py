"""The present of the demo city: by the doors of real sources, on time, without a seam, through outages of all doors."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import orjson
import pytest

from datasources.delivery.observation import Observation
from datasources.delivery.period import Frequency
from datasources.push import Spec, accept
from demo_city import SEED, live
from demo_city.doors import Addresses, DoorClosed, DropDoor, MqttDoor, PushDoor, messages
from demo_city.history import deliveries
from demo_city.layout import in_words
from demo_city.live import Feeder
from indicators.files import read_file

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
Key = tuple[str, str, str]


@dataclass
class Notebook:
    """A door that writes down what came, unless it is shut."""

    shut: bool = False
    came: dict[Key, float | None] = field(default_factory=dict)
    sources: set[str] = field(default_factory=set)

    def send(self, source: str, readings: Sequence[Observation]) -> None:
        if self.shut:
            raise DoorClosed("shut")
        self.sources.add(source)
        self.came.update({(one.indicator, one.region, one.period): one.value for one in readings})

    def close(self) -> None:
        """Nothing to close."""


def _feeder(catalogue, folder: Path, **doors: Notebook) -> Feeder:
    feeder = Feeder(lambda: catalogue, SEED, Addresses("http://127.0.0.1:9", folder / "drop"), folder)
    feeder._doors.update(doors)
    return feeder


@pytest.fixture
def few(catalogue):
    """The shipped catalogue with a handful of sources."""
    codes = ("WAT-01", "HOT-01", "HOT-04", "HLT-01", "ECO-07", "SOC-10", "TRF-01", "ENV-01")
    kept = {catalogue.indicators[code].source for code in codes}
    indicators = {code: one for code, one in catalogue.indicators.items() if one.source in kept}
    return replace(catalogue, indicators=indicators, sources={key: catalogue.sources[key] for key in kept})


def test_history_and_live_feed_together_are_the_history_of_later(few, tmp_path) -> None:
    until = NOW + timedelta(minutes=100)
    notebook = Notebook()
    feeder = _feeder(few, tmp_path, push=notebook, drop=notebook)
    for minute in range(0, 101, 5):
        feeder.tick(NOW + timedelta(minutes=minute))
    later = {(o.indicator, o.region, o.period): o.value for d in deliveries(few, SEED, until) for o in d.observations}
    earlier = {(o.indicator, o.region, o.period) for d in deliveries(few, SEED, NOW) for o in d.observations}
    assert later.keys() - earlier <= notebook.came.keys(), "something of the present was never sent"
    assert all(later[key] == value for key, value in notebook.came.items() if key in later)


def test_a_minute_brings_minute_figures_and_an_hour_the_hourly_ones(few, tmp_path) -> None:
    notebook = Notebook()
    feeder = _feeder(few, tmp_path, push=notebook, drop=notebook)
    feeder.tick(NOW)
    notebook.came.clear()
    feeder.tick(NOW + timedelta(minutes=1))
    assert {key[0] for key in notebook.came} >= {"WAT-01", "TRF-01"}
    assert not {key[0] for key in notebook.came} & {"ENV-01", "HLT-01", "ECO-07"}
    notebook.came.clear()
    feeder.tick(NOW + timedelta(minutes=45))
    assert ("ENV-01", "445102", "2026-11-22T14") in notebook.came


def test_nothing_is_sent_twice(few, tmp_path) -> None:
    feeder = _feeder(few, tmp_path, push=Notebook(), drop=Notebook())
    assert feeder.tick(NOW).sent > 0
    assert feeder.tick(NOW).sent == 0
    assert feeder.tick(NOW + timedelta(seconds=20)).sent == 0


def test_what_a_shut_door_did_not_take_is_offered_again(few, tmp_path) -> None:
    notebook = Notebook(shut=True)
    feeder = _feeder(few, tmp_path, push=notebook, drop=notebook)
    first = feeder.tick(NOW)
    assert first.sent == 0 and first.waiting
    feeder.tick(NOW + timedelta(minutes=7))
    notebook.shut = False
    feeder.tick(NOW + timedelta(minutes=9))
    minutes = {period for code, _, period in notebook.came if code == "WAT-01"}
    assert {f"2026-11-22T14:{minute}" for minute in range(30, 42)} <= minutes


def test_a_restart_goes_on_where_the_last_run_ended(few, tmp_path) -> None:
    _feeder(few, tmp_path, push=Notebook(), drop=Notebook()).tick(NOW)
    notebook = Notebook()
    _feeder(few, tmp_path, push=notebook, drop=notebook).tick(NOW + timedelta(minutes=3))
    assert {period for code, _, period in notebook.came if code == "WAT-01"} == {
        "2026-11-22T14:33",
        "2026-11-22T14:34",
        "2026-11-22T14:35",
    }


@pytest.mark.parametrize("damage", [b"", b"{", b"[1]", b'{"a": "b"}'])
def test_a_damaged_memory_costs_a_repetition_and_nothing_else(few, tmp_path, damage: bytes) -> None:
    (tmp_path / "demo_feed.json").write_bytes(damage)
    assert _feeder(few, tmp_path, push=Notebook(), drop=Notebook()).tick(NOW).sent > 0


def test_after_a_long_night_the_gap_is_filled_but_not_without_bound(few, tmp_path) -> None:
    _feeder(few, tmp_path, push=Notebook(), drop=Notebook()).tick(NOW - timedelta(days=40))
    notebook = Notebook()
    fed = _feeder(few, tmp_path, push=notebook, drop=notebook).tick(NOW)
    levels = sorted(period for code, _, period in notebook.came if code == "WAT-01")
    assert levels[0] >= "2026-11-15" and levels[-1] == "2026-11-22T14:32"
    assert fed.sent < 30_000
    assert ("ECO-07", "445102", "2026-10") in notebook.came


def test_reports_come_as_files_on_the_day_they_are_due(few, tmp_path) -> None:
    push, drop = Notebook(), Notebook()
    feeder = _feeder(few, tmp_path, push=push, drop=drop)
    before = datetime(2026, 11, 20, 1, 0, tzinfo=UTC)
    feeder.tick(before)
    assert not any(code == "ECO-07" for code, *_ in drop.came)
    feeder.tick(before + timedelta(hours=1))
    assert ("ECO-07", "445102", "2026-10") in drop.came
    assert not any(code == "ECO-07" for code, *_ in push.came)


def test_a_changed_catalogue_is_taken_up_without_a_restart(few, tmp_path) -> None:
    current = [few]
    notebook = Notebook()
    feeder = Feeder(lambda: current[0], SEED, Addresses("http://127.0.0.1:9", tmp_path / "drop"), tmp_path)
    feeder._doors.update(push=notebook, drop=notebook)
    feeder.tick(NOW)
    fewer = {code: one for code, one in few.indicators.items() if code != "WAT-01"}
    current[0] = replace(few, indicators=fewer, version="another")
    notebook.came.clear()
    feeder.tick(NOW + timedelta(minutes=2))
    assert notebook.came and not any(code == "WAT-01" for code, *_ in notebook.came)


def test_an_indicator_nobody_has_a_recipe_for_is_fed_too(few, tmp_path) -> None:
    new = few.indicators["HLT-01"].model_copy(update={"code": "NEW-01", "frequency": Frequency.REALTIME})
    changed = replace(few, indicators={**few.indicators, "NEW-01": new, "ECO-07": few.indicators["ECO-07"].model_copy(
        update={"aggregation": "ratio", "scale": 100.0})})  # fmt: skip
    notebook = Notebook()
    _feeder(changed, tmp_path, push=notebook, drop=notebook).tick(NOW)
    assert any(code == "NEW-01" and value is not None and value > 0 for (code, *_), value in notebook.came.items())


# The doors themselves


class _Server(BaseHTTPRequestHandler):
    """Takes a push as the real server would, or answers as told."""

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.seen.append((self.path, body))
        self.send_response(self.server.status)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"{}")

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    made = ThreadingHTTPServer(("127.0.0.1", 0), _Server)
    made.seen, made.status = [], 200
    threading.Thread(target=made.serve_forever, daemon=True).start()
    yield made
    made.shutdown()
    made.server_close()


def _readings(count: int) -> list[Observation]:
    return [
        Observation("GOV-07", "445102", f"2026-11-{1 + n % 28:02d}", 9.8, numerator=98.0, denominator=10.0)
        for n in range(count)
    ]


def test_a_push_is_understood_by_the_real_reader_of_pushes(server) -> None:
    door = PushDoor(f"http://127.0.0.1:{server.server_port}")
    door.send("demo_satisfaction", _readings(2_500))
    door.close()
    assert [path for path, _ in server.seen] == ["/api/v1/readings"] * 3
    delivery = accept(server.seen[0][1], Spec(), NOW)
    assert delivery.source == "demo_satisfaction" and not delivery.unreadable
    assert delivery.observations[0].numerator == 98.0 and delivery.observations[0].period == "2026-11-01"


@pytest.mark.parametrize("status", [500, 503, 429])
def test_a_server_in_trouble_is_a_closed_door(server, status: int) -> None:
    server.status = status
    with pytest.raises(DoorClosed):
        PushDoor(f"http://127.0.0.1:{server.server_port}").send("demo_x", _readings(1))


def test_a_refusal_for_good_is_not_repeated_for_ever(server, caplog) -> None:
    server.status = 422
    PushDoor(f"http://127.0.0.1:{server.server_port}").send("demo_x", _readings(1))
    assert "refused" in caplog.text


def test_no_server_at_all_is_a_closed_door() -> None:
    with pytest.raises(DoorClosed):
        PushDoor("http://127.0.0.1:9").send("demo_x", _readings(1))


@pytest.mark.mqtt
def test_readings_go_through_a_real_broker(broker) -> None:
    from paho.mqtt.client import Client
    from paho.mqtt.enums import CallbackAPIVersion

    came: list[tuple[str, bytes]] = []
    arrived, listening = threading.Event(), threading.Event()
    listener = Client(CallbackAPIVersion.VERSION2)
    listener.on_connect = lambda client, *_: client.subscribe("city/+/readings", qos=1)
    listener.on_subscribe = lambda *_: listening.set()
    listener.on_message = lambda _, __, message: (came.append((message.topic, message.payload)), arrived.set())
    port = int(broker.url.rpartition(":")[2].strip("/"))
    listener.connect("127.0.0.1", port)
    listener.loop_start()
    assert listening.wait(10)
    door = MqttDoor(broker.url)
    try:
        door.send("demo_river", _readings(3))
        assert arrived.wait(10)
    finally:
        door.close()
        listener.loop_stop()
    assert came[0][0] == "city/demo_river/readings"
    assert len(orjson.loads(came[0][1])["readings"]) == 3


def test_without_a_broker_behind_the_address_streams_wait(few, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("demo_city.doors._PATIENCE", 0.2)
    addresses = Addresses("http://127.0.0.1:9", tmp_path / "drop", "mqtt://127.0.0.1:9")
    feeder = Feeder(lambda: few, SEED, addresses, tmp_path)
    feeder._doors.update(push=Notebook(), drop=Notebook())
    fed = feeder.tick(NOW)
    feeder.close()
    assert {few.source(key).kind for key in fed.waiting} == {"mqtt"}


# Files


@pytest.mark.slow
def test_every_file_is_read_back_as_it_was_meant(catalogue, tmp_path) -> None:
    """Titles, Chinese periods and names, units, GBK and XLSX: every line comes back as the figure it was made from."""
    sheets = Notebook()
    feeder = _feeder(catalogue, tmp_path, push=Notebook(), drop=sheets)
    feeder._doors["drop"] = door = DropDoor(tmp_path / "drop", catalogue)
    meant: dict[str, list[Observation]] = {}
    real = door.send

    def send(source: str, readings: Sequence[Observation]) -> None:
        meant[source] = list(readings)
        real(source, readings)

    door.send = send  # type: ignore[method-assign]
    start = datetime(2026, 4, 19, 22, 0, tzinfo=UTC)
    feeder.tick(start)
    meant.clear()
    feeder.tick(start + timedelta(days=8))
    chosen = sorted(meant)[::9]
    assert len(chosen) >= 8
    endings = set()
    for source in chosen:
        (path,) = (p for p in (tmp_path / "drop" / source).iterdir())
        endings.add(path.suffix)
        found = read_file(catalogue, path, source=source, now=start)
        assert not found.unreadable, (path.name, found.unreadable[:2])
        wanted = {(o.indicator, o.region, o.period): (o.value, o.numerator, o.denominator) for o in meant[source]}
        assert {
            (o.indicator, o.region, o.period): (o.value, o.numerator, o.denominator) for o in found.observations
        } == wanted
    assert endings == {".csv", ".xlsx"}


def _said(readings: Sequence[Observation]) -> set[tuple[object, ...]]:
    return {(o.indicator, o.region, o.period, o.value, o.numerator, o.denominator) for o in readings}


def test_a_file_says_that_it_is_simulated(catalogue, tmp_path) -> None:
    source = f"demo_{catalogue.indicators['ECO-07'].source}"
    DropDoor(tmp_path, catalogue).send(source, [Observation("ECO-07", "445102", "2026-10", 60.5)])
    (path,) = (tmp_path / source).iterdir()
    assert "模拟" in path.name and not path.name.endswith(".part")


def test_a_full_disk_is_a_closed_door(catalogue, tmp_path) -> None:
    (tmp_path / "drop").write_text("a file where the folder should be")
    source = f"demo_{catalogue.indicators['ECO-07'].source}"
    with pytest.raises(DoorClosed):
        DropDoor(tmp_path / "drop", catalogue).send(source, [Observation("ECO-07", "445102", "2026-10", 60.5)])


@pytest.mark.parametrize(
    ("label", "cumulative", "words"),
    [
        ("2026-10", True, "2026年1-10月"), ("2026-10", False, "2026年10月"), ("2026-01", True, "2026年1月"),
        ("2026-Q3", True, "2026年1-9月"), ("2026-Q3", False, "2026年三季度"), ("2025", True, "2025年"),
    ],
)  # fmt: skip
def test_periods_are_written_as_departments_write_them(label: str, cumulative: bool, words: str) -> None:
    assert in_words(label, cumulative=cumulative) == words


def test_messages_hold_a_thousand_readings_at_most() -> None:
    sent = messages("demo_x", _readings(2_001))
    assert [len(orjson.loads(one)["readings"]) for one in sent] == [1000, 1000, 1]


def test_the_timetable_looks_often_enough_for_minute_figures() -> None:
    assert live.EVERY_SECONDS <= 30
