"""The published figures in the database: all kept with their source, the fitting ones as readings of the real world."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from access.actor import LOOPBACK
from database.engine import reading, writing
from database.tables import calls, observations, published_figures, quarantine, series
from indicators import published_figures as kept
from indicators.reading import Provenance, World
from indicators.readings import latest

FIGURES = 428
AIR_CELLS = 28 * 7


def count(engine: Engine, table: Any) -> int:
    with reading(engine) as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_all_figures_are_kept_with_title_address_and_fragment(engine: Engine) -> None:
    assert kept.keep(engine) == FIGURES + AIR_CELLS
    with reading(engine) as connection:
        rows = connection.execute(select(published_figures)).mappings().all()
    assert len(rows) == FIGURES + AIR_CELLS
    assert all(row["source_title"] and row["source_url"] and row["fragment"] and row["basis"] for row in rows)
    (gdp,) = [row for row in rows if row["title"] == "地区生产总值" and row["period"] == "2021-Q3"]
    assert (gdp["indicator"], gdp["region"], gdp["value"], gdp["basis"]) == ("ECO-01", "445100", 882.14, "ytd")
    assert "882.14億元" in gdp["fragment"]


def test_figures_of_fengxi_carry_its_code_and_of_other_cities_theirs(engine: Engine) -> None:
    kept.keep(engine)
    with reading(engine) as connection:
        regions = set(connection.execute(select(published_figures.c.region)).scalars())
        fed = connection.execute(
            select(published_figures.c.region).where(published_figures.c.indicator.is_not(None)).distinct()
        ).scalars()
        assert list(fed) == ["445100"]
    assert {"445185", "440500", "440000"} <= regions


def test_air_days_are_kept_as_figures_and_the_empty_day_as_empty(engine: Engine) -> None:
    kept.keep(engine)
    with reading(engine) as connection:
        days = connection.execute(
            select(published_figures.c.period, published_figures.c.value)
            .where(published_figures.c.title == kept.AIR_TITLES["aqi"][0])
            .order_by(published_figures.c.period)
        ).all()
    assert len(days) == 28
    assert [period for period, value in days if value is None] == ["2023-04-07"]
    assert days[0] == ("2023-01-30", 59.0)


def test_loading_again_changes_nothing(engine: Engine, catalogue: Any, now: datetime) -> None:
    kept.load(engine, catalogue, now=now)
    first = [count(engine, table) for table in (published_figures, observations, calls)]
    kept.load(engine, catalogue, now=now)
    assert [count(engine, table) for table in (published_figures, observations, calls)] == first


def test_a_changed_row_is_put_right(engine: Engine) -> None:
    kept.keep(engine)
    with writing(engine) as connection:
        connection.execute(published_figures.update().values(value=0.0))
    kept.keep(engine)
    with reading(engine) as connection:
        assert connection.execute(select(func.max(published_figures.c.value))).scalar_one() > 0


def test_readings_enter_the_real_world_only_and_none_is_held(engine: Engine, catalogue: Any, now: datetime) -> None:
    kept.load(engine, catalogue, now=now)
    with reading(engine) as connection:
        assert set(connection.execute(select(series.c.world)).scalars()) == {"real"}
        assert set(connection.execute(select(observations.c.provenance)).scalars()) == {"published"}
    assert count(engine, quarantine) == 0


def test_gross_product_is_read_as_published_and_year_to_date(engine: Engine, catalogue: Any, now: datetime) -> None:
    kept.load(engine, catalogue, now=now)
    with reading(engine) as connection:
        found = latest(connection, catalogue, LOOPBACK, world=World.REAL, region="445100", codes=["ECO-01"], now=now)
        demo = latest(connection, catalogue, LOOPBACK, world=World.DEMO, region="445100", codes=["ECO-01"], now=now)
    gdp = found["ECO-01"]
    assert (gdp.period, gdp.value, gdp.basis) == ("2025-Q4", 1452.17, "ytd")
    assert gdp.provenance is Provenance.PUBLISHED
    assert ("2021-Q3", 882.14) in gdp.history
    assert demo == {} or demo["ECO-01"].value is None


@pytest.mark.parametrize("column", list(kept.AIR_TITLES))
def test_every_column_of_the_air_days_has_a_name(column: str) -> None:
    assert kept.AIR_DAYS.read_text(encoding="utf-8-sig").splitlines()[0].split(",").count(column) == 1
