"""Whose screen it is stands lightly on every page, and nowhere on a wall."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from flask import Flask

from access.actor import EVERYWHERE, Actor
from audit_people import OFFICER
from components.watermark import watermark
from pages import watermark as page
from people import known_to

pytestmark = pytest.mark.feature(138)
WALL = Actor("大屏一", "screen", EVERYWHERE, kind="screen", user="wall-1")


@pytest.fixture
def ask(cockpit):
    server = Flask("watermark_under_test")
    known_to(server, {"officer": OFFICER, "wall": WALL})
    page.mount(server, cockpit)
    return lambda token: server.test_client().get(page.ADDRESS, headers={"Authorization": f"Bearer {token}"})


def test_it_names_the_person_the_end_of_the_account_and_the_time(ask):
    told = "".join(ElementTree.fromstring(ask("officer").data).itertext())
    assert told == "李明 ming2026-11-22 14:32"


def test_no_shared_store_keeps_it(ask):
    answer = ask("officer")
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert "Cookie" in answer.headers["Vary"]


@pytest.mark.parametrize("token", ["wall", "nobody"])
def test_walls_and_strangers_get_an_empty_one(ask, token):
    assert "".join(ElementTree.fromstring(ask(token).data).itertext()) == ""


def test_a_name_cannot_break_out_of_the_picture():
    made = watermark('</text><script>alert(1)</script>"', "now")
    assert "script" not in {element.tag.rpartition("}")[2] for element in ElementTree.fromstring(made).iter()}
