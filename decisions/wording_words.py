"""The words of public affairs with the matters they belong to, read from `wording_words.txt`."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from decisions.wording import placeless

TABLE = Path(__file__).with_suffix(".txt")


@dataclass(frozen=True)
class Found:
    """A known word in a text: characters start to end (exclusive)."""

    word: str
    start: int

    @property
    def end(self) -> int:
        """Position after the last character."""
        return self.start + len(self.word)


@dataclass(frozen=True)
class Words:
    """Matters by word; a word may belong to several."""

    matters: dict[str, tuple[str, ...]]

    @cached_property
    def longest(self) -> int:
        """Characters of the longest word."""
        return max(map(len, self.matters), default=0)

    def find(self, text: str) -> list[Found]:
        """Known words from left to right, the longest first, none inside another (forward maximum matching)."""
        found, start = [], 0
        while start < len(text):
            word = self._word_at(text, start)
            if word:
                found.append(Found(word, start))
            start += max(len(word), 1)
        return found

    def _word_at(self, text: str, start: int) -> str:
        for length in range(min(self.longest, len(text) - start), 1, -1):
            if text[start : start + length] in self.matters:
                return text[start : start + length]
        return ""


def read_words(path: Path) -> Words:
    """Lines `matter: word word ...`; further lines of a matter may be indented. # starts a comment."""
    matters: dict[str, dict[str, None]] = {}
    matter = ""
    for line in path.read_text(encoding="utf-8").splitlines():
        head, colon, tail = line.partition(":")
        matter, listed = (head.strip(), tail) if colon else (matter, line)
        for word in () if line.startswith("#") else listed.split():
            matters.setdefault(placeless(word), {})[matter] = None
    return Words({word: tuple(among) for word, among in matters.items()})


@lru_cache(maxsize=1)
def public_affairs() -> Words:
    """The shipped table."""
    return read_words(TABLE)
