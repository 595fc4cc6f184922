"""Chip: a warning level as a filled square with its character; outlined for what is everyday, conditional or a kind."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

LEVELS = {1: "红", 2: "橙", 3: "黄", 4: "蓝"}
"""The national warning levels; 1 is the gravest."""
EVERYDAY = "一般"


def chip(level: int, character: str = "") -> Component:
    """Level 1 to 4 filled in its colour; 0 outlined in ink. `character` replaces the word: 督, 令, 关注."""
    if level not in LEVELS and level != 0:
        raise ValueError(f"there is no level {level}; there are 0 and {', '.join(map(str, LEVELS))}")
    return html.I(character or LEVELS.get(level, EVERYDAY), className=f"chip L{level}")


def expected_chip(level: int) -> Component:
    """A level that is only predicted or conditional: outlined, never filled before it is official."""
    if level not in LEVELS:
        raise ValueError(f"there is no level {level} to expect")
    return html.I(LEVELS[level], className=f"chip o{level}", title=f"预计{LEVELS[level]}色，尚未发布")
