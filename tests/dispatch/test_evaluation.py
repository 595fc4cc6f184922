"""Evaluation: counted by hand on a few cases, the same tomorrow for yesterday, silent on small numbers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from desk_people import CHEN, LIN, WATER, XU, Desk, report
from hypothesis import given
from hypothesis import strategies as st

from access.actor import Actor, Denied
from database.engine import reading, writing
from dispatch.appeals import appeal, decide_appeal
from dispatch.evaluation import Evaluation, evaluate, score, weights_of
from dispatch.measures import LEAST, MEASURES, Period, Rate
from dispatch.refusal import NotNow
from indicators.duties import Scoring


def table(desk: Desk, **given) -> Evaluation:
    period = Period(desk.now - timedelta(days=30), desk.now + timedelta(days=1), given.pop("as_of", desk.now))
    with reading(desk.engine) as connection:
        return evaluate(connection, CHEN, desk.rules, period, world="real", **given)


@pytest.mark.feature(162)
def test_rates_are_counted_as_by_hand(any_desk: Desk) -> None:
    any_desk.closed(report("1"))
    late = any_desk.handling(report("2"))
    any_desk.do(late, "report", by=WATER, note="迟了", minutes=60 * 9)
    any_desk.do(late, "rework", by=LIN, note="没好")
    refused = any_desk.receive(report("3")).event.number
    any_desk.do(refused, "refuse", note="不属受理范围")
    rates = table(any_desk).standings[0].rates
    assert (rates["closed_on_time_rate"].numerator, rates["closed_on_time_rate"].denominator) == (1, 2)
    assert rates["registered_on_time_rate"].denominator == 2
    assert (rates["handled_rate"].numerator, rates["handled_rate"].denominator) == (1, 2)
    any_desk.do(late, "report", by=WATER, note="真的好了", minutes=20)  # rework does not wash the delay off
    rates = table(any_desk).standings[0].rates
    assert (rates["handled_on_time_rate"].numerator, rates["handled_on_time_rate"].denominator) == (1, 2)


@pytest.mark.feature(162)
def test_a_past_day_is_told_again_as_it_was_told_then(desk: Desk) -> None:
    desk.closed(report("1"))
    number = desk.handling(report("2"))
    then = desk.now
    before = table(desk, as_of=then)
    start, end = before.period.start, before.period.end
    desk.do(number, "report", by=WATER, note="好了", minutes=60)
    desk.do(number, "verify", by=LIN)
    desk.do(number, "close", by=XU)
    with reading(desk.engine) as connection:
        again = evaluate(connection, CHEN, desk.rules, Period(start, end, then), world="real")
    assert again == before
    assert table(desk).standings[0].rates["closed_rate"].denominator == 2


def test_every_figure_opens_its_events(desk: Desk) -> None:
    number = desk.closed()
    rates = table(desk, group="department").standings[0].rates
    assert rates["handled_on_time_rate"].numbers == rates["handled_on_time_rate"].good == (number,)


@pytest.mark.feature(162)
def test_nobody_is_ranked_on_fewer_than_ten_cases(desk: Desk) -> None:
    desk.closed()
    found = table(desk, group="department").standings[0]
    assert found.score is None and found.rank is None
    assert found.rates["handled_rate"].interval is not None


@given(st.integers(1, 400), st.integers(0, 400))
def test_the_interval_holds_the_rate_and_stays_between_0_and_100(n: int, good: int) -> None:
    numbers = tuple(str(one) for one in range(n))
    rate = Rate("handled_rate", numbers, numbers[: min(n, good)])
    low, high = rate.interval or (0.0, 0.0)
    assert 0 <= low <= (rate.value or 0.0) + 1e-9 and (rate.value or 0.0) - 1e-9 <= high <= 100
    assert rate.may_be_ranked is (n >= LEAST)


def test_wilson_as_printed_in_the_literature() -> None:
    """81 of 263: 0.2553 to 0.3662 (Newcombe 1998, table I)."""
    numbers = tuple(str(one) for one in range(263))
    low, high = Rate("handled_rate", numbers, numbers[:81]).interval or (0, 0)
    assert (round(low / 100, 4), round(high / 100, 4)) == (0.2553, 0.3662)


def test_weights_that_do_not_sum_to_100_are_refused() -> None:
    with pytest.raises(ValueError, match="not 100"):
        weights_of(Scoring(handled_rate=50.0))
    assert sum(weights_of(Scoring()).values()) == 100


def test_a_perfect_department_scores_100() -> None:
    numbers = tuple(str(one) for one in range(20))
    rates = {one.key: Rate(one.key, numbers, numbers if one.up else ()) for one in MEASURES}
    assert score(rates, weights_of(Scoring())) == pytest.approx(100)


@pytest.mark.feature(66)
def test_an_appeal_granted_by_another_leaves_the_case_out(any_desk: Desk) -> None:
    number = any_desk.closed()
    with writing(any_desk.engine) as connection:
        mine = appeal(connection, any_desk.rules, number, "closed_on_time_rate", "台风停工", by=WATER, now=any_desk.now)
    with pytest.raises(NotNow, match="已申诉"), writing(any_desk.engine) as connection:
        appeal(connection, any_desk.rules, number, "closed_on_time_rate", "再来", by=WATER, now=any_desk.now)
    with pytest.raises(Denied), writing(any_desk.engine) as connection:
        decide_appeal(connection, mine, granted=True, note="", by=_powerless(), now=any_desk.now)
    with writing(any_desk.engine) as connection:
        decide_appeal(connection, mine, granted=True, note="属实", by=XU, now=any_desk.now)
    found = table(any_desk)
    assert found.excluded == ((number, "closed_on_time_rate"),)
    assert found.standings[0].rates["closed_on_time_rate"].denominator == 0
    assert found.standings[0].rates["closed_rate"].denominator == 1


def test_an_appeal_of_elsewhere_is_not_told_from_none(any_desk: Desk) -> None:
    number = any_desk.closed()
    with writing(any_desk.engine) as connection:
        kept = appeal(connection, any_desk.rules, number, "closed_on_time_rate", "台风停工", by=WATER, now=any_desk.now)
    told = set()
    for wanted in (kept, kept + 1):
        with pytest.raises(NotNow) as refusal, writing(any_desk.engine) as connection:
            decide_appeal(connection, wanted, granted=True, note="", by=_elsewhere(), now=any_desk.now)
        told.add((refusal.value.guard, str(refusal.value)))
    assert told == {("appeal", "没有这项申诉，或无权审批")}


def test_an_appeal_comes_too_late(desk: Desk) -> None:
    number = desk.closed()
    with pytest.raises(NotNow, match="申诉期"), writing(desk.engine) as connection:
        appeal(connection, desk.rules, number, "*", "忘了", by=WATER, now=desk.now + timedelta(days=30))


def _powerless() -> Actor:
    return replace(XU, rights=XU.rights - {"events.approve"})


def _elsewhere() -> Actor:
    """Who decides appeals of a county that has nothing to do with the case."""
    return replace(XU, scope=replace(XU.scope, regions=frozenset({"445122"})))
