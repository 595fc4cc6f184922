"""Rosters: who is on duty when, gaps, swaps, the files offices really send, and who may see and change what."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from desk_people import county, person
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select, text

from access.actor import EVERYWHERE, Actor, OutOfScope, Scope
from access.reveal import reveal
from access.rights import ALL_RIGHTS
from database.audit_tables import audit
from database.engine import reading, writing
from database.readiness_tables import duty_files, duty_notices
from datasources.delivery.period import CITY_TIME
from dispatch.duty import Shift, Unit, gaps, may_see, units_of
from dispatch.duty_acts import Entry, enter, strike, swap
from dispatch.duty_file import RosterRefused
from dispatch.duty_gaps import GapWatch, near_gaps
from dispatch.duty_import import read, take
from dispatch.duty_rosters import mobiles, on_duty, shifts_between
from dispatch.duty_words import day_of, hours_of, people_of
from dispatch.refusal import Incomplete, NotNow
from dispatch.rulebook import Rulebook
from indicators.readiness import DutyRules

CITY, XIANGQIAO, TOWN, RAOPING = "445100", "445102", "445102001000", "445122"
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=CITY_TIME)
CHEN = person("chen")
WALL = Actor("wall", "screen", EVERYWHERE, frozenset({"events.view"}), user="wall", kind="screen")
LEADER = Actor("leader", "city_leader", EVERYWHERE, frozenset({"events.view"}), user="leader")
MOBILE = "19900000017"
FILE = "湘桥区2026年11月值班表.csv"


def entry(name: str = "林海", post: str = "officer", **given: Any) -> Entry:
    """A whole day at the city's centre."""
    usual = Entry(CITY, post, name, NOW - timedelta(hours=1), NOW + timedelta(hours=23), "0768-2000100", MOBILE)
    return replace(usual, **given)


class Room:
    """A roster and who works on it."""

    def __init__(self, engine: Engine, rules: Rulebook) -> None:
        self.engine, self.rules = engine, rules

    def enter(self, one: Entry, by: Actor = CHEN, world: str = "real") -> str:
        with writing(self.engine) as connection:
            return enter(connection, self.rules, one, world=world, by=by, now=NOW)

    def on(self, by: Actor = CHEN, at: datetime = NOW, unit: str = CITY, **more: Any):
        with reading(self.engine) as connection:
            return on_duty(connection, by, self.rules, world="real", at=at, units={unit}, **more)

    def names(self, post: str = "officer", **more: Any) -> list[str]:
        return [one.name for each in self.on(**more) for one in each.on(post)]

    def take(
        self, content: bytes | str, name: str = "湘桥区2026年11月值班表.csv", unit: str = XIANGQIAO, by: Actor = CHEN
    ):
        body = content.encode("gbk") if isinstance(content, str) else content
        file = read(self.rules, body, name)
        with writing(self.engine) as connection:
            return take(connection, self.rules, file, unit=unit, world="real", by=by, now=NOW)

    def all(self, begins: datetime, ends: datetime):
        with reading(self.engine) as connection:
            return shifts_between(connection, CHEN, self.rules, world="real", begins=begins, ends=ends)


@pytest.fixture
def room(engine: Engine, rules: Rulebook) -> Room:
    return Room(engine, rules)


@pytest.fixture
def small_room(embedded: Engine, rules: Rulebook) -> Room:
    return Room(embedded, rules)


# Now, next, gaps


@pytest.mark.feature(5)
def test_who_is_on_now_who_follows_and_who_was(room: Room) -> None:
    room.enter(entry())
    room.enter(entry("许明", begins_at=NOW + timedelta(hours=23), ends_at=NOW + timedelta(hours=47)))
    (found,) = room.on()
    assert [one.name for one in found.now] == ["林海"] and [one.name for one in found.following] == ["许明"]
    assert found.office == "0768-2000100"
    assert room.names(at=NOW + timedelta(hours=24)) == ["许明"]
    assert {gap.post for gap in found.gaps} == {"leader", "chief"}


@pytest.mark.feature(5)
def test_a_swap_keeps_who_was_there_and_who_allowed_it(room: Room) -> None:
    ref = room.enter(entry())
    with writing(room.engine) as connection:
        swap(connection, room.rules, ref, name="许明", reason="家中急事", allowed_by="陈带班", by=CHEN, now=NOW)
    assert room.names() == ["许明"] and room.names(at=NOW - timedelta(minutes=30)) == ["林海"]
    (new,) = room.on()[0].now
    assert (new.origin, new.allowed_by, new.said) == ("swap", "陈带班", "替 林海：家中急事")
    assert room.names(known_at=NOW - timedelta(seconds=1)) == []
    with writing(room.engine) as connection, pytest.raises(NotNow):
        swap(connection, room.rules, ref, name="黄海", reason="再换", allowed_by="陈带班", by=CHEN, now=NOW)
    with reading(room.engine) as connection:
        told = connection.execute(select(audit.c.action, audit.c.detail).where(audit.c.action.like("duty.%"))).all()
    assert [row.action for row in told] == ["duty.enter", "duty.swap"] and not any(MOBILE in row.detail for row in told)


def test_what_was_struck_out_is_gone_now_and_there_in_the_past(small_room: Room) -> None:
    ref = small_room.enter(entry())
    with writing(small_room.engine) as connection:
        strike(connection, small_room.rules, ref, reason="登记错了", by=CHEN, now=NOW + timedelta(minutes=5))
    assert small_room.names(at=NOW + timedelta(minutes=6)) == []
    assert small_room.names(known_at=NOW + timedelta(minutes=1)) == ["林海"]


@pytest.mark.parametrize(
    "spoilt",
    [
        entry("3号"), entry("林"), entry(post="driver"), entry(mobile="123"), entry(office="找老王"),
        entry(ends_at=NOW - timedelta(hours=1)), entry(ends_at=NOW + timedelta(days=4)),
        entry(begins_at=NOW - timedelta(days=60), ends_at=NOW - timedelta(days=59)),
    ],
)  # fmt: skip
def test_what_is_no_shift_is_refused_with_its_field(small_room: Room, spoilt: Entry) -> None:
    with pytest.raises(Incomplete):
        small_room.enter(spoilt)


def test_the_same_shift_twice_is_one(small_room: Room) -> None:
    assert small_room.enter(entry()) == small_room.enter(entry())


@pytest.mark.feature(5)
def test_the_centre_is_told_once_before_a_shift_nobody_begins(room: Room) -> None:
    for post in ("leader", "chief", "officer"):
        room.enter(entry(post=post, ends_at=NOW + timedelta(hours=3)))
    room.enter(entry(post="leader", begins_at=NOW + timedelta(hours=3), ends_at=NOW + timedelta(hours=40)))
    room.enter(entry(post="chief", begins_at=NOW + timedelta(hours=3), ends_at=NOW + timedelta(hours=40)))
    watch = GapWatch(room.engine, lambda: room.rules)
    assert watch.tick(NOW) == 0
    assert [watch.tick(NOW + timedelta(minutes=minutes)) for minutes in (70, 75, 200, 300)] == [1, 0, 0, 0]
    with reading(room.engine) as connection:
        (row,) = connection.execute(select(duty_notices)).all()
        ((unit, gap),) = near_gaps(connection, CHEN, room.rules, world="real", now=NOW + timedelta(minutes=70))
    assert (row.unit, row.post, row.begins_at) == (CITY, "officer", NOW + timedelta(hours=3))
    assert unit.key == CITY and gap.ask == "带班领导林海 0768-2000100"


HOURS = st.integers(0, 48)


@given(st.lists(st.tuples(HOURS, HOURS), max_size=8))
def test_every_minute_of_the_day_is_covered_or_a_gap_never_both(spans: list[tuple[int, int]]) -> None:
    unit = Unit(CITY, "中心", "市", "city", CITY)
    shifts = [
        Shift(str(at), CITY, "officer", NOW + timedelta(hours=min(span)), NOW + timedelta(hours=max(span)), "林海")
        for at, span in enumerate(spans)
    ]
    found = gaps(unit, shifts, DutyRules(posts={"city": ("officer",)}), NOW, NOW + timedelta(hours=24))
    for hour in range(24):
        moment = NOW + timedelta(hours=hour, minutes=30)
        covered = any(one.holds(moment) for one in shifts)
        assert covered != any(gap.begins_at <= moment < gap.ends_at for gap in found)


# Who sees what


@pytest.mark.feature(5)
def test_a_county_sees_its_own_and_the_citys_centre_and_nobody_elses(rules: Rulebook) -> None:
    own = county(rules, XIANGQIAO, "xq")
    seen = {unit.key for unit in units_of(rules).values() if may_see(own, unit, rules.catalogue)}
    assert {CITY, XIANGQIAO} <= seen and RAOPING not in seen
    assert all(key == CITY or key in rules.within(XIANGQIAO) for key in seen)
    water = person("water", Scope(None, frozenset({"water_bureau"})), department="water_bureau")
    assert [unit.key for unit in units_of(rules).values() if may_see(water, unit, rules.catalogue)] == [
        CITY, "water_bureau"
    ]  # fmt: skip
    town = person("town", Scope(frozenset({next(iter(rules.within(XIANGQIAO) - {XIANGQIAO}))})))
    assert {unit.key for unit in units_of(rules).values() if may_see(town, unit, rules.catalogue)} >= {CITY, XIANGQIAO}
    nobody = Actor("nobody", "none", rights=ALL_RIGHTS)
    assert not [unit for unit in units_of(rules).values() if may_see(nobody, unit, rules.catalogue)]


def test_nobody_writes_on_anothers_roster(small_room: Room, rules: Rulebook) -> None:
    own = county(rules, XIANGQIAO, "xq")
    ref = small_room.enter(entry())
    water = person("water", Scope(None, frozenset({"water_bureau"})), department="water_bureau")
    for by, unit in ((own, CITY), (own, RAOPING), (water, CITY), (water, "ecology_bureau"), (CHEN, "nothing")):
        with pytest.raises(OutOfScope):
            small_room.enter(entry(unit=unit), by=by)
    with writing(small_room.engine) as connection, pytest.raises(OutOfScope):
        swap(connection, rules, ref, name="许明", reason="换班", allowed_by="陈带班", by=own, now=NOW)
    with pytest.raises(OutOfScope):
        small_room.take("日期,值班员\n1日,许明", unit=CITY, by=own)


@pytest.mark.feature(5)
def test_mobile_numbers_are_sealed_masked_and_shown_for_a_recorded_reason_only(room: Room) -> None:
    ref = room.enter(entry())
    with reading(room.engine) as connection:
        raw = connection.execute(text("SELECT mobile FROM duty_shifts")).scalar_one()
        assert MOBILE not in raw
        told = {by.name: mobiles(connection, by, [ref]) for by in (CHEN, WALL, LEADER, replace(CHEN, kind="program"))}
    assert told == {"chen": {ref: "199****0017"}, "wall": {}, "leader": {}} | {"chen": told["chen"]}
    with writing(room.engine) as connection:
        assert reveal(connection, CHEN, f"duty {ref}", "mobile", "核实到岗情况", NOW) == MOBILE
    with reading(room.engine) as connection:
        row = connection.execute(select(audit).where(audit.c.action == "personal.reveal")).one()
    assert row.object == f"duty {ref}" and MOBILE not in row.detail


# Files


PLAIN = """湘桥区2026年11月值班表,,,,,
日期,星期,带班领导,联系电话,值班员,值班电话
11月20日,星期五,林海,19900000011,陈静、许 明,0768-2000102
11月21日,星期六,黄 河,19900000012,林丽,0768-2000102
11月31日,星期日,黄河,19900000012,林丽,0768-2000102
11月22日,星期日,,,,
11月23日,星期一,张三丰、许明,19900000013、19900000014、19900000015,林丽,0768-2000102
备注：值班时间为当日8时至次日8时,,,,,
"""


@pytest.mark.feature(5)
def test_a_gbk_file_is_taken_row_by_row_and_every_row_accounted_for(room: Room) -> None:
    out = room.take(PLAIN)
    assert (out.rows, out.taken, out.unchanged) == (5, 2, 0)
    assert [line for line, _ in out.held] == [5, 6, 7]
    assert "不" in out.held[0][1] or "读不懂" in out.held[0][1]
    day = datetime(2026, 11, 20, 12, tzinfo=CITY_TIME)
    (found,) = room.on(at=day, unit=XIANGQIAO)
    assert [(one.post, one.name, one.office) for one in found.now] == [
        ("leader", "林海", "0768-2000102"), ("officer", "许明", "0768-2000102"), ("officer", "陈静", "0768-2000102"),
    ]  # fmt: skip
    assert found.now[0].ends_at == datetime(2026, 11, 21, 8, tzinfo=CITY_TIME)
    again = room.take(PLAIN)
    assert (again.taken, again.unchanged, len(again.held)) == (0, 2, 3)
    with reading(room.engine) as connection:
        assert [row.rows for row in connection.execute(select(duty_files))] == [5, 5]


def test_a_new_file_replaces_the_old_one_but_not_a_swap(small_room: Room) -> None:
    small_room.take(PLAIN)
    day = datetime(2026, 11, 21, 12, tzinfo=CITY_TIME)
    swapped = small_room.on(at=day, unit=XIANGQIAO)[0].on("officer")[0]
    with writing(small_room.engine) as connection:
        swap(connection, small_room.rules, swapped.ref, name="许明", reason="换班", allowed_by="黄河", by=CHEN, now=NOW)
    out = small_room.take(PLAIN.replace("林海", "吴江").replace("陈静、许 明", "陈静"))
    assert (out.taken, out.unchanged) == (1, 0) and "已换班" in dict(out.held)[4]
    first = datetime(2026, 11, 20, 12, tzinfo=CITY_TIME)
    assert small_room.names("leader", at=first, unit=XIANGQIAO) == ["吴江"]
    assert small_room.names(at=first, unit=XIANGQIAO) == ["陈静"]
    assert small_room.names(at=day, unit=XIANGQIAO) == ["许明"]


def test_one_row_per_person_is_not_taken_for_a_replacement(small_room: Room) -> None:
    rows = "日期,班次,值班员,手机\n11月20日,白班,林海,19900000011\n,白班,许明,19900000012\n,夜班,黄河,19900000013\n"
    out = small_room.take(rows)
    assert (out.taken, out.held) == (3, [])
    again = small_room.take(rows)
    assert (again.taken, again.unchanged) == (0, 3)
    assert small_room.names(at=datetime(2026, 11, 20, 12, tzinfo=CITY_TIME), unit=XIANGQIAO) == ["林海", "许明"]
    assert small_room.names(at=datetime(2026, 11, 21, 2, tzinfo=CITY_TIME), unit=XIANGQIAO) == ["黄河"]


def workbook(rows: list[list[str]], merges: list[str]) -> bytes:
    """A small XLSX as Excel writes it, with inline texts."""
    cells = "".join(
        f'<row r="{at}">' + "".join(
            f'<c r="{chr(65 + place)}{at}" t="inlineStr"><is><t>{value}</t></is></c>'
            for place, value in enumerate(row) if value
        ) + "</row>"
        for at, row in enumerate(rows, 1)
    )  # fmt: skip
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    joined = "".join(f'<mergeCell ref="{one}"/>' for one in merges)
    packages = "http://schemas.openxmlformats.org/package/2006"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{packages}/content-types"><Default Extension="xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
        f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
        '<sheet name="11月" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{packages}/relationships"><Relationship Id="r1" '
        f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{cells}</sheetData>'
        f"<mergeCells>{joined}</mergeCells></worksheet>",
    }
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, body in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{body}')
    return kept.getvalue()


@pytest.mark.feature(5)
def test_a_workbook_with_a_merged_heading_and_merged_days_is_read_as_people_see_it(small_room: Room) -> None:
    rows = [
        ["湘桥区 2026 年 11 月份值班安排表"],
        ["日期", "时间", "带班领导", "", "值班人员", "", "备注"],
        ["", "", "姓名", "手机", "姓名", "手机", ""],
        ["20日（星期五）", "08:00-20:00", "林海", "19900000011", "陈静", "19900000012", ""],
        ["", "20:00-次日08:00", "林海", "19900000011", "许明", "19900000013", ""],
        ["制表：办公室"],
    ]
    out = small_room.take(workbook(rows, ["A1:G1", "C2:D2", "E2:F2", "A4:A5"]), "值班表.xlsx")
    assert (out.rows, out.taken, out.held) == (2, 2, [])
    night = datetime(2026, 11, 21, 3, tzinfo=CITY_TIME)
    assert small_room.names(at=night, unit=XIANGQIAO) == ["许明"]


@pytest.mark.parametrize("content", ["", "姓名,电话\n林海,1\n", "日期,天气\n1日,晴\n"])
def test_a_file_that_is_no_roster_is_turned_away_whole(small_room: Room, content: str) -> None:
    with pytest.raises(RosterRefused):
        small_room.take(content)
    with reading(small_room.engine) as connection:
        assert connection.execute(select(duty_files)).all() == []


def test_days_hours_and_names_as_offices_write_them() -> None:
    november = (2026, 11)
    for written in ("11月3日", "3日（星期二）", "3", "2026-11-03", "2026/11/3", "2026年11月3日 星期二", "11.3"):
        assert day_of(written, november).isoformat() == "2026-11-03", written
    day = day_of("3", november)
    spans = {"": 24, "全天": 24, "白班": 12, "夜班": 12, "08:00-17:30": 9.5, "17时30分至次日8时00分": 14.5}
    for written, hours in spans.items():
        begins, ends = hours_of(written, day, NOW.time().replace(hour=8))
        assert (ends - begins).total_seconds() == hours * 3600, written
    assert [name for name, _ in people_of("张 三、李四（副主任） 19900000011")] == ["张三", "李四"]
    assert [name for name, _ in people_of("张三 李四")] == ["张三", "李四"]
    for wrong in ("待定3人组长", "A", "—"):
        with pytest.raises(ValueError, match="姓名"):
            people_of(wrong)


@given(st.text(max_size=60))
def test_no_cell_brings_the_reader_down(cell: str) -> None:
    for understand in (lambda: people_of(cell), lambda: day_of(cell, (2026, 11))):
        try:
            understand()
        except ValueError as told:
            assert str(told)
