"""The demo city's present: new figures leave their sources on time and come in by the doors of real ones.

What a closed door did not take is not remembered but made again: every source has its own mark of how far it was fed,
kept in `demo_feed.json`. After downtime the gap is filled, thinned like the past, for at most a week of streams.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import orjson

from datasources.delivery.observation import Observation
from datasources.delivery.period import Frequency
from demo_city.axis import DAY, local_minutes
from demo_city.city import DemoCity
from demo_city.doors import Addresses, Door, DoorClosed, DropDoor, MqttDoor, PushDoor
from demo_city.feed import Batch, batches, due, observed, places
from dispatch.figures import CODES
from dispatch.present_figures import COUNT_OF

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

log = logging.getLogger(__name__)

EVERY_SECONDS = 15
"""How often to look; a source sends when its cadence says so, at the earliest each minute."""
FIRST_GAP = 3 * 60
"""Minutes fed on the very first tick: the past was just loaded."""
LONGEST_GAP = {True: 62 * DAY, False: 7 * DAY}
"""Minutes of downtime that are made good: publications (True) and streams (False)."""
_STATE = "demo_feed.json"
TOLD_BY_LEDGER = CODES | COUNT_OF.keys()
"""The ledger of the demo city's own events tells these."""
_SLOW = frozenset({Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY})


@dataclass(frozen=True)
class Fed:
    """What one tick did: readings sent, sources whose door was closed."""

    sent: int = 0
    sources: int = 0
    waiting: tuple[str, ...] = ()


@dataclass
class Feeder:
    """Feeds the demo city. One tick at a time; `catalogue` gives the one in force, reloads included."""

    catalogue: Callable[[], Catalogue]
    seed: int
    addresses: Addresses
    data_folder: Path
    _fed_until: dict[str, int] | None = None
    _doors: dict[str, Door] = field(default_factory=dict)
    _plan: tuple[str, list[Batch], DemoCity] | None = None

    def tick(self, now: datetime) -> Fed:
        """Send everything that has become due since each source was last fed."""
        until = local_minutes(now)
        marks = self._marks()
        _, plan, city = self._planned()
        closed: set[str] = set()
        waiting: list[str] = []
        sent = fed = 0
        for batch in plan:
            mark = f"{batch.source}/{batch.frequency}"
            since = self._since(marks.get(mark), batch, until)
            if since >= until:
                continue
            try:
                count = self._feed(city, batch, since, until, closed)
            except DoorClosed as reason:
                log.debug("%s waits: %s", batch.source, reason)
                waiting.append(batch.source)
                continue
            marks[mark] = until
            sent, fed = sent + count, fed + bool(count)
        city.kept.clear()
        self._save(marks)
        return Fed(sent, fed, tuple(dict.fromkeys(waiting)))

    def close(self) -> None:
        """Close all doors."""
        for door in self._doors.values():
            door.close()
        self._doors.clear()

    def _feed(self, city: DemoCity, batch: Batch, since: int, until: int, closed: set[str]) -> int:
        readings = list(_due(city, batch, since, until))
        if not readings:
            return 0
        name = self._door_of(batch)
        if name in closed:
            raise DoorClosed(name)
        try:
            self._opened(name).send(batch.source, readings)
        except DoorClosed:
            closed.add(name)
            raise
        return len(readings)

    def _since(self, mark: int | None, batch: Batch, until: int) -> int:
        earliest = until - LONGEST_GAP[batch.frequency in _SLOW]
        return max(until - FIRST_GAP if mark is None else mark, earliest)

    def _door_of(self, batch: Batch) -> str:
        """Reports come as files; streams by the broker if there is one; the rest is pushed."""
        if batch.frequency in _SLOW:
            return "drop"
        return "mqtt" if batch.kind == "mqtt" and self.addresses.mqtt_url else "push"

    def _opened(self, name: str) -> Door:
        if name not in self._doors:
            self._doors[name] = self._open(name)
        return self._doors[name]

    def _open(self, name: str) -> Door:
        if name == "drop":
            return DropDoor(self.addresses.drop_folder, self.catalogue())
        if name == "mqtt" and self.addresses.mqtt_url:
            return MqttDoor(self.addresses.mqtt_url)
        return PushDoor(self.addresses.push_url, self.addresses.token)

    def _planned(self) -> tuple[str, list[Batch], DemoCity]:
        """The batches of the catalogue in force, made anew when it changes."""
        catalogue = self.catalogue()
        if self._plan is not None and self._plan[0] == catalogue.version:
            return self._plan
        if self._plan is not None:
            self._doors.pop("drop", None)
        self._plan = catalogue.version, batches(catalogue), DemoCity(catalogue, self.seed)
        return self._plan

    # The marks

    def _marks(self) -> dict[str, int]:
        if self._fed_until is None:
            self._fed_until = self._kept_marks()
        return self._fed_until

    def _kept_marks(self) -> dict[str, int]:
        """The marks of the last run; none if the file is missing or was cut off."""
        try:
            kept = orjson.loads((self.data_folder / _STATE).read_bytes())
            return {str(source): int(minute) for source, minute in kept.items()}
        except (OSError, ValueError, AttributeError, TypeError):
            return {}

    def _save(self, marks: dict[str, int]) -> None:
        self.data_folder.mkdir(parents=True, exist_ok=True)
        half = self.data_folder / (_STATE + ".part")
        half.write_bytes(orjson.dumps(marks))
        half.replace(self.data_folder / _STATE)


def _due(city: DemoCity, batch: Batch, since: int, until: int) -> Iterable[Observation]:
    for indicator in batch.indicators:
        if indicator.code in TOLD_BY_LEDGER:
            continue
        axis = due(city.seed, batch, indicator, since, until)
        for region in places(city.catalogue, indicator) if len(axis) else ():
            yield from observed(city, indicator.code, region, axis)
