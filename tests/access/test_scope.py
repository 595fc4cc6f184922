"""Scopes are sets: whatever is done with them, nobody sees more than before."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access.actor import EVERYWHERE, NOWHERE, Actor, Denied, OutOfScope, Scope
from small_people import CITY, QIAODONG, RAOPING, XIANGQIAO, rules

REGIONS = ("445102", "445103", "445122", "445102007", "4451-FQH")
UNITS = ("city_police", "water_bureau", "city_management")


def sets(of):
    return st.none() | st.frozensets(st.sampled_from(of))


scopes = st.builds(Scope, sets(REGIONS), sets(UNITS))
things = st.tuples(st.sampled_from(REGIONS), st.none() | st.sampled_from(UNITS))


@pytest.mark.feature(109)
@given(scopes, scopes, things)
def test_what_both_see_is_exactly_what_each_sees(one, other, thing):
    both = one.narrowed(other)
    assert both.allows(*thing) == (one.allows(*thing) and other.allows(*thing))
    assert one.holds(both) and other.holds(both)


@given(scopes, scopes, things)
def test_a_scope_that_holds_another_sees_all_that_it_sees(outer, inner, thing):
    if outer.holds(inner) and inner.allows(*thing) and not inner.is_nothing:
        assert outer.allows(*thing)


@given(scopes, scopes)
def test_different_sights_have_different_cache_keys(one, other):
    sees = [{(r, u) for r in (*REGIONS, "elsewhere") for u in (*UNITS, "else") if s.allows(r, u)} for s in (one, other)]
    if sees[0] != sees[1]:
        assert one.key != other.key
    elif one == other:
        assert one.key == other.key


@given(scopes)
def test_nothing_and_everything_are_the_ends(scope):
    assert EVERYWHERE.holds(scope) and scope.holds(NOWHERE)
    assert EVERYWHERE.narrowed(scope) == scope
    assert scope.narrowed(NOWHERE).is_nothing


def test_a_county_holds_its_towns_and_nothing_beside_them():
    county = rules().territory.scope([XIANGQIAO])
    assert county.allows(XIANGQIAO) and county.allows(QIAODONG)
    assert not county.allows(CITY) and not county.allows(RAOPING)


def test_two_counties_in_one_hand_and_the_city_swallows_both():
    territory = rules().territory
    assert territory.scope([XIANGQIAO, RAOPING]).allows(RAOPING)
    assert territory.scope([XIANGQIAO, CITY]).regions is None


def test_a_functional_zone_is_no_way_into_the_county_around_it():
    territory = rules().territory
    zone = next(code for code, kind in territory.kinds.items() if kind == "zone")
    assert territory.scope([zone]).regions == {zone}
    assert not any(territory.scope([code]).allows(zone) for code, kind in territory.kinds.items() if kind == "county")


def test_a_region_that_left_the_catalogue_shows_nothing():
    assert rules().territory.scope(["999999"]).is_nothing


def test_default_is_nothing():
    actor = Actor("陌生人", "visitor")
    assert actor.scope.is_nothing and not actor.may("indicators.view")
    with pytest.raises(Denied, match="查看指标"):
        actor.require("indicators.view")


def test_a_thing_of_another_county_is_out_of_scope_and_a_missing_right_is_denied():
    officer = Actor("值班员", "county_officer", Scope(frozenset({XIANGQIAO})), frozenset({"events.view"}))
    officer.require("events.view", XIANGQIAO)
    with pytest.raises(OutOfScope):
        officer.require("events.view", RAOPING)
    with pytest.raises(Denied) as denied:
        officer.require("events.close", RAOPING)
    assert not isinstance(denied.value, OutOfScope)


def test_a_misspelt_right_is_a_mistake_in_the_program_and_no_silent_refusal():
    with pytest.raises(KeyError):
        Actor("x", "y").may("indicator.view")
