"""Looking for cycles seldom while many rows are on their way in: they all live at once, and none is in a cycle."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

SELDOM = 1_000_000
"""New objects between two looks; at the usual 700 the looks cost a fifth of taking a file."""

_lock = Lock()
_usual: list[tuple[int, int, int]] = []
"""One entry for each block that is under way, each with what is usual outside of all."""


@contextmanager
def rare_collections() -> Iterator[None]:
    """For the length of the block; blocks of several threads may overlap."""
    with _lock:
        _usual.append(_usual[0] if _usual else gc.get_threshold())
        gc.set_threshold(SELDOM, *_usual[0][1:])
    try:
        yield
    finally:
        with _lock:
            usual = _usual.pop()
            if not _usual:
                gc.set_threshold(*usual)
