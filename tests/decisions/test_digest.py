"""今日要点: only what the facts say, the same every time, honest about what is old, simulated or unknown; scored."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from access.actor import EVERYWHERE, TIMETABLE, Actor, Scope
from database.engine import open_engine, reading, writing
from database.migrate import migrate
from datasources.delivery.observation import Delivery, Observation
from decisions import digests
from decisions.digest import Digest, Fact, Item, Section, Subject, Verdict, as_body, from_body
from decisions.digest_changes import spreads_on_weekday
from decisions.digest_ground import ground
from decisions.digest_round import DigestRound, compose, issue_now
from decisions.digest_text import TEMPLATES, write, written
from decisions.digest_watch import civil_day
from decisions.digest_words import amount, period
from indicators.catalogue import Catalogue, load
from indicators.intake import take

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
CITY, DEMO = "445100", "demo"
NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
WAVES = (0, 7, 3, 9, 1, 6, -2, 5, 8, 2, -3)
HOURS = {f"2026-11-{19 + n // 24}T{n % 24:02d}": 84.0 + WAVES[n % 11] for n in range(86)}
"""Hourly from 19 November to 22 November 13:00."""
pytestmark = pytest.mark.feature(120)


@pytest.fixture(scope="session")
def catalogue() -> Catalogue:
    return load(ROOT)


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    made = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}")
    migrate(made)
    yield made
    made.dispose()


@pytest.fixture
def deliver(engine: Engine, catalogue: Catalogue) -> Callable[..., None]:
    """Takes values in at a moment: `deliver("ENV-01", {"2026-11-22T13": 50.0}, at)`."""

    def take_in(code: str, rows: dict[str, float], at: datetime, region: str = CITY) -> None:
        source = catalogue.source_of(code, DEMO).key
        told = [Observation(code, region, label, value, line=n) for n, (label, value) in enumerate(rows.items(), 1)]
        take(engine, catalogue, Delivery(source, "test", at, told), door="push", by=TIMETABLE, now=at)

    return take_in


@pytest.fixture
def text(engine: Engine, catalogue: Catalogue) -> Callable[..., list[Item]]:
    """The text of a subject as it would be issued at a moment."""

    def make(subject: Subject | None = None, now: datetime = NOW, before: Digest | None = None) -> list[Item]:
        with reading(engine) as connection:
            return compose(ground(connection, catalogue, TIMETABLE, subject or Subject(DEMO, CITY), now=now), before)

    return make


def sentence(items: list[Item], kind: str) -> Item:
    return next(item for item in items if item.kind == kind)


def numbers_of(item: Item) -> set[str]:
    told = " ".join(f"{fact.name} {fact.shown} {fact.when}" for fact in item.facts.values())
    return set(NUMBER.findall(told))


def test_every_number_of_every_sentence_is_a_fact(deliver, text) -> None:
    deliver("ENV-01", HOURS, NOW - timedelta(hours=30))
    deliver("ENV-01", {"2026-11-22T14": 300.0}, NOW - timedelta(minutes=5))
    for item in text():
        assert set(NUMBER.findall(item.text)) <= numbers_of(item), item.text
        for fact in item.facts.values():
            if fact.value is not None and fact.unit and "预" not in fact.shown and "界限" not in fact.shown:
                assert fact.shown.replace("+", "") == amount(fact.value, fact.unit, _decimals(fact.shown)), fact


def _decimals(shown: str) -> int:
    found = NUMBER.search(shown)
    return len(found[0].partition(".")[2]) if found else 0


SHOWN = st.text(alphabet="0123456789.,%万件 至潮安", min_size=1, max_size=12)
FACT = st.builds(
    Fact, name=SHOWN, shown=SHOWN, value=st.floats(-1e9, 1e9), when=st.sampled_from(["", "11月22日6时", "2026年10月"]),
    nature=st.sampled_from(["", "live", "simulated", "published"]),
    standing=st.sampled_from(["", "fresh", "late", "stale", "dead"]),
)  # fmt: skip
SLOTS = {
    "light": "theme before after reason", "moved": "name before after spreads",
    "moved_usually": "name before after spreads", "arrived": "span count far", "calm": "span count",
    "nothing": "span", "pulled": "name growth part0 part1 residual", "made_by": "name span part0 part1",
    "unknown": "names", "warning": "region name colour since measured bound",
    "expected": "region name colour measured bound ahead", "more_warnings": "count",
    "crossing": "name mean side edge share low high lead", "late_source": "name reason", "overdue": "open late soon",
    "target_ahead": "name due goal place days value gap", "target_missed": "name due goal place value gap",
    "target_behind": "name goal place value", "more_targets": "count", "no_watch": "here", "silent_engine": "trouble",
    "stale": "names count", "missing": "names count", "tally": "day count came passed waiting",
    "scored": "told outcome", "first": "",
}  # fmt: skip
MEASURED = {
    "moved": "after", "moved_usually": "before", "pulled": "growth", "warning": "measured", "crossing": "mean",
    "target_ahead": "value", "target_missed": "value", "target_behind": "value", "expected": "measured",
}  # fmt: skip
"""The slots that hold a reading."""


def test_every_template_is_tried() -> None:
    assert set(SLOTS) == set(TEMPLATES)


@pytest.mark.parametrize("kind", sorted(SLOTS))
@given(data=st.data())
def test_a_template_adds_no_number_and_hides_no_simulation(kind: str, data: st.DataObject) -> None:
    facts = {slot: data.draw(FACT) for slot in SLOTS[kind].split()}
    facts = {slot: replace(fact, standing="" if slot not in MEASURED.get(kind, "") else fact.standing)
             for slot, fact in facts.items()}  # fmt: skip
    item = Item(Section.CHANGED, kind, "k", "indicators.view", facts)
    digits = "".join(fact.name + fact.shown + fact.when for fact in facts.values())
    told = write(item)
    assert set(re.findall(r"\d", told)) <= set(re.findall(r"\d", digits)), told
    assert "{" not in told and told.endswith("。")
    assert ("（模拟）" in told) == any(fact.is_simulated for fact in facts.values())
    assert write(item) == told


@pytest.mark.parametrize(("kind", "slot"), MEASURED.items())
@pytest.mark.parametrize("standing", ["stale", "dead"])
def test_no_sentence_about_a_stale_figure_without_saying_so(kind: str, slot: str, standing: str) -> None:
    facts = {one: Fact(one, "3件", 3.0, "件", when="2026年9月") for one in SLOTS[kind].split()}
    facts[slot] = replace(facts[slot], standing=standing)
    assert "数据已过期" in write(Item(Section.WATCH, kind, "k", "indicators.view", facts))


def test_the_same_facts_give_the_same_text_and_a_kept_one_is_made_again_from_its_facts(
    deliver, text, engine, catalogue
) -> None:
    deliver("ENV-01", HOURS, NOW - timedelta(hours=2))
    assert text() == text()
    DigestRound(engine, lambda: catalogue).issue(catalogue, [Subject(DEMO, CITY)], NOW)
    with reading(engine) as connection:
        kept = digests.newest(connection, TIMETABLE, Subject(DEMO, CITY))
    assert kept is not None and kept.day == "2026-11-22" and kept.issued_at == NOW
    assert [written(item).text for item in kept.items] == [item.text for item in kept.items]
    assert from_body(as_body(kept.items)) == kept.items


def test_a_move_beyond_its_own_scatter_is_told_and_a_usual_one_is_not_called_so(deliver, text) -> None:
    deliver("ENV-01", HOURS, NOW - timedelta(hours=30))
    deliver("ENV-01", {"2026-11-22T14": 200.0}, NOW - timedelta(minutes=5))
    told = sentence(text(), "moved").text
    assert "升至200" in told and "（模拟）" in told and "通常波动" in told
    assert "原因未知" in sentence(text(), "unknown").text


def test_saturdays_are_no_news() -> None:
    """Fewer patients at the weekend every week; a Saturday like the others is nothing, half of it is."""
    monday = datetime(2026, 8, 3, tzinfo=UTC)
    values = {}
    for n in range(111):
        day = monday + timedelta(days=n)
        values[day.date().isoformat()] = (100.0 if day.weekday() < 5 else 60.0) + WAVES[n % 11]
    assert spreads_on_weekday(values, "2026-11-20", "2026-11-21") < 2
    assert spreads_on_weekday(values | {"2026-11-21": 25.0}, "2026-11-20", "2026-11-21") > 5
    assert spreads_on_weekday(dict(list(values.items())[-20:]), "2026-11-20", "2026-11-21") == 0.0


def test_the_step_of_a_sum_is_taken_apart_by_counties_exactly(deliver, text, catalogue) -> None:
    code = "TRF-06"
    counties = [one.code for one in catalogue.children(CITY)]
    frame = {f"2026-11-{d:02d}T{h:02d}": float(100 + WAVES[(d + h) % 11]) for d in range(19, 23) for h in range(24)}
    known = {label: value for label, value in frame.items() if label <= "2026-11-22T13"}
    for place, county in enumerate(counties):
        deliver(code, known | {"2026-11-22T14": 250.0 if place == 0 else 101.0}, NOW - timedelta(minutes=5), county)
    found = sentence(text(), "made_by")
    assert catalogue.regions[counties[0]].short in found.text
    whole = sentence(text(), "moved").facts
    parts = [fact.value for slot, fact in found.facts.items() if slot.startswith("part")]
    assert parts[0] > 100 and abs(parts[0]) >= abs(parts[1]) >= abs(parts[2])
    assert sum(parts) == pytest.approx(whole["after"].value - whole["before"].value, abs=20)


def test_stale_and_missing_are_named(deliver, text) -> None:
    deliver("ENV-01", HOURS, NOW - timedelta(hours=2))
    late = NOW + timedelta(days=9)
    items = text(now=late)
    assert "空气" in sentence(items, "stale").text and "过期" in sentence(items, "stale").text
    assert "没有数据" in sentence(items, "missing").text
    assert any(item.kind == "late_source" for item in items)


def test_a_region_or_a_right_one_has_not_stays_closed(deliver, engine, catalogue) -> None:
    deliver("ENV-01", HOURS, NOW - timedelta(hours=2))
    DigestRound(engine, lambda: catalogue).issue(catalogue, [Subject(DEMO, CITY)], NOW)
    county = Actor("甲", "county", Scope(frozenset({"445102"})), frozenset({"indicators.view"}))
    reader = Actor("乙", "reader", EVERYWHERE, frozenset({"indicators.view"}))
    with reading(engine) as connection:
        assert digests.newest(connection, county, Subject(DEMO, CITY)) is None
        assert digests.days(connection, county, Subject(DEMO, CITY)) == []
        seen = digests.newest(connection, reader, Subject(DEMO, CITY))
        whole = digests.newest(connection, TIMETABLE, Subject(DEMO, CITY))
    assert seen is not None and whole is not None
    assert {item.right for item in seen.items} == {"indicators.view"} < {item.right for item in whole.items}


def test_a_second_edition_only_if_something_is_different(deliver, engine, catalogue) -> None:
    deliver("ENV-01", HOURS, NOW - timedelta(hours=2))
    subject = Subject(DEMO, CITY, "environment")
    first = issue_now(engine, catalogue, TIMETABLE, subject, now=NOW)
    again = issue_now(engine, catalogue, TIMETABLE, subject, now=NOW + timedelta(minutes=1))
    assert first is not None and again is not None and (again.edition, again.issued_at) == (1, NOW)
    deliver("ENV-01", {"2026-11-22T14": 130.0}, NOW + timedelta(minutes=2))
    third = issue_now(engine, catalogue, TIMETABLE, subject, now=NOW + timedelta(minutes=3))
    assert third is not None and (third.edition, third.editions) == (2, 2)
    with reading(engine) as connection:
        morning = digests.edition(connection, TIMETABLE, subject, day=third.day, number=1)
    assert morning is not None and morning.items == first.items


def test_nobody_gets_a_text_about_a_world_without_data(engine, catalogue) -> None:
    assert issue_now(engine, catalogue, TIMETABLE, Subject("real", CITY), now=NOW) is None


def test_what_was_told_yesterday_is_scored_today(deliver, text, engine, catalogue) -> None:
    """A source that was late and came again has passed; one that still owes goes on."""
    deliver("ENV-01", HOURS, NOW - timedelta(hours=2))
    tomorrow = NOW + timedelta(days=1)
    source = catalogue.source_of("ENV-01", DEMO).key
    told = Item(
        Section.WATCH, "late_source", f"source:{source}", "indicators.view",
        {"name": Fact("来源", "空气站"), "reason": Fact("情况", "已迟2小时")},
    )  # fmt: skip
    before = Digest(Subject(DEMO, CITY), civil_day(NOW), 1, NOW, (written(told),))
    line = next(item for item in text(now=tomorrow, before=before) if item.kind == "scored")
    assert line.verdict is Verdict.CAME and "仍未报送" in line.text
    deliver("ENV-01", {"2026-11-23T14": 88.0}, tomorrow)
    items = text(now=tomorrow + timedelta(minutes=1), before=before)
    assert sentence(items, "scored").verdict is Verdict.PASSED
    assert "提示1项：0项" in sentence(items, "tally").text


def test_a_crossing_told_is_judged_by_the_figure_of_that_very_hour(deliver, text, catalogue) -> None:
    code = next(
        one.code for one in catalogue.indicators.values()
        if one.bands is not None and one.bands.attention_above is not None and one.frequency == "hourly"
        and "city" in one.levels
    )  # fmt: skip
    edge = catalogue.indicators[code].bands.attention_above
    told = Item(Section.WATCH, "crossing", f"crossing:{code}:2026-11-22T13:上限", "indicators.view",
                {slot: Fact(slot, "1件") for slot in SLOTS["crossing"].split()})  # fmt: skip
    before = Digest(Subject(DEMO, CITY), "2026-11-21", 1, NOW - timedelta(days=1), (written(told),))
    assert sentence(text(before=before), "scored").verdict is Verdict.WAITING
    deliver(code, {"2026-11-22T13": edge * 1.05}, NOW - timedelta(minutes=5))
    assert sentence(text(before=before), "scored").verdict is Verdict.CAME
    deliver(code, {"2026-11-22T13": edge * 0.9}, NOW - timedelta(minutes=4))
    assert sentence(text(before=before), "scored").verdict is Verdict.PASSED


def test_the_morning_is_waited_for_and_each_text_is_issued_once(deliver, engine, catalogue) -> None:
    from decisions.warning_book import beat

    deliver("ENV-01", HOURS, NOW - timedelta(hours=2))
    rounds = DigestRound(engine, lambda: catalogue)
    assert rounds.tick(NOW) == 0, "before forecasts and warnings have run once the text would lack them"
    with writing(engine) as connection:
        beat(connection, "forecasts", NOW, 86_400.0)
        beat(connection, "warnings", NOW, 60.0)
    assert rounds.tick(NOW) == 2, "the city and its one theme that has data"
    assert rounds.tick(NOW + timedelta(minutes=2)) == 0
    at_six, at_eight = datetime(2026, 11, 22, 22, tzinfo=UTC), datetime(2026, 11, 23, 0, tzinfo=UTC)
    assert rounds.tick(at_six) == 0
    assert rounds.tick(at_eight) == 2


@pytest.mark.parametrize(
    ("label", "basis", "words"),
    [
        ("2026-Q3", "ytd", "2026年前三季度"), ("2026-Q3", "period", "2026年三季度"), ("2026-10", "ytd", "2026年1—10月"),
        ("2026-10", "period", "2026年10月"), ("2026-11-22T14", "period", "11月22日14时"),
        ("2026-11-22T14:35", "point", "11月22日14时35分"), ("2025", "period", "2025年"),
    ],
)  # fmt: skip
def test_periods_as_administrative_texts_write_them(label: str, basis: str, words: str) -> None:
    assert period(label, basis) == words


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "words"),
    [(17_600.0, "人次", 0, "1.76万人次"), (4.0, "%", 1, "4.0%"), (-0.04, "%", 1, "0.0%"), (1234.0, "件", 0, "1,234件"),
     (-2.5, "个百分点", 2, "\u22122.50个百分点"), (3.50, "米", 2, "3.5米"), (202.8, "亿元", 2, "202.8亿元")],
)  # fmt: skip
def test_figures_as_running_text_writes_them(value: float, unit: str, decimals: int, words: str) -> None:
    assert amount(value, unit, decimals) == words
