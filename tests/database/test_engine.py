"""Transactions on both databases: writers queue, readers see one state, a silent server is given up on."""

from __future__ import annotations

import os
import signal
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, OperationalError

from database.changes import bump, versions
from database.engine import open_engine, reading, writing


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
