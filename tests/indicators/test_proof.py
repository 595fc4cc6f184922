"""Behind every number: formula, rows, source call, who and when."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import insert

from access.actor import Actor, Scope
from database.engine import reading, writing
from database.tables import published_figures
from indicators.entries import Figure, accept, submit
from indicators.intake import take
from indicators.proof import proof
from indicators.quarantine import held, release
from small_city import CHIEF, CITY, CLERK, COUNTIES, NOW, delivery, row, small_catalogue

CATALOGUE = small_catalogue()
OFFICER = Actor("湘桥值班员", "operator", Scope(frozenset({"445102", CITY})))


def give(engine, *rows, now=NOW, source="counts", door="file", origin="2026年9月.xlsx"):
    found = delivery(*rows, source=source, digest="d" * 64)
    object.__setattr__(found, "origin", origin)
    return take(engine, CATALOGUE, found, door=door, by=CLERK, now=now)


def prove(engine, code="SUM-01", region="445102", by=CLERK, **more):
    with reading(engine) as connection:
        return proof(connection, CATALOGUE, by, world="real", code=code, region=region, now=NOW, **more)


@pytest.mark.feature(163)
def test_a_delivered_number_leads_to_its_line_its_file_and_who_sent_it(engine):
    receipt = give(engine, row("SUM-01", "445102", "2026-09", 9.0, line=12, raw="湘桥区,9"))
    found = prove(engine)
    assert (found.reading.value, found.line, found.raw, found.calculation) == (9.0, 12, "湘桥区,9", None)
    assert (found.call.id, found.call.door, found.call.origin) == (receipt.call_id, "file", "2026年9月.xlsx")
    assert (found.call.digest, found.call.actor, found.call.ended_at) == ("d" * 64, "张敏", NOW)
    assert [one.value for one in found.vintages] == [9.0]


@pytest.mark.feature(163)
def test_a_total_leads_to_its_parts_and_each_of_them_to_its_line(engine):
    give(engine, *(row("SUM-01", region, "2026-09", float(n), line=n) for n, region in enumerate(COUNTIES, 1)))
    found = prove(engine, region=CITY)
    assert found.formula == "按来源填报；由湘桥、潮安、饶平、枫溪汇总：各地之和"
    assert found.calculation == "湘桥 1 + 潮安 2 + 饶平 3 + 枫溪 4 = 10"
    assert [part.region for part in found.parts] == list(COUNTIES)
    assert [prove(engine, region=part.region).line for part in found.parts] == [1, 2, 3, 4]


def test_a_rate_shows_numerators_and_denominators(engine):
    give(engine, *(row("RAT-01", region, "2026-09", None, numerator=n * 1.0, denominator=20.0)
                   for n, region in enumerate(COUNTIES)))  # fmt: skip
    found = prove(engine, "RAT-01", CITY)
    assert found.calculation == "100 × (0 + 1 + 2 + 3) ÷ (20 + 20 + 20 + 20) = 7.5"
    assert prove(engine, "RAT-01").calculation == "100 × 0 ÷ 20 = 0"


@pytest.mark.feature(33)
def test_the_proof_of_an_earlier_day_shows_the_parts_of_that_day(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 10.0) for region in COUNTIES))
    give(engine, row("SUM-01", "445103", "2026-09", 15.0), now=NOW + timedelta(days=1))
    assert prove(engine, region=CITY, known_at=NOW).calculation == "湘桥 10 + 潮安 10 + 饶平 10 + 枫溪 10 = 40"
    assert prove(engine, region=CITY).calculation == "湘桥 10 + 潮安 15 + 饶平 10 + 枫溪 10 = 45"
    assert [one.value for one in prove(engine, region=CITY).vintages] == [40.0, 45.0]


def test_with_a_clock_that_stands_still_the_parts_still_add_up(engine):
    for value in (10.0, 11.0, 12.0):
        give(engine, *(row("SUM-01", region, "2026-09", value) for region in COUNTIES))
    assert prove(engine, region=CITY).calculation == "湘桥 12 + 潮安 12 + 饶平 12 + 枫溪 12 = 48"


def test_a_total_is_known_no_earlier_than_the_last_word_of_its_parts(engine):
    for value in (10.0, 11.0, 12.0):
        give(engine, row("SUM-01", COUNTIES[0], "2026-09", value))
    give(engine, *(row("SUM-01", region, "2026-09", 1.0) for region in COUNTIES[1:]))
    assert prove(engine, region=CITY).calculation == "湘桥 12 + 潮安 1 + 饶平 1 + 枫溪 1 = 15"


def test_a_released_number_leads_to_the_decision(engine):
    give(engine, row("RNG-01", "445102", "2026-09", 120.0, line=3, raw="湘桥,120"))
    with reading(engine) as connection:
        number = held(connection, CLERK)[0].id
    release(engine, CATALOGUE, number, by=CHIEF, note="已电话核实", now=NOW)
    found = prove(engine, "RNG-01")
    assert (found.released.decided_by, found.released.note, found.raw) == ("陈立", "已电话核实", "湘桥,120")
    assert found.call.door == "release"


def test_a_number_entered_by_hand_leads_to_both_persons(engine):
    entry = submit(engine, CATALOGUE, Figure("SUM-01", "445102", "2026-09", 5.0, note="文件 12 号"), by=CLERK, now=NOW)
    accept(engine, CATALOGUE, entry.id, by=CHIEF, now=NOW)
    found = prove(engine)
    assert (found.entered.entered_by, found.entered.reviewed_by, found.raw) == ("张敏", "陈立", "文件 12 号")


def test_a_published_number_leads_to_the_printed_sentence(engine):
    printed = {
        "title": "地区生产总值", "region": CITY, "period": "2026-09", "value": 9.0, "unit": "亿元", "basis": "ytd",
        "source_title": "统计公报", "source_url": "-", "fragment": "全市实现地区生产总值", "publisher": "市统计局",
        "note": "", "file": "stats.csv", "line": 7,
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(insert(published_figures).values(printed))
    give(engine, row("SUM-01", CITY, "2026-09", 9.0, line=7), source="bulletin", door="pull", origin="stats.csv")
    found = prove(engine, region=CITY)
    assert (found.printed.source_title, found.printed.fragment) == ("统计公报", "全市实现地区生产总值")


def test_parts_outside_the_scope_are_not_shown(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 10.0) for region in COUNTIES))
    found = prove(engine, region=CITY, by=OFFICER)
    assert ([part.region for part in found.parts], found.calculation) == (["445102"], None)
    assert prove(engine, region="445122", by=OFFICER) is None


def test_where_nothing_is_known_there_is_no_proof(engine):
    assert prove(engine) is None
    assert prove(engine, "SUM-99") is None


def test_an_older_period_has_its_own_proof(engine):
    give(engine, row("SUM-01", "445102", "2026-08", 8.0, line=2), row("SUM-01", "445102", "2026-09", 9.0, line=3))
    assert (prove(engine, period="2026-08").reading.value, prove(engine, period="2026-08").line) == (8.0, 2)
