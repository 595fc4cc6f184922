"""A page stands in its document before Dash starts: the frame Dash will draw, for whoever may see it."""

from __future__ import annotations

import re

import dash
import pytest

from components.markup import markup
from pages import doors, early, shell
from pages.panels import slot_id


def ids_in(text: str) -> list[str]:
    return re.findall(r' id="(panel-[a-z-]+)"', text)


@pytest.mark.feature(144)
@pytest.mark.parametrize(
    ("path", "kind", "panel"),
    [
        ("/", "wall", "wall-map"),
        ("/wall", "wall", "wall-tiles"),
        ("/theme/environment", "theme", "theme-table"),
        ("/county/445102", "county", "county-cards"),
        ("/map", "map", "map-regions"),
    ],
)
def test_the_document_holds_the_page_with_every_panel_once(app, cockpit, path: str, kind: str, panel: str) -> None:
    app.server.extensions["cockpit"] = cockpit
    with app.server.test_request_context():
        text = early.stood(shell.INDEX, path)
    found = ids_in(text)
    assert slot_id(panel) in found and len(found) == len(set(found))
    assert f'data-page="{kind}"' in text and 'id="react-entry-point" hidden' in text


def test_every_layout_is_plain_html_so_that_it_can_stand_there(app, cockpit) -> None:
    """A live Dash component in a layout would be a dead element until Dash has started."""
    app.server.extensions["cockpit"] = cockpit
    plain = {"a", "b", "button", "div", "form", "h1", "h2", "header", "i", "input", "kbd", "label", "main", "nav", "p"}
    plain |= {"section", "small", "span", "ul", "li", "table", "tbody", "thead", "tr", "td", "th", "aside", "footer"}
    plain |= {"select", "option", "textarea", "details", "summary", "article", "dl", "dt", "dd", "ol", "figure", "h3"}
    for page in dash.page_registry.values():
        with app.server.test_request_context():
            tags = set(re.findall(r"<([a-z0-9]+)", markup(page["layout"]())))
        assert tags <= plain, (page["path"], tags - plain)


def test_a_page_that_does_not_exist_leaves_dash_in_sight(app, cockpit) -> None:
    app.server.extensions["cockpit"] = cockpit
    with app.server.test_request_context():
        text = early.stood(f'<div{early.HIDDEN}></div><div id="early">{early.PLACE}</div>', "/no/such/page")
    assert "hidden" not in text


def test_who_may_not_see_a_page_gets_none_of_its_frame(app, cockpit, monkeypatch) -> None:
    app.server.extensions["cockpit"] = cockpit
    for page in dash.page_registry.values():
        monkeypatch.setitem(page, "layout", page["layout"])  # as it was, afterwards
    monkeypatch.setattr(doors, "actor_of_request", lambda: None)
    doors.shut_layouts()
    with app.server.test_request_context():
        for path in ("/map", "/wall", "/county/445102"):
            assert not ids_in(early.standing(path)), path


def test_the_usual_look_is_the_one_the_browser_would_choose() -> None:
    assert {"county", "m"} <= early.light()
    assert early.look("/county/445102") == 'data-scheme="light" data-page="county"'
    assert early.look("/") == early.look("/wall") == 'data-scheme="dark" data-page="wall"'
