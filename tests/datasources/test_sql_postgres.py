"""A department's PostgreSQL: refused by the server itself, by its time limits, and by ours when it is frozen."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from datetime import datetime
from random import Random
from threading import enumerate as enumerate_threads
from time import monotonic
from typing import Any

import psycopg
import pytest

from datasources import sql
from datasources.delivery.observation import Delivery, SourceFailed
from servers import Server, wait_until

pytestmark = pytest.mark.postgres
LONG = {"indicator": "code", "value": "value", "region": "area", "period": "month"}
MANY = "SELECT 'IND-01' AS code, generate_series(1, {rows}) AS value, '445102' AS area, '2026-09' AS month "


@pytest.fixture(scope="module")
def department(postgres: Server) -> Iterator[Server]:
    """A database of its own with one table and an account that may only read it."""
    with psycopg.connect(_plain(postgres), autocommit=True) as admin:
        admin.execute("DROP DATABASE IF EXISTS department")
        admin.execute("CREATE DATABASE department")
        admin.execute("DROP ROLE IF EXISTS reader")
        admin.execute("CREATE ROLE reader LOGIN PASSWORD 'topsecret'")
    with psycopg.connect(_plain(postgres, "department"), autocommit=True) as admin:
        admin.execute("CREATE TABLE figures (code text, area text, month text, value numeric)")
        admin.execute("INSERT INTO figures VALUES ('IND-01', '445102', '2026-09', 321)")
        admin.execute("GRANT SELECT ON figures TO reader")
        admin.execute("GRANT ALL ON figures TO reader")  # the read-only transaction, not the grant, must hold
        admin.execute("GRANT CREATE ON SCHEMA public TO reader")
    yield postgres


@pytest.fixture(autouse=True)
def address(department: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATS_DB", f"postgresql://reader:topsecret@127.0.0.1:{department.port}/department")


def _plain(server: Server, database: str = "cockpit") -> str:
    return f"postgresql://cockpit@127.0.0.1:{server.port}/{database}"


def ask(now: datetime, query: str = "SELECT * FROM figures", seconds: float = 5.0, **options: Any) -> Delivery:
    patience = {"seconds": seconds, "tries": 1}
    spec = sql.Spec.model_validate(
        {"url_env": "STATS_DB", "query": query, "fields": LONG, "patience": patience, **options}
    )
    return sql.read(spec, source="stats", now=now, rng=Random(1))


@pytest.mark.feature(49)
def test_a_reading_account_reads(now: datetime) -> None:
    (observation,) = ask(now, "SELECT * FROM figures WHERE area = :area", parameters={"area": "445102"}).observations
    assert (observation.indicator, observation.period, observation.value) == ("IND-01", "2026-09", 321.0)


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1; DROP TABLE figures",
        "SELECT 1; COMMIT; DROP TABLE figures",
        "DROP TABLE figures",
        "UPDATE figures SET value = 0",
        "INSERT INTO figures VALUES ('IND-01', '445102', '2026-10', 1) RETURNING *",
        "WITH gone AS (DELETE FROM figures RETURNING *) SELECT * FROM gone",
        "SELECT * INTO stolen FROM figures",
        "COPY figures TO PROGRAM 'cat > /dev/null'",
        "COPY (SELECT 1) TO '/dev/null'",
        "SELECT pg_read_file('/etc/hostname')",
        "SELECT pg_ls_dir('/')",
        "SELECT lo_import('/etc/hostname')",
        "SELECT * FROM dblink('host=127.0.0.1', 'SELECT 1') AS t(a int)",
        "SET ROLE cockpit",
        "SELECT set_config('role', 'cockpit', false)",
        "SELECT set_config('transaction_read_only', 'off', false)",
        "SELECT nextval('absent')",
        "SELECT * FROM figures FOR UPDATE",
        "DO $$ BEGIN DELETE FROM figures; END $$",
        "EXPLAIN ANALYZE DELETE FROM figures",
        "LOCK TABLE figures",
        "LISTEN changes",
    ],
)
def test_the_server_refuses_everything_but_reading(department: Server, now: datetime, query: str) -> None:
    with pytest.raises(SourceFailed, match="拒绝了查询") as caught:
        ask(now, query)
    assert caught.value.permanent
    with psycopg.connect(_plain(department, "department")) as admin:
        assert admin.execute("SELECT value FROM figures").fetchall() == [(321,)]
        assert admin.execute("SELECT to_regclass('stolen')").fetchone() == (None,)


def test_what_the_server_lets_pass_is_rolled_back(department: Server, now: datetime) -> None:
    """Before PostgreSQL 16 large objects could be made in a read-only transaction."""
    with pytest.raises(SourceFailed):
        ask(now, "SELECT lo_create(0)")
    with psycopg.connect(_plain(department, "department")) as admin:
        assert admin.execute("SELECT count(*) FROM pg_largeobject_metadata").fetchone() == (0,)


def test_an_account_with_server_powers_is_sent_away(
    department: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATS_DB", _plain(department, "department"))
    with pytest.raises(SourceFailed, match="只有查询权限") as caught:
        ask(now)
    assert caught.value.permanent


def test_a_slow_query_is_ended_by_the_server(now: datetime) -> None:
    began = monotonic()
    with pytest.raises(SourceFailed, match="statement timeout") as caught:
        ask(now, "SELECT pg_sleep(30)", seconds=0.4)
    assert monotonic() - began < 3
    assert not caught.value.permanent


def test_a_query_that_lifts_its_own_time_limit_is_ended_by_us(department: Server, now: datetime) -> None:
    began = monotonic()
    lifted = "SELECT set_config('statement_timeout', '0', false), pg_sleep(i) FROM generate_series(1, 30) i"
    with pytest.raises(SourceFailed):
        ask(now, lifted, seconds=0.4)
    assert monotonic() - began < 3


def test_a_locked_table_is_not_waited_for(department: Server, now: datetime) -> None:
    began = monotonic()
    with psycopg.connect(_plain(department, "department")) as other:
        other.execute("LOCK TABLE figures IN ACCESS EXCLUSIVE MODE")
        with pytest.raises(SourceFailed, match="lock timeout"):
            ask(now)
    assert monotonic() - began < 4


def test_a_frozen_server_process_does_not_hold_us(department: Server, now: datetime) -> None:
    """The server keeps no statement_timeout when its process is stopped; our own deadline cuts the line."""
    began = monotonic()
    with psycopg.connect(_plain(department, "department"), autocommit=True) as admin:
        frozen: list[int] = []
        original = sql.Conversation.run

        def run_then_freeze(self: Any) -> Any:
            restrict = self._guard.restrict

            def restrict_and_freeze(connection: Any) -> None:
                restrict(connection)
                pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
                os.kill(pid, signal.SIGSTOP)
                frozen.append(pid)

            self._guard.restrict = restrict_and_freeze
            return original(self)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sql.Conversation, "run", run_then_freeze)
            with pytest.raises(SourceFailed, match="没有答复") as caught:
                ask(now, seconds=0.5)
        took = monotonic() - began
        wait_until(lambda: not any(t.name == "source-call" for t in enumerate_threads()), 3, "the cut call ending")
        for pid in frozen:
            os.kill(pid, signal.SIGCONT)
        assert admin.execute("SELECT 1").fetchone() == (1,)
    assert frozen
    assert took < 3
    assert not caught.value.permanent


def test_more_rows_than_agreed_are_refused_without_fetching_them(now: datetime) -> None:
    began = monotonic()
    with pytest.raises(SourceFailed, match="超过 1500 行"):
        ask(now, MANY.format(rows=100_000_000), max_rows=1500)
    assert monotonic() - began < 3


def test_exactly_the_agreed_number_of_rows_is_taken(now: datetime) -> None:
    assert ask(now, MANY.format(rows=1500), max_rows=1500).rows == 1500


def test_a_renamed_column_is_named_with_the_nearest(department: Server, now: datetime) -> None:
    with psycopg.connect(_plain(department, "department"), autocommit=True) as admin:
        admin.execute("ALTER TABLE figures RENAME COLUMN value TO value_new")
        try:
            with pytest.raises(SourceFailed, match="没有“value”；最接近的是“value_new”"):
                ask(now)
            with pytest.raises(SourceFailed, match="没有“value”；最接近的是“value_new”"):
                ask(now, "SELECT code, area, month, value FROM figures")
        finally:
            admin.execute("ALTER TABLE figures RENAME COLUMN value_new TO value")


def test_no_number_is_never_a_value(now: datetime) -> None:
    delivery = ask(now, "SELECT 'IND-01' AS code, 'NaN'::numeric AS value, '445102' AS area, '2026-09' AS month")
    assert delivery.observations == []
    assert "不是有限的数值" in delivery.unreadable[0].message


def test_a_wrong_password_or_closed_port_is_told_without_the_password(
    department: Server, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url in (
        f"postgresql://nobody:topsecret@127.0.0.1:{department.port}/department",
        "postgresql://reader:topsecret@127.0.0.1:1/department",
    ):
        monkeypatch.setenv("STATS_DB", url)
        with pytest.raises(SourceFailed) as caught:
            ask(now)
        assert "topsecret" not in str(caught.value)
