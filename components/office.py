"""Pages of the account and of administration as plain HTML: forms that are posted, tables that are read, no scripts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from components.door import document, hidden
from components.markup import Markup, Tree, element


@dataclass(frozen=True)
class Sheet:
    """What every page of the office stands in. `word`: against forgery, in every form."""

    title: str
    viewer: str
    word: str
    ways: Sequence[tuple[str, str]]
    path: str


@dataclass(frozen=True)
class Told:
    """What came of the last form. `secret`: shown this once."""

    words: str = ""
    is_good: bool = True
    secret: str = ""
    shown_words: str = ""


def sheet(about: Sheet, sections: Tree, told: Told | None = None) -> str:
    """A whole page: where one is, who one is, what was done, the sections."""
    links = [
        element("a", name, href=path, aria_current="page" if path == about.path else None) for path, name in about.ways
    ]
    out = element(
        "form", [hidden("csrf", about.word), element("button", "退出登录", type="submit", class_="quiet")],
        method="post", action="/sign-out",
    )  # fmt: skip
    head = [element("h1", about.title), element("nav", links), element("span", about.viewer, class_="mut"), out]
    return document(about.title, [element("header", head), element("main", [_told(told), sections])], look="office")


def section(title: str, parts: Tree, note: str = "") -> Markup:
    """One matter with its heading."""
    head = [element("h2", title), element("small", note, class_="mut") if note else None]
    return element("section", [element("div", head, class_="ph"), parts], class_="p")


def form(about: Sheet, action: str, fields: Tree, words: str, *, look: str = "line", ask: str = "") -> Markup:
    """A form with its one button. `ask`: what the button is for, where its words are short."""
    button = element("button", words, type="submit", class_="act", title=ask)
    return element("form", [hidden("csrf", about.word), fields, button], method="post", action=action, class_=look)


def text(name: str, label: str, kind: str = "text", **more: str | bool | int) -> Markup:
    """A labelled field."""
    given: dict[str, Tree] = {"required": True, "maxlength": 120, **more}
    return element("label", [label, element("input", name=name, type=kind, **given)])


def choice(name: str, label: str, options: Sequence[tuple[str, str]], chosen: str = "") -> Markup:
    """One of (value, words)."""
    made = [element("option", words, value=value or " ", selected=value == chosen) for value, words in options]
    return element("label", [label, element("select", made, name=name)])


def table(heads: Sequence[str], rows: Sequence[Sequence[Tree]], empty: str) -> Markup:
    """Rows under their heads; a sentence where there are none."""
    if not rows:
        return element("p", empty, class_="sub")
    head = element("thead", element("tr", [element("th", one, scope="col") for one in heads]))
    body = element("tbody", [element("tr", [element("td", cell) for cell in row]) for row in rows])
    return element("div", element("table", [head, body], class_="tb"), class_="wrap")


def facts(pairs: Mapping[str, Tree]) -> Markup:
    """Terms and what they are."""
    return element("dl", [[element("dt", term), element("dd", value)] for term, value in pairs.items()], class_="facts")


def row_of(parts: Sequence[Tree]) -> Markup:
    """Several small forms beside each other."""
    return element("div", parts, class_="acts")


def _told(told: Told | None) -> Markup | None:
    if told is None:
        return None
    secret = [element("b", told.shown_words), element("p", told.secret, class_="key")] if told.secret else None
    tone = "good" if told.is_good else "bad"
    return element("div", [told.words, secret], class_=f"told {tone}", role="status" if told.is_good else "alert")
