"""Every pair of colours that meets on a screen can be read, by everybody, in both schemes: from the tokens."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import pytest

from colour_vision import contrast, distance
from components.tokens import tokens

SCHEMES = ("dark", "light")
GROUNDS = ("bg0", "bg1", "bg2")
INKS = ("tx1", "tx2", "tx3", "ac", "ink-red", "ink-org", "ink-yel", "ink-blu", "ink-sla")
FILLS = ("red", "org", "yel", "blu", "sla", "ac")
MARKS = ("line2", "tx1", "tx2", "tx3", "ac")
"""What graphic marks are drawn with: bars, ticks, dots, lines."""
OUTLINED = {("light", "org"), ("light", "yel")}
"""Fills too pale on white: they carry a dark outline there (design, section 2)."""
TEXT, GRAPHIC = 4.5, 3.0
APART = 15.5
"""The smallest distance between two signal hues (blue and accent, tritan); character and area double it."""
ASSETS = Path(__file__).resolve().parents[2] / "assets"


@pytest.mark.feature(105)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("ground", GROUNDS)
@pytest.mark.parametrize("ink", INKS)
def test_every_text_can_be_read_on_every_ground(scheme, ground: str, ink: str) -> None:
    found = tokens(scheme)
    assert contrast(found[ink], found[ground]) >= TEXT


@pytest.mark.feature(105)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("fill", FILLS)
def test_text_on_a_filled_mark_can_be_read(scheme, fill: str) -> None:
    found = tokens(scheme)
    assert contrast(found[f"on-{fill}"], found[fill]) >= TEXT


@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize(
    ("ink", "ground"),
    [("ac", "ac-bg"), ("tx1", "ac-bg"), ("tx2", "ac-bg"), ("bg0", "tx1"), ("tx1", "sea"), ("tx1", "land")],
)
def test_text_on_special_grounds_can_be_read(scheme, ink: str, ground: str) -> None:
    found = tokens(scheme)
    assert contrast(found[ink], found[ground]) >= TEXT


@pytest.mark.feature(105)
@pytest.mark.parametrize("scheme", SCHEMES)
def test_graphic_marks_stand_out(scheme) -> None:
    found = tokens(scheme)
    pairs = [(mark, ground) for mark in MARKS for ground in GROUNDS]
    pairs += [(fill, ground) for fill in FILLS for ground in ("bg0", "bg1")]
    weak = [
        (mark, ground)
        for mark, ground in pairs
        if contrast(found[mark], found[ground]) < GRAPHIC and (scheme, mark) not in OUTLINED
    ]
    assert not weak


@pytest.mark.parametrize(("level", "colour"), [("L2", "#a34700"), ("L3", "#735600")])
def test_pale_fills_have_their_outline_in_the_light_scheme(level: str, colour: str) -> None:
    styles = (ASSETS / "10-base.css").read_text(encoding="utf-8")
    rule = re.search(rf"\[data-scheme=light\] \.chip\.{level}\{{([^}}]*)\}}", styles)
    assert rule and colour in rule[1]
    assert contrast(colour, tokens("light")["bg1"]) >= GRAPHIC


@pytest.mark.feature(105)
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("blindness", ["protan", "deutan", "tritan"])
def test_signal_hues_stay_apart_for_the_colour_blind(scheme, blindness: str) -> None:
    found = tokens(scheme)
    near = {
        f"{one}-{other}": round(distance(found[one], found[other], blindness), 1)
        for one, other in combinations(FILLS, 2)
        if distance(found[one], found[other], blindness) < APART
    }
    assert not near


def test_the_measure_knows_black_from_white_and_a_colour_from_itself() -> None:
    assert round(contrast("#000", "#ffffff")) == 21
    assert contrast("#5bd3c3", "#5bd3c3") == 1
    assert distance("#ff0000", "#ff0000", "deutan") == 0
    assert distance("#ff0000", "#00a000", "deutan") < distance("#ff0000", "#0000ff", "deutan")
