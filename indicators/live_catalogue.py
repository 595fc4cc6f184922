"""The catalogue of a running process: takes up a changed file, keeps the last good version while a file is wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from indicators.catalogue import Catalogue, CatalogueErrors, Problem, content_of, digest_of, files_of, parse

Stamp = tuple[tuple[int, int, int, int] | None, ...]
"""Of each file: inode, both times of change, size; None while it is missing."""


@dataclass(frozen=True)
class _State:
    """All that readers see, replaced in one step."""

    current: Catalogue
    problems: tuple[Problem, ...] = ()
    since: datetime | None = None


class LiveCatalogue:
    """The catalogue in `folder`. `current` is always a version that passed every check.

    `problems` tells what is wrong with the files as they lie there now, `since` since when; while there are any,
    `current` is the last good version. Every process that reads the same files arrives at the same version.
    """

    def __init__(self, folder: Path, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """Load the files; CatalogueErrors if they are wrong, for there is no good version yet."""
        self.folder = folder
        self._files = files_of(folder)
        self._now = now
        self._turn = threading.Lock()
        self._stamp = self._look()
        self._digest, catalogue = self._read()
        self._state = _State(catalogue)

    @property
    def current(self) -> Catalogue:
        """The version in force."""
        return self._state.current

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the files from being taken up; empty while they are in force."""
        return self._state.problems

    @property
    def since(self) -> datetime | None:
        """When the problems were first seen."""
        return self._state.since

    def refresh(self) -> bool:
        """Look at the files; True if another version is in force or the problems changed. Costs two stat() otherwise.

        A caller that finds another at work does not wait. A file that changes while it is read is left for next time.
        """
        if not self._turn.acquire(blocking=False):
            return False
        try:
            stamp = self._look()
            if stamp == self._stamp:
                return False
            content = self._content()
            if self._look() != stamp:
                return False
            self._stamp = stamp
            return self._take(*content)
        finally:
            self._turn.release()

    def _take(self, indicators: bytes | None, departments: bytes | None) -> bool:
        before, digest = self._state, digest_of(indicators, departments)
        if digest == self._digest:
            return False
        self._digest = digest
        if digest == before.current.version:
            self._state = _State(before.current)
            return True
        try:
            self._state = _State(parse(indicators, departments))
        except CatalogueErrors as errors:
            self._state = _State(before.current, tuple(errors.problems), before.since or self._now())
        return True

    def _read(self) -> tuple[str, Catalogue]:
        indicators, departments = self._content()
        return digest_of(indicators, departments), parse(indicators, departments)

    def _look(self) -> Stamp:
        return tuple(_stamp(path) for path in self._files)

    def _content(self) -> tuple[bytes | None, bytes | None]:
        return content_of(self._files[0]), content_of(self._files[1])


def _stamp(path: Path) -> tuple[int, int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_ctime_ns, found.st_size
