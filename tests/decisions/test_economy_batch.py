"""The night's look at the economy: Januaries that are missing, worlds that are empty, counties that see their own."""

from __future__ import annotations

import math

import pytest

from access.actor import Actor, Scope
from database.engine import reading
from datasources.delivery.period import following
from decisions.economy_batch import run
from decisions.economy_tree import load
from decisions.findings import finding
from indicators.intake import take
from small_city import CITY, CLERK, COUNTIES, NOW, delivery, row

MONTHS = [following("2022-12", n) for n in range(1, 47)]
QUARTERS = [following("2022-Q4", n) for n in range(1, 16)]


def growth(n: int, phase: float = 0.0) -> float:
    return round(5 + 3 * math.sin((n + phase) / 5) + math.sin(7.3 * n + phase), 2)


def fill(engine, catalogue):
    """Growth rates without Januaries, and three sectors that grow unevenly in the counties."""
    source = {code: catalogue.indicators[code].source for code in ("ECO-08", "IND-05", "ENG-03", "ECO-03")}
    for code, phase in (("ECO-08", 0.0), ("IND-05", 0.3), ("ENG-03", 1.0)):
        rows = [
            row(code, county, month, None, numerator=growth(n, phase) * 10, denominator=1000.0)
            for n, month in enumerate(MONTHS) if not month.endswith("-01") or code == "ENG-03"
            for county in COUNTIES
        ]  # fmt: skip
        take(engine, catalogue, delivery(*rows, source=source[code]), door="file", by=CLERK, now=NOW)
    sectors = [
        row(code, county, quarter, round(int(quarter[-1]) * (10 + place) * (1 + 0.01 * n * (1 + place / 4)), 2))
        for code in ("ECO-03", "ECO-04", "ECO-05") for place, county in enumerate(COUNTIES)
        for n, quarter in enumerate(QUARTERS)
    ]  # fmt: skip
    take(engine, catalogue, delivery(*sectors, source=source["ECO-03"]), door="file", by=CLERK, now=NOW)


@pytest.mark.feature(156)
def test_the_index_stands_over_missing_januaries_and_names_what_is_left_out(engine, catalogue):
    fill(engine, catalogue)
    assert run(engine, catalogue, NOW) >= 5
    with reading(engine) as connection:
        found = finding(connection, CLERK, world="real", model="monitoring", region=CITY)
    assert found is not None and found.body["months"][0] in ("2023-01", "2023-02") and found.period == MONTHS[-1]
    assert len(found.body["index"]) == len(found.body["months"])
    assert sum(part["weight"] for part in found.body["components"]) == pytest.approx(1)
    assert "进出口增速" in found.body["left_out"] and found.body["word"]


@pytest.mark.feature(156)
def test_edges_without_data_say_so_and_shares_of_counties_add_up(engine, catalogue):
    fill(engine, catalogue)
    run(engine, catalogue, NOW)
    with reading(engine) as connection:
        edges = finding(connection, CLERK, world="real", model="transmission", region=CITY)
        shares = finding(connection, CLERK, world="real", model="shift_share", region=CITY)
    assert edges is not None and len(edges.body["edges"]) == len(load().edges)
    unknown = next(one for one in edges.body["edges"] if one["edge"]["cause"] == "CTR-03")
    assert not unknown["is_proven"] and "不足" in unknown["failings"][0]
    assert shares is not None and len(shares.body["counties"]) == 4
    for county in shares.body["counties"]:
        assert county["city"] + county["mix"] + county["local"] == pytest.approx(county["growth"], abs=1e-9)


def test_an_empty_world_has_no_findings(engine, catalogue):
    assert run(engine, catalogue, NOW) == 0


@pytest.mark.feature(110)
def test_findings_of_another_region_are_not_there(engine, catalogue):
    fill(engine, catalogue)
    run(engine, catalogue, NOW)
    officer = Actor("湘桥", "officer", Scope(frozenset({"445102"})))
    with reading(engine) as connection:
        assert finding(connection, officer, world="real", model="monitoring", region=CITY) is None
        assert finding(connection, officer, world="real", model="monitoring", region="445102") is not None


def test_the_configuration_fits_the_catalogue(catalogue):
    assert list(load().problems(catalogue)) == []
    assert [node.key for node in load().children("gdp")][:3] == ["primary", "secondary", "tertiary"]
