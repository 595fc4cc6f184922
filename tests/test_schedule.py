"""The timetable: one of two works, a job's trouble stays its own, the end comes within three seconds."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

import schedule
from database.changes import versions
from database.engine import open_engine, reading
from database.migrate import migrate
from indicators.live_catalogue import LiveCatalogue
from schedule import BEAT_LASTS, Job, Listening, Timetable, reload
from servers import Server, free_port, wait_until
from small_city import NOW

ROOT = Path(__file__).parents[1]


class Clock:
    def __init__(self):
        self.now = NOW

    def __call__(self):
        return self.now


def timetable(engine, clock, holder, *jobs, **more) -> Timetable:
    return Timetable(engine, list(jobs), clock, holder=holder, **more)


# One of two


@pytest.mark.feature(41)
def test_of_two_timetables_one_leads(engine):
    clock = Clock()
    first, second = timetable(engine, clock, "first"), timetable(engine, clock, "second")
    first.beat()
    second.beat()
    assert (first.leading.is_set(), second.leading.is_set()) == (True, False)


def test_the_second_takes_over_when_the_heartbeat_stops(engine):
    """W5: the holder is frozen for a minute and wakes up again."""
    clock, lost = Clock(), []
    first = timetable(engine, clock, "first", when_lost=lambda: lost.append(True))
    second = timetable(engine, clock, "second")
    first.beat()
    clock.now += BEAT_LASTS + timedelta(seconds=1)
    second.beat()
    first.beat()
    assert (first.leading.is_set(), second.leading.is_set()) == (False, True)
    assert lost == [True]
    first.beat()
    assert not first.leading.is_set()


def test_a_clean_end_hands_over_at_once(engine):
    clock = Clock()
    first, second = timetable(engine, clock, "first"), timetable(engine, clock, "second")
    first.beat()
    first.stopping.set()
    assert first.run() == 0
    second.beat()
    assert second.leading.is_set()


def test_the_heartbeat_is_where_readyz_looks(engine):
    clock = Clock()
    timetable(engine, clock, "first").beat()
    with reading(engine) as connection:
        until = connection.execute(text("SELECT until FROM leases WHERE name = 'timetable'")).scalar_one()
    assert until == (NOW + BEAT_LASTS).timestamp() * 1000


def test_without_a_database_it_goes_on_until_its_lease_runs_out(tmp_path):
    clock = Clock()
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(engine)
    only = timetable(engine, clock, "only")
    only.beat()
    engine.dispose()
    (tmp_path / "a.db").rename(tmp_path / "away.db")
    for leftover in tmp_path.glob("a.db-*"):
        leftover.unlink()
    clock.now += timedelta(seconds=5)
    only.beat()
    assert only.leading.is_set()
    clock.now += BEAT_LASTS
    only.beat()
    assert not only.leading.is_set()
    engine.dispose()
    (tmp_path / "a.db").unlink()
    (tmp_path / "away.db").rename(tmp_path / "a.db")
    only.beat()
    assert only.leading.is_set()
    engine.dispose()


# Jobs


def test_jobs_run_only_while_leading(engine):
    ran = threading.Event()
    clock = Clock()
    other = timetable(engine, clock, "other")
    other.beat()
    waiting = timetable(engine, clock, "waiting", Job("job", 0.01, ran.set))
    thread = threading.Thread(target=waiting.run)
    thread.start()
    try:
        assert not ran.wait(0.5)
        waiting.leading.set()
        assert ran.wait(5)
    finally:
        waiting.stopping.set()
        thread.join(5)


def test_a_job_that_fails_is_told_once_a_minute_and_tried_again(caplog):
    tries = []

    def failing():
        tries.append(1)
        raise ConnectionError("source down")

    job = Job("refresh", 5, failing)
    with caplog.at_level(logging.ERROR):
        for _ in range(10):
            job.run()
    assert len(tries) == 10
    assert len(caplog.records) == 1


def test_another_trouble_is_told_at_once(caplog):
    troubles = iter([ConnectionError("a"), ConnectionError("b"), ConnectionError("b")])

    def failing():
        raise next(troubles)

    job = Job("refresh", 5, failing)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            job.run()
    assert len(caplog.records) == 2


def test_a_job_that_never_comes_back_ends_the_process(engine, monkeypatch):
    monkeypatch.setattr(schedule, "STUCK_AFTER", 0.05)
    monkeypatch.setattr(schedule, "BEAT_EVERY", timedelta(seconds=0.1))
    gate = threading.Event()
    stuck = timetable(engine, Clock(), "only", Job("stuck", 1, lambda: gate.wait(20)))
    begun = time.monotonic()
    assert stuck.run() == 1
    assert time.monotonic() - begun < 10
    gate.set()


def test_a_changed_catalogue_is_told_once(engine, tmp_path):
    for name in ("indicators.yaml", "departments.yaml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    live = LiveCatalogue(tmp_path)

    def told() -> int:
        reload(engine, live, datetime(2026, 11, 22, tzinfo=UTC))
        with reading(engine) as connection:
            return versions(connection).get("catalogue", 0)

    assert told() == 0
    with (tmp_path / "indicators.yaml").open("ab") as file:
        file.write("\n# 修改\n".encode())
    assert told() == 1
    assert told() == 1


@pytest.mark.mqtt
def test_the_listener_is_kept_and_ended(broker: Server, tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'a.db'}")
    migrate(engine)
    listening = Listening(
        schedule.Stream(engine, dict, lambda: NOW), broker.url, schedule.Alarms(engine, dict, lambda: NOW)
    )
    listening.keep()
    first = listening.listener
    listening.keep()
    assert listening.listener is first
    assert first.connected.wait(10)
    listening.end()
    assert listening.listener is None
    listening.end()
    engine.dispose()


# The program


@pytest.fixture
def program(tmp_path):
    """`python schedule.py` on a database of its own; nothing of the surroundings."""
    environment = {
        "PATH": os.environ["PATH"],
        "COCKPIT_DATA": str(tmp_path),
        "PORT": str(free_port()),
        "PYTHONUNBUFFERED": "1",
    }
    started = []

    def start(**more: str) -> subprocess.Popen[bytes]:
        log = (tmp_path / "log").open("ab")
        process = subprocess.Popen(
            [sys.executable, str(ROOT / "schedule.py")], cwd=ROOT, env=environment | more, stdout=log, stderr=log
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()


def beats(folder: Path) -> str | None:
    """Who holds the timetable of the database in `folder`."""
    file = folder / "cockpit.db"
    if not file.exists():
        return None
    engine = open_engine(f"sqlite:///{file}")
    try:
        with reading(engine) as connection:
            return connection.execute(text("SELECT holder FROM leases WHERE name = 'timetable'")).scalar()
    except Exception:
        return None
    finally:
        engine.dispose()


@pytest.mark.slow
def test_it_starts_beats_and_ends_when_asked(program, tmp_path):
    process = program()
    wait_until(lambda: beats(tmp_path), 60, "the first heartbeat")
    process.send_signal(signal.SIGTERM)
    assert process.wait(15) == 0


@pytest.mark.slow
@pytest.mark.mqtt
def test_it_ends_in_time_while_the_broker_is_frozen(program, tmp_path, broker: Server):
    usual = program(MQTT_URL=broker.url)
    wait_until(lambda: beats(tmp_path), 60, "the first heartbeat")
    usually, before = seconds_to_end(usual), beats(tmp_path)
    process = program(MQTT_URL=broker.url)
    wait_until(lambda: beats(tmp_path) not in (None, before), 60, "the heartbeat of the second")
    broker.freeze()
    try:
        assert seconds_to_end(process) < usually + 3
    finally:
        broker.thaw()


def seconds_to_end(process: subprocess.Popen[bytes]) -> float:
    """From the signal to the end, which is clean: compared within one run, because a busy machine takes its time."""
    begun = time.monotonic()
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    return time.monotonic() - begun


@pytest.mark.slow
def test_a_wrong_catalogue_is_told_and_ends_it(program, tmp_path):
    (tmp_path / "indicators.yaml").write_text("version: 2\n")
    assert program(COCKPIT_CATALOGUE=str(tmp_path)).wait(60) == 1
    assert "indicators.yaml" in (tmp_path / "log").read_text()
