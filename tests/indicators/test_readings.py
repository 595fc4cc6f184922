"""What is shown: the newest reading of every indicator, or the reason why there is none, to those who may see it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access.actor import Actor, Scope
from database.engine import reading
from indicators.intake import take
from indicators.reading import Freshness, Provenance
from indicators.readings import breakdown, history, latest, latest_in, revisions
from small_city import CITY, CLERK, COUNTIES, NOW, delivery, row, small_catalogue, source

CATALOGUE = small_catalogue()
OFFICER = Actor("湘桥值班员", "operator", Scope(frozenset({"445102"})))
STRANGER = Actor("访客", "viewer")


def give(engine, *rows, source="counts", now=NOW, catalogue=CATALOGUE):
    return take(engine, catalogue, delivery(*rows, source=source), door="file", by=CLERK, now=now)


def show(engine, region="445102", *, by=CLERK, world="real", now=NOW, catalogue=CATALOGUE, codes=None):
    with reading(engine) as connection:
        return latest(connection, catalogue, by, world=world, region=region, codes=codes, now=now)


@pytest.mark.feature(41)
def test_a_reading_carries_unit_time_freshness_provenance_source_and_history(engine):
    give(engine, *(row("RAT-01", "445102", f"2026-{month:02d}", 50.0 + month) for month in (8, 9, 10)))
    found = show(engine)["RAT-01"]
    assert (found.value, found.unit, found.period, found.source) == (60.0, "%", "2026-10", "counts")
    assert (found.freshness, found.provenance, found.reason) == (Freshness.FRESH, Provenance.LIVE, None)
    assert found.observed_at and found.observed_at.isoformat() == "2026-10-31T16:00:00+00:00"
    assert found.known_at == NOW.replace(microsecond=0)
    assert found.history == (("2026-08", 58.0), ("2026-09", 59.0), ("2026-10", 60.0))


@pytest.mark.feature(42)
def test_an_overdue_value_stays_with_its_age_and_the_reason(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 9.0))
    late, dead = show(engine)["SUM-01"], show(engine, now=NOW + timedelta(days=100))["SUM-01"]
    assert (late.value, late.freshness) == (9.0, Freshness.LATE)
    assert (dead.value, dead.freshness) == (9.0, Freshness.DEAD)
    assert late.reason and "10 月" in late.reason


def test_a_value_turns_late_at_its_instant_though_nothing_was_written(engine):
    give(engine, row("SUM-01", "445102", "2026-10", 9.0))
    december = NOW.replace(month=12, day=20)
    assert show(engine, now=december)["SUM-01"].freshness is Freshness.FRESH
    assert show(engine, now=december + timedelta(days=1))["SUM-01"].freshness is Freshness.LATE


@pytest.mark.feature(42)
def test_every_absence_has_its_reason(engine):
    planned = source("plans", connected=False, planned="2027 年接入")
    catalogue = small_catalogue(*CATALOGUE.indicators.values(), sources=(planned,))
    unconnected = CATALOGUE.indicators["LAS-01"].model_copy(update={"source": "plans"})
    catalogue.indicators["LAS-01"] = unconnected
    before = show(engine, catalogue=catalogue)
    assert all(found.value is None and found.reason for found in before.values())
    assert before["LAS-01"].reason == "未接入，计划 2027 年接入，责任单位 市统计局"
    assert before["SUM-01"].reason == "来源“来源counts”从未送达，责任单位 市统计局"
    give(engine, row("RAT-01", "445102", "2026-09", 50.0), catalogue=catalogue)
    assert show(engine, catalogue=catalogue)["SUM-01"].reason == "来源“来源counts”没有送来这项数据，责任单位 市统计局"
    assert show(engine, "445122100000")["SUM-01"].reason == "本指标只按全市、县（区）、功能区统计"


def test_a_value_its_source_declares_missing_says_so(engine):
    give(engine, row("SUM-01", "445102", "2026-09", None, quality=("设备检修",)))
    give(engine, row("RAT-01", "445102", "2026-09", None, numerator=0.0, denominator=0.0))
    found = show(engine)
    assert found["SUM-01"].reason == "设备检修"
    assert found["RAT-01"].reason == "分母为 0，无法计算"


def test_the_missing_county_is_named(engine):
    give(engine, *(row("SUM-01", region, "2026-09", 1.0) for region in COUNTIES))
    give(engine, *(row("SUM-01", region, "2026-10", 1.0) for region in COUNTIES if region != "445122"))
    found = show(engine, CITY)["SUM-01"]
    assert (found.period, found.value) == ("2026-09", 4.0)
    assert found.reason and found.reason.startswith("10 月缺 饶平县，不能汇总；")
    never = show(engine, CITY)["RAT-01"]
    assert never.reason == "来源“来源counts”没有送来这项数据，责任单位 市统计局"


def test_once_the_missing_county_has_reported_nothing_is_said_to_be_missing(engine):
    give(engine, *(row("SUM-01", region, "2026-10", 1.0) for region in COUNTIES[:3]))
    give(engine, row("SUM-01", COUNTIES[3], "2026-10", 1.0))
    assert (show(engine, CITY)["SUM-01"].value, show(engine, CITY)["SUM-01"].reason) == (4.0, None)


def test_a_late_county_of_an_older_month_does_not_hide_what_the_newest_month_lacks(engine):
    give(engine, *(row("SUM-01", region, "2026-10", 1.0) for region in COUNTIES[:3]))
    give(engine, row("SUM-01", COUNTIES[0], "2026-09", 1.0))
    assert show(engine, CITY)["SUM-01"].reason == "10 月缺 枫溪区，不能汇总"


def test_a_city_that_never_had_all_counties_has_no_value_and_the_reason(engine):
    give(engine, *(row("RAT-01", region, "2026-10", 50.0) for region in COUNTIES[:3]))
    found = show(engine, CITY)["RAT-01"]
    assert (found.value, found.period, found.freshness) == (None, "2026-10", Freshness.DEAD)
    assert found.reason == "10 月缺 枫溪区，湘桥区、潮安区、饶平县未报分子分母，不能汇总"


@pytest.mark.parametrize(("by", "own", "other"), [(CLERK, 7, 7), (OFFICER, 7, 0), (STRANGER, 0, 0)])
def test_nobody_sees_regions_outside_the_scope(engine, by, own, other):
    give(engine, *(row("SUM-01", region, "2026-09", 1.0) for region in COUNTIES))
    assert (len(show(engine, "445102", by=by)), len(show(engine, "445122", by=by))) == (own, other)
    with reading(engine) as connection:
        seen = latest_in(connection, CATALOGUE, by, world="real", code="SUM-01", regions=COUNTIES, now=NOW)
        past = [history(connection, CATALOGUE, by, world="real", code="SUM-01", region=r) for r in ("445102", "445122")]
        every = revisions(connection, CATALOGUE, by, world="real", code="SUM-01", region="445122", period="2026-09")
    assert len(seen) == (4 if other else bool(own))
    assert [len(values) for values in past] == [bool(own), bool(other)]
    assert len(every) == bool(other)


def test_worlds_are_never_shown_together(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 1.0))
    give(engine, row("SUM-01", "445102", "2026-09", 99.0), source="demo_counts")
    assert show(engine)["SUM-01"].value == 1.0
    demo = show(engine, world="demo")["SUM-01"]
    assert (demo.value, demo.provenance, demo.world) == (99.0, Provenance.SIMULATED, "demo")
    with reading(engine) as connection:
        past = history(connection, CATALOGUE, CLERK, world="demo", code="SUM-01", region="445102")
    assert [found.value for found in past] == [99.0]
    with pytest.raises(ValueError, match="both"):
        show(engine, world="both")


def test_asking_for_some_codes_gives_those_in_that_order(engine):
    give(engine, row("SUM-01", "445102", "2026-09", 1.0))
    assert list(show(engine, codes=["RAT-01", "SUM-01", "XXX-99"])) == ["RAT-01", "SUM-01"]
    assert show(engine, codes=["SUM-01"])["SUM-01"] == show(engine)["SUM-01"]


def test_breakdowns_stand_apart_from_totals(engine):
    give(
        engine,
        row("SUM-01", "445102", "2026-09", 1.0),
        row("SUM-01", "445102", "2026-09", 0.7, dim="industry=陶瓷"),
        row("SUM-01", "445102", "2026-09", 0.3, dim="industry=食品"),
    )
    assert show(engine)["SUM-01"].value == 1.0
    with reading(engine) as connection:
        parts = breakdown(connection, CATALOGUE, CLERK, world="real", code="SUM-01", region="445102", now=NOW)
    assert {dim: found.value for dim, found in parts.items()} == {"industry=陶瓷": 0.7, "industry=食品": 0.3}


def test_a_changed_value_is_shown_at_once_though_readings_are_remembered(engine):
    give(engine, row("SUM-01", "445102", "2026-08", 8.0), row("SUM-01", "445102", "2026-09", 9.0))
    assert show(engine)["SUM-01"].value == 9.0
    give(engine, row("SUM-01", "445102", "2026-07", 7.0))
    assert show(engine)["SUM-01"].history == (("2026-07", 7.0), ("2026-08", 8.0), ("2026-09", 9.0))
    give(engine, row("SUM-01", "445102", "2026-09", 9.5))
    assert (show(engine)["SUM-01"].value, show(engine)["SUM-01"].quality) == (9.5, ("revised",))
