"""Text as it may stand in one line of a record, a log or a table: nothing hidden, nothing that breaks the line."""

from __future__ import annotations

import re

from database.storable import storable

_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
"""Control characters, line separators, and those that turn or hide the text around them."""


def one_line(text: str, length: int) -> str:
    """At most `length` characters; each run of what cannot be seen becomes one space."""
    return storable(_UNSEEN.sub(" ", text), length)
