"""The unified sign-in: who the provider vouches for gets what was given here, or by group, and nothing by likeness."""

from __future__ import annotations

from dataclasses import replace

import pytest

from access import accounts, identities, oidc
from access.accounts import Place
from access.actor import LOOPBACK
from access.oidc import Claims, NotKnown
from access.role import OutsideGroup
from access.sign_in import Attempt, Refused, by_provider
from database.engine import writing
from small_people import CITY, HOME, RAOPING, XIANGQIAO

ISSUER = "https://sso.example"
GROUPS = (
    OutsideGroup(group="xq-zhiban", role="county_officer", region=XIANGQIAO),
    OutsideGroup(group="rp-zhiban", role="county_officer", region=RAOPING),
    OutsideGroup(group="shenji", role="auditor", region=CITY),
)
WANG = Claims(ISSUER, "sub-1", "wangfang", "王芳", frozenset({"xq-zhiban"}))


@pytest.fixture
def house(people):
    people.rules = replace(people.rules, roles=replace(people.rules.roles, groups=GROUPS))
    return people


def arrive(people, claims):
    with writing(people.engine) as connection:
        return oidc.arrive(connection, people.rules, claims, now=people.now)


def open_session(people, account):
    with writing(people.engine) as connection:
        return by_provider(connection, people.rules, account, Attempt(HOME, people.now))


@pytest.mark.feature(128)
def test_a_member_of_a_known_group_comes_in_with_the_role_of_the_group(house):
    opened = open_session(house, arrive(house, WANG))
    visit = house.reception().by_session(opened.token.text)
    assert visit.actor.user == "wangfang" and visit.actor.name == "王芳" and visit.means == "oidc"
    assert visit.actor.role == "county_officer" and visit.actor.scope.allows(XIANGQIAO)
    with pytest.raises(Refused):
        house.sign_in("wangfang", "")


@pytest.mark.feature(128)
def test_groups_are_followed_at_every_arrival_and_roles_given_here_stay(house):
    account = arrive(house, WANG)
    with writing(house.engine) as connection:
        accounts.grant(
            connection, house.rules, account.id, Place("county_leader", XIANGQIAO), by=LOOPBACK, now=house.now
        )
    moved = arrive(house, replace(WANG, groups=frozenset({"rp-zhiban"})))
    assert moved.id == account.id
    assert {(g.role, g.region) for g in moved.grants} == {("county_leader", XIANGQIAO), ("county_officer", RAOPING)}
    left = arrive(house, replace(WANG, groups=frozenset()))
    assert [g.role for g in left.grants] == ["county_leader"]


def test_groups_cannot_bring_together_what_must_not_meet(house):
    account = arrive(house, replace(WANG, groups=frozenset({"xq-zhiban", "shenji"})))
    assert house.rules.roles.clash([grant.role for grant in account.grants]) is None


def test_a_stranger_of_the_provider_is_nobody_here(house):
    with pytest.raises(NotKnown, match="还没有开通"):
        arrive(house, replace(WANG, groups=frozenset({"other"})))


def test_the_name_of_somebody_elses_account_opens_nothing(house):
    house.add("wangfang", Place("city_commander", CITY))
    with pytest.raises(NotKnown, match="关联"):
        arrive(house, WANG)
    with pytest.raises(NotKnown, match="关联"):
        arrive(house, replace(WANG, name=" WANGFANG "))


def test_an_administrator_links_an_account_and_only_that_subject_opens_it(house):
    account = house.add("wangfang", Place("city_commander", CITY))
    with writing(house.engine) as connection:
        identities.link(connection, house.rules, account.id, ISSUER, "sub-1", by=LOOPBACK, now=house.now)
    assert arrive(house, replace(WANG, groups=frozenset())).id == account.id
    for other in (replace(WANG, subject="sub-2"), replace(WANG, issuer="https://other.example")):
        with pytest.raises(NotKnown):
            arrive(house, replace(other, groups=frozenset()))


def test_a_disabled_account_stays_out_whatever_the_provider_says(house):
    account = arrive(house, WANG)
    with writing(house.engine) as connection:
        accounts.disable(connection, house.rules, account.id, by=LOOPBACK, now=house.now)
    with pytest.raises(Refused, match="停用"):
        open_session(house, arrive(house, WANG))


def test_claims_are_read_narrowly():
    told = {"sub": "s", "preferred_username": " lin ", "name": 7, "groups": ["a", 3, None, "b"]}
    claims = oidc.claims_of(told, ISSUER, name_claim="preferred_username", groups_claim="groups")
    assert claims == Claims(ISSUER, "s", "lin", "lin", frozenset({"a", "b"}))
    assert oidc.claims_of({"sub": "s", "g": "one"}, ISSUER, name_claim="n", groups_claim="g").groups == {"one"}
    for bad in ({}, {"sub": ""}, {"sub": 5}, {"sub": "x" * 300}):
        with pytest.raises(NotKnown, match="sub"):
            oidc.claims_of(bad, ISSUER, name_claim="n", groups_claim="g")


def test_a_gateway_signs_in_linked_names_only(house):
    account = house.add("wangfang", Place("county_officer", XIANGQIAO))
    worker = house.reception()
    assert worker.by_identity("gateway", "wangfang") is None
    with writing(house.engine) as connection:
        identities.link(connection, house.rules, account.id, "gateway", "wangfang", by=LOOPBACK, now=house.now)
    assert worker.by_identity("gateway", "wangfang").actor.may("events.accept")
    with writing(house.engine) as connection:
        accounts.disable(connection, house.rules, account.id, by=LOOPBACK, now=house.now)
    assert worker.by_identity("gateway", "wangfang") is None
