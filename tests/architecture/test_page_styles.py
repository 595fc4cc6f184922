"""Styles of one page do not reach into another: two lists with the same short name once lay on top of each other.

A stylesheet is either shared (its classes mean the same everywhere) or belongs to pages; then each of its selectors
starts with the root of a page, with `:where(root, …)`, which weighs nothing and leaves the cascade as it was, or with
a class that no other stylesheet knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ASSETS = Path(__file__).resolve().parents[2] / "assets"
SHARED = {
    "00-tokens.css", "10-base.css", "12-charts.css", "14-components.css", "20-shell.css", "21-who.css",
    "40-sheet.css", "47-watermark.css", "80-print.css",
}  # fmt: skip
ALONE = {"door.css", "frozen.css", "map-page.css"}
"""Sent with their own page only."""
ROOTS = {
    ".wall", ".walls", ".theme", ".indicator", ".warns", ".dec", ".evals", ".msgs", ".sheet", ".countypage", ".phone",
    ".desk", ".case", ".eventpage", ".reportpage", ".patterns", ".mappage", ".respage", ".review",
}  # fmt: skip
"""Classes that stand on the outermost element of a page, or of the one component all its rules are about."""
PAGES = sorted(file for file in ASSETS.glob("*.css") if file.name not in SHARED | ALONE)
STATE = re.compile(r"^(?:html(?:\[[^\]]*\])*|(?:\[data-[^\]]*\])+)(?:\s+|$)")
WITHIN = re.compile(r"^:where\(([^)]*)\)\s+\S")
TOKEN = re.compile(r"[{};]|[^{};]+")


def selectors(text: str) -> Iterator[str]:
    """Every selector of the rules of a stylesheet, those inside @media too; no steps of @keyframes."""
    open_blocks: list[str] = []
    words = ""
    for token in TOKEN.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.DOTALL)):
        if token == "{":
            if not words.startswith("@") and not any(one.startswith("@keyframes") for one in open_blocks):
                yield from (part.strip() for part in re.split(r",(?![^(]*\))", words))
            open_blocks.append(words)
        elif token == "}":
            open_blocks.pop()
        words = "" if token in "{};" else token.strip()


def is_at_home(selector: str, foreign: frozenset[str] = frozenset()) -> bool:
    """Whether the selector reaches only what its own page holds; `foreign`: classes of other stylesheets."""
    rest = STATE.sub("", selector)
    if not rest or rest.startswith(("#", "body::")):
        return True
    within = WITHIN.match(rest)
    if within:
        return not {name.strip() for name in within.group(1).split(",")} & (foreign - ROOTS)
    return first_class(selector) in ROOTS


def first_class(selector: str) -> str:
    """The class the selector begins with, '' if it begins otherwise."""
    found = re.match(r"(?:[a-z]+)?(\.[\w-]+)", STATE.sub("", selector))
    return found.group(1) if found else ""


def known_to_others(file: Path) -> frozenset[str]:
    """Every class that the other stylesheets name."""
    others = (one for one in ASSETS.glob("*.css") if one.name not in {file.name, *ALONE})
    return frozenset(
        name for one in others for name in re.findall(r"\.[a-zA-Z][\w-]*", one.read_text(encoding="utf-8"))
    )


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_a_page_styles_only_itself(file: Path) -> None:
    foreign = known_to_others(file)
    open_ones = [one for one in selectors(file.read_text(encoding="utf-8")) if not is_at_home(one, foreign)]
    strays = [one for one in open_ones if not first_class(one) or first_class(one) in foreign]
    assert not strays, "start them with the page's root, or move them to a shared stylesheet"


def test_the_reader_of_styles_sees_through_media_and_keyframes() -> None:
    text = "@media(max-width:1px){.wall a,.hl b{color:red}}@keyframes f{to{top:0}}html[data-x] .desk i{top:0}"
    assert list(selectors(text)) == [".wall a", ".hl b", "html[data-x] .desk i"]
    assert (
        not is_at_home(".hl b")
        and not is_at_home(":where(.wall,.hl) b", frozenset({".hl"}))
        and not is_at_home("html[data-x] .hl")
    )
    assert is_at_home(":where(.wall,.desk) b") and is_at_home("html[data-x] .desk i") and is_at_home("#held[hidden]")
