"""The queue of the desk: everybody sees their own, groups by the clock, counts that are the rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from itertools import product

import pytest
from desk_people import CHEN, NOBODY, STRANGER, WATER, Desk, county, report

from access.actor import Denied
from database.engine import reading, writing
from dispatch import presence
from dispatch.desk_queue import ALL, GROUPS, TABS, Sought, arranged, group_of, lines, tabs_of
from dispatch.refusal import NoSuchEvent
from dispatch.stage import Stage

IN_COUNTY = {"445102": (116.6405, 23.6995), "445103": (116.68, 23.46), "445122": (117.0, 23.66)}


def place(code: str, number: int) -> object:
    lon, lat = IN_COUNTY[code]
    return replace(report(f"{code}-{number}"), lon=lon, lat=lat, title=f"路面塌陷{number}", category=None)


def everything(desk: Desk, by=CHEN, region="445100"):
    within = None if region == "445100" else desk.rules.within(region)
    with reading(desk.engine) as connection:
        return lines(connection, by, world="real", region=region, within=within)


@pytest.fixture
def busy(desk: Desk) -> Desk:
    """Events of three counties in all kinds of states."""
    for code in IN_COUNTY:
        desk.receive(place(code, 1))
        desk.registered(place(code, 2))
    first, second = desk.handling(), desk.handling(report("paused", title="管道爆裂"))
    desk.do(first, "supervise", note="请抓紧")
    desk.do(second, "ask_suspension", by=WATER, note="等待配件", reason=desk.rules.rules.pause_reasons[0].key)
    desk.closed(report("closed", title="已经办完"))
    return desk


@pytest.mark.feature(109)
def test_the_desk_of_a_county_never_lists_another(busy: Desk) -> None:
    whole = everything(busy)
    for code in IN_COUNTY:
        mine = everything(busy, by=county(busy.rules, code, "xu"), region=code)
        assert {line.number for line in mine} == {line.number for line in whole if line.county == code}
    assert all(line.lead == "water_bureau" for line in everything(busy, by=WATER))
    assert {line.county for line in everything(busy, by=STRANGER)} <= {"445122"}
    with pytest.raises(Denied):
        everything(busy, by=replace(NOBODY, rights=frozenset()))


@pytest.mark.feature(58)
def test_groups_ascend_and_a_suspended_event_has_no_clock(busy: Desk) -> None:
    number = next(line.number for line in everything(busy) if line.asked)
    busy.do(number, "grant_suspension", note="同意")
    now = busy.now + timedelta(hours=3)
    board = arranged(everything(busy), Sought(), busy.rules, now)
    assert [line.number for line in board.groups["paused"]] == [number]
    assert not board.groups["done"], "closed events are no work of the desk"
    for name in ("overdue", "due_soon", "in_time"):
        due = [line.stage_due_at for line in board.groups[name]]
        assert due == sorted(due)
    assert all(line.stage_due_at < now for line in board.groups["overdue"])
    assert list(board.groups) == list(GROUPS)


def test_counts_are_the_rows_under_every_combination_of_filters(busy: Desk) -> None:
    found, now = everything(busy), busy.now
    tabs = [tab.key for tab in TABS]
    for tab, area, level, origin in product(tabs, ("", *IN_COUNTY), (None, 0, 1, 2, 3, 4), ("", "hotline", "none")):
        wish = Sought(tab=tab, area=area, level=level, origin=origin)
        board = arranged(found, wish, busy.rules, now)
        rows = [line for some in board.groups.values() for line in some]
        assert board.tabs[tab] == len(rows) == board.total == sum(board.by_group.values())
        inside = busy.rules.within(area) if area else None
        assert all((inside is None or line.region in inside) and level in (None, line.level) for line in rows)
        assert len({line.number for line in rows}) == len(rows)


@pytest.mark.parametrize(
    ("wish", "title"),
    [
        (Sought(text="爆裂"), "管道爆裂"),
        (Sought(text="  管道  "), "管道爆裂"),
        (Sought(department="water_bureau", text="锡美"), "锡美村涵洞积水"),
        (Sought(tab="supervised"), "锡美村涵洞积水"),
        (Sought(tab="approve"), "管道爆裂"),
    ],
)
def test_what_is_looked_for_is_found(busy: Desk, wish: Sought, title: str) -> None:
    board = arranged(everything(busy), wish, busy.rules, busy.now)
    assert [line.title for some in board.groups.values() for line in some] == [title]


def test_a_group_and_a_stage_narrow_the_list_and_nothing_else(busy: Desk) -> None:
    found, now = everything(busy), busy.now + timedelta(days=30)
    whole = arranged(found, Sought(), busy.rules, now)
    for name in GROUPS:
        alone = arranged(found, Sought(group=name), busy.rules, now)
        assert alone.groups == {name: whole.groups[name]}
        assert alone.tabs[ALL] == whole.tabs[ALL]
    dispatch = arranged(found, Sought(stage=Stage.DISPATCH), busy.rules, now)
    assert dispatch.total == len(IN_COUNTY)
    assert {group_of(line, busy.rules, now) for line in found} >= {"overdue"}


def test_tabs_are_the_work_of_who_looks(desk: Desk) -> None:
    def keys(*rights: str) -> list[str]:
        return [tab.key for tab in tabs_of(replace(CHEN, rights=frozenset(rights)))]

    assert keys("events.view") == ["supervised", "all"]
    assert keys("events.view", "events.handle") == ["sign", "handle", "supervised", "all"]
    assert keys("events.accept", "events.dispatch", "events.verify") == [
        "intake", "dispatch", "verify", "supervised", "all",
    ]  # fmt: skip


@pytest.mark.feature(67)
def test_who_else_looks_is_told_and_forgotten(any_desk: Desk) -> None:
    desk = any_desk
    number = desk.receive().event.number
    lin = replace(CHEN, name="林敏", user="lin", role_name="县值班员")

    def look(by, seconds: float):
        with writing(desk.engine) as connection:
            return presence.here(connection, number, by=by, now=desk.now + timedelta(seconds=seconds))

    assert look(CHEN, 0) == ()
    assert [one.name for one in look(lin, 1)] == ["chen"]
    assert [(one.name, one.role) for one in look(CHEN, 10)] == [("林敏", "县值班员")]
    assert look(CHEN, 27) == (), "silent for more than twenty-five seconds"
    look(lin, 28)
    with writing(desk.engine) as connection:
        presence.left(connection, by=lin, number=number)
    assert look(CHEN, 29) == ()
    with pytest.raises(NoSuchEvent):
        look(STRANGER, 30)
