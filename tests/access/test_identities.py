"""Outside names that open an account: who may link them, what taking them off ends, what the record says."""

from __future__ import annotations

import pytest

from access import identities, oidc
from access.accounts import AccountRefused, Place
from access.actor import Denied, OutOfScope
from access.role import OutsideGroup
from database.engine import reading, writing
from small_people import RAOPING, XIANGQIAO

ISSUER = "https://sso.example.gov"
OFFICER = Place("county_officer", XIANGQIAO)

pytestmark = pytest.mark.feature(128)


@pytest.fixture
def keeper(people):
    return people.actor(people.add("keeper", Place("system_admin", XIANGQIAO)))


def link(people, account, subject, by):
    with writing(people.engine) as connection:
        identities.link(connection, people.rules, account.id, ISSUER, subject, by=by, now=people.now)


def unlink(people, account, subject, by):
    with writing(people.engine) as connection:
        return identities.unlink(connection, people.rules, account.id, ISSUER, subject, by=by, now=people.now)


def test_a_linked_name_opens_until_it_is_taken_off_and_both_are_on_record(people, keeper) -> None:
    wang = people.add("wangfang", OFFICER)
    reception = people.reception()
    assert reception.by_identity(ISSUER, "7-1") is None
    link(people, wang, "7-1", keeper)
    link(people, wang, "7-1", keeper)
    assert reception.by_identity(ISSUER, "7-1").actor.user == "wangfang"
    inside = people.sign_in("wangfang").token.text
    assert unlink(people, wang, "7-1", keeper) == 1
    assert reception.by_identity(ISSUER, "7-1") is None
    assert reception.by_session(inside) is None, "whoever came in by the name is out"
    told = [row for row in people.told() if "link" in row[1]]
    assert told == [
        ("keeper", "user.link", "user wangfang", "ok"),
        ("keeper", "user.unlink", "user wangfang", "ok"),
    ]


def test_a_name_is_never_moved_over_from_another_account(people, keeper) -> None:
    wang, chen = people.add("wangfang", OFFICER), people.add("chenwei", Place("county_officer", RAOPING))
    link(people, wang, "7-1", keeper)
    above = people.actor(people.add("above", Place("system_admin", "445100")))
    with pytest.raises(AccountRefused, match="另一个账号"):
        link(people, chen, "7-1", above)
    with pytest.raises(AccountRefused, match="没有关联"):
        unlink(people, chen, "7-1", above)
    assert people.reception().by_identity(ISSUER, "7-1").actor.user == "wangfang"


def test_another_countys_administrator_an_officer_and_the_person_itself_may_not(people, keeper) -> None:
    wang, chen = people.add("wangfang", OFFICER), people.add("chenwei", Place("county_officer", RAOPING))
    with pytest.raises(OutOfScope):
        link(people, chen, "7-1", keeper)
    for by in (people.actor(chen), people.actor(wang)):
        with pytest.raises(Denied):
            link(people, wang, "7-1", by)
    auditor = people.add("auditor", Place("auditor", XIANGQIAO))
    with pytest.raises(Denied, match="三员"):
        link(people, auditor, "7-1", keeper)


@pytest.mark.parametrize("subject", ["", "  ", "x" * 201, "a\nb", "a\u202eb", "a\x00b"])
def test_what_is_no_name_is_refused(people, keeper, subject) -> None:
    with pytest.raises(AccountRefused):
        link(people, people.add("wangfang", OFFICER), subject, keeper)


def test_with_the_last_name_the_roles_by_group_go_and_those_given_here_stay(people, keeper) -> None:
    from dataclasses import replace

    groups = (OutsideGroup(group="xq", role="town_officer", region="445102007"),)
    rules = replace(people.rules, roles=replace(people.rules.roles, groups=groups))
    wang = people.add("wangfang", OFFICER)
    link(people, wang, "7-1", keeper)
    with writing(people.engine) as connection:
        oidc.arrive(connection, rules, oidc.Claims(ISSUER, "7-1", groups=frozenset({"xq"})), now=people.now)
    assert {one.role for one in people.account(wang.id).grants} == {"county_officer", "town_officer"}
    unlink(people, wang, "7-1", keeper)
    assert [one.role for one in people.account(wang.id).grants] == ["county_officer"]
    with reading(people.engine) as connection:
        assert identities.linked(connection, [wang.id]) == {}
