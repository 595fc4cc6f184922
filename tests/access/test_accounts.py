"""Accounts of others: a county's administrator stays in the county, the three keepers stay apart, all is on record."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from access import accounts, lockout
from access.accounts import AccountRefused, NewAccount, Place
from access.actor import LOOPBACK, TIMETABLE, Actor, Denied, OutOfScope
from access.names import NameRefused
from access.sign_in import Refused
from database.engine import reading, writing
from small_people import CITY, HOME, QIAODONG, RAOPING, XIANGQIAO, is_found, without_second_factor

OFFICER = Place("county_officer", XIANGQIAO)
OPENER = Place("system_admin", XIANGQIAO)
GIVER = Place("security_admin", XIANGQIAO)


@pytest.fixture
def county(people):
    """湘桥区: who opens accounts there, who gives roles there."""
    people = without_second_factor(people)
    opener = people.actor(people.add("xq-opener", OPENER))
    giver = people.actor(people.add("xq-giver", GIVER))
    return people, opener, giver


def do(people, act, *arguments, by: Actor, **named):
    with writing(people.engine) as connection:
        return act(connection, people.rules, *arguments, by=by, now=people.now, **named)


@pytest.mark.feature(111)
def test_a_county_opens_and_fills_its_accounts_by_itself(county):
    people, opener, giver = county
    number = do(people, accounts.add, NewAccount("lina", "李娜", XIANGQIAO), by=opener)
    do(people, accounts.grant, number, Place("town_officer", QIAODONG), by=giver)
    actor = people.actor(people.account(number))
    assert actor.role == "town_officer" and actor.scope.allows(QIAODONG) and not actor.scope.allows(XIANGQIAO)
    do(people, accounts.revoke, number, Place("town_officer", QIAODONG), by=giver)
    do(people, accounts.disable, number, by=opener)
    assert not people.account(number).is_open


@pytest.mark.feature(111)
def test_a_county_reaches_no_account_of_another(county):
    people, opener, giver = county
    stranger = people.add("rp-officer", Place("county_officer", RAOPING))
    for act in (accounts.disable, accounts.enable, accounts.invite, accounts.unlock, accounts.end_sessions):
        with pytest.raises(OutOfScope):
            do(people, act, stranger.id, by=opener)
        with pytest.raises(OutOfScope) as absent:
            do(people, act, 999_999, by=opener)
        assert "没有这个账号" in str(absent.value)
    with pytest.raises(OutOfScope):
        do(people, accounts.grant, stranger.id, OFFICER, by=giver)
    with pytest.raises(OutOfScope):
        do(people, accounts.add, NewAccount("newcomer", "新人", RAOPING), by=opener)
    with reading(people.engine) as connection:
        names = {account.name for account in accounts.listed(connection, opener)}
    assert names == {"xq-opener", "xq-giver"}


@pytest.mark.feature(111)
@pytest.mark.parametrize(
    "place",
    [
        Place("county_officer", RAOPING), Place("city_officer", CITY), Place("county_officer", CITY),
        Place("auditor", XIANGQIAO), Place("system_admin", XIANGQIAO), Place("security_admin", XIANGQIAO),
        Place("screen", XIANGQIAO), Place("no_such_role", XIANGQIAO), Place("county_officer", "445999"),
    ],
)  # fmt: skip
def test_a_county_gives_no_role_beyond_its_own_regions_and_roles(county, place):
    people, _, giver = county
    account = people.add("lina", home=XIANGQIAO)
    with pytest.raises((Denied, AccountRefused)):
        do(people, accounts.grant, account.id, place, by=giver)
    assert people.account(account.id).grants == ()


def test_whoever_reaches_beyond_the_county_is_managed_above(county):
    people, opener, giver = county
    account = people.add("lina", OFFICER, Place("county_officer", RAOPING), home=XIANGQIAO)
    for act, by in ((accounts.disable, opener), (accounts.invite, opener)):
        with pytest.raises(Denied, match="上级管理员"):
            do(people, act, account.id, by=by)
    with pytest.raises(Denied, match="上级管理员"):
        do(people, accounts.revoke, account.id, OFFICER, by=giver)


@pytest.mark.parametrize("role", ["city_leader", "county_officer", "auditor", "security_admin", "data_manager"])
def test_opening_accounts_is_the_right_of_one_role(people, role):
    by = people.actor(people.add("someone", _somewhere(people, role)))
    with pytest.raises(Denied):
        do(people, accounts.add, NewAccount("newcomer", "新人", by.home), by=by)
    assert not is_found(people, "newcomer")


def _somewhere(people, role):
    level = people.rules.roles.roles[role].levels[0]
    return Place(role, CITY if level == "city" else XIANGQIAO)


def test_nobody_opens_accounts_and_gives_roles_with_one_hand(county):
    people, opener, giver = county
    number = do(people, accounts.add, NewAccount("lina", "李娜", XIANGQIAO), by=opener)
    with pytest.raises(Denied):
        do(people, accounts.grant, number, OFFICER, by=opener)
    with pytest.raises(Denied):
        do(people, accounts.add, NewAccount("linb", "李北", XIANGQIAO), by=giver)
    with pytest.raises(AccountRefused, match="开户和授权"):
        do(people, accounts.grant, people.add("both", OPENER).id, GIVER, by=LOOPBACK)


def test_who_acts_is_never_auditor_too_not_even_by_the_operator_of_the_machine(people):
    account = people.add("lina", OFFICER)
    with pytest.raises(AccountRefused, match="掩盖自己的操作"):
        do(people, accounts.grant, account.id, Place("auditor", CITY), by=LOOPBACK)
    auditor = people.add("auditor-he", Place("auditor", CITY))
    with pytest.raises(AccountRefused, match="掩盖自己的操作"):
        do(people, accounts.grant, auditor.id, OFFICER, by=LOOPBACK)


def test_two_administrators_who_grant_at_the_same_moment_cannot_put_together_what_must_not_meet(people):
    account = people.add("lina")

    def give(place):
        try:
            return do(people, accounts.grant, account.id, place, by=LOOPBACK) or place.role
        except AccountRefused:
            return None

    with ThreadPoolExecutor(2) as pool:
        given = [role for role in pool.map(give, [Place("city_officer", CITY), Place("auditor", CITY)]) if role]
    assert len(given) == 1


def test_no_administrator_steps_into_the_place_of_another_kind_by_resetting_a_password(people):
    opener = people.actor(people.add("opener", Place("system_admin", CITY)))
    for role in ("auditor", "security_admin"):
        keeper = people.add(role, Place(role, CITY))
        for act in (accounts.invite, accounts.reset_second_factor, accounts.disable, accounts.unlock):
            with pytest.raises(Denied, match="三员"):
                do(people, act, keeper.id, by=opener)
        do(people, accounts.invite, keeper.id, by=LOOPBACK)
    colleague = people.add("opener2", Place("system_admin", CITY))
    do(people, accounts.invite, colleague.id, by=opener)


def test_nobody_handles_the_own_account(people):
    giver = people.add("giver", Place("security_admin", CITY))
    with pytest.raises(Denied, match="自己的账号"):
        do(people, accounts.grant, giver.id, Place("city_leader", CITY), by=people.actor(giver))
    opener = people.add("opener", Place("system_admin", CITY))
    with pytest.raises(Denied, match="自己的账号"):
        do(people, accounts.unlock, opener.id, by=people.actor(opener))


def test_a_name_is_given_once_whatever_its_spelling(people):
    people.add("wangfang", OFFICER)
    for twin in ("WangFang", "ｗａｎｇｆａｎｇ", "wang fang"):
        with pytest.raises(NameRefused, match="已有账号"):
            people.add(twin)


def test_two_who_open_the_same_name_at_once_make_one_account(people):
    def open_it(_):
        try:
            return do(people, accounts.add, NewAccount("wangfang", "王芳", XIANGQIAO), by=LOOPBACK)
        except NameRefused:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert len([one for one in pool.map(open_it, range(4)) if one]) == 1


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place("department_handler", CITY), "必须写明单位"),
        (Place("department_handler", CITY, "no_such_unit"), "没有名为"),
        (Place("city_leader", CITY, "statistics_bureau"), "不分单位"),
        (Place("city_leader", XIANGQIAO), "不能授在湘桥区"),
    ],
)
def test_a_role_is_held_where_it_makes_sense(people, place, said):
    account = people.add("lina")
    with pytest.raises(AccountRefused, match=said):
        do(people, accounts.grant, account.id, place, by=LOOPBACK)


def test_a_handler_sees_the_regions_of_the_grant_and_the_matters_of_the_own_department(people):
    account = people.add("lina", Place("department_handler", XIANGQIAO, "statistics_bureau"))
    actor = people.actor(account)
    assert actor.department == "statistics_bureau"
    assert actor.scope.allows(XIANGQIAO, "statistics_bureau")
    assert not actor.scope.allows(XIANGQIAO, "commerce_bureau") and not actor.scope.allows(RAOPING)


def test_accounts_nobody_uses_are_closed(people):
    people.add("idle", OFFICER)
    people.add("busy", OFFICER)
    people.later(days=60)
    people.sign_in("busy")
    people.later(days=31)
    closed = do(people, accounts.disable_unused, by=TIMETABLE, unused=timedelta(days=90))
    assert closed == ["idle"]
    with pytest.raises(Refused):
        people.sign_in("idle")


@pytest.mark.feature(142)
def test_an_administrator_unlocks_and_the_owner_comes_in_again(people):
    opener = people.actor(people.add("opener", Place("system_admin", CITY)))
    account = people.add("wangfang", OFFICER)
    for _ in range(lockout.LOCK.of_account):
        with pytest.raises(Refused):
            people.sign_in("wangfang", "wrong-Guess-99")
    assert lockout.locked_accounts(people.engine, people.now) == {"wangfang"}
    do(people, accounts.unlock, account.id, by=opener)
    people.sign_in("wangfang", address=HOME)


def test_every_change_is_on_record_once_and_a_refused_one_changes_nothing(county):
    people, opener, giver = county
    before = len(people.told())
    number = do(people, accounts.add, NewAccount("lina", "李娜", XIANGQIAO), by=opener)
    do(people, accounts.grant, number, OFFICER, by=giver)
    do(people, accounts.grant, number, OFFICER, by=giver)  # held already: nothing happens
    do(people, accounts.invite, number, by=opener)
    do(people, accounts.revoke, number, OFFICER, by=giver)
    with pytest.raises(AccountRefused):
        do(people, accounts.revoke, number, OFFICER, by=giver)
    do(people, accounts.disable, number, by=opener)
    told = [row[:3] for row in people.told()[before:]]
    assert told == [
        ("xq-opener", "user.add", "user lina"), ("xq-giver", "user.grant", "user lina"),
        ("xq-opener", "user.invite", "user lina"), ("xq-giver", "user.revoke", "user lina"),
        ("xq-opener", "user.disable", "user lina"),
    ]  # fmt: skip


def test_the_page_of_roles_offers_only_what_will_be_accepted(county):
    people, opener, giver = county
    offered = [role.key for role in accounts.givable(people.rules, giver)]
    assert offered == ["county_leader", "county_officer", "town_officer", "department_handler", "data_manager"]
    assert accounts.givable(people.rules, opener) == []
