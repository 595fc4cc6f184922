"""Watched areas: whose they are, what they are told of, exactly once, and what people do about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from threading import Thread

import pytest
from message_city import CHEN, NOW, RAOPING, MessageCity, person
from sqlalchemy import func, select

from access.actor import TIMETABLE, Actor, Denied, OutOfScope, Scope
from database.area_tables import area_crossings, area_presences
from database.audit_tables import audit
from database.engine import reading, writing
from decisions import area_acts, crossing_acts, devices
from decisions.area_engine import AreaEngine
from decisions.watched_area import AreaRefused, Wants, Way
from decisions.watched_areas import area, areas, crossings
from dispatch.intake import receive
from dispatch.records import load
from dispatch.report import Report
from geography.coordinates import Point
from raised_warnings import raise_warning

CITY = "445100"
HERE, AWAY = Point(116.6405, 23.6995), Point(116.90, 23.80)
SHAPE = "circle:116.6405,23.6995,600"
IN_RAOPING = "circle:117.0055,23.6640,500"
LIN = person("林敏", home=CITY)
LEADER = Actor(
    "许市长", "city_leader", CHEN.scope, frozenset({"indicators.view", "warnings.view"}), user="xu", home=CITY
)
SCREEN = replace(CHEN, kind="screen")
HANDLER = replace(
    person("承办人", Scope(None, frozenset({"water_bureau"})), home=CITY),
    rights=frozenset({"warnings.view", "events.view", "indicators.view"}),
)


def make(messages: MessageCity, by: Actor = CHEN, *, now: datetime = NOW, **given) -> int:
    usual = {
        "name": "意溪大桥", "shape": SHAPE, "wants": Wants(), "quiet_minutes": 10, "ends_at": NOW + timedelta(days=30),
    }  # fmt: skip
    with writing(messages.engine) as connection:
        return area_acts.make(
            connection, messages.rules.catalogue, by, world="real", draft=area_acts.Draft(**usual | given), now=now
        )


def report(messages: MessageCity, *places: Point, start: datetime = NOW, key: str = "v1", now=None, **more):
    found = [
        devices.Report(key, more.get("kind", "vehicle"), "巡查车", place, start + timedelta(seconds=30 * (n + 1)),
                       more.get("value"), "m", more.get("bound"))
        for n, place in enumerate(places)
    ]  # fmt: skip
    with writing(messages.engine) as connection:
        return devices.take(
            connection, messages.rules.catalogue, TIMETABLE, world="real", reports=found, now=now or found[-1].at
        )


def look(messages: MessageCity, now: datetime) -> int:
    return AreaEngine(messages.engine, lambda: messages.rules.catalogue, lambda: now).run()


def seen(messages: MessageCity, by: Actor = CHEN, now: datetime = NOW) -> list:
    with reading(messages.engine) as connection:
        mine = areas(connection, by, world="real", city=CITY, now=now)
        return crossings(connection, by, mine, limit=200)


@pytest.mark.feature(17)
def test_an_event_inside_is_told_once_and_one_outside_never(messages: MessageCity) -> None:
    make(messages)
    look(messages, NOW)
    inside = messages.report("桥面塌陷", reported_at=NOW + timedelta(minutes=1))
    messages.report("别处", reported_at=NOW + timedelta(minutes=1), lon=AWAY.lon, lat=AWAY.lat)
    later = NOW + timedelta(minutes=2)
    assert look(messages, later) == 1 and look(messages, later) == 0 and look(messages, NOW + timedelta(hours=1)) == 0
    (found,) = seen(messages)
    assert (found.way, found.subject, found.event, found.quiet) == (Way.EVENT, inside.number, inside.number, None)


def test_events_of_another_kind_or_grade_are_not_told(messages: MessageCity) -> None:
    make(messages, wants=Wants(events=2, warnings=None))
    make(messages, wants=Wants(events=0, category="S0301", warnings=None))
    messages.report("小事", reported_at=NOW + timedelta(minutes=1), level=4)
    big = messages.report("大事", reported_at=NOW + timedelta(minutes=1), level=1)
    look(messages, NOW + timedelta(minutes=2))
    assert [one.subject for one in seen(messages)] == [big.number]


def test_an_old_event_that_comes_late_is_entered_without_a_word(messages: MessageCity) -> None:
    make(messages)
    messages.now = NOW + timedelta(minutes=1)
    with writing(messages.engine) as connection:
        old = Report("三天前的事", "hotline", "late-1", NOW - timedelta(days=3), lon=HERE.lon, lat=HERE.lat)
        receive(connection, messages.rules, old, by=CHEN, now=messages.now)
    look(messages, NOW + timedelta(minutes=2))
    assert [(one.quiet, one.is_late) for one in seen(messages)] == [("late", True)]


@pytest.mark.feature(17)
def test_a_warning_of_the_ground_or_the_city_is_told_once_and_a_neighbours_never(messages: MessageCity) -> None:
    make(messages, wants=Wants(events=None, warnings=2))
    with writing(messages.engine) as connection:
        at = {"world": "real", "turned_at": NOW + timedelta(minutes=1), "began_at": NOW, "known_at": NOW}
        mine, city = raise_warning(connection, **at), raise_warning(connection, **at, region=CITY)
        raise_warning(connection, **at, region="445122")
        raise_warning(connection, **at, level=3)
        raise_warning(connection, **at, quiet="静默")
        raise_warning(connection, **at | {"turned_at": NOW - timedelta(hours=1)})
    look(messages, NOW + timedelta(minutes=2))
    assert look(messages, NOW + timedelta(minutes=3)) == 0
    assert {one.subject for one in seen(messages)} == {str(mine), str(city)}


@pytest.mark.feature(17)
def test_a_device_enters_and_leaves_once_and_late_reports_change_nothing(messages: MessageCity) -> None:
    make(messages, quiet_minutes=0)
    report(messages, AWAY, HERE, HERE, AWAY, AWAY)
    late = report(messages, HERE, AWAY, HERE, start=NOW - timedelta(hours=1), now=NOW + timedelta(minutes=5))
    again = report(messages, AWAY, HERE, HERE, AWAY, AWAY)
    assert (late.accepted, late.late, again.accepted) == (0, 3, 0)
    assert [one.way for one in seen(messages)] == [Way.LEAVE, Way.ENTER]


def test_a_day_of_stored_reports_sent_at_once_is_no_storm(messages: MessageCity) -> None:
    make(messages, quiet_minutes=0, now=NOW - timedelta(days=1))
    report(messages, *[HERE, AWAY] * 40, start=NOW - timedelta(hours=12), now=NOW)
    found = seen(messages)
    assert len(found) == 80 and {one.quiet for one in found} == {"late"}


def test_whoever_is_inside_when_watching_begins_is_no_news(messages: MessageCity) -> None:
    report(messages, HERE, start=NOW - timedelta(minutes=1))
    make(messages, now=NOW)
    report(messages, HERE, start=NOW)
    assert seen(messages) == []
    report(messages, AWAY, start=NOW + timedelta(minutes=2))
    assert [one.way for one in seen(messages)] == [Way.LEAVE]


@pytest.mark.feature(17)
def test_a_sensor_over_its_bound_is_told_and_its_return_only_entered(messages: MessageCity) -> None:
    make(messages)
    for minute, value in enumerate((10.0, 11.2, 10.9, 11.1, 10.0)):
        report(messages, HERE, start=NOW + timedelta(minutes=minute), kind="sensor", value=value, bound=11.0)
    assert [(one.way, one.quiet) for one in seen(messages)] == [(Way.BACK, "back"), (Way.OVER, None)]


def test_an_area_speaks_once_in_its_quiet_minutes_but_enters_everything(messages: MessageCity) -> None:
    make(messages, quiet_minutes=10)
    for minute in (0, 4, 8, 12):
        report(messages, AWAY, HERE, start=NOW + timedelta(minutes=minute), now=NOW + timedelta(minutes=minute + 1))
    ways = [(one.way, one.quiet) for one in reversed(seen(messages)) if one.way is Way.ENTER]
    assert ways == [(Way.ENTER, None), (Way.ENTER, "interval"), (Way.ENTER, "interval"), (Way.ENTER, None)]


def test_a_muted_paused_or_ended_area_keeps_quiet(messages: MessageCity) -> None:
    number, rules = make(messages, quiet_minutes=0), messages.rules.catalogue
    with writing(messages.engine) as connection:
        area_acts.mute(connection, rules, CHEN, number, hours=1, now=NOW)
    report(messages, AWAY, HERE)
    assert [one.quiet for one in seen(messages)] == ["muted"]
    with writing(messages.engine) as connection:
        area_acts.pause(connection, rules, CHEN, number, now=NOW + timedelta(minutes=5))
    report(messages, AWAY, HERE, AWAY, start=NOW + timedelta(minutes=6))
    assert len(seen(messages)) == 1
    with writing(messages.engine) as connection:
        area_acts.resume(connection, rules, CHEN, number, now=NOW + timedelta(minutes=9))
        area_acts.end(connection, rules, CHEN, number, now=NOW + timedelta(minutes=10))
    report(messages, HERE, start=NOW + timedelta(minutes=11))
    assert seen(messages) == [] and look(messages, NOW + timedelta(minutes=12)) == 0


def test_an_area_past_its_last_day_watches_no_longer(messages: MessageCity) -> None:
    make(messages, ends_at=NOW + timedelta(minutes=1))
    report(messages, AWAY, HERE, start=NOW + timedelta(minutes=2))
    with reading(messages.engine) as connection:
        assert connection.execute(select(func.count()).select_from(area_crossings)).scalar() == 0


@pytest.mark.feature(17)
def test_a_county_cannot_watch_beyond_its_ground(messages: MessageCity) -> None:
    make(messages, RAOPING, shape=IN_RAOPING)
    for shape in (SHAPE, "box:116.85,23.60,117.05,23.70", "circle:117.0,23.60,20000"):
        with pytest.raises(AreaRefused, match="管辖范围"):
            make(messages, RAOPING, shape=shape)


@pytest.mark.feature(17)
def test_three_people_and_an_area_of_one(messages: MessageCity) -> None:
    mine = make(messages)
    with reading(messages.engine) as connection:
        assert area(connection, CHEN, mine, city=CITY)
        for other in (LIN, RAOPING, SCREEN, LEADER, replace(CHEN, rights=frozenset())):
            assert area(connection, other, mine, city=CITY) is None
            assert areas(connection, other, world="real", city=CITY, now=NOW) == []
    with pytest.raises(OutOfScope), writing(messages.engine) as connection:
        area_acts.end(connection, messages.rules.catalogue, LIN, mine, now=NOW)


def test_an_area_of_the_centre_is_its_centres_and_ended_by_who_answers_for_it(messages: MessageCity) -> None:
    number, catalogue = make(messages, LIN, for_centre=True), messages.rules.catalogue
    with reading(messages.engine) as connection:
        assert [area(connection, by, number, city=CITY) is not None for by in (LIN, CHEN, LEADER, RAOPING)] == [
            True, True, True, False,
        ]  # fmt: skip
    with pytest.raises(Denied), writing(messages.engine) as connection:
        area_acts.end(connection, catalogue, LEADER, number, now=NOW)
    with pytest.raises(Denied):
        make(messages, LEADER, wants=Wants(events=None), for_centre=True)
    with writing(messages.engine) as connection:
        assert area_acts.end(connection, catalogue, CHEN, number, now=NOW).ended_by == "陈值班"


def test_who_loses_the_ground_loses_the_area(messages: MessageCity) -> None:
    number = make(messages, RAOPING, shape=IN_RAOPING)
    moved = replace(RAOPING, scope=Scope(frozenset({"445102"})), home="445102")
    with reading(messages.engine) as connection:
        assert area(connection, RAOPING, number, city=CITY) and area(connection, moved, number, city=CITY) is None


def test_news_one_has_no_right_to_are_left_out(messages: MessageCity) -> None:
    make(messages, LIN, for_centre=True)
    messages.report("桥面塌陷", reported_at=NOW + timedelta(minutes=1))
    report(messages, AWAY, HERE)
    look(messages, NOW + timedelta(minutes=2))
    assert {one.way for one in seen(messages, LIN)} == {Way.EVENT, Way.ENTER}
    assert {one.way for one in seen(messages, LEADER)} == {Way.ENTER}
    assert {one.way for one in seen(messages, HANDLER)} == {Way.ENTER}
    with pytest.raises(Denied):
        make(messages, LEADER)


@pytest.mark.parametrize(
    "given",
    [
        {"name": " "}, {"ends_at": NOW}, {"ends_at": NOW + timedelta(days=900)}, {"quiet_minutes": -1},
        {"wants": Wants(None, "", None, (), False)}, {"wants": Wants(category="X9")}, {"shape": "box:1,2"},
        {"shape": "polygon:116.6,23.6;116.7,23.7;116.7,23.6;116.6,23.7"},
    ],
)  # fmt: skip
def test_what_cannot_be_watched_is_refused_in_words(messages: MessageCity, given: dict) -> None:
    with pytest.raises(AreaRefused) as refused:
        make(messages, **given)
    assert any("\u4e00" <= one <= "\u9fff" for one in str(refused.value))


def test_twenty_areas_are_enough_for_one(messages: MessageCity) -> None:
    for _ in range(area_acts.MOST_AREAS):
        make(messages)
    with pytest.raises(AreaRefused, match="最多"):
        make(messages)


def test_who_saw_an_older_version_is_told(messages: MessageCity) -> None:
    number, catalogue = make(messages), messages.rules.catalogue
    with writing(messages.engine) as connection:
        area_acts.pause(connection, catalogue, CHEN, number, version=1, now=NOW)
    with pytest.raises(area_acts.AreaMoved), writing(messages.engine) as connection:
        area_acts.end(connection, catalogue, CHEN, number, version=1, now=NOW)


@pytest.mark.feature(17)
def test_a_crossing_is_noted_by_the_first_and_becomes_one_event_with_its_evidence(messages: MessageCity) -> None:
    make(messages, LIN, for_centre=True)
    report(messages, AWAY, HERE)
    (found,) = seen(messages, LIN)
    with writing(messages.engine) as connection:
        for by in (CHEN, LIN):
            noted = crossing_acts.acknowledge(connection, by, found.id, comment="已核", city=CITY, now=NOW)
        made = crossing_acts.to_event(connection, CHEN, found.id, book=messages.rules, now=NOW + timedelta(minutes=1))
        again = crossing_acts.to_event(connection, LIN, found.id, book=messages.rules, now=NOW + timedelta(minutes=2))
    assert (noted.acknowledged_by, noted.comment) == ("陈值班", "已核") and made.event == again.event
    with reading(messages.engine) as connection:
        event = load(connection, made.event, CHEN).event
        acts = set(connection.execute(select(audit.c.action)).scalars())
    assert (event.title, event.origin, event.region[:6]) == ("巡查车进入“意溪大桥”", "area", "445102")
    assert "林敏设置" in event.description and "v1" in event.description
    assert {"areas.make", "areas.acknowledge", "areas.event"} <= acts
    assert look(messages, NOW + timedelta(minutes=3)) == 0, "its own event is no news for the area"
    with pytest.raises(OutOfScope), writing(messages.engine) as connection:
        crossing_acts.acknowledge(connection, RAOPING, found.id, comment="", city=CITY, now=NOW)


def test_a_program_reports_within_its_ground_and_in_time(messages: MessageCity) -> None:
    found = [
        devices.Report("a", "boat", "船", Point(117.0055, 23.664), NOW),
        devices.Report("b", "boat", "船", HERE, NOW),
        devices.Report("c", "boat", "船", Point(117.0055, 23.664), NOW + timedelta(hours=1)),
        devices.Report("d", "ufo", "船", Point(117.0055, 23.664), NOW),
    ]
    with writing(messages.engine) as connection:
        taken = devices.take(
            connection, messages.rules.catalogue, RAOPING, world="real", reports=found, now=NOW
        )  # fmt: skip
        assert taken.accepted == 1 and [index for index, _ in taken.refused] == [1, 2, 3]
        assert [one.key for one in devices.seen(connection, RAOPING, world="real", now=NOW)] == ["a"]
        assert devices.seen(connection, replace(RAOPING, scope=Scope()), world="real", now=NOW) == []
    with pytest.raises(Denied), writing(messages.engine) as connection:
        devices.take(connection, messages.rules.catalogue, LEADER, world="real", reports=found, now=NOW)


@pytest.mark.feature(17)
def test_two_writers_tell_one_crossing_once(messages: MessageCity, engine) -> None:
    city = replace(messages, engine=engine)
    make(city, quiet_minutes=10)
    path = (AWAY, HERE, AWAY, HERE, AWAY)
    workers = [Thread(target=report, args=(city, *path)) for _ in range(4)]
    workers += [
        Thread(target=report, args=(city, *path), kwargs={"key": f"w{n}", "now": NOW + timedelta(minutes=3)})
        for n in range(4)
    ]
    [one.start() for one in workers]
    [one.join() for one in workers]
    found = seen(city)
    by_device = {key: [one.way for one in found if one.subject == key][::-1] for key in {one.subject for one in found}}
    assert by_device == {key: [Way.ENTER, Way.LEAVE] * 2 for key in ("v1", "w0", "w1", "w2", "w3")}
    assert sum(one.quiet is None for one in found) == 2, "one entering and one leaving in ten minutes"
    with reading(engine) as connection:
        assert not connection.execute(select(area_presences).where(area_presences.c.is_inside)).first()
