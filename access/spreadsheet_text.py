"""Text that no spreadsheet takes for a formula: for every file people open in Excel or WPS (ASVS 5.0, 1.2.10)."""

from __future__ import annotations

from typing import TypeVar

LEADS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "|", "%")
"""First characters by which a spreadsheet takes a text for a formula or a command."""
_PASSED_OVER = " \u00a0\u3000\ufeff\u200b\u200c\u200d\u2060"
"""What may stand before it unseen."""
Cell = str | float | None
Given = TypeVar("Given", bound=Cell)


def harmless(cell: Given) -> Given:
    """A text that could begin a formula gets an apostrophe in front; numbers stay numbers."""
    if isinstance(cell, str) and cell.lstrip(_PASSED_OVER).startswith(LEADS):
        return f"'{cell}"  # type: ignore[return-value]
    return cell
