"""Crews, resources and past events: nearest on duty first, with reasons; the officer's choice is kept and scored."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from message_city import CHEN, HERE, NOW, RAOPING, MessageCity, person

from access.actor import Scope
from database.engine import reading
from decisions.crew_choices import ChoiceKeeper
from decisions.crews import Crew, crews_for, minutes_for
from decisions.resources import KINDS, near
from decisions.routing_record import Share, crew_record
from decisions.similar import similar
from decisions.teams import TeamsRefused, teams
from dispatch.refusal import NoSuchEvent
from geography.areas import Circle, read_area
from geography.coordinates import Point

HEAD = "department,name,lon,lat,duty\n"
TEAMS = (
    f"water_bureau,近处不在岗,{HERE[0]},{HERE[1] + 0.002},00:00-00:01\n"
    f"water_bureau,二号泵车,{HERE[0]},{HERE[1] + 0.02},24h\n"
    f"water_bureau,一号泵车,{HERE[0]},{HERE[1] + 0.01},06:00-22:00\n"
    f"power_supply_bureau,抢修三班,{HERE[0] + 0.01},{HERE[1]},\n"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Beside the catalogue, with a list of teams."""
    (tmp_path / "teams.csv").write_text(HEAD + TEAMS, encoding="utf-8-sig")
    return tmp_path


def crews(messages: MessageCity, number: str, folder: Path, by=CHEN) -> tuple[Crew, ...]:
    with reading(messages.engine) as connection:
        return crews_for(connection, messages.rules, number, by=by, now=messages.now, folder=folder)


@pytest.mark.feature(90)
def test_the_nearest_team_on_duty_of_the_department_in_charge_comes_first(messages, folder) -> None:
    number = messages.report("水管爆裂", category="B0107").number
    found = crews(messages, number, folder)
    assert [(one.name, one.part) for one in found[:2]] == [("一号泵车", "lead"), ("二号泵车", "lead")]
    assert found[0].on_duty is True and found[0].distance_m == pytest.approx(1112, rel=0.01)
    assert found[0].minutes == minutes_for(found[0].distance_m or 0) == 8
    told = "；".join(found[0].reasons)
    assert "权责清单" in told and "1.1 公里" in told and "值班表" in told and "在手 0 件" in told
    assert "territorial" in {one.part for one in found}
    assert not any(one.is_simulated for one in found), "nothing invented in the real city"
    unknown = next(one for one in found if one.part == "territorial")
    assert (unknown.distance_m, unknown.on_duty) == (None, None) and "未登记" in "；".join(unknown.reasons)


@pytest.mark.feature(90)
def test_load_and_record_of_the_department_are_told(messages, folder) -> None:
    for n in range(3):
        messages.closed(f"第{n}处爆管", category="B0107")
    messages.dispatched("别处漏水", "water_bureau", category="B0107")
    found = crews(messages, messages.report("水管爆裂", category="B0107").number, folder)
    assert found[0].in_hand == 1 and found[0].on_time == (3, 3)
    assert "办结 3 件，按期 3 件" in "；".join(found[0].reasons)


def test_crews_of_an_event_of_others_do_not_exist(messages, folder) -> None:
    number = messages.report("水管爆裂", category="B0107").number
    with pytest.raises(NoSuchEvent):
        crews(messages, number, folder, by=RAOPING)
    with reading(messages.engine) as connection, pytest.raises(NoSuchEvent):
        similar(connection, number, by=RAOPING, now=NOW)


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("water_bureau,坏,x,23,24h", "第 2 行"),
        ("water_bureau,坏,116,23,全天", "duty"),
        ("no_such_bureau,坏,116,23,24h", "no_such_bureau"),
    ],
)
def test_a_wrong_line_of_teams_is_named(messages, tmp_path, line: str, why: str) -> None:
    (tmp_path / "teams.csv").write_text(HEAD + line, encoding="utf-8")
    with pytest.raises(TeamsRefused, match=why):
        teams(messages.rules, "real", tmp_path)


def test_duty_runs_over_midnight(messages, tmp_path) -> None:
    (tmp_path / "teams.csv").write_text(HEAD + "water_bureau,夜班,116.6,23.6,22:00-06:00\n", encoding="utf-8")
    (night,) = teams(messages.rules, "real", tmp_path)
    assert night.on_duty(NOW) is False and night.on_duty(NOW + timedelta(hours=14)) is True
    assert night.on_duty(NOW + timedelta(hours=20)) is True and night.on_duty(NOW + timedelta(hours=21)) is False


@pytest.mark.feature(94)
@pytest.mark.feature(90)
def test_following_and_overriding_are_kept_once_and_scored(messages, folder) -> None:
    follow = [messages.closed(f"第{n}处爆管", category="B0107") for n in range(2)]
    messages.closed("第三处爆管", "power_supply_bureau", category="B0107")
    keeper = ChoiceKeeper(messages.engine, lambda: messages.rules, folder)
    assert keeper.tick(messages.now) == 3 and keeper.tick(messages.now) == 0 and len(follow) == 2
    with reading(messages.engine) as connection:
        record = crew_record(connection, CHEN, world="real", since=NOW - timedelta(days=1))
        nobody = crew_record(connection, RAOPING, world="real", since=NOW - timedelta(days=1))
    assert record.followed == Share(2, 3) and nobody.followed == Share(0, 0)
    assert (record.on_time_followed, record.on_time_overridden) == (Share(2, 2), Share(1, 1))


def test_a_share_of_few_has_a_wide_interval() -> None:
    low, high = Share(2, 2).interval or (0, 0)
    assert low == pytest.approx(0.342, abs=0.001) and high == 1.0 and Share(0, 0).interval is None


@pytest.mark.feature(91)
def test_past_events_are_the_likest_closed_ones_and_say_how_they_ended(messages) -> None:
    best = messages.closed("锡美村水管爆裂", category="B0107", place="锡美村", note="已换管，联系人张伟 13800138000")
    other = messages.closed("城西水管漏水", category="B0107", lon=116.70, lat=23.66)
    messages.closed("老人求助", category="R0201")
    still = messages.report("锡美村水管爆裂", category="B0107", place="锡美村").number
    number = messages.report("锡美村水管爆裂又漏了", category="B0107", place="锡美村").number
    with reading(messages.engine) as connection:
        found = similar(connection, number, by=CHEN, now=messages.now)
        early = similar(connection, number, by=CHEN, now=NOW)
    assert [one.number for one in found] == [best, other] and still not in {one.number for one in found}
    assert "同一类别" in found[0].why and "按期结案" in found[0].ended and "已换管" in found[0].ended
    assert "13800138000" not in found[0].ended and "张伟" not in found[0].ended
    assert found[0].hours and found[0].hours > 0 and found[0].distance_m == 0
    assert early == ()


@pytest.mark.feature(161)
def test_resources_lie_in_the_area_nearest_first_and_within_the_scope(messages, folder) -> None:
    rules, circle = messages.rules, Circle(Point(*HERE), 4000)
    demo = near(rules, CHEN, circle, (), world="demo", now=NOW, folder=folder)
    assert {one.kind for one in demo.found} >= {"team", "shelter", "hospital", "camera", "store"}
    assert [one.metres for one in demo.found] == sorted(one.metres for one in demo.found)
    assert all(circle.holds(Point(one.lon, one.lat)) for one in demo.found)
    assert sum(demo.counts.values()) >= len(demo.found) and demo.missing == ()
    assert all(one.sort in {"医院", "卫生院"} for one in demo.found if one.kind == "hospital")
    drawn = read_area("box:116.63,23.69,116.65,23.71")
    inside = near(rules, CHEN, drawn, ("camera",), world="demo", now=NOW)
    assert inside.found and all(drawn.holds(Point(one.lon, one.lat)) for one in inside.found)
    assert near(rules, RAOPING, circle, (), world="demo", now=NOW, folder=folder).found == ()
    own = person("xq", Scope(rules.within("445102")), home="445102")
    assert near(rules, own, circle, ("team",), world="demo", now=NOW, folder=folder).found


@pytest.mark.feature(161)
def test_the_real_city_shows_what_there_is_and_names_what_is_missing(messages, folder) -> None:
    found = near(messages.rules, CHEN, Circle(Point(*HERE), 4000), (), world="real", now=NOW, folder=folder)
    assert {one.name for one in found.found if one.kind == "team"} >= {"一号泵车", "抢修三班"}
    assert not any(one.is_simulated for one in found.found)
    assert set(found.missing) == {"store", "shelter", "hospital", "camera"} and "seat" in KINDS
    with pytest.raises(ValueError, match="没有资源种类"):
        near(messages.rules, CHEN, Circle(Point(*HERE), 10), ("ship",), world="real", now=NOW)
