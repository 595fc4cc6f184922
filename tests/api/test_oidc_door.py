"""The unified sign-in against a real provider: who it vouches for comes in, what only looks like a proof does not."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from served import serve

from access.gateway import Front
from access.limits import Limits
from access.password_profile import DENGBAO3
from access.role import OutsideGroup
from access.session import install
from api import oidc
from api.entrance import open_entrance
from oidc_provider import Provider, running_provider

pytestmark = pytest.mark.feature(128)

ROOT = Path(__file__).resolve().parents[2]
WANG = {"sub": "7-1", "preferred_username": "wangfang", "name": "王芳", "groups": ["xq-zhiban"]}
PUBLIC = "http://127.0.0.1:8050"


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    with running_provider() as made:
        yield made


@pytest.fixture
def server(small_cockpit, provider: Provider) -> Flask:
    provider.person, provider.spoil, provider.shown = dict(WANG), lambda claims: None, None
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
    oidc.mount(made, provider, PUBLIC)  # type: ignore[arg-type]
    return made


def go(client: FlaskClient, wanted: str = "/map"):
    """To the provider and back, as a browser would."""
    away = client.get("/sign-in/oidc", query_string={"next": wanted})
    assert away.status_code == 303, away.text
    there = httpx.get(away.headers["Location"], follow_redirects=False)
    return client.get(there.headers["Location"].removeprefix(PUBLIC))


def test_who_the_provider_vouches_for_comes_in_with_the_roles_of_the_groups(server) -> None:
    client = server.test_client()
    assert "统一身份认证" in client.get("/sign-in").text
    back = go(client)
    assert (back.status_code, back.headers["Location"]) == (303, "/map")
    permit = client.get("/live/permit").get_json()
    assert (permit["user"], permit["role"]) == ("wangfang", "county_officer")
    assert "445102" in permit["regions"] and "445103" not in permit["regions"]


def test_the_way_on_leads_nowhere_else(server) -> None:
    assert go(server.test_client(), "//evil.example/").headers["Location"] == "/"


def test_somebody_without_groups_and_account_stays_outside(server, provider) -> None:
    provider.person = {**WANG, "sub": "7-2", "groups": ["elsewhere"]}
    client = server.test_client()
    assert go(client).status_code == 403
    assert client.get("/live/version").status_code == 401


@pytest.mark.parametrize(
    "change",
    [
        {"aud": "another"}, {"iss": "http://127.0.0.1:1"}, {"nonce": "another"}, {"exp": 1}, {"sub": ""},
        {"iss": None}, {"nonce": None}, {"exp": None},
    ],
    ids=str,
)  # fmt: skip
def test_a_token_that_proves_something_else_opens_nothing(server, provider, change) -> None:
    def spoil(claims) -> None:
        claims.update(change)
        for name in [name for name, value in change.items() if value is None]:
            del claims[name]

    provider.spoil = spoil
    client = server.test_client()
    assert go(client).status_code in {401, 403}
    assert client.get("/live/version").status_code == 401


def test_a_token_signed_by_another_key_opens_nothing(server, provider) -> None:
    provider.shown = RSAKey.generate_key(2048, {"kid": provider.key.kid, "use": "sig"})
    client = server.test_client()
    assert go(client).status_code == 401
    assert client.get("/live/version").status_code == 401


def test_coming_back_without_having_left_or_twice_opens_nothing(server) -> None:
    client, other = server.test_client(), server.test_client()
    away = client.get("/sign-in/oidc")
    there = httpx.get(away.headers["Location"], follow_redirects=False).headers["Location"].removeprefix(PUBLIC)
    assert other.get(there).status_code == 401, "another browser's way back"
    assert client.get(there.replace("state=", "state=x")).status_code == 401
    assert client.get(there).status_code == 303
    assert client.get(there).status_code == 401, "the same code again"
