"""Panels the live program fetched: one question to the page server per address, version and lens, whoever asks."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from access.request_marks import WROTE_HEADER
from api.upstream import Answer, Upstream, UpstreamDown
from database.flights import Flights
from database.workers import TooSlow, Workers

COPIES = 500
FRESH_SECONDS = 5.0
"""A copy older than this is compared again even if nothing was announced: freshness grows old without a notice."""
PATIENCE = 4.0


@dataclass(frozen=True, slots=True)
class Asker:
    """Whoever asks: `key` is equal for those who may share an answer, `headers` say to the page server who it is."""

    key: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Copy:
    """An answer with the versions of its topics when it was asked for."""

    answer: Answer
    versions: Mapping[str, int]
    fetched: float

    @property
    def rests(self) -> float:
        """Seconds before which the page server has nothing newer, whatever moved; 0 if it did not say so."""
        given = self.answer.headers.get("X-Again", "")
        return int(given) / 1000 if given.isdigit() else 0.0

    def is_of(self, versions: Mapping[str, int]) -> bool:
        """True if none of its topics moved since."""
        return all(versions.get(topic, 0) == version for topic, version in self.versions.items())


class PanelCopies:
    """See the module. While no page server answers the last copy is given, marked as degraded."""

    def __init__(self, upstream: Upstream, clock: Callable[[], float] = time.monotonic) -> None:
        self._upstream = upstream
        self._clock = clock
        self._copies: OrderedDict[tuple[str, str], Copy] = OrderedDict()
        self._lock = threading.Lock()
        self._flights: Flights[Copy] = Flights(Workers(16, "panel-copies"))

    def get(self, address: str, versions: Mapping[str, int], asker: Asker) -> Answer:
        """The panel at `address`; UpstreamDown if there is neither answer nor copy."""
        kept = self._copies.get((asker.key, address))
        if kept and WROTE_HEADER not in asker.headers and self._is_good(kept, versions):
            return kept.answer
        try:
            return self._fetched(address, versions, asker).answer
        except (UpstreamDown, TooSlow) as trouble:
            if kept is None:
                raise UpstreamDown(address) from trouble
            return Answer(kept.answer.status, {**kept.answer.headers, "X-Degraded": "1"}, kept.answer.body)

    def _is_good(self, kept: Copy, versions: Mapping[str, int]) -> bool:
        age = self._clock() - kept.fetched
        return age < kept.rests if kept.rests else kept.is_of(versions) and age < FRESH_SECONDS

    def _fetched(self, address: str, versions: Mapping[str, int], asker: Asker) -> Copy:
        """A copy at least as new as `versions`; work found under way may have begun before."""
        key = f"{asker.key} {asker.headers.get(WROTE_HEADER, '')} {address}"
        copy = self._flights.join(key, lambda: self._fetch(address, versions, asker)).wait(PATIENCE)
        if not copy.is_of(versions):
            copy = self._flights.join(key, lambda: self._fetch(address, versions, asker)).wait(PATIENCE)
        return copy

    def _fetch(self, address: str, versions: Mapping[str, int], asker: Asker) -> Copy:
        answer = self._upstream.get(address, asker.headers)
        topics = answer.headers.get("X-Topics", "").split()
        copy = Copy(answer, {topic: versions.get(topic, 0) for topic in topics}, self._clock())
        if answer.status == 200:
            self._keep((asker.key, address), copy)
        return copy

    def _keep(self, place: tuple[str, str], copy: Copy) -> None:
        with self._lock:
            self._copies.pop(place, None)
            self._copies[place] = copy
            while len(self._copies) > COPIES:
                self._copies.popitem(last=False)
