"""What was left at the desk: failed deliveries tried again, a team named with a dispatch, what an event may reach."""

from __future__ import annotations

from dataclasses import replace

import pytest
from desk_people import CHEN, LIN, STRANGER, WATER, Desk, county, report
from sqlalchemy import select, update

from access.actor import Denied
from database.audit_tables import audit
from database.dispatch_tables import outbox
from database.engine import reading, writing
from decisions.influence import influence
from decisions.teams import nearest
from dispatch.records import load
from dispatch.refusal import Incomplete, NoSuchEvent, NotNow
from dispatch.retrying import retry


def failed(desk: Desk, number: str) -> int:
    """The newest delivery of the event, failed for good."""
    with writing(desk.engine) as connection:
        event = load(connection, number, CHEN).event
        found = select(outbox.c.id).where(outbox.c.event_id == event.id).order_by(outbox.c.id.desc()).limit(1)
        delivery: int = connection.execute(found).scalar_one()
        values = {"state": "failed", "tries": 12, "error": "接口没有应答"}
        connection.execute(update(outbox).where(outbox.c.id == delivery).values(values))
    return delivery


def test_a_failed_delivery_is_tried_again_once_and_on_record(any_desk: Desk) -> None:
    number = any_desk.handling()
    delivery = failed(any_desk, number)
    with writing(any_desk.engine) as connection:
        retry(connection, number, delivery, by=LIN, now=any_desk.now)
    with reading(any_desk.engine) as connection:
        row = connection.execute(select(outbox).where(outbox.c.id == delivery)).one()
        told = (
            connection.execute(select(audit.c.actor).where(audit.c.action == "events.retry_delivery")).scalars().all()
        )
    assert (row.state, row.tries, row.next_at) == ("waiting", 0, any_desk.now)
    assert told == ["lin"]
    with writing(any_desk.engine) as connection, pytest.raises(NotNow, match="没有失败"):
        retry(connection, number, delivery, by=LIN, now=any_desk.now)


def test_only_the_centre_tries_again_and_only_deliveries_of_that_event(desk: Desk) -> None:
    number, other = desk.handling(), desk.handling(report("2"))
    delivery = failed(desk, number)
    with writing(desk.engine) as connection:
        for by, refusal in ((WATER, Denied), (county(desk.rules, "445102", "county"), Denied), (STRANGER, NoSuchEvent)):
            with pytest.raises(refusal):
                retry(connection, number, delivery, by=by, now=desk.now)
        with pytest.raises(NotNow):
            retry(connection, other, delivery, by=CHEN, now=desk.now)


def test_the_team_that_was_sent_stands_in_the_ledger(desk: Desk) -> None:
    number = desk.registered()
    case = desk.do(number, "dispatch", department="water_bureau", team="水务抢修队 3")
    assert case.ledger[-1].data["team"] == "水务抢修队 3"
    case = desk.do(number, "sign", by=WATER)
    assert "team" not in case.ledger[-1].data
    with pytest.raises(Incomplete, match="队伍名称"):
        desk.do(number, "handle", by=WATER, team="队" * 61)


def test_the_nearest_team_of_a_department_is_offered_first(desk: Desk) -> None:
    number = desk.registered(report("1", world="demo"))
    with reading(desk.engine) as connection:
        event = load(connection, number, CHEN).event
    found = nearest(desk.rules, event, "water_bureau")
    away = [metres for _, metres in found]
    assert found and all(team.department == "water_bureau" for team, _ in found)
    assert away == sorted(away)


def test_what_lies_within_reach_grows_with_the_radius_and_names_no_home(desk: Desk) -> None:
    number = desk.registered(report("1", world="demo"))
    with reading(desk.engine) as connection:
        event = load(connection, number, CHEN).event
        catalogue = desk.rules.catalogue
        near, far = (influence(connection, catalogue, event, one, by=CHEN, now=desk.now) for one in (300, 2000))
        nowhere = influence(connection, catalogue, replace(event, placed="town"), 300, by=CHEN, now=desk.now)
        real = influence(connection, catalogue, replace(event, world="real"), 300, by=CHEN, now=desk.now)
    assert near is not None and far is not None and nowhere is None
    assert [one.name for one in near.reached] == [one.name for one in far.reached]
    assert all(few.count <= many.count for few, many in zip(near.reached, far.reached, strict=True))
    assert sum(one.count for one in far.reached) > 0
    assert next(one for one in far.reached if one.name == "独居老人住处").nearest == ()
    assert real is not None and "学校" in real.missing and real.residents is None
