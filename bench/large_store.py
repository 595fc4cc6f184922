"""A store of ten million observations: 300 indicators, 59 regions, 24 months, 24 breakdowns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime

from sqlalchemy import Engine, text

from database.engine import writing
from database.migrate import migrate
from datasources.delivery.period import following

INDICATORS = 300
BREAKDOWNS = 24
MONTHS = 24
SETTLING_SECONDS = 600.0
KNOWN = int(datetime(2026, 11, 20, tzinfo=UTC).timestamp() * 1000)


def build(engine: Engine, codes: list[str], regions: list[str]) -> int:
    """Fill an empty database; the number of observations."""
    migrate(engine)
    periods = [following("2024-11", step) for step in range(MONTHS)]
    _empty(engine)
    load = _copy if engine.dialect.name == "postgresql" else _insert
    load(engine, "series", ("id", "world", "indicator", "region", "dim"), _series(codes, regions))
    load(engine, "observations", OBSERVATION, _observations(len(codes) * len(regions) * BREAKDOWNS, periods))
    load(engine, "latest", LATEST, _latest(codes, regions, periods))
    _settle(engine)
    return len(codes) * len(regions) * BREAKDOWNS * MONTHS


OBSERVATION = (
    "series_id", "period", "known_at", "observed_at", "value", "basis", "provenance", "quality", "source", "call_id",
)  # fmt: skip
LATEST = (
    "world", "region", "indicator", "dim", "series_id", "period", "observed_at", "known_at", "value", "basis",
    "provenance", "quality", "source", "call_id", "history",
)  # fmt: skip


def _keys(codes: list[str], regions: list[str]) -> Iterator[tuple[int, str, str, str]]:
    number = 0
    for region in regions:
        for code in codes:
            for breakdown in range(BREAKDOWNS):
                number += 1
                yield number, code, region, f"industry={breakdown}" if breakdown else ""


def _series(codes: list[str], regions: list[str]) -> Iterator[tuple]:
    for number, code, region, dim in _keys(codes, regions):
        yield number, "demo", code, region, dim


def _observations(count: int, periods: list[str]) -> Iterator[tuple]:
    for series in range(1, count + 1):
        for step, period in enumerate(periods):
            yield (
                series,
                period,
                KNOWN,
                KNOWN,
                (series * 7 + step) % 1000 / 10,
                "period",
                "simulated",
                "",
                "demo_bench",
                1,
            )


def _latest(codes: list[str], regions: list[str], periods: list[str]) -> Iterator[tuple]:
    for number, code, region, dim in _keys(codes, regions):
        history = json.dumps([[period, (number * 7 + step) % 1000 / 10] for step, period in enumerate(periods)])
        value = (number * 7 + MONTHS - 1) % 1000 / 10
        yield (
            "demo", region, code, dim, number, periods[-1], KNOWN, KNOWN, value, "period", "simulated", "",
            "demo_bench", 1, history,
        )  # fmt: skip


def _empty(engine: Engine) -> None:
    with writing(engine) as connection:
        for table in ("observations", "latest", "series"):
            connection.execute(text(f"DELETE FROM {table}"))


def _insert(engine: Engine, table: str, columns: tuple[str, ...], rows: Iterator[tuple]) -> None:
    marks = ",".join("?" * len(columns))
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("PRAGMA synchronous=OFF")
        raw.execute("BEGIN IMMEDIATE")
        raw.executemany(f"INSERT INTO {table} ({','.join(columns)}) VALUES ({marks})", rows)
        raw.execute("COMMIT")
        raw.execute("PRAGMA synchronous=FULL")


def _copy(engine: Engine, table: str, columns: tuple[str, ...], rows: Iterator[tuple]) -> None:
    with engine.connect() as connection:
        raw = connection.connection.dbapi_connection
        raw.execute("SET statement_timeout = 0")
        with raw.cursor() as cursor, cursor.copy(f"COPY {table} ({','.join(columns)}) FROM STDIN") as stream:
            for row in rows:
                stream.write_row(row)
        raw.commit()


def _settle(engine: Engine) -> None:
    """Statistics for the planner and a swept table, as the housekeeping of a database in service leaves them."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if engine.dialect.name == "postgresql":
            connection.connection.dbapi_connection.patience = SETTLING_SECONDS
            connection.exec_driver_sql("SET statement_timeout = 0")
            connection.exec_driver_sql("VACUUM ANALYZE")
        else:
            connection.exec_driver_sql("ANALYZE")
