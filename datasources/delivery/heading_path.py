"""The words of a heading: names without their units, paths over several rows, periods that stand in a heading."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from datasources.delivery.chinese_period import NotAPeriod, Written, read_period
from datasources.delivery.sheet import Broken, Merges, Row
from datasources.delivery.unit import is_known

_UNIT = re.compile(r"^(.*?)[（(]\s*(?:单位[:：])?\s*([^()（）]{1,14})\s*[)）]$")
_TRAILING_PERCENT = re.compile(r"^(.*?)[,:、]?(±?%|‰)$")
_MARKS = re.compile(r"[①-⓿*＊※†]+$")


@lru_cache(maxsize=16384)
def tidy(text: str) -> str:
    """A heading or label without spaces, line breaks, footnote marks and full-width letters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", _MARKS.sub("", text.strip())))


@lru_cache(maxsize=16384)
def parted(heading: str, units: frozenset[str] = frozenset()) -> tuple[str, str | None]:
    """Name and unit of one heading: 增加值（万元） -> 增加值, 万元; brackets that hold no unit stay in the name.

    `units`: those of the catalogue, so that （家） and （辆） are known for what they are.
    """
    shown = tidy(heading)
    found = _UNIT.match(shown)
    if found and (is_known(found[2]) or found[2] in units or "单位:" in shown):
        return found[1], found[2]
    found = _TRAILING_PERCENT.match(shown)
    if found and found[1]:
        return found[1], found[2]
    return shown, None


@dataclass(frozen=True)
class Path:
    """The heading of one column from top to bottom."""

    parts: tuple[str, ...]
    units: frozenset[str]

    @property
    def full(self) -> str:
        return "/".join(tidy(part) for part in self.parts)

    @property
    def bare(self) -> str:
        return "/".join(parted(part, self.units)[0] for part in self.parts)

    @property
    def unit(self) -> str | None:
        return next((unit for part in reversed(self.parts) if (unit := parted(part, self.units)[1])), None)

    def names(self, year: int | None) -> list[tuple[str, Written | None]]:
        """Ways to call this column, the most exact first; `{period}` and `{ytd}` stand for a period."""
        named: list[tuple[str, Written | None]] = [(self.full, None), (self.bare, None)]
        for at, part in enumerate(self.parts):
            written = as_period(parted(part, self.units)[0], year)
            if written is not None:
                bare = [parted(one, self.units)[0] for one in self.parts]
                bare[at] = "{ytd}" if written.basis else "{period}"
                named.append(("/".join(bare), written))
        if len(self.parts) > 1:
            named += [(tidy(self.parts[-1]), None), (parted(self.parts[-1], self.units)[0], None)]
        return named


@lru_cache(maxsize=16384)
def as_period(text: str, year: int | None) -> Written | None:
    try:
        return read_period(text, year=year) if any(one.isdigit() or one in "年月季度" for one in text) else None
    except NotAPeriod:
        return None


def period_of(path: Path, year: int | None) -> Written | None:
    return next((written for part in path.parts if (written := as_period(parted(part, path.units)[0], year))), None)


def paths_of(taken: Sequence[Row], merges: Merges, units: frozenset[str]) -> list[Path]:
    """One path per column; merged cells, and cells right of a group heading, take the text they are shown under."""
    width = max(len(cells) for _, cells in taken)
    grid = [[*cells, *[""] * (width - len(cells))] for _, cells in taken if not isinstance(cells, Broken)]
    for height, (line, _) in enumerate(taken):
        for column in range(width):
            if not grid[height][column].strip():
                grid[height][column] = _inherited(grid, taken, merges, height, column, line)
    return [Path(_distinct([row[column] for row in grid]), units) for column in range(width)]


def _inherited(grid: list[list[str]], taken: Sequence[Row], merges: Merges, height: int, column: int, line: int) -> str:
    anchor = merges.hidden.get((line, column))
    if anchor is not None:
        above = anchor[0] - taken[0][0]
        return grid[above][anchor[1]] if 0 <= above < len(grid) and anchor[1] < len(grid[above]) else ""
    last = height == len(grid) - 1
    under = not last and any(row[column].strip() for row in grid[height + 1 :])
    return grid[height][column - 1] if under and column and grid[height][column - 1].strip() else ""


def _distinct(parts: list[str]) -> tuple[str, ...]:
    kept: list[str] = []
    for part in parts:
        if part.strip() and (not kept or tidy(part) != tidy(kept[-1])):
            kept.append(part)
    return tuple(kept)
