"""Text as every database can keep it."""

from __future__ import annotations


def storable(text: str, length: int) -> str:
    """At most `length` characters of `text` without NUL and lone surrogates, which PostgreSQL refuses."""
    cut = text[:length].replace("\0", "\ufffd")
    return cut.encode("utf-8", "replace").decode()
