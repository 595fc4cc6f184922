"""Facts of cases kept in the database: the same figures as from the ledger, never those of an old version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta

import pytest
from desk_people import CHEN, LIN, POLICE, WATER, XU, Desk, report
from sqlalchemy import event, select

from database.dispatch_tables import events
from database.engine import reading
from dispatch import facts_kept
from dispatch.case_facts import facts
from dispatch.evaluation import Evaluation, evaluate
from dispatch.facts_row import facts_of, mark_of, row_of
from dispatch.facts_store import FactsKeeper
from dispatch.measures import Period
from dispatch.records import ledgers, load
from dispatch.rulebook import Rulebook

pytestmark = pytest.mark.feature(162)
NOTHING = timedelta(0)


def table(desk: Desk, as_of=None) -> Evaluation:
    period = Period(desk.now - timedelta(days=30), desk.now + timedelta(days=1), as_of or desk.now)
    with reading(desk.engine) as connection:
        return evaluate(connection, CHEN, desk.rules, period, world="real", group="department")


def keep(desk: Desk) -> int:
    return FactsKeeper(desk.engine, lambda: desk.rules).tick(desk.now, still=NOTHING)


def another_process(desk: Desk) -> None:
    """Forget what this one knows."""
    facts_kept._BOOKS.pop(desk.engine, None)


@contextmanager
def asked_of(desk: Desk) -> Iterator[list[str]]:
    """The statements asked meanwhile."""
    said: list[str] = []

    def hear(connection, cursor, statement, *rest) -> None:
        said.append(statement)

    event.listen(desk.engine, "before_cursor_execute", hear)
    yield said
    event.remove(desk.engine, "before_cursor_execute", hear)


def busy(desk: Desk) -> str:
    """Some cases of every sort; the number of one that is still being handled."""
    desk.closed(report("1"))
    late = desk.handling(report("2"))
    desk.do(late, "report", by=WATER, note="迟了", minutes=60 * 9)
    desk.do(late, "rework", by=LIN, note="没好")
    desk.do(desk.receive(report("3")).event.number, "refuse", note="不属受理范围")
    return late


def test_kept_facts_tell_the_same_and_no_ledger_is_read(any_desk: Desk) -> None:
    busy(any_desk)
    worked_out = table(any_desk)
    assert keep(any_desk) == 3
    another_process(any_desk)
    with asked_of(any_desk) as said:
        assert table(any_desk) == worked_out
    assert said and not [one for one in said if "FROM ledger" in one]
    assert keep(any_desk) == 0  # nothing moved: nothing is written again


def test_a_case_that_moved_since_is_told_anew(desk: Desk) -> None:
    number = busy(desk)
    keep(desk)
    another_process(desk)
    desk.do(number, "report", by=WATER, note="真的好了", minutes=20)
    desk.do(number, "verify", by=LIN)
    desk.do(number, "close", by=XU)
    rate = table(desk).standings[0].rates["closed_rate"]
    assert (rate.numerator, rate.denominator) == (2, 2)
    assert keep(desk) == 1


def test_a_past_day_is_told_from_the_ledger_though_newer_facts_are_kept(desk: Desk) -> None:
    number = busy(desk)
    then, period = desk.now, table(desk).period
    before = table(desk)
    desk.do(number, "report", by=WATER, note="真的好了", minutes=60)
    keep(desk)
    another_process(desk)
    with reading(desk.engine) as connection:
        again = evaluate(connection, CHEN, desk.rules, period, world="real", group="department")
    assert period.as_of == then and again == before


def test_a_case_that_just_moved_is_left_for_later(desk: Desk) -> None:
    busy(desk)
    keeper = FactsKeeper(desk.engine, lambda: desk.rules)
    assert keeper.tick(desk.now) < 3
    assert keeper.tick(desk.now + timedelta(hours=1)) > 0


def test_facts_come_back_as_they_were(desk: Desk) -> None:
    busy(desk)
    with reading(desk.engine) as connection:
        ids = connection.execute(select(events.c.id)).scalars().all()
        for one, rows in ledgers(connection, ids).items():
            known = facts(load(connection, one, CHEN).event, rows, desk.rules, desk.now)
            assert known is not None and facts_of(row_of(known)) == known


def test_facts_rest_on_limits_and_not_on_names(rules: Rulebook) -> None:
    """A department renamed changes no facts; a limit does."""
    catalogue = rules.catalogue
    duties = catalogue.duties
    units = {key: unit.model_copy(update={"short": "新名"}) for key, unit in catalogue.departments.items()}
    renamed = replace(rules, catalogue=replace(catalogue, departments=units))
    stages = duties.rules.calm_stages.model_copy(update={"accept": "1工作时"})
    told = duties.rules.model_copy(update={"calm_stages": stages})
    stricter = replace(rules, catalogue=replace(catalogue, duties=replace(duties, rules=told)))
    assert mark_of(renamed) == mark_of(rules) != mark_of(stricter)


def test_a_department_that_gets_a_case_back_is_not_blamed_for_the_time_of_another(desk: Desk) -> None:
    """Given away and back again: the time the other department had it is not the first one's delay."""
    number = desk.handling(report("1"))
    for giver, taker in ((WATER, "public_security_bureau"), (POLICE, "water_bureau")):
        desk.do(number, "ask_transfer", by=giver, department=taker, note="不属本单位职责")
        desk.do(number, "grant_transfer", by=LIN, minutes=60 * 6)
    later = desk.now + timedelta(days=30)
    with reading(desk.engine) as connection:
        case = load(connection, number, CHEN)
    assert case.event.lead == "water_bureau" and [row.round for row in case.ledger][-1] > 1
    known = facts(case.event, case.ledger, desk.rules, later)
    assert known is not None and known == facts(case.event, case.ledger, desk.rules, desk.now)
    assert known.handle_due is not None and known.handle_due > desk.now


def test_two_rounds_within_the_limit_are_no_delay_together(desk: Desk) -> None:
    """Reported done in time, sent back, done in time again: each round has its own limit."""
    number = desk.handling(report("1"))
    with reading(desk.engine) as connection:
        event = load(connection, number, CHEN).event
    limit = desk.rules.handling_limit(event.category, event.level).amount
    desk.do(number, "report", by=WATER, note="好了", minutes=60 * limit * 0.6)
    desk.do(number, "rework", by=LIN, note="还有积水")
    case = desk.do(number, "report", by=WATER, note="真的好了", minutes=60 * limit * 0.6)
    known = facts(case.event, case.ledger, desk.rules, desk.now)
    assert known is not None and known.reworks == 1 and known.handled_on_time
