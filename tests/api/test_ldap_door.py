"""Sign-in by a directory, against a real LDAP server over TLS: who it vouches for comes in, tricks do not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from served import serve
from sqlalchemy import update

import people_settings
from access import identities
from access.account import account_named
from access.actor import LOOPBACK
from access.gateway import Front
from access.limits import Limits
from access.password_profile import DENGBAO3
from access.role import OutsideGroup
from access.session import install
from api import ldap
from api.entrance import open_entrance
from database.engine import reading, writing
from database.people_tables import users
from ldap_server import BASE, DESK, DESK_PASSWORD, Directory, running_directory
from people import People
from people_settings import Unusable

pytestmark = pytest.mark.feature(128)

ROOT = Path(__file__).resolve().parents[2]
GOOD = "韩江-plum7-Riverside"
ZHIBAN = f"cn=xq-zhiban,ou=groups,{BASE}"


@pytest.fixture(params=["ldaps", "ldap"])
def directory(request, tmp_path) -> Iterator[Directory]:
    """With 王芳 in it: once with TLS from the first byte, once by StartTLS."""
    with running_directory(tmp_path, scheme=request.param) as made:
        made.add("wangfang", GOOD, cn="王芳", memberOf=ZHIBAN)
        yield made


def settings_of(directory: Directory, **more: str) -> people_settings.Directory:
    told = people_settings.from_environment(
        {
            "LDAP_URL": directory.url, "LDAP_BASE": BASE, "LDAP_BIND_DN": DESK, "LDAP_BIND_PASSWORD": DESK_PASSWORD,
            "LDAP_CA_FILE": directory.ca_file, **more,
        }
    )  # fmt: skip
    assert told.directory
    return told.directory


@pytest.fixture
def server(small_cockpit, directory) -> Flask:
    small_cockpit.hub.start()
    made = serve(small_cockpit)
    entrance = open_entrance(
        small_cockpit, ROOT, passwords=DENGBAO3, limits=Limits(), ask_second_factor=True, front=Front(), secure=False
    )
    groups = (OutsideGroup(group="xq-zhiban", role="county_officer", region="445102"),)
    rules = entrance.reception.rules
    known = replace(rules, roles=replace(rules.roles, groups=groups))
    entrance.reception._rules = lambda: known
    install(made, entrance)
    ldap.mount(made, settings_of(directory))
    return made


@pytest.fixture
def people(server, small_cockpit) -> People:
    return People(small_cockpit.engine, server.extensions["entrance"].reception.rules, small_cockpit.now)


def sign_in(server: Flask, name: str, password: str):
    client = server.test_client()
    return client, client.post("/sign-in", data={"name": name, "password": password})


def test_who_the_directory_vouches_for_comes_in_with_the_roles_of_the_groups(server, directory) -> None:
    client, answer = sign_in(server, "wangfang", GOOD)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    permit = client.get("/live/permit").get_json()
    assert (permit["user"], permit["role"]) == ("wangfang", "county_officer")
    assert "445102" in permit["regions"] and "445103" not in permit["regions"]
    assert not directory.was_clear, "no password ever went over the wire in the clear"
    assert "单位目录账号" in server.test_client().get("/sign-in").text


def test_a_wrong_or_an_empty_password_opens_nothing(server) -> None:
    for password in ("wrong", "", " ", GOOD + "\0"):
        client, answer = sign_in(server, "wangfang", password)
        assert answer.status_code == 401
        assert client.get("/live/version").status_code == 401


@pytest.mark.parametrize(
    "name",
    ["*", "wang*", "*)(uid=*", "wangfang)(|(uid=*", "x)(|(cn=王芳", "\\2a", "wangfang\0", "(uid=wangfang)",
     "uid=wangfang,ou=people," + BASE],
)  # fmt: skip
def test_a_name_never_becomes_part_of_the_filter(server, directory, name) -> None:
    assert sign_in(server, name, GOOD)[1].status_code == 401
    assert all(asked.getName() == "equalityMatch" for asked in directory.filters)


def test_two_entries_of_one_name_open_nothing(server, directory) -> None:
    directory.entries[f"uid=wangfang,ou=others,{BASE}"] = {"uid": ["wangfang"], "entryUUID": ["uuid-2"]}
    assert sign_in(server, "wangfang", GOOD)[1].status_code == 401


def test_failures_at_the_directory_shut_the_name_like_any_other(server, directory) -> None:
    for _ in range(5):
        assert sign_in(server, "wangfang", "wrong")[1].status_code == 401
    asked = len(directory.filters)
    assert sign_in(server, "ＷangFang", GOOD)[1].status_code == 429
    assert len(directory.filters) == asked, "the directory is not asked while the name is shut"


def test_an_account_with_a_password_here_is_no_matter_of_the_directory(server, people, directory) -> None:
    directory.add("chenwei", GOOD, memberOf=ZHIBAN)
    people.session("county_officer", "445103")
    kept = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    with writing(people.engine) as connection:
        connection.execute(update(users).values(name="chenwei", name_key="chenwei", password_hash=kept))
    assert sign_in(server, "chenwei", GOOD)[1].status_code == 401
    assert not directory.filters
    with writing(people.engine) as connection:
        connection.execute(update(users).values(password_hash=None))
    refused = sign_in(server, "chenwei", GOOD)[1]
    assert refused.status_code == 401 and "关联" in refused.text, "an equal name opens nothing"


def test_an_administrator_links_who_is_in_no_group(server, people, directory) -> None:
    directory.add("liming", GOOD)
    assert sign_in(server, "liming", GOOD)[1].status_code == 401
    people.session("county_leader", "445122")
    name, issuer = "tester-county-leader-445122", settings_of(directory).issuer
    with writing(people.engine) as connection:
        account = account_named(connection, name)
        assert account
        identities.link(connection, people.rules, account.id, issuer, "uuid-liming", by=LOOPBACK, now=people.now())
    client, answer = sign_in(server, "liming", GOOD)
    assert answer.status_code == 303
    assert client.get("/live/permit").get_json()["user"] == name


def test_who_leaves_the_group_loses_the_role_at_the_next_sign_in(server, people, directory) -> None:
    sign_in(server, "wangfang", GOOD)
    directory.entries[f"uid=wangfang,ou=people,{BASE}"]["memberOf"] = []
    assert sign_in(server, "wangfang", GOOD)[1].status_code == 303
    with reading(people.engine) as connection:
        account = account_named(connection, "wangfang")
    assert account and account.grants == ()


def test_a_directory_with_another_certificate_or_none_at_all_is_not_believed(server, directory, tmp_path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    with running_directory(other) as stranger:
        ldap.mount(server, replace(settings_of(directory), ca_file=stranger.ca_file))
        answer = sign_in(server, "wangfang", GOOD)[1]
        assert answer.status_code == 503 and "没有应答" in answer.text
    ldap.mount(server, replace(settings_of(directory), url="ldaps://127.0.0.1:1"))
    assert sign_in(server, "wangfang", GOOD)[1].status_code == 503


def test_groups_that_list_their_members_are_found_by_filter(directory) -> None:
    dn = directory.add("liming", GOOD)
    directory.entries[f"cn=rp-zhiban,ou=groups,{BASE}"] = {"member": [dn], "cn": ["rp-zhiban"]}
    known = ldap.LdapDirectory(settings_of(directory, LDAP_GROUP_FILTER="(member={dn})"))
    claims = known.prove("liming", GOOD)
    assert claims and claims.groups == {"rp-zhiban", f"cn=rp-zhiban,ou=groups,{BASE}"}
    assert (claims.issuer, claims.subject, claims.origin) == (f"ldap:{BASE}", "uuid-liming", "ldap")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"LDAP_URL": "http://x"}, "ldaps://"),
        ({"LDAP_TLS": "off"}, "明文"),
        ({"LDAP_NAME_FILTER": "(uid=x)"}, "应含"),
        ({"LDAP_BASE": ""}, "LDAP_BASE"),
    ],
    ids=["no ldap", "clear", "no name", "no base"],
)
def test_settings_that_would_not_be_safe_are_refused(changes, words) -> None:
    usual = {"LDAP_URL": "ldap://10.1.2.3", "LDAP_BASE": BASE, "LDAP_BIND_DN": DESK, "LDAP_BIND_PASSWORD": "x"}
    assert people_settings.from_environment(usual).directory
    with pytest.raises(Unusable, match=words):
        people_settings.from_environment(usual | changes)
