"""Styles and scripts ask for nothing newer than the oldest browser we promise: Chromium 88 and what is built on it.

360 and 奇安信 follow Chromium by years, and nobody in an office may replace them. Versions are those of caniuse
and the Chromium release notes.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
OLDEST = 88
STYLES, SCRIPTS = sorted((ROOT / "assets").glob("*.css")), sorted((ROOT / "assets").glob("*.js"))
NEWER_IN_STYLES = {
    "color-mix": (r"color-mix\(", 111),
    "container": (r"@container|container-type|\b\d*\.?\d+cq[whibm]", 105),
    "dvh": (r"\b\d+[sld]v[hw]\b", 108),
    "layer": (r"@layer|@scope|@property", 99),
    "has": (r":has\(", 105),
    "nesting": (r"[{;}]\s*&", 112),
    "translate": (r"[{;]\s*(?:translate|rotate|scale)\s*:", 104),
    "accent-color": (r"accent-color\s*:", 93),
    "text-wrap": (r"text-wrap\s*:", 114),
    "subgrid": (r"\bsubgrid\b", 117),
    "colour spaces": (r"light-dark\(|oklch\(|oklab\(|\blch\(", 111),
    "anchors": (r"anchor-name|interpolate-size", 125),
    "clip": (r"overflow\s*:\s*clip", 90),
}
NEWER_IN_SCRIPTS = {
    "at": (r"\.at\(", 92),
    "structuredClone": (r"structuredClone", 98),
    "hasOwn": (r"Object\.hasOwn\(", 93),
    "findLast": (r"\.findLast(?:Index)?\(", 97),
    "toSorted": (r"\.to(?:Sorted|Reversed|Spliced)\(|\.with\(", 110),
    "randomUUID": (r"(?<!\? )crypto\.randomUUID\(", 92),
    "AbortSignal": (r"AbortSignal\.(?:timeout|any)\(", 103),
    "groupBy": (r"(?:Object|Map)\.groupBy", 117),
    "withResolvers": (r"Promise\.withResolvers", 119),
    "roundRect": (r"\.roundRect\(", 99),
    "showPopover": (r"showPopover|togglePopover", 114),
    "static block": (r"\bstatic\s*\{", 94),
    "scrollend": (r"scrollend", 114),
    "checkVisibility": (r"checkVisibility", 105),
    "set methods": (r"isSubsetOf|\.intersection\(|\.symmetricDifference\(", 122),
    "fromAsync": (r"Array\.fromAsync", 121),
}
FOR_LOOKS_ALONE = {
    "31-wall-map.css": {"container"},
    "36-desk.css": {"has", "accent-color"},
    "37-case.css": {"has", "accent-color"},
    "43-warnings.css": {"has"},
    "44-decisions.css": {"accent-color"},
    "46-patterns.css": {"has"},
    "60-phone.css": {"has"},
    "door.css": {"has"},
    "map-page.css": {"accent-color"},
}
"""Where an older browser loses an outline, a tint or a gap and nothing else: each stands in a rule of its own, or has a
fallback by `@supports not` beside it."""
RULE = re.compile(r"([^{}]+)\{")


def newer(text: str, table: dict[str, tuple[str, int]]) -> set[str]:
    """Names of what `text` uses and the oldest browser does not know."""
    return {name for name, (pattern, version) in table.items() if version > OLDEST and re.search(pattern, text)}


@pytest.mark.feature(147)
@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_style_an_old_browser_does_not_know_is_for_looks_alone(file: Path) -> None:
    text = re.sub(r"/\*.*?\*/", "", file.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert newer(text, NEWER_IN_STYLES) <= FOR_LOOKS_ALONE.get(file.name, set())


@pytest.mark.feature(147)
@pytest.mark.parametrize("file", STYLES, ids=lambda file: file.name)
def test_a_selector_an_old_browser_does_not_know_takes_no_other_with_it(file: Path) -> None:
    """One unknown selector in a list voids the whole rule."""
    for selectors in RULE.findall(file.read_text(encoding="utf-8")):
        if ":has(" in selectors:
            apart = re.sub(r":where\([^)]*\)", "", selectors).split(",")
            assert all(":has(" in one for one in apart), selectors


@pytest.mark.feature(147)
@pytest.mark.parametrize("file", SCRIPTS, ids=lambda file: file.name)
def test_no_script_calls_what_an_old_browser_lacks(file: Path) -> None:
    assert not newer(file.read_text(encoding="utf-8"), NEWER_IN_SCRIPTS)


def test_the_map_of_the_wall_has_its_size_without_container_queries() -> None:
    assert "@supports not (width:1cqw)" in (ROOT / "assets" / "31-wall-map.css").read_text(encoding="utf-8")


@pytest.mark.feature(147)
@pytest.mark.parametrize("name", ["README.md", "README.zh.md"])
def test_the_oldest_browser_is_told_where_people_read(name: str) -> None:
    assert f"Chromium {OLDEST}" in (ROOT / name).read_text(encoding="utf-8")
