"""What-if: grey edges hand nothing on, the cap holds, scenarios are the city's and leave a trace."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from access.actor import ALL_RIGHTS, EVERYWHERE, Actor, Denied, OutOfScope, Scope
from database.audit_tables import audit
from database.engine import reading, writing
from decisions.scenarios import ScenarioRefused, forget, save, saved
from decisions.transmission import elasticity
from decisions.what_if import links_of, propagate
from small_city import NOW

CHIEF = Actor("陈立", "city_commander", EVERYWHERE, ALL_RIGHTS, user="chief")
COUNTY = Actor("湘桥", "county_officer", Scope(frozenset({"445102"})), ALL_RIGHTS, user="xq")
VIEWER = Actor("来访", "viewer", EVERYWHERE, frozenset({"warnings.view"}), user="v")


def edge(cause: str, effect: str, slope: float | None, proven: bool = True):
    return {"edge": {"cause": cause, "effect": effect}, "is_proven": proven, "lag": 1, "elasticity": slope}


@pytest.mark.feature(89)
def test_only_proven_edges_hand_on_and_never_beyond_two_spreads():
    body = {
        "edges": [edge("A", "B", 0.5), edge("B", "C", 4.0), edge("A", "D", 1.0, proven=False), edge("A", "E", None)]
    }
    found = {one.key: one for one in propagate({"A": 2.0}, links_of(body), {"A": 9.0, "C": 1.0})}
    assert set(found) == {"A", "B", "C"}
    assert (found["B"].change, found["B"].months) == (1.0, 1)
    assert (found["C"].change, found["C"].months, found["C"].is_capped) == (2.0, 2, True)


def test_the_slope_is_that_of_the_lag_and_unknown_where_nothing_moves():
    cause = [1.0, -2.0, 3.0, 0.5, -1.0, 2.0, 4.0]
    assert elasticity(cause, [0.0, 0.0, *(0.4 * one for one in cause[:-2])], 2) == pytest.approx(0.4)
    assert elasticity([1.0] * 9, cause + cause[:2], 0) is None and elasticity(cause, cause, None) is None


@pytest.mark.feature(89)
def test_a_scenario_is_saved_listed_and_forgotten_with_a_trace(engine, catalogue):
    with writing(engine) as connection:
        one = save(connection, catalogue, CHIEF, world="demo", name="用电 回升", supposed={"ENG-03": 2.0}, now=NOW)
    with reading(engine) as connection:
        assert [(s.name, dict(s.supposed), s.by) for s in saved(connection, CHIEF, world="demo")] == [
            ("用电 回升", {"ENG-03": 2.0}, "陈立")
        ]
        assert saved(connection, COUNTY, world="demo") == [] and saved(connection, CHIEF, world="real") == []
    with writing(engine) as connection:
        forget(connection, CHIEF, one.id, now=NOW)
        with pytest.raises(OutOfScope):
            forget(connection, CHIEF, one.id, now=NOW)
    with reading(engine) as connection:
        assert saved(connection, CHIEF, world="demo") == []
        assert {"scenarios.save", "scenarios.forget"} <= set(connection.execute(select(audit.c.action)).scalars())


@pytest.mark.parametrize("supposed", [{}, {"ENG-03": 0.0}, {"XYZ-99": 1.0}, {"ENG-03": float("inf")}])
def test_senseless_suppositions_are_refused(engine, catalogue, supposed):
    with writing(engine) as connection, pytest.raises(ScenarioRefused):
        save(connection, catalogue, CHIEF, world="demo", name="空", supposed=supposed, now=NOW)


@pytest.mark.parametrize(("by", "refusal"), [(COUNTY, OutOfScope), (VIEWER, Denied)])
def test_who_may_not_decide_for_the_city_saves_nothing(engine, catalogue, by, refusal):
    with writing(engine) as connection, pytest.raises(refusal):
        save(connection, catalogue, by, world="demo", name="用电", supposed={"ENG-03": 1.0}, now=NOW)
