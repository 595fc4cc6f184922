"""/admin/accounts: names of the unified sign-in, linked and taken off by forms."""

from __future__ import annotations

import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from flask import Flask
from served import serve

from access.gateway import Front, networks
from access.limits import Limits
from access.password_profile import DENGBAO3
from access.session import install
from api.entrance import open_entrance
from people import People

pytestmark = pytest.mark.feature(128)

ROOT = Path(__file__).resolve().parents[2]
ISSUER = "https://sso.example.gov"
WORD = re.compile(r'value="([0-9a-f]{40})"')


@pytest.fixture
def server(small_cockpit) -> Flask:
    made = serve(small_cockpit)
    front = Front((), networks(["10.0.0.7"]), "X-Remote-User")
    small_cockpit.hub.start()
    entrance = open_entrance(
        small_cockpit, ROOT, passwords=DENGBAO3, limits=Limits(), ask_second_factor=False, secure=False, front=front
    )
    install(made, entrance)
    made.extensions["oidc"] = SimpleNamespace(settings=SimpleNamespace(issuer=ISSUER, label="统一身份认证"))
    return made


@pytest.fixture
def people(server, small_cockpit) -> People:
    return People(small_cockpit.engine, server.extensions["entrance"].reception.rules, small_cockpit.now)


def signed_in(server, people, role, region=""):
    client = server.test_client()
    client.set_cookie("cockpit_session", people.session(role, region))
    return client


def row_of(html: str, name: str) -> str:
    return next(row for row in html.split("<tr>") if f"<td>{name}</td>" in row)


def test_an_administrator_links_and_unlinks_by_forms(server, people) -> None:
    people.session("county_officer", "445102")
    client = signed_in(server, people, "system_admin")
    html = client.get("/admin/accounts").text
    name = "tester-county-officer-445102"
    number, word = re.search(r"/admin/accounts/(\d+)/link", row_of(html, name)), WORD.search(html)
    assert number and word and "统一身份认证" in row_of(html, name) and "网关" in row_of(html, name)
    at = f"/admin/accounts/{number[1]}"

    def send(act: str, **fields: str):
        return client.post(f"{at}/{act}", data={"csrf": word[1], **fields})

    done = send("link", issuer=ISSUER, subject="<b>7-9</b>")
    assert done.status_code == 200 and "已关联" in done.text
    assert "统一身份认证：&lt;b&gt;7-9&lt;/b&gt;" in row_of(done.text, name)
    assert send("link", issuer="https://elsewhere.example", subject="7-9").status_code == 422
    assert send("link", issuer=ISSUER, subject="").status_code == 422
    gone = send("unlink", identity=f"{ISSUER} <b>7-9</b>")
    assert gone.status_code == 200 and "7-9" not in row_of(gone.text, name)
    assert send("unlink", identity=f"{ISSUER} 7-9").status_code == 422


def test_who_gives_roles_sees_the_names_and_changes_none(server, people) -> None:
    people.session("county_officer", "445102")
    html = signed_in(server, people, "security_admin").get("/admin/accounts").text
    assert "外部身份" in html and "/link" not in html
