"""Finding a name by what people type: Chinese, pinyin in full, its initials, or any mixture of these.

„饶平“ is found by 饶平, raoping, rp, raop and 饶p. A character with several readings is found by each of them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TypeVar

TABLE = Path(__file__).resolve().parent / "places" / "pinyin.txt"
LONGEST = 40
"""Characters of a query that are looked at."""
_SILENT = frozenset(" '’·-—（）()、，。“”\t")
Named = TypeVar("Named")


@dataclass(frozen=True, order=True)
class Fit:
    """How well a name fits, best first: from its start, with how many characters guessed, how short."""

    is_inner: bool
    guessed: int
    length: int


@cache
def readings() -> Mapping[str, tuple[str, ...]]:
    """Pinyin without tones by character."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            syllable, _, characters = line.partition(" ")
            for character in characters:
                found[character].append(syllable)
    return {character: tuple(syllables) for character, syllables in found.items()}


@lru_cache(maxsize=10_000)
def plain(text: str) -> str:
    """What counts of a query or name: lower case, no spaces, marks or brackets, ü as v."""
    return "".join(one for one in text.lower().replace("ü", "v") if one not in _SILENT)[:LONGEST]


def fit(query: str, name: str) -> Fit | None:
    """How `name` fits `query`; None if it does not, or if the query is empty."""
    wanted, told = plain(query), plain(name)
    if not wanted:
        return None
    starts = [start for start, character in enumerate(told) if wanted[0] in _openings(character)]
    costs = [(start > 0, cost) for start in starts if (cost := _cost(wanted, told[start:])) is not None]
    return Fit(*min(costs), len(told)) if costs else None


def best(query: str, named: Iterable[tuple[str, Named]], most: int) -> list[Named]:
    """What fits best of (name, thing), at most `most`; equals stay in their order."""
    fits = [(found, order, thing) for order, (name, thing) in enumerate(named) if (found := fit(query, name))]
    return [thing for _, _, thing in sorted(fits, key=lambda one: one[:2])[:most]]


@lru_cache(maxsize=10_000)
def _openings(character: str) -> frozenset[str]:
    """What a query for this character may begin with."""
    return frozenset({character, *(syllable[0] for syllable in readings().get(character, ()))})


def _cost(wanted: str, told: str) -> int | None:
    """Characters at the start of `told` that had to be guessed by an initial; None if `wanted` cannot be read there."""
    reached = {0: 0}
    finished: list[int] = []
    for character in told:
        further: dict[int, int] = {}
        for eaten, cost in reached.items():
            for bite, price in _bites(wanted, eaten, character):
                further[eaten + bite] = min(cost + price, further.get(eaten + bite, cost + price))
        finished += [further.pop(len(wanted))] if len(wanted) in further else []
        if not further:
            break
        reached = further
    return min(finished, default=None)


def _bites(wanted: str, at: int, character: str) -> Iterable[tuple[int, int]]:
    """How many letters of `wanted` from `at` on may stand for `character`, each with what it costs."""
    if wanted[at] == character:
        yield 1, 0
        return
    for syllable in readings().get(character, ()):
        if syllable[0] != wanted[at]:
            continue
        if wanted.startswith(syllable, at):
            yield len(syllable), 0
        elif syllable.startswith(wanted[at:]):
            yield len(wanted) - at, 1
        yield 1, 1
        if syllable[1:2] == "h" and wanted[at + 1 : at + 2] == "h":
            yield 2, 1
