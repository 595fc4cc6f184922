"""Tokens of programs and walls: never more than asked for, taken back at once, read-only where they are for screens."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from access import tokens
from access.accounts import Place
from access.actor import LOOPBACK, Denied, OutOfScope
from access.rights import ACTING
from access.tokens import NewToken, TokenRefused
from database.engine import reading, writing
from database.people_tables import tokens as table
from small_people import CITY, RAOPING, XIANGQIAO

MONTH = timedelta(days=30)


def issue(people, new, by=LOOPBACK):
    with writing(people.engine) as connection:
        return tokens.issue(connection, people.rules, new, by=by, now=people.now)


def revoke(people, number, by=LOOPBACK):
    with writing(people.engine) as connection:
        return tokens.revoke(connection, people.rules, number, by=by, now=people.now)


@pytest.mark.feature(97)
def test_a_wall_needs_nobody_signed_in_looks_only_and_is_taken_off_at_once(people):
    number, token = issue(people, NewToken("screen", "指挥大厅", (CITY,), MONTH))
    workers = [people.reception(), people.reception()]
    for worker in workers:
        visit = worker.by_token(token.text)
        assert visit.means == "screen" and visit.actor.kind == "screen" and visit.actor.may("indicators.view")
        assert not visit.actor.rights & ACTING
    people.later(days=29)
    assert workers[0].by_token(token.text), "no silence ends it"
    revoke(people, number)
    assert [worker.by_token(token.text) for worker in workers] == [None, None]


def test_a_token_ends_by_its_time(people):
    _, token = issue(people, NewToken("api", "省平台", (CITY,), MONTH))
    worker = people.reception()
    assert worker.by_token(token.text).actor.kind == "program"
    people.later(days=30)
    assert worker.by_token(token.text) is None


def test_a_token_may_what_was_asked_for_and_sees_its_regions(people):
    new = NewToken("api", "湘桥传感器", (XIANGQIAO,), MONTH, frozenset({"readings.push"}))
    actor = people.reception().by_token(issue(people, new)[1].text).actor
    assert actor.rights == {"readings.push"}
    assert actor.scope.allows(XIANGQIAO) and not actor.scope.allows(RAOPING) and not actor.scope.allows(CITY)


@pytest.mark.parametrize(
    ("new", "said"),
    [
        (NewToken("api", "x", (CITY,), MONTH, frozenset({"users.manage"})), "没有这些权限"),
        (NewToken("screen", "x", (CITY,), MONTH, frozenset({"events.report"})), "没有这些权限"),
        (NewToken("api", "x", (), MONTH), "至少选一个区域"),
        (NewToken("api", "x", ("445999",), MONTH), "没有区域代码"),
        (NewToken("api", " ", (CITY,), MONTH), "写明令牌给谁"),
        (NewToken("api", "x", (CITY,), timedelta(days=4000)), "至多"),
        (NewToken("api", "x", (CITY,), timedelta(0)), "至多"),
    ],
)
def test_no_token_beyond_its_role_or_without_an_end(people, new, said):
    with pytest.raises(TokenRefused, match=said):
        issue(people, new)


def test_a_county_makes_and_sees_tokens_of_its_own_regions_only(people):
    opener = people.actor(people.add("opener", Place("system_admin", XIANGQIAO)))
    city, _ = issue(people, NewToken("screen", "市大厅", (CITY,), MONTH))
    own, _ = issue(people, NewToken("screen", "区大厅", (XIANGQIAO,), MONTH), by=opener)
    for regions in ((RAOPING,), (CITY,), (XIANGQIAO, RAOPING)):
        with pytest.raises(OutOfScope):
            issue(people, NewToken("screen", "x", regions, MONTH), by=opener)
    with reading(people.engine) as connection:
        found = tokens.listed(connection, people.rules, ("screen",), by=opener)
    assert [token.id for token in found] == [own]
    with pytest.raises(OutOfScope) as other:
        revoke(people, city, by=opener)
    with pytest.raises(OutOfScope) as absent:
        revoke(people, 99_999, by=opener)
    assert str(other.value) == str(absent.value)


def test_tokens_are_the_business_of_those_with_the_right(people):
    officer = people.actor(people.add("officer", Place("county_officer", XIANGQIAO)))
    with pytest.raises(Denied):
        issue(people, NewToken("api", "x", (XIANGQIAO,), MONTH), by=officer)
    with reading(people.engine) as connection, pytest.raises(Denied):
        tokens.listed(connection, people.rules, ("api",), by=officer)


def test_the_secret_is_nowhere_in_the_database_or_the_record(people):
    number, token = issue(people, NewToken("api", "省平台", (CITY,), MONTH))
    with reading(people.engine) as connection:
        kept = connection.execute(select(table)).one()
    assert token.text not in str(tuple(kept)) and token.text not in str(people.told())
    revoke(people, number)
    revoke(people, number)
    assert [row[1] for row in people.told()] == ["token.issue", "token.revoke"]


def test_a_token_of_a_role_that_is_gone_from_the_file_opens_nothing(people):
    from dataclasses import replace

    _, token = issue(people, NewToken("api", "省平台", (CITY,), MONTH))
    roles = {key: role for key, role in people.rules.roles.roles.items() if key != "api_client"}
    people.rules = replace(people.rules, roles=replace(people.rules.roles, roles=roles))
    assert people.reception().by_token(token.text) is None
