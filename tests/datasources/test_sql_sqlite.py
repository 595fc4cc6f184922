"""A department's SQLite file: read by one query, never changed, never waited for without end."""

from __future__ import annotations

import sqlite3
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

import pytest

from datasources import sql
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.delivery.period import Frequency

LONG = {"indicator": "code", "value": "value", "region": "area", "period": "month"}


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Three monthly figures in a file that the environment names."""
    path = tmp_path / "统计 50% #1.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE figures (code TEXT, area TEXT, month TEXT, value)")
        connection.executemany(
            "INSERT INTO figures VALUES (?, ?, ?, ?)",
            [
                ("IND-01", "445102", "2026-09", 321),
                ("IND-01", "445103", "2026-09", "212.5"),
                ("IND-01", "445122", "2026-09", None),
            ],
        )
    connection.close()
    monkeypatch.setenv("STATS_DB", f"sqlite:///{path}")
    return path


def ask(
    now: datetime, query: str = "SELECT * FROM figures", fields: dict[str, Any] | None = None, **options: Any
) -> Delivery:
    patience = {"seconds": 1.0, "tries": 1}
    spec = sql.Spec.model_validate(
        {"url_env": "STATS_DB", "query": query, "fields": fields or LONG, "patience": patience, **options}
    )
    return sql.read(spec, source="stats", now=now, rng=Random(1))


@pytest.mark.feature(49)
def test_every_row_is_accounted_for(file: Path, now: datetime) -> None:
    delivery = ask(now)
    assert [(o.indicator, o.region, o.period, o.value, o.line) for o in delivery.observations] == [
        ("IND-01", "445102", "2026-09", 321.0, 1),
        ("IND-01", "445103", "2026-09", 212.5, 2),
    ]
    assert [(u.line, u.message) for u in delivery.unreadable] == [(3, "第 3 条记录：“value”没有数值（空值）")]
    assert delivery.rows == 3
    assert delivery.origin == "sql:STATS_DB"
    assert delivery.digest == ask(now).digest


def test_an_empty_answer_is_no_failure(file: Path, now: datetime) -> None:
    assert ask(now, "SELECT * FROM figures WHERE 0").rows == 0


def test_parameters_are_bound_and_not_pasted(file: Path, now: datetime) -> None:
    hostile = "445102' OR '1'='1"
    query = "SELECT * FROM figures WHERE area = :area"
    assert ask(now, query, parameters={"area": "445102"}).rows == 1
    assert ask(now, query, parameters={"area": hostile}).rows == 0


def test_wide_rows_give_one_observation_per_indicator(file: Path, now: datetime) -> None:
    query = "SELECT '2026-09-03 14:05:00' AS seen, 31 AS aqi, 12.5 AS pm, '湘桥区' AS town"
    fields = {
        "values": {"ENV-01": "aqi", "ENV-03": "pm"},
        "observed_at": "seen",
        "region": "town",
        "regions": {"湘桥区": "445102"},
    }
    spec = sql.Spec.model_validate({"url_env": "STATS_DB", "query": query, "fields": fields})
    delivery = sql.read(
        spec, source="air", now=now, frequencies={"ENV-01": Frequency.HOURLY, "ENV-03": Frequency.DAILY}
    )
    assert [(o.indicator, o.region, o.period, o.value) for o in delivery.observations] == [
        ("ENV-01", "445102", "2026-09-03T14", 31.0),
        ("ENV-03", "445102", "2026-09-03", 12.5),
    ]
    assert str(delivery.observations[0].observed_at) == "2026-09-03 14:05:00+08:00"


def test_a_renamed_column_of_one_indicator_leaves_the_others_alive(file: Path, now: datetime) -> None:
    query = "SELECT '2026-09-03T14' AS hour, 31 AS aqi, 12.5 AS pm25_value"
    fields = {"values": {"ENV-01": "aqi", "ENV-03": "pm25"}, "period": "hour", "fixed_region": "445100"}
    delivery = ask(now, query, fields)
    assert [o.indicator for o in delivery.observations] == ["ENV-01"]
    assert "没有“pm25”；最接近的是“pm25_value”" in delivery.unreadable[0].message


def test_a_renamed_column_is_named_with_the_nearest(file: Path, now: datetime) -> None:
    with pytest.raises(SourceFailed, match="没有“value”；最接近的是“values_”") as caught:
        ask(now, "SELECT code, area, month, value AS values_ FROM figures")
    assert caught.value.permanent


def test_a_column_the_query_asks_for_in_vain_is_named_with_the_nearest(file: Path, now: datetime) -> None:
    with pytest.raises(SourceFailed, match="没有“valeu”；最接近的是“value”"):
        ask(now, "SELECT code, area, month, f.valeu FROM figures f")


@pytest.mark.parametrize(
    "query",
    [
        "SELECT 1; DROP TABLE figures",
        "DROP TABLE figures",
        "DELETE FROM figures",
        "UPDATE figures SET value = 0",
        "INSERT INTO figures VALUES ('IND-01', '445102', '2026-10', 1) RETURNING *",
        "WITH gone AS (SELECT 1) DELETE FROM figures",
        "WITH gone AS (SELECT 1) INSERT INTO figures SELECT 'IND-01', '1', '2', 3 FROM gone RETURNING code",
        "ATTACH DATABASE '{folder}/other.db' AS other",
        "PRAGMA query_only=OFF",
        "PRAGMA journal_mode=DELETE",
        "VACUUM INTO '{folder}/copy.db'",
        "CREATE TEMP TABLE mine AS SELECT * FROM figures",
        "SELECT load_extension('{folder}/evil')",
        "SELECT writefile('{folder}/written', 'x')",
        "BEGIN EXCLUSIVE",
    ],
)
def test_the_database_refuses_everything_but_reading(file: Path, now: datetime, query: str) -> None:
    before = file.read_bytes()
    with pytest.raises(SourceFailed) as caught:
        ask(now, query.format(folder=file.parent))
    assert caught.value.permanent
    assert file.read_bytes() == before
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_query_without_end_is_ended(file: Path, now: datetime) -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n"
    with pytest.raises(SourceFailed, match="interrupted") as caught:
        ask(now, endless, patience={"seconds": 0.2, "tries": 1})
    assert not caught.value.permanent


def test_more_rows_than_agreed_are_refused(file: Path, now: datetime) -> None:
    many = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
    with pytest.raises(SourceFailed, match="超过 1500 行"):
        ask(now, many, max_rows=1500)


def test_a_cell_of_megabytes_is_refused(file: Path, now: datetime) -> None:
    with pytest.raises(SourceFailed, match="too big"):
        ask(now, "SELECT hex(zeroblob(5000000)) AS value")


def test_two_columns_of_one_name_are_refused(file: Path, now: datetime) -> None:
    with pytest.raises(SourceFailed, match="重名的列：value"):
        ask(now, "SELECT 1 AS value, 2 AS value")


def test_a_missing_file_is_told_and_not_made(file: Path, now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STATS_DB", f"sqlite:///{file.parent / 'absent.db'}")
    with pytest.raises(SourceFailed, match="unable to open"):
        ask(now)
    assert not (file.parent / "absent.db").exists()


def test_an_unset_variable_is_named_without_asking_again(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("STATS_DB", raising=False)
    with pytest.raises(SourceFailed, match="STATS_DB") as caught:
        ask(now)
    assert caught.value.permanent


@pytest.mark.parametrize("url", ["no address", "oracle+nodriver://a:topsecret@h/d", "mysql://a:topsecret@h/d"])
def test_an_unusable_address_is_refused_and_keeps_its_password(
    now: datetime, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STATS_DB", url)
    with pytest.raises(SourceFailed) as caught:
        ask(now)
    assert caught.value.permanent
    assert "topsecret" not in str(caught.value)


@pytest.mark.parametrize(
    "fields",
    [
        {"indicator": "code", "region": "area", "period": "month"},
        {**LONG, "values": {"ENV-01": "aqi"}},
        {**LONG, "fixed_region": "445100"},
        {"indicator": "code", "value": "value", "region": "area"},
    ],
)
def test_fields_that_say_too_little_or_too_much_are_refused(fields: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"either|exactly|one of"):
        sql.Spec.model_validate({"url_env": "STATS_DB", "query": "SELECT 1", "fields": fields})


def test_an_address_in_the_catalogue_is_refused() -> None:
    with pytest.raises(ValueError, match="url_env"):
        sql.Spec.model_validate({"url_env": "sqlite:///x.db", "query": "SELECT 1", "fields": LONG})
