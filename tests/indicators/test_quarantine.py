"""Bad rows wait for a person; the decision, the person and the reason are on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from access.actor import Actor, Scope
from database.changes import versions
from database.engine import reading
from datasources.delivery.observation import Unreadable
from indicators.intake import take
from indicators.quarantine import (
    CannotRelease,
    DecidedMeanwhile,
    NotThere,
    QuarantineError,
    count_held,
    held,
    reject,
    release,
)
from indicators.readings import latest
from small_city import CHIEF, CITY, CLERK, COUNTIES, NOW, delivery, row, small_catalogue

CATALOGUE = small_catalogue()
OFFICER = Actor("湘桥值班员", "operator", Scope(frozenset({"445102"})))
STRANGER = Actor("访客", "viewer")


def give(engine, *rows, now=NOW, **more):
    return take(engine, CATALOGUE, delivery(*rows, **more), door="file", by=CLERK, now=now)


def waiting(engine, by=CLERK, **more):
    with reading(engine) as connection:
        return held(connection, by, **more)


def show(engine, code="RNG-01", region="445102"):
    with reading(engine) as connection:
        return latest(connection, CATALOGUE, CLERK, world="real", region=region, now=NOW)[code]


@pytest.mark.feature(45)
def test_a_person_releases_a_row_and_it_keeps_saying_so(engine):
    give(engine, row("RNG-01", "445102", "2026-09", 120.0, line=4, raw="湘桥,120"))
    entry = waiting(engine)[0]
    assert (entry.reasons[0].check, entry.line, entry.raw, entry.value) == ("range", 4, "湘桥,120", 120.0)
    receipt = release(engine, CATALOGUE, entry.id, by=CHIEF, note="已电话核实", now=NOW + timedelta(hours=1))
    assert receipt.taken == 1
    assert (show(engine).value, show(engine).quality) == (120.0, ("released",))
    decided = waiting(engine, state="released")[0]
    assert (decided.decided_by, decided.note, decided.decided_at) == ("陈立", "已电话核实", NOW + timedelta(hours=1))
    with reading(engine) as connection:
        call = connection.execute(text("SELECT door, actor FROM calls WHERE id = :id"), {"id": receipt.call_id}).one()
    assert tuple(call) == ("release", "陈立")


@pytest.mark.feature(45)
def test_a_rejected_row_stays_out_and_is_not_asked_about_again(engine):
    bad = row("RNG-01", "445102", "2026-09", 120.0)
    give(engine, bad)
    reject(engine, waiting(engine)[0].id, by=CHIEF, note="设备故障", now=NOW)
    assert len(give(engine, bad, now=NOW + timedelta(days=1)).held) == 1
    assert waiting(engine) == []
    assert show(engine).value is None


def test_the_same_bad_row_again_is_one_entry(engine):
    for line in range(5):
        give(engine, row("RNG-01", "445102", "2026-09", 120.0, line=line),
             unreadable=[Unreadable(line, "a;b", "只有 2 列")])  # fmt: skip
    assert len(waiting(engine)) == 2


def test_a_released_value_delivered_again_is_unchanged(engine):
    give(engine, row("RNG-01", "445102", "2026-09", 120.0))
    release(engine, CATALOGUE, waiting(engine)[0].id, by=CHIEF, note="已核实", now=NOW)
    again = give(engine, row("RNG-01", "445102", "2026-09", 120.0), now=NOW + timedelta(days=1))
    assert (again.unchanged, len(again.held)) == (1, 0)


def test_a_released_value_that_was_replaced_and_comes_again_waits_again(engine):
    give(engine, row("RNG-01", "445102", "2026-09", 120.0))
    release(engine, CATALOGUE, waiting(engine)[0].id, by=CHIEF, note="已核实", now=NOW)
    give(engine, row("RNG-01", "445102", "2026-09", 50.0), now=NOW + timedelta(days=1))
    give(engine, row("RNG-01", "445102", "2026-09", 120.0), now=NOW + timedelta(days=2))
    assert len(waiting(engine)) == 1
    assert show(engine).value == 50.0


def test_releasing_the_last_county_completes_the_city(engine):
    give(engine, *(row("RNG-01", region, "2026-09", 10.0) for region in COUNTIES[:3]))
    give(engine, row("RNG-01", COUNTIES[3], "2026-09", 120.0))
    release(engine, CATALOGUE, waiting(engine)[0].id, by=CHIEF, note="已核实", now=NOW)
    assert show(engine, region=CITY).value == 150.0


@pytest.mark.parametrize("decide", ["release", "reject"])
def test_two_people_decide_at_once_and_one_wins(engine, decide):
    give(engine, row("RNG-01", "445102", "2026-09", 120.0))
    number = waiting(engine)[0].id

    def act(by: Actor) -> str:
        try:
            if decide == "release":
                release(engine, CATALOGUE, number, by=by, note="已核实", now=NOW)
            else:
                reject(engine, number, by=by, note="已核实", now=NOW)
        except DecidedMeanwhile:
            return "late"
        return "first"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, (CLERK, CHIEF))) == ["first", "late"]


def test_what_names_no_figure_cannot_be_released_and_waits_on(engine):
    give(engine, row("RNG-99", "445102", "2026-09", 1.0), row("RNG-01", "445102", "2026-09", float("nan")),
         unreadable=[Unreadable(3, "?", "无法解析")])  # fmt: skip
    for entry in waiting(engine):
        with pytest.raises(CannotRelease, match="重新报送"):
            release(engine, CATALOGUE, entry.id, by=CHIEF, note="放行", now=NOW)
    assert len(waiting(engine)) == 3
    assert show(engine).value is None


def test_no_decision_without_a_reason(engine):
    give(engine, row("RNG-01", "445102", "2026-09", 120.0))
    with pytest.raises(QuarantineError, match="处理依据"):
        reject(engine, waiting(engine)[0].id, by=CHIEF, note="  ", now=NOW)


@pytest.mark.parametrize(("by", "seen"), [(CLERK, 3), (OFFICER, 1), (STRANGER, 0)])
def test_an_officer_sees_and_decides_rows_of_the_own_county_only(engine, by, seen):
    give(engine, *(row("RNG-01", region, "2026-09", 120.0) for region in ("445102", "445122", "nowhere")))
    assert len(waiting(engine, by)) == seen
    with reading(engine) as connection:
        assert count_held(connection, by) == seen
    foreign = next(entry for entry in waiting(engine) if entry.region == "445122")
    if by is CLERK:
        reject(engine, foreign.id, by=by, note="核实有误", now=NOW)
    else:
        with pytest.raises(NotThere):
            reject(engine, foreign.id, by=by, note="核实有误", now=NOW)


def test_a_decision_is_told_to_the_screens(engine):
    give(engine, row("RNG-01", "445102", "2026-09", 120.0))
    with reading(engine) as connection:
        before = versions(connection)
    release(engine, CATALOGUE, waiting(engine)[0].id, by=CHIEF, note="已核实", now=NOW)
    with reading(engine) as connection:
        after = versions(connection)
    assert {topic for topic in after if after[topic] != before.get(topic)} == {
        "quarantine", "sources", "readings:real", "theme:real:economy"
    }  # fmt: skip


def test_a_long_list_is_paged(engine):
    give(engine, *(row("RNG-01", "445102", f"2026-{month:02d}", 120.0) for month in range(1, 8)))
    first = waiting(engine, limit=4)
    rest = waiting(engine, limit=4, before=first[-1].id)
    assert (len(first), len(rest)) == (4, 3)
