"""A document brings its panels along: what asking would give, to whoever may ask, never outdated."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape

import orjson
import pytest
from dash import html
from flask import Flask, request

from access.policy import NOBODY
from access.session import actor_of_request
from components.markup import markup
from pages import brought, panels
from pages.panels import PANELS, Panel, slot
from people import TOKEN, known_to


@pytest.fixture
def frame(app, cockpit, monkeypatch) -> Callable[..., str]:
    """The page of two panels as brought at an address: `frame("/x/7?world=demo")`."""
    monkeypatch.setattr(brought, "PATIENCE", 20.0)
    server = Flask("brought_under_test")
    known_to(server)
    panels.mount(server, cockpit)

    def at(address: str, *names: str, token: str = TOKEN) -> str:
        drawn = markup(html.Div([slot(name) for name in names]))
        with server.test_request_context(address, headers={"Authorization": f"Bearer {token}"}):
            server.preprocess_request()
            by = actor_of_request()
            assert by is not None
            return brought.bring(drawn, request, cockpit, by)

    return at


def notes(text: str) -> dict[str, str]:
    """What was brought: address by panel."""
    found = re.findall(r'id="panel-([a-z-]+)" data-brought="[^"]*" data-shown="([^"]*)"', text)
    return {name: unescape(address) for name, address in found}


@pytest.mark.feature(144)
def test_a_panel_is_brought_as_it_would_have_been_fetched(frame, client) -> None:
    address = "/panel/theme-table?id=environment&world=demo"
    text = frame("/theme/environment?world=demo&colour=red", "theme-table")
    assert notes(text) == {"theme-table": address}
    fetched = client.get(address)
    assert f'<div class="fill">{fetched.get_data(as_text=True)}</div>' in text
    (told,) = re.findall(r'data-brought="([^"]*)"', text)
    note = orjson.loads(unescape(told))
    assert note["etag"] == fetched.headers["ETag"] and " ".join(note["topics"]) == fetched.headers["X-Topics"]
    assert note["frame"] == fetched.headers["X-Frame-At"]


def test_what_fails_is_refused_or_comes_too_late_is_left_to_the_browser(frame, monkeypatch) -> None:
    def fail(_: object) -> str:
        raise RuntimeError("broken on purpose")

    def forbid(_: object) -> str:
        return "geheim"

    for name, draw, right in (("failing", fail, "indicators.view"), ("forbidden", forbid, NOBODY)):
        monkeypatch.setitem(PANELS, f"of-test-{name}", Panel(f"of-test-{name}", draw, (), (), 20, right))
    text = frame("/theme/environment?world=demo", "of-test-failing", "of-test-forbidden", "theme-table")
    assert list(notes(text)) == ["theme-table"] and "geheim" not in text
    assert not notes(frame("/theme/environment?world=nowhere", "theme-table"))
    monkeypatch.setattr(brought, "PATIENCE", 0.0)
    monkeypatch.setattr(brought, "begin", lambda *_: panels.Begun((), lambda seconds: None))
    assert not notes(frame("/theme/environment?world=demo", "theme-table"))


def test_an_outdated_answer_is_made_anew_not_shown(frame, arrive) -> None:
    arrive("ENV-01", "2026-11-22T13", 50.0)
    before = frame("/theme/environment?world=demo", "theme-table")
    arrive("ENV-01", "2026-11-22T14", 77.0)
    after = frame("/theme/environment?world=demo", "theme-table")
    assert "77" not in before and "77" in after


def test_places_few_screens_have_and_addresses_only_the_browser_knows_are_not_guessed(frame) -> None:
    assert not notes(frame("/?world=demo", "digest"))
    assert notes(frame("/?world=demo&since=2026-11-22T01:00Z", "digest"))
    assert brought._ROOMY.search(markup(slot("wall-water", look="p tr2 wide")))
    assert not brought._ROOMY.search(markup(slot("wall-tiles", look="tiles")))


@pytest.mark.parametrize(
    ("address", "name", "asked"),
    [
        ("/wall", "wall-tiles", "/panel/wall-tiles"),
        ("/wall?region=445102&world=demo&x=1", "wall-tiles", "/panel/wall-tiles?region=445102&world=demo"),
        ("/theme/environment", "theme-table", "/panel/theme-table?id=environment"),
    ],
)
def test_its_address_is_the_one_the_browser_would_ask(frame, address: str, name: str, asked: str) -> None:
    assert notes(frame(address, name)) == {name: asked}
