"""Reports taken in: once whatever happens, placed, classed and weighed with the reason for each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from desk_people import CHEN, NOBODY, NOW, STRANGER, Desk, county, report
from sqlalchemy import func, select, text

from access.actor import Denied
from database.dispatch_tables import events, idempotency_keys, inbox, ledger, outbox
from database.engine import reading, writing
from dispatch import duplicates
from dispatch.events import Wanted, listed
from dispatch.intake import KEYS_KEPT, forget_keys, receive
from dispatch.power_list import suggest
from dispatch.refusal import KeyReused, ReportRefused
from dispatch.report import Reporter
from geography.scattered import settlements


def counted(desk: Desk, table) -> int:
    with reading(desk.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.mark.feature(51)
def test_many_origins_become_events_of_one_form(any_desk: Desk) -> None:
    for origin in ("hotline", "grid", "sensor", "video", "desk"):
        got = any_desk.receive(report("a", origin=origin)).event
        assert (got.state, got.version, got.number[:3]) == ("reported", 1, "CZ-")
        assert got.must_check is (origin == "hotline")
    assert counted(any_desk, events) == counted(any_desk, ledger) == 5


def test_the_same_key_and_report_is_the_same_event(any_desk: Desk) -> None:
    first = any_desk.receive(key="k")
    again = any_desk.receive(key="k")
    assert first.is_new and not again.is_new
    assert first.event.number == again.event.number
    assert counted(any_desk, events) == counted(any_desk, outbox) == 1


def test_the_same_key_with_another_report_is_refused(any_desk: Desk) -> None:
    any_desk.receive(key="k")
    with pytest.raises(KeyReused, match="请换新键"):
        any_desk.receive(report("2"), key="k")
    assert counted(any_desk, events) == 1


def test_the_same_origin_number_twice_is_one_event_without_any_key(any_desk: Desk) -> None:
    first = any_desk.receive(report("12345-77"))
    again = any_desk.receive(report("12345-77", title="又来电催问"))
    assert not again.is_new
    assert first.event.id == again.event.id


def test_two_people_use_the_same_key_without_knowing(desk: Desk) -> None:
    desk.receive(report("1"), key="k")
    other = desk.receive(report("2"), key="k", by=county(desk.rules, "445102", "xiangqiao"))
    assert other.is_new


def test_twelve_clients_send_the_same_report_at_once(any_desk: Desk) -> None:
    def send(_: int) -> str:
        with writing(any_desk.engine) as connection:
            return receive(connection, any_desk.rules, report(), by=CHEN, now=NOW, key="k").event.number

    tries = []
    with ThreadPoolExecutor(6) as pool:
        for future in [pool.submit(send, one) for one in range(12)]:
            try:
                tries.append(future.result())
            except (KeyReused, ReportRefused):  # lost the race inside PostgreSQL: told to try again, nothing written
                tries.append(None)
    assert len({one for one in tries if one}) == 1
    assert counted(any_desk, events) == 1


def test_every_event_of_a_day_has_its_own_number(any_desk: Desk) -> None:
    ids = count()

    def send(_: int) -> str:
        with writing(any_desk.engine) as connection:
            return receive(connection, any_desk.rules, report(str(next(ids))), by=CHEN, now=NOW).event.number

    with ThreadPoolExecutor(6) as pool:
        numbers = list(pool.map(send, range(30)))
    assert sorted(numbers) == [f"CZ-20261118-{place:04d}" for place in range(1, 31)]


@pytest.mark.feature(55)
def test_region_follows_from_the_point_and_department_from_the_power_list(desk: Desk) -> None:
    event = desk.receive().event
    assert (event.region, event.county, event.category) == ("445102100", "445102", "S0403")
    assert "坐标落在湘桥区意溪" in event.reasons["region"]
    advice = suggest(event, desk.rules)
    assert advice.lead == "water_bureau"
    assert "public_security_bureau" in advice.joint
    assert "xiangqiao_government" in advice.joint
    assert any("权责清单" in reason for reason in advice.reasons)


def test_matters_go_to_the_territory_first(desk: Desk) -> None:
    event = desk.receive(report(title="凤凰镇占道经营", category=None, region="445103", lon=None, lat=None)).event
    assert event.category == "S0501"
    assert suggest(event, desk.rules).lead == "chaoan_government"


def test_a_point_in_fengxi_belongs_to_fengxi_though_it_has_no_outline(desk: Desk) -> None:
    towns = desk.rules.within("445185")
    spot = next(point for town, _, point, _ in settlements() if town in towns)
    assert desk.receive(report(lon=spot.lon, lat=spot.lat)).event.county == "445185"


def test_a_point_outside_the_city_is_said_to_be_outside(desk: Desk) -> None:
    event = desk.receive(report(lon=116.68, lat=23.35)).event
    assert event.county == "445100"
    assert "不在本市" in event.reasons["region"]


@pytest.mark.feature(54)
def test_the_level_is_a_cell_of_the_visible_matrix(desk: Desk) -> None:
    plain = desk.receive(report("1", impact=2, urgency=2)).event
    danger = desk.receive(report("2", description="老人被困车内")).event
    assert (plain.level, danger.level) == (4, 1)
    assert "影响 2（一条街或小区）× 紧急 2（本周内）＝蓝" in plain.reasons["level"]
    assert "“被困”" in danger.reasons["level"]


def test_everything_wrong_with_a_report_is_said_at_once(desk: Desk) -> None:
    bad = report("", title=" ", region="999999", category="X9999", level=9, lat=None)
    with pytest.raises(ReportRefused) as refused:
        desk.receive(bad)
    assert {field for field, _ in refused.value.reasons} == {"title", "origin_id", "region", "category", "level", "lon"}


def test_a_report_from_tomorrow_has_a_wrong_clock(desk: Desk) -> None:
    with pytest.raises(ReportRefused, match="时钟"):
        desk.receive(report(reported_at=NOW + timedelta(days=1)))


def test_a_county_takes_what_is_its_own_and_nothing_else(desk: Desk) -> None:
    mine = desk.receive(report("1"), by=county(desk.rules, "445102", "xiangqiao")).event
    assert mine.holder == "445102"
    with pytest.raises(Denied):
        desk.receive(report("2"), by=county(desk.rules, "445122", "raoping"))
    with pytest.raises(Denied):
        desk.receive(report("3"), by=NOBODY)
    assert counted(desk, events) == 1


def test_who_reported_and_what_they_wrote_is_never_on_disk_in_the_clear(desk: Desk, tmp_path) -> None:
    secret = Reporter("张三丰", "13800138000", "城新路八号")
    desk.receive(report(description="请找13800138000张三丰", reporter=secret))
    raw = b"".join(file.read_bytes() for file in tmp_path.glob("dispatch.db*"))
    for canary in ("张三丰", "13800138000", "城新路八号"):
        assert canary.encode() not in raw


def test_the_centre_finds_a_new_report_in_its_inbox(desk: Desk) -> None:
    desk.receive()
    with reading(desk.engine) as connection:
        row = connection.execute(select(inbox)).one()
    assert (row.recipient, row.title) == ("centre:445100", "新上报：锡美村涵洞积水")


def test_a_failed_transaction_leaves_nothing(any_desk: Desk) -> None:
    with pytest.raises(RuntimeError), writing(any_desk.engine) as connection:
        receive(connection, any_desk.rules, report(), by=CHEN, now=NOW, key="k")
        raise RuntimeError("power cut")
    for table in (events, ledger, outbox, inbox, idempotency_keys):
        assert counted(any_desk, table) == 0
    with reading(any_desk.engine) as connection:
        assert connection.execute(text("SELECT count(*) FROM audit")).scalar_one() == 0


@pytest.mark.feature(52)
def test_a_second_call_about_the_same_water_is_hinted_at(desk: Desk) -> None:
    desk.receive()
    desk.receive(report("far", title="黄冈镇占道经营", category="S0501", lon=116.99, lat=23.67))
    with reading(desk.engine) as connection:
        found = duplicates.hints(
            connection, CHEN, world="real", title="锡美村积水很深", category="S0403", lon=116.6409, lat=23.6991,
            now=desk.now + timedelta(minutes=20),
        )  # fmt: skip
    assert len(found) == 1 and found[0].is_likely
    assert "相距" in found[0].reason and "同一类别" in found[0].reason
    with reading(desk.engine) as connection:
        stranger = duplicates.hints(
            connection, STRANGER, world="real", title="锡美村涵洞积水", lon=116.6405, lat=23.6995, now=desk.now
        )
    assert stranger == ()


def test_pages_go_through_all_events_once(desk: Desk) -> None:
    for number in range(7):
        desk.receive(report(str(number), reported_at=NOW - timedelta(minutes=number // 2)))
    seen, cursor = [], None
    while True:
        with reading(desk.engine) as connection:
            page = listed(connection, CHEN, Wanted(), limit=3, cursor=cursor)
        seen += [one.number for one in page.events]
        cursor = page.cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 7
    with reading(desk.engine) as connection, pytest.raises(ValueError, match="游标"):
        listed(connection, CHEN, Wanted(), cursor="bm9uZQ==")


def test_old_keys_are_forgotten_after_thirty_days_not_after_seven(desk: Desk) -> None:
    desk.receive(key="k")
    with writing(desk.engine) as connection:
        assert forget_keys(connection, desk.now + timedelta(days=8)) == 0
        assert forget_keys(connection, desk.now + KEYS_KEPT + timedelta(days=1)) == 1


def test_worlds_do_not_mix(desk: Desk) -> None:
    demo = desk.receive(replace(report("1"), world="demo", provenance="simulated")).event
    real = desk.receive(report("1")).event
    assert demo.number.startswith("MN-") and real.number.startswith("CZ-")
    with reading(desk.engine) as connection:
        assert [one.number for one in listed(connection, CHEN, Wanted(world="demo")).events] == [demo.number]
