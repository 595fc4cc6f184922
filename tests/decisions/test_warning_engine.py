"""Warnings in the store: told once, quiet where a cause speaks, late data without an alarm, two officers at once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from access.actor import ALL_RIGHTS, EVERYWHERE, Actor, OutOfScope, Scope
from database.engine import reading, writing
from decisions.warning_acts import (
    ActRefused,
    MovedMeanwhile,
    acknowledge,
    edit_rule,
    end_silence,
    judge,
    next_handover,
    silence,
    to_event,
)
from decisions.warning_engine import WarningEngine
from decisions.warning_rule import Level
from decisions.warning_rules import Rules, in_force, parse
from decisions.warning_scores import Incident, replayed, score_cards
from decisions.warnings import engine_trouble, families, past, steps, warning
from decisions.warnings import in_force as open_warnings
from indicators.catalogue import CatalogueErrors
from indicators.intake import take
from small_city import CITY, COUNTIES, NOW, delivery, indicator, row, small_catalogue, source

FILE = """
version: 1
warnings:
  - {key: level, name: 水位偏高, indicator: LEV-01, regions: all, orange: 20, blue: 10, hysteresis: 1, group: flood,
     owner: stats, source: 提案：测试}
  - {key: pool, name: 积水, indicator: POO-01, regions: all, yellow: 5, owner: stats, source: 提案：测试, group: flood,
     inhibited_by: [level]}
"""
STREAM = source("gauges", cadence={"every": "10m"})
CATALOGUE = small_catalogue(
    indicator("LEV-01", frequency="minute", basis="point", aggregation="last", source="gauges"),
    indicator("POO-01", frequency="minute", basis="point", aggregation="last", source="gauges"),
    sources=(STREAM,),
)
RULES = parse(FILE.encode(), CATALOGUE)
CHIEF = Actor("陈立", "city_officer", EVERYWHERE, ALL_RIGHTS, user="chief")
OFFICER = Actor("湘桥值班员", "county_officer", Scope(frozenset({"445102"})), ALL_RIGHTS, user="xq")
STRANGER = Actor("访客", "viewer")


class City:
    """A store with an engine whose clock the test turns."""

    def __init__(self, engine) -> None:
        self.engine, self.now, self.rules = engine, NOW, RULES
        self.watcher = WarningEngine(engine, lambda: CATALOGUE, lambda: self.rules, lambda: self.now)

    def give(self, code: str, region: str, *values: float, minutes_ago: int = 0) -> None:
        begun = self.now - timedelta(minutes=minutes_ago + len(values) - 1)
        rows = [
            row(code, region, (begun + timedelta(hours=8, minutes=n)).strftime("%Y-%m-%dT%H:%M"), value)
            for n, value in enumerate(values)
        ]
        take(self.engine, CATALOGUE, delivery(*rows, source="gauges"), door="push", by=CHIEF, now=self.now)

    def look(self, **later: int) -> int:
        self.now += timedelta(**later)
        return self.watcher.run()

    def open(self, by: Actor = CHIEF):
        with reading(self.engine) as connection:
            return open_warnings(connection, by, world="real")

    def all(self, by: Actor = CHIEF):
        with reading(self.engine) as connection:
            return past(connection, by, world="real", since=NOW - timedelta(days=9), until=self.now + timedelta(days=9))

    def do(self, act, *given, **more):
        with writing(self.engine) as connection:
            return act(connection, *given, **more, now=self.now)


@pytest.fixture
def city(engine) -> City:
    return City(engine)


@pytest.mark.feature(76)
def test_a_rising_river_is_told_once_for_each_level(city):
    city.give("LEV-01", CITY, 5, 11, 12)
    assert (city.look(), city.look()) == (1, 0)
    (found,) = city.open()
    assert (found.level, found.bound, found.peak, found.colour) == (Level.BLUE, 10, 12, "蓝")
    city.now += timedelta(minutes=5)
    city.give("LEV-01", CITY, 25)
    assert city.look() == 1
    (found,) = city.open()
    assert (found.level, found.peak_level, found.peak) == (Level.ORANGE, Level.ORANGE, 25)
    city.now += timedelta(minutes=5)
    city.give("LEV-01", CITY, 3)
    assert city.look() == 1 and city.open() == []
    (ended,) = city.all()
    assert ended.peak_level is Level.ORANGE and ended.lifted_at == city.now.replace(second=0)
    with reading(city.engine) as connection:
        assert [one.act for one in steps(connection, ended.id)] == ["raised", "raised", "lifted"]


def test_the_first_look_tells_what_holds_not_what_was(city):
    city.give("LEV-01", CITY, 30, 2, 11)
    assert city.look() == 1
    assert [one.level for one in city.all()] == [Level.BLUE]
    city.give("LEV-01", "445102", 30, 2)
    city.look(seconds=1)
    assert len(city.all()) == 1


@pytest.mark.feature(73)
def test_what_a_cause_explains_stays_quiet_and_speaks_when_the_cause_is_over(city):
    city.give("POO-01", "445102", 8)
    city.give("LEV-01", CITY, 12)
    city.look()
    river, pool = city.open()
    assert (river.quiet, pool.quiet) == (None, "由“水位偏高”引起，随其处置")
    assert [[one.rule for one in family] for family in families([river, pool])] == [["level"], ["pool"]]
    city.now += timedelta(minutes=2)
    city.give("LEV-01", CITY, 1)
    city.look()
    assert [(one.rule, one.quiet) for one in city.open()] == [("pool", None)]


@pytest.mark.feature(75)
def test_a_dead_source_starts_nothing_and_keeps_what_is_in_force(city):
    city.give("LEV-01", CITY, 12)
    city.look()
    city.look(days=3)
    assert [one.level for one in city.open()] == [Level.BLUE]
    assert len(city.all()) == 1


@pytest.mark.feature(47)
def test_late_data_enter_a_late_warning_and_alarm_nobody(city):
    city.give("LEV-01", CITY, 2, minutes_ago=400)
    city.give("LEV-01", CITY, 2)
    city.look()
    city.give("LEV-01", CITY, 22, 23, 2, minutes_ago=200)
    assert city.look(seconds=20) == 1
    assert city.open() == []
    (found,) = city.all()
    assert found.is_late and found.peak_level is Level.ORANGE and found.lifted_at
    assert city.look(seconds=20) == 0 and len(city.all()) == 1


def test_a_corrected_value_does_not_repeat_the_warning_of_the_wrong_one(city):
    city.give("LEV-01", CITY, 2, 12, 2)
    city.look()
    assert city.all() == []
    city.now += timedelta(minutes=3)
    city.give("LEV-01", CITY, 12, 13)
    city.look()
    assert len(city.all()) == 1


@pytest.mark.feature(74)
def test_an_acknowledgement_names_who_and_what_and_ends_at_the_handover(city):
    city.give("LEV-01", CITY, 12)
    city.look()
    taken = city.do(acknowledge, CHIEF, city.open()[0].id, comment="已通知三防值班")
    assert (taken.acknowledged_by, taken.comment) == ("陈立", "已通知三防值班") and taken.is_taken_up(city.now)
    city.look(hours=12)
    assert not city.open()[0].is_taken_up(city.now)
    with pytest.raises(ActRefused, match="写明"):
        city.do(acknowledge, CHIEF, taken.id, comment=" ")


def test_a_worse_level_asks_for_a_new_acknowledgement(city):
    city.give("LEV-01", CITY, 12)
    city.look()
    city.do(acknowledge, CHIEF, city.open()[0].id, comment="已通知")
    city.now += timedelta(minutes=2)
    city.give("LEV-01", CITY, 22)
    city.look()
    assert city.open()[0].acknowledged_by is None


@pytest.mark.feature(67)
def test_two_officers_at_once(city):
    city.give("LEV-01", CITY, 12)
    city.look()
    seen = city.open()[0]
    city.do(acknowledge, CHIEF, seen.id, comment="已通知", version=seen.version)
    with pytest.raises(MovedMeanwhile) as moved:
        city.do(judge, CHIEF, seen.id, verdict="false", note="探头故障", version=seen.version)
    assert moved.value.now.acknowledged_by == "陈立"


@pytest.mark.feature(109)
def test_a_county_sees_and_touches_its_own_alone(city):
    city.give("LEV-01", "445102", 12)
    city.give("LEV-01", "445122", 12)
    city.look()
    (own,) = city.open(OFFICER)
    other = next(one for one in city.open() if one.region == "445122")
    assert own.region == "445102" and city.open(STRANGER) == []
    for act, more in ((acknowledge, {"comment": "看看"}), (judge, {"verdict": "false", "note": "看看"})):
        with pytest.raises(OutOfScope):
            city.do(act, OFFICER, other.id, **more)
    with pytest.raises(OutOfScope):
        city.do(silence, CATALOGUE, OFFICER, RULES, world="real", rule="level", region=None, reason="检修",
                ends_at=city.now + timedelta(hours=1))  # fmt: skip
    with reading(city.engine) as connection:
        assert warning(connection, OFFICER, other.id) is None


@pytest.mark.feature(73)
def test_a_silence_has_a_reason_and_an_end(city):
    until = city.now + timedelta(hours=2)
    number = city.do(silence, CATALOGUE, OFFICER, RULES, world="real", rule="level", region="445102",
                     reason="闸门检修", ends_at=until)  # fmt: skip
    city.give("LEV-01", "445102", 12)
    city.give("LEV-01", "445122", 12)
    city.look()
    assert {one.region: one.quiet for one in city.open()} == {"445102": "湘桥值班员 静默：闸门检修", "445122": None}
    city.do(end_silence, OFFICER, number)
    city.look(seconds=20)
    assert all(one.quiet is None for one in city.open())
    with pytest.raises(ActRefused, match="最长"):
        city.do(silence, CATALOGUE, CHIEF, RULES, world="real", rule="level", region=None, reason="检修",
                ends_at=city.now + timedelta(days=90))  # fmt: skip


@pytest.mark.feature(80)
def test_the_second_click_finds_the_first_ones_event(city):
    city.give("LEV-01", CITY, 12)
    city.look()
    number, opened = city.open()[0].id, []

    def open_event(_, found):
        opened.append(found.evidence["history"])
        return f"E{len(opened)}"

    assert city.do(to_event, CHIEF, number, opened=open_event).event == "E1"
    assert city.do(to_event, CHIEF, number, opened=open_event).event == "E1" and len(opened) == 1


@pytest.mark.feature(131)
def test_a_change_on_screen_lies_over_the_file_and_can_be_taken_back(city):
    city.do(edit_rule, CHIEF, RULES, rule="level", edits={"blue": 15.0}, reason="汛后调整")
    with reading(city.engine) as connection:
        changed = in_force(connection, RULES)
    assert changed.rules["level"].blue == 15 and changed.edited == {"level"} and changed.version != RULES.version
    city.give("LEV-01", CITY, 12)
    assert city.look() == 0
    city.do(edit_rule, CHIEF, RULES, rule="level", edits={}, reason="恢复")
    city.now += timedelta(minutes=1)
    city.give("LEV-01", CITY, 12.5)
    assert city.look() == 1
    with pytest.raises(ValueError, match="由重到轻"):
        city.do(edit_rule, CHIEF, RULES, rule="level", edits={"blue": 25.0}, reason="写错")
    with pytest.raises(ValueError, match="不能在界面上修改"):
        city.do(edit_rule, CHIEF, RULES, rule="level", edits={"indicator": "POO-01"}, reason="写错")


@pytest.mark.feature(84)
def test_the_engine_is_known_to_be_dead(city):
    with reading(city.engine) as connection:
        assert engine_trouble(connection, NOW) == "预警引擎尚未运行"
    city.look()
    with reading(city.engine) as connection:
        assert engine_trouble(connection, city.now) is None
        assert "没有心跳" in (engine_trouble(connection, city.now + timedelta(minutes=10)) or "")


@pytest.mark.feature(81)
def test_the_score_card_counts_what_people_said_and_what_was_missed(city):
    city.give("LEV-01", CITY, 12)
    city.give("LEV-01", "445102", 12)
    city.look()
    for one, verdict in zip(city.open(), ("confirmed", "false"), strict=True):
        city.do(judge, CHIEF, one.id, verdict=verdict, note="现场核实")
    happened = [Incident(CITY, city.now + timedelta(minutes=40)), Incident("445185", city.now)]
    with reading(city.engine) as connection:
        (card,) = score_cards(connection, CHIEF, world="real", since=NOW - timedelta(days=7), until=city.now,
                              rules=["level"], incidents={"level": happened})  # fmt: skip
    assert (card.fired, card.confirmed, card.false, card.missed, card.precision) == (2, 1, 1, 1, 0.5)
    assert card.lead == pytest.approx(40, abs=1) and card.per_week == pytest.approx(2, rel=0.01)


@pytest.mark.feature(81)
def test_a_new_bound_is_tried_on_the_past_first(city):
    city.give("LEV-01", CITY, *[5, 12, 13, 5, 22, 5] * 3)
    with reading(city.engine) as connection:
        now, tried = replayed(connection, CATALOGUE, CHIEF, RULES.rules["level"], {"blue": 15.0}, world="real",
                              region=CITY, since=NOW - timedelta(days=2), now=city.now)  # fmt: skip
    assert (now.times, tried.times) == (6, 3) and tried.hours < now.hours


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ("indicator: LEV-01|indicator: LEV-09", "没有指标“LEV-09”"),
        ("owner: stats|owner: stat", "没有名为“stat”的单位"),
        ("inhibited_by: [level]|inhibited_by: [pool]", "没有规则“pool”可作原因"),
        ("orange: 20|orange: 5", "由重到轻"),
        ("group: flood|gruop: flood", "gruop"),
        ("key: pool|key: level", "level"),
    ],
)
def test_a_wrong_rule_is_named_with_its_line(changed, words):
    old, new = changed.split("|")
    with pytest.raises(CatalogueErrors, match=words) as wrong:
        parse(FILE.replace(old, new).encode(), CATALOGUE)
    assert all(problem.file == "warnings.yaml" and problem.line >= 3 for problem in wrong.value.problems)


def test_the_shipped_rules_fit_the_shipped_catalogue(catalogue):
    from decisions.warning_rules import PRODUCT, as_file, load

    rules = load(PRODUCT, catalogue)
    assert len(rules.rules) >= 20
    again: Rules = parse(as_file(rules).encode(), catalogue)
    assert again.rules == rules.rules


def test_the_next_handover_is_at_eight_or_twenty_in_the_city():
    assert next_handover(NOW).isoformat() == "2026-11-22T12:00:00+00:00"
    assert next_handover(NOW + timedelta(hours=6)).isoformat() == "2026-11-23T00:00:00+00:00"


def test_no_county_of_the_small_city_is_forgotten():
    assert set(COUNTIES) == {region.code for region in CATALOGUE.children(CITY)}
