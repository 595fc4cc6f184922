"""A figure entered by hand counts only after another person has looked at it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from access.actor import EVERYWHERE, Actor, Scope
from database.engine import reading
from indicators.entries import (
    EntryError,
    EntryRefused,
    Figure,
    NoSuchEntry,
    ReviewedMeanwhile,
    SamePerson,
    accept,
    kept,
    refuse,
    submit,
)
from indicators.intake import take
from indicators.readings import latest
from small_city import CHIEF, CITY, CLERK, COUNTIES, NOW, delivery, row, small_catalogue

CATALOGUE = small_catalogue()
OFFICER = Actor("湘桥值班员", "operator", Scope(frozenset({"445102"})))
STRANGER = Actor("访客", "viewer")
FIGURE = Figure("SUM-01", "445102", "2026-09", 12.0, note="县统计局电话告知，10 月 20 日")


def enter(engine, figure=FIGURE, by=CLERK):
    return submit(engine, CATALOGUE, figure, by=by, now=NOW)


def listed(engine, by=CLERK, state="waiting"):
    with reading(engine) as connection:
        return kept(connection, by, state=state)


def show(engine, code="SUM-01", region="445102"):
    with reading(engine) as connection:
        return latest(connection, CATALOGUE, CLERK, world="real", region=region, now=NOW)[code]


@pytest.mark.feature(46)
def test_a_figure_waits_until_another_person_accepts_it(engine):
    entry = enter(engine)
    assert (entry.state, entry.entered_by, entry.note) == ("waiting", "张敏", FIGURE.note)
    assert show(engine).value is None
    receipt = accept(engine, CATALOGUE, entry.id, by=CHIEF, note="已核", now=NOW + timedelta(hours=1))
    found = show(engine)
    assert (receipt.taken, found.value, found.provenance, found.source) == (1, 12.0, "manual", "counts")
    reviewed = listed(engine, state="accepted")[0]
    assert (reviewed.reviewed_by, reviewed.review_note, reviewed.call_id) == ("陈立", "已核", receipt.call_id)


@pytest.mark.feature(46)
def test_who_entered_a_figure_cannot_review_it(engine):
    entry = enter(engine)
    for review in (lambda: accept(engine, CATALOGUE, entry.id, by=Actor("张敏", "chief", EVERYWHERE), now=NOW),
                   lambda: refuse(engine, entry.id, by=CLERK, note="错", now=NOW)):  # fmt: skip
        with pytest.raises(SamePerson):
            review()
    assert listed(engine)[0].state == "waiting"


def test_two_persons_of_one_name_are_two_and_one_person_with_two_names_is_one(engine):
    first = Actor("王芳", "clerk", EVERYWHERE, user="wang-1")
    renamed = Actor("王芳（计划科）", "chief", EVERYWHERE, user="wang-1")
    namesake = Actor("王芳", "chief", EVERYWHERE, user="wang-2")
    entry = enter(engine, by=first)
    with pytest.raises(SamePerson):
        accept(engine, CATALOGUE, entry.id, by=renamed, now=NOW)
    assert accept(engine, CATALOGUE, entry.id, by=namesake, now=NOW).taken == 1


def test_a_refused_figure_never_becomes_a_reading(engine):
    entry = enter(engine)
    with pytest.raises(EntryError, match="退回原因"):
        refuse(engine, entry.id, by=CHIEF, note=" ", now=NOW)
    refuse(engine, entry.id, by=CHIEF, note="口径不对", now=NOW)
    assert listed(engine, state="refused")[0].review_note == "口径不对"
    assert show(engine).value is None


def test_everything_wrong_with_a_figure_is_told_at_once(engine):
    with pytest.raises(EntryRefused) as refused:
        enter(engine, Figure("SUM-01", "445122", "2026-Q3", None, note=""), by=OFFICER)
    assert [reason.check for reason in refused.value.reasons] == ["period", "scope", "missing", "note"]
    assert listed(engine) == []


def test_two_reviewers_at_once_and_one_wins(engine):
    entry = enter(engine)
    third = Actor("林华", "operator", EVERYWHERE)

    def act(by: Actor) -> str:
        try:
            accept(engine, CATALOGUE, entry.id, by=by, now=NOW)
        except ReviewedMeanwhile:
            return "late"
        return "first"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(act, (CHIEF, third))) == ["first", "late"]


@pytest.mark.parametrize(("by", "seen"), [(CHIEF, 2), (OFFICER, 1), (STRANGER, 0)])
def test_entries_are_seen_and_reviewed_within_the_scope_only(engine, by, seen):
    enter(engine)
    foreign = enter(engine, Figure("SUM-01", "445122", "2026-09", 1.0, note="电话"))
    assert len(listed(engine, by)) == seen
    if by is CHIEF:
        accept(engine, CATALOGUE, foreign.id, by=by, now=NOW)
    else:
        with pytest.raises(NoSuchEntry):
            accept(engine, CATALOGUE, foreign.id, by=by, now=NOW)


def test_an_accepted_figure_completes_the_city(engine):
    take(engine, CATALOGUE, delivery(*(row("SUM-01", region, "2026-09", 1.0) for region in COUNTIES[1:])),
         door="file", by=CLERK, now=NOW)  # fmt: skip
    accept(engine, CATALOGUE, enter(engine).id, by=CHIEF, now=NOW)
    assert (show(engine, region=CITY).value, show(engine, region=CITY).provenance) == (15.0, "manual")


def test_the_source_repeating_its_old_value_does_not_undo_a_correction_by_hand(engine):
    def deliver(value, hours):
        rows = delivery(row("SUM-01", "445102", "2026-09", value))
        return take(engine, CATALOGUE, rows, door="file", by=CLERK, now=NOW + timedelta(hours=hours))

    deliver(120.0, 0)
    accept(engine, CATALOGUE, enter(engine).id, by=CHIEF, now=NOW + timedelta(hours=1))
    assert (deliver(120.0, 2).unchanged, show(engine).value) == (1, 12.0)
    assert (deliver(13.0, 3).taken, show(engine).value, show(engine).provenance) == (1, 13.0, "live")


def test_an_entry_is_no_sign_of_life_of_the_source(engine):
    accept(engine, CATALOGUE, enter(engine).id, by=CHIEF, now=NOW)
    assert show(engine, "RAT-01").reason == "来源“来源counts”从未送达，责任单位 市统计局"


def test_an_impossible_figure_is_held_even_after_review(engine):
    entry = enter(engine, Figure("RNG-01", "445102", "2026-09", 1200.0, note="电话"))
    receipt = accept(engine, CATALOGUE, entry.id, by=CHIEF, now=NOW)
    assert receipt.held[0].reasons[0].check == "range"
    assert show(engine, "RNG-01").value is None
