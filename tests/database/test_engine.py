"""Transactions on both databases: writers queue, readers see one state, a silent server is given up on."""

from __future__ import annotations

import os
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

import database.engine
from database.changes import bump, versions
from database.engine import give_way, open_engine, reading, writing


def test_six_writers_at_once_lose_no_step_and_never_fail(engine):
    def count_up(_: int) -> None:
        with writing(engine) as connection:
            versions(connection)  # a read before the write: the case a deferred BEGIN fails on
            bump(connection, ["sources"])

    with ThreadPoolExecutor(6) as pool:
        list(pool.map(count_up, range(60)))
    with reading(engine) as connection:
        assert versions(connection) == {"sources": 60}


def test_a_writer_that_fails_leaves_no_trace(engine):
    with pytest.raises(ZeroDivisionError), writing(engine) as connection:
        bump(connection, ["sources"])
        _ = 1 / 0
    with reading(engine) as connection:
        assert versions(connection) == {}


def test_what_is_written_while_reading_never_lasts(engine):
    try:
        with reading(engine) as connection:
            bump(connection, ["sources"])
    except DBAPIError:
        assert engine.dialect.name == "postgresql"
    with reading(engine) as connection:
        assert versions(connection) == {}
    with writing(engine) as connection:  # the connection of the pool may write again
        bump(connection, ["sources"])


def test_a_reader_sees_one_state_while_a_writer_commits(engine):
    with reading(engine) as before:
        assert versions(before) == {}
        with writing(engine) as connection:
            bump(connection, ["sources"])
        assert versions(before) == {}


def test_the_embedded_database_keeps_what_it_acknowledged(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'deep' / 'cockpit.db'}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 5000}
    with engine.connect() as connection:
        found = {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted}
    assert found == wanted
    engine.dispose()


def test_writing_threads_of_one_process_do_not_knock_at_the_embedded_database_together(tmp_path, monkeypatch):
    engine, knocking, most = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}"), [], []
    begin = database.engine._begin_immediate

    def watched(connection):
        knocking.append(1)
        most.append(len(knocking))
        begin(connection)
        time.sleep(0.002)
        knocking.pop()

    with writing(engine) as connection:
        connection.execute(text("CREATE TABLE told (n INTEGER)"))
    monkeypatch.setattr(database.engine, "_begin_immediate", watched)

    def write(n: int) -> None:
        with writing(engine) as connection:
            connection.execute(text("INSERT INTO told VALUES (:n)"), {"n": n})

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(60)))
    with reading(engine) as connection:
        assert connection.execute(text("SELECT count(DISTINCT n) FROM told")).scalar_one() == 60
    assert max(most) == 1
    engine.dispose()


def test_who_gives_way_leaves_the_embedded_database_free_after_each_write(tmp_path):
    """Others knock up to a tenth of a second apart: one who writes without a pause would never let them in."""
    hurried, other = (open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}") for _ in range(2))
    with writing(hurried) as connection:
        connection.execute(text("CREATE TABLE told (n INTEGER)"))
    give_way(hurried)
    ended, turns = threading.Event(), []

    def write_on() -> None:
        while not ended.is_set():
            with writing(hurried) as connection:
                connection.execute(text("INSERT INTO told VALUES (1)"))
                time.sleep(0.03)
            turns.append(1)

    with ThreadPoolExecutor(4) as pool:
        for _ in range(4):
            pool.submit(write_on)
        before = len(turns)
        for _ in range(10):
            with writing(other) as connection:
                connection.execute(text("INSERT INTO told VALUES (2)"))
        passed = len(turns) - before
        ended.set()
    assert passed < 40, "four turns of theirs for one of ours at most"
    for engine in (hurried, other):
        engine.dispose()


@pytest.mark.postgres
def test_a_frozen_backend_is_given_up_on_within_three_seconds(postgres):
    engine = open_engine(postgres.url)
    with reading(engine) as connection:
        backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    os.kill(backend, signal.SIGSTOP)
    began = time.monotonic()
    try:
        with reading(engine) as connection:  # the ping finds it silent, the pool opens another one
            assert connection.execute(text("SELECT pg_backend_pid()")).scalar_one() != backend
        assert time.monotonic() - began < 3.0
        assert engine.pool.checkedout() == 0
    finally:
        os.kill(backend, signal.SIGCONT)
        engine.dispose()


@pytest.mark.postgres
def test_a_backend_that_freezes_in_mid_query_is_given_up_on(postgres):
    engine = open_engine(postgres.url)
    backend = 0
    began = time.monotonic()
    try:
        with pytest.raises(OperationalError, match="did not answer"), reading(engine) as connection:
            backend = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            os.kill(backend, signal.SIGSTOP)
            connection.execute(text("SELECT 1"))
        assert time.monotonic() - began < 3.0
        assert engine.pool.checkedout() == 0
    finally:
        os.kill(backend, signal.SIGCONT)
        engine.dispose()


@pytest.mark.postgres
def test_a_slow_query_is_ended_by_the_server(postgres):
    engine = open_engine(postgres.url)
    with pytest.raises(OperationalError, match="statement timeout"), reading(engine) as connection:
        connection.execute(text("SELECT pg_sleep(9)"))
    engine.dispose()
