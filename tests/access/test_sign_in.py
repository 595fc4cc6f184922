"""Signing in as people do: first password, second factor, expiry, one-time links; and what an attacker tries."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from access import accounts, once, own_account
from access.accounts import Place
from access.actor import LOOPBACK, Denied
from access.lockout import LockedOut
from access.password_profile import ASVS
from access.passwords import PasswordRefused
from access.sign_in import Attempt, Refused, by_code, by_link, by_password
from database.engine import reading, writing
from database.people_tables import old_passwords, sessions, users
from small_people import BETTER, CITY, GOOD, HOME, RAOPING, XIANGQIAO, code_of, without_second_factor

OFFICER = Place("county_officer", XIANGQIAO)
ADMIN = Place("system_admin", CITY)


def at(people):
    return Attempt(HOME, people.now)


def session_of(people, opened):
    visit = people.reception().by_session(opened.token.text)
    assert visit and visit.session
    return visit.session


def enrol(people, name):
    """Sign in and set a second factor up; its secret."""
    session = session_of(people, people.sign_in(name))
    secret = own_account.begin_second_factor(people.engine, session, at(people)).secret
    own_account.confirm_second_factor(people.engine, people.rules, session, code_of(secret, people.now), at(people))
    people.later(minutes=2)
    return secret


def invited(people, account):
    with writing(people.engine) as connection:
        return accounts.invite(connection, people.rules, account.id, by=LOOPBACK, now=people.now)


def test_the_right_password_opens_a_session_and_a_wrong_one_does_not(people):
    people.add("wangfang", OFFICER)
    opened = people.sign_in(" WangFang ")
    visit = people.reception().by_session(opened.token.text)
    assert visit.actor.user == "wangfang" and visit.actor.role == "county_officer"
    assert visit.actor.may("events.accept") and visit.actor.scope.allows(XIANGQIAO)
    with pytest.raises(Refused) as wrong:
        people.sign_in("wangfang", "wrong-Guess-99")
    with pytest.raises(Refused) as unknown:
        people.sign_in("nobody")
    assert str(wrong.value) == str(unknown.value)


def test_a_new_account_has_no_password_at_all_and_its_owner_sets_the_first(people):
    account = people.add("wangfang", OFFICER, password=None)
    for guess in ("", "wangfang", "123456", GOOD):
        with pytest.raises(Refused):
            people.sign_in("wangfang", guess)
    link = invited(people, account)
    opened = by_link(people.engine, people.rules, link.text, at(people))
    assert opened.pending == "password"
    visit = people.reception().by_session(opened.token.text)
    assert visit.pending == "password" and not visit.actor.rights and visit.actor.scope.is_nothing
    done = own_account.change_password(people.engine, people.rules, visit.session, "", GOOD, at(people))
    assert done.pending == "" and people.reception().by_session(done.token.text).actor.may("events.view")
    assert people.reception().by_session(opened.token.text) is None, "each step ends the token before it"


def test_a_one_time_link_works_once_even_for_two_at_the_same_moment(people):
    link = invited(people, people.add("wangfang", OFFICER))

    def enter(_):
        try:
            return by_link(people.engine, people.rules, link.text, at(people))
        except Refused:
            return None

    with ThreadPoolExecutor(4) as pool:
        assert len([one for one in pool.map(enter, range(8)) if one]) == 1


def test_a_link_ends_by_itself_by_a_newer_one_and_with_its_account(people):
    account = people.add("wangfang", OFFICER)
    first, second = invited(people, account), invited(people, account)
    with reading(people.engine) as connection:
        assert not once.is_waiting(connection, first.text, people.now)
        assert once.is_waiting(connection, second.text, people.now)
        assert not once.is_waiting(connection, second.text, people.now + timedelta(days=3))
    with writing(people.engine) as connection:
        accounts.disable(connection, people.rules, account.id, by=LOOPBACK, now=people.now)
    with pytest.raises(Refused, match="一次性链接"):
        by_link(people.engine, people.rules, second.text, at(people))


def test_a_new_password_ends_every_other_session_and_the_old_ones_may_not_come_back(people):
    people.add("wangfang", OFFICER)
    elsewhere, here = people.sign_in("wangfang"), people.sign_in("wangfang")
    session = session_of(people, here)
    with pytest.raises(Refused, match="当前口令"):
        own_account.change_password(people.engine, people.rules, session, "not-mine-7X", BETTER, at(people))
    with pytest.raises(PasswordRefused, match="最近用过"):
        own_account.change_password(people.engine, people.rules, session, GOOD, GOOD, at(people))
    done = own_account.change_password(people.engine, people.rules, session, GOOD, BETTER, at(people))
    assert people.reception().by_session(elsewhere.token.text) is None
    with pytest.raises(Refused):
        people.sign_in("wangfang", GOOD)
    session = session_of(people, done)
    with pytest.raises(PasswordRefused, match="最近用过"):
        own_account.change_password(people.engine, people.rules, session, BETTER, GOOD, at(people))


def test_only_as_many_old_hashes_are_kept_as_the_profile_asks_for(people):
    account = people.add("wangfang", OFFICER)
    password, opened = GOOD, people.sign_in("wangfang")
    for number in range(7):
        new = f"韩江-Bridge{number}-lantern"
        opened = own_account.change_password(
            people.engine, people.rules, session_of(people, opened), password, new, at(people)
        )
        password = new
    with reading(people.engine) as connection:
        kept = connection.execute(select(old_passwords.c.id).where(old_passwords.c.user_id == account.id)).all()
    assert len(kept) == people.rules.passwords.remembered - 1, "with the present one they are as many as asked for"


@pytest.mark.feature(142)
def test_an_old_password_must_be_changed_first_by_one_profile_and_not_by_the_other(people):
    people.add("wangfang", OFFICER)
    people.later(days=91)
    assert people.sign_in("wangfang").pending == "password"
    asvs = replace(people, rules=replace(people.rules, passwords=ASVS))
    assert asvs.sign_in("wangfang").pending == ""


def test_an_administrator_gets_nowhere_without_a_second_factor(people):
    people.add("laochen", ADMIN)
    opened = people.sign_in("laochen")
    assert opened.pending == "second_factor"
    visit = people.reception().by_session(opened.token.text)
    assert not visit.actor.rights
    factor = own_account.begin_second_factor(people.engine, visit.session, at(people))
    with pytest.raises(Refused, match="手机时间"):
        own_account.confirm_second_factor(people.engine, people.rules, visit.session, "000000", at(people))
    done = own_account.confirm_second_factor(
        people.engine, people.rules, visit.session, code_of(factor.secret, people.now), at(people)
    )
    assert done.pending == "" and people.reception().by_session(done.token.text).actor.may("users.manage")
    assert without_second_factor(people).sign_in("laochen").pending == "code", "once set it is always asked for"


@pytest.mark.feature(142)
def test_password_then_code_and_each_code_once(people):
    people.add("laochen", ADMIN)
    secret = enrol(people, "laochen")
    first, second = people.sign_in("laochen"), people.sign_in("laochen")
    assert first.pending == second.pending == "code"
    code = code_of(secret, people.now)
    done = by_code(people.engine, people.rules, session_of(people, first), code, at(people))
    assert people.reception().by_session(done.token.text).actor.may("users.manage")
    with pytest.raises(Refused, match="已经用过"):
        by_code(people.engine, people.rules, session_of(people, second), code, at(people))


def test_one_code_at_two_doors_in_the_same_moment_opens_one(people):
    people.add("laochen", ADMIN)
    secret = enrol(people, "laochen")
    waiting = [session_of(people, people.sign_in("laochen")) for _ in range(4)]
    code = code_of(secret, people.now)

    def enter(session):
        try:
            return by_code(people.engine, people.rules, session, code, at(people))
        except (Refused, LockedOut):
            return None

    with ThreadPoolExecutor(4) as pool:
        assert len([one for one in pool.map(enter, waiting) if one]) == 1


def test_guessing_codes_locks_the_account_though_the_password_is_right_each_time(people):
    people.add("laochen", ADMIN)
    enrol(people, "laochen")
    with pytest.raises(LockedOut):
        for _ in range(8):
            session = session_of(people, people.sign_in("laochen"))
            with pytest.raises(Refused, match="验证码"):
                by_code(people.engine, people.rules, session, "000000", at(people))


def test_with_the_password_alone_neither_password_nor_second_factor_can_be_changed(people):
    people.add("laochen", ADMIN)
    enrol(people, "laochen")
    session = session_of(people, people.sign_in("laochen"))
    with pytest.raises(Refused):
        own_account.change_password(people.engine, people.rules, session, GOOD, BETTER, at(people))
    with pytest.raises(Refused):
        own_account.begin_second_factor(people.engine, session, at(people))


def test_the_secret_of_the_second_factor_is_sealed_and_opens_for_no_other_account(people):
    people.add("laochen", ADMIN)
    account = people.add("wangfang", OFFICER)
    secret = enrol(people, "laochen")
    with reading(people.engine) as connection:
        sealed = connection.execute(select(users.c.totp_sealed).where(users.c.name_key == "laochen")).scalar_one()
    assert secret not in sealed
    with writing(people.engine) as connection:
        values = {"totp_sealed": sealed, "totp_since": people.now}
        connection.execute(update(users).where(users.c.id == account.id).values(values))
    session = session_of(people, people.sign_in("wangfang"))
    with pytest.raises(Exception, match="密文"):
        by_code(people.engine, people.rules, session, code_of(secret, people.now), at(people))


def test_a_person_with_two_roles_acts_in_one_at_a_time(people):
    leader = people.add("linhua", Place("county_leader", XIANGQIAO), Place("county_officer", RAOPING))
    opened = people.sign_in("linhua")
    visit = people.reception().by_session(opened.token.text)
    assert visit.actor.role == "county_leader" and visit.actor.may("events.approve")
    assert not visit.actor.scope.allows(RAOPING) and not visit.actor.may("events.accept")
    with writing(people.engine) as connection:
        own_account.choose_role(connection, people.rules, visit.session, "county_officer", "", at(people))
    visit = people.reception().by_session(opened.token.text)
    assert visit.actor.may("events.accept") and visit.actor.scope.allows(RAOPING)
    assert not visit.actor.scope.allows(XIANGQIAO) and not visit.actor.may("events.approve")
    with writing(people.engine) as connection, pytest.raises(Denied):
        own_account.choose_role(connection, people.rules, visit.session, "auditor", "", at(people))
    assert leader.name == "linhua"


@pytest.mark.feature(109)
def test_one_role_in_two_counties_is_one_hat(people):
    people.add("linhua", OFFICER, Place("county_officer", RAOPING))
    visit = people.reception().by_session(people.sign_in("linhua").token.text)
    assert len(visit.hats) == 1
    assert visit.actor.scope.allows(XIANGQIAO) and visit.actor.scope.allows(RAOPING)
    assert not visit.actor.scope.allows(CITY) and not visit.actor.scope.allows("445103")


def test_every_sign_in_has_a_new_token_and_the_table_holds_only_its_digest(people):
    people.add("wangfang", OFFICER)
    one, other = people.sign_in("wangfang"), people.sign_in("wangfang")
    assert one.token.text != other.token.text
    with reading(people.engine) as connection:
        kept = connection.execute(select(sessions.c.token_hash)).scalars().all()
    assert set(kept) == {one.token.digest, other.token.digest}
    assert people.reception().by_session(one.token.digest) is None, "who reads the table cannot come in with it"


def test_a_disabled_account_hears_the_same_as_a_stranger(people):
    account = people.add("wangfang", OFFICER)
    with writing(people.engine) as connection:
        accounts.disable(connection, people.rules, account.id, by=LOOPBACK, now=people.now)
    with pytest.raises(Refused) as no:
        by_password(people.engine, people.rules, "wangfang", GOOD, at(people))
    assert str(no.value) == str(Refused())
