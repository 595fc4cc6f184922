"""Chinese text made comparable: one spelling, places without their names, pieces of one to four characters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

LONGEST = 1_500
"""Characters kept of a text; what a message is about stands in its beginning."""
PLACE = "#"
"""Stands for the name of a province, city, county, district or town that was made anonymous."""

_ANONYMOUS = re.compile(r"西地省|[a-z]\d{0,2}(?=[省市县区州镇])")
_DIGITS = re.compile(r"\d+")
_BLANKS = re.compile(r"\s+")


def plain(text: str) -> str:
    """Full width to half width, small letters, no blanks, no control characters, at most LONGEST characters."""
    folded = unicodedata.normalize("NFKC", text[: 4 * LONGEST]).lower()
    kept = "".join(sign for sign in folded if unicodedata.category(sign)[0] != "C" or sign.isspace())
    return _BLANKS.sub("", kept)[:LONGEST]


def placeless(text: str) -> str:
    """`plain`, with anonymous places as # and every number as 0: A7县 and B市 read the same."""
    return _DIGITS.sub("0", _ANONYMOUS.sub(PLACE, plain(text)))


def grams(text: str, lengths: Iterable[int]) -> list[str]:
    """All pieces of the given lengths, in order, with repetitions."""
    return [text[start : start + length] for length in lengths for start in range(len(text) - length + 1)]
