"""A sheet as a reader would see it: numbered rows of text, whatever file it came from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple


class Broken(NamedTuple):
    """A line whose bytes could not be turned into cells."""

    raw: str
    message: str
    check: str = "unreadable"


Row = tuple[int, "list[str] | Broken"]
"""Line number in the file (from 1) and its cells."""


@dataclass(frozen=True)
class Merges:
    """Cells that a merged cell hides: (line, column from 0) -> where its text stands."""

    hidden: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)

    def hides(self, line: int, column: int) -> bool:
        """True if the cell shows the text of a cell above or to the left of it."""
        return (line, column) in self.hidden


@dataclass(frozen=True)
class Sheet:
    """One table of a file. `ragged`: a row shorter or longer than the heading is damaged (text files)."""

    name: str
    rows: Iterator[Row]
    date1904: bool = False
    ragged: bool = False
    merges: Merges = Merges()
    note: str = ""
    """How the file was read, for the record: encoding or format."""


class Refused(Exception):
    """The whole file is turned away; the message says why and what to do, in Chinese."""
