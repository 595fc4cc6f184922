"""The rules of a running process: takes up a changed file, keeps the last good version while it is wrong."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from weakref import WeakKeyDictionary, ref

from decisions.warning_rules import PRODUCT, WARNINGS, Rules, load
from indicators.catalogue import Catalogue, CatalogueErrors
from indicators.live_catalogue import LiveCatalogue
from indicators.problems import Problem

Stamp = tuple[int, int, int]


class LiveRules:
    """`current()` is always a version that passed every check; `problems` tells what is wrong with a newer one."""

    def __init__(self, folder: Path, catalogue: Callable[[], Catalogue]) -> None:
        """Load the rules; CatalogueErrors if they are wrong, for there is no good version yet."""
        self._file = folder / WARNINGS if (folder / WARNINGS).exists() else PRODUCT / WARNINGS
        self._catalogue = catalogue
        self._seen = self._look()
        self._rules = load(self._file, catalogue())
        self.problems: tuple[Problem, ...] = ()

    def current(self) -> Rules:
        """The rules in force, after a look whether file or catalogue changed."""
        seen = self._look()
        if seen != self._seen:
            self._seen = seen
            try:
                self._rules, self.problems = load(self._file, self._catalogue()), ()
            except CatalogueErrors as errors:
                self.problems = tuple(errors.problems)
        return self._rules

    def _look(self) -> tuple[Stamp | None, str]:
        try:
            found = self._file.stat()
        except OSError:
            return None, self._catalogue().version
        return (found.st_ino, found.st_mtime_ns, found.st_size), self._catalogue().version


_AT_HAND: WeakKeyDictionary[LiveCatalogue, LiveRules] = WeakKeyDictionary()


def at_hand(catalogue: LiveCatalogue) -> LiveRules:
    """The rules beside this catalogue, one for a process; CatalogueErrors while the file is wrong from the start."""
    found = _AT_HAND.get(catalogue)
    if found is None:
        held = ref(catalogue)
        found = _AT_HAND[catalogue] = LiveRules(catalogue.folder, lambda: _still(held))
    return found


def _still(held: ref[LiveCatalogue]) -> Catalogue:
    """The catalogue in force; whoever asks for its rules still holds it."""
    live = held()
    if live is None:
        raise LookupError("the catalogue is gone")
    return live.current
