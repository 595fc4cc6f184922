"""Tells a password that is guessed early: on the shipped list, or made from such a word in one of the usual ways."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

LIST = Path(__file__).with_name("common_passwords.txt")
_LOOKS_LIKE = str.maketrans({"@": "a", "4": "a", "3": "e", "1": "l", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t"})
_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "1234567890",
    "abcdefghijklmnopqrstuvwxyz",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
)
_SHORTEST_RUN = 3
_LONGER, _ADDED = 5, 2


def is_common(password: str) -> bool:
    """True for a common word, also with digits and signs around it or for letters, for runs and for repetitions."""
    plain = password.casefold()
    if len(set(plain)) <= 4 or _repeated(plain):
        return True
    return any(_is_known(core) for core in _cores(plain)) or _is_made_of_runs(plain)


def _cores(plain: str) -> set[str]:
    """The password itself and what is left without the usual ornaments."""
    bare = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", plain)
    folded = plain.translate(_LOOKS_LIKE)
    letters = re.sub(r"[\W_]+", "", plain)
    ends = re.sub(r"^[\W_]+|[\W\d_]+$", "", plain).translate(_LOOKS_LIKE)
    return {plain, bare, bare.translate(_LOOKS_LIKE), folded, letters, ends, re.sub(r"[\W\d_]+", "", plain)}


def _is_known(core: str) -> bool:
    """On the list, two words of the list side by side, or a longer one with a letter or two added."""
    words = _words()
    if core in words:
        return True
    if any(core[:cut] in words and core[cut:] in words for cut in range(3, len(core) - 2)):
        return True
    added = range(1, min(_ADDED, len(core) - _LONGER) + 1)
    return any(core[:-count] in words or core[count:] in words for count in added)


def _is_made_of_runs(plain: str) -> bool:
    """True if nothing but neighbours on the keyboard or in the alphabet, forwards or backwards, is left of it."""
    left = re.sub(r"[\W_]+", "", plain)
    for row in (*_ROWS, *(row[::-1] for row in _ROWS)):
        for length in range(len(row), _SHORTEST_RUN - 1, -1):
            for start in range(len(row) - length + 1):
                left = left.replace(row[start : start + length], "")
    return len(left) <= 2


def _repeated(plain: str) -> bool:
    """True for one piece said again and again."""
    return plain in (plain + plain)[1:-1]


@lru_cache(maxsize=1)
def _words() -> frozenset[str]:
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.casefold().split())
