"""Panels as HTML: whatever stands in a value, an attribute or a name stays text."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from dash import html
from hypothesis import given
from hypothesis import strategies as st

from components.attributes import attributes
from components.markup import element, markup

LETTERS = [*"<>&\"'/=` \n潮a1", "</script>", "<img src=x onerror=alert(1)>", "&lt;"]
HOSTILE = st.lists(st.sampled_from(LETTERS), max_size=12).map("".join)


class Reader(HTMLParser):
    """What a browser would make of it."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def read(text: str) -> Reader:
    reader = Reader()
    reader.feed(text)
    reader.close()
    return reader


@given(HOSTILE, HOSTILE)
def test_no_text_becomes_an_element_and_none_is_lost(text: str, title: str) -> None:
    found = read(markup(html.Div(html.B(text), title=title, **attributes(aria_label=title))))
    assert [tag for tag, _ in found.tags] == ["div", "b"]
    assert found.text == text
    assert found.tags[0][1].get("title", "") == title == found.tags[0][1].get("aria-label", "")


@pytest.mark.parametrize("href", ["javascript:alert(1)", "http://elsewhere/", "data:text/html,x"])
def test_a_link_that_leads_out_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="leads out"):
        markup(html.A("x", href=href))


def test_a_link_to_another_host_without_a_scheme_is_refused() -> None:
    with pytest.raises(ValueError, match="leads out"):
        markup(html.A("x", href="//elsewhere/"))


@given(HOSTILE)
def test_what_is_no_name_of_an_element_is_refused(tag: str) -> None:
    if not re.fullmatch("[a-z][a-z0-9-]*", tag):
        with pytest.raises(ValueError, match="no element"):
            element(tag)


def test_names_styles_and_flags_are_written_as_html_has_them() -> None:
    cell = html.Td(["a", None, 3, html.Br()], colSpan=2, style={"--c": 4, "gridRow": "1"}, hidden=True)
    tag, given_attributes = read(markup(cell)).tags[0]
    assert (tag, given_attributes) == ("td", {"colspan": "2", "style": "--c:4;grid-row:1", "hidden": None})
    assert markup(cell).endswith(">a3<br></td>")
    assert element("path", d="M0 0", stroke_width=2, class_=None) == '<path d="M0 0" stroke-width="2"></path>'


def test_a_link_may_call_a_telephone_and_nothing_that_only_looks_like_one() -> None:
    assert markup(html.A("0768-0000100", href="tel:07680000100")) == '<a href="tel:07680000100">0768-0000100</a>'
    for wrong in ("tel:1,alert(1)", "tel:07680000100\n", "tel:", "sms:10086"):
        with pytest.raises(ValueError, match="leads out"):
            markup(html.A("x", href=wrong))
