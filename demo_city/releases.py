"""When figures of the demo city leave their source: punctual, unless an episode says otherwise.

Publications come a little before the promised hour; streams send on the grid of their cadence.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from datasources.delivery.period import Frequency
from demo_city.axis import DAY, Axis, index_at, stretch
from demo_city.episodes import between
from demo_city.noise import Ints
from indicators.freshness import duration

if TYPE_CHECKING:
    from indicators.definition import Cadence

_HOURLY_HEADSTART = 3
_DAILY_HEADSTART = 20
_TRICKLE = 20
"""Minutes after its end at which a day's or month's figure of a stream is sent."""
_OFFICE_OPENS = 9 * 60 + 30
_DAY_OF_MONTH = 20
_YEARLY_MONTH = 3


def grid(cadence: Cadence, frequency: Frequency) -> int:
    """Minutes between two readings of a point-like stream; 1 for everything that has whole periods."""
    if frequency not in (Frequency.MINUTE, Frequency.REALTIME) or cadence.every is None:
        return 1
    return max(int(duration(cadence.every).total_seconds() // 60), 1)


def published(cadence: Cadence, axis: Axis) -> Ints:
    """The local minute at which each period's figure leaves the source."""
    if axis.frequency in (Frequency.MINUTE, Frequency.REALTIME):
        return axis.starts
    if axis.is_slow:
        return axis.ends + _TRICKLE if cadence.release is None else _release_day(cadence, axis)
    if axis.frequency is Frequency.HOURLY:
        return axis.ends + max(_clock(cadence.at, 15) % 60 - _HOURLY_HEADSTART, 1)
    return axis.ends + max(_clock(cadence.at, 9 * 60) - _DAILY_HEADSTART, _TRICKLE)


def _release_day(cadence: Cadence, axis: Axis) -> Ints:
    """Mid-morning of the promised day in the month after the period; years appear in the promised month."""
    months = index_at(Frequency.MONTHLY, axis.ends)
    if axis.frequency is Frequency.YEARLY or cadence.release == "yearly":
        months = months + (cadence.month or _YEARLY_MONTH) - 1
    month = Axis(Frequency.MONTHLY, months)
    day = np.minimum(cadence.day or _DAY_OF_MONTH, (month.ends - month.starts) // DAY)
    return month.starts + (day - 1) * DAY + _OFFICE_OPENS


def _clock(at: str | None, otherwise: int) -> int:
    """Minutes after midnight of '09:00'."""
    return int(at[:2]) * 60 + int(at[3:]) if at else otherwise


def newest(cadence: Cadence, frequency: Frequency, minute: int) -> int:
    """The index of the newest period whose figure has left a punctual source by local `minute`."""
    here = int(index_at(frequency, np.array([minute], dtype=np.int64))[0])
    step = grid(cadence, frequency)
    if step > 1 or frequency in (Frequency.MINUTE, Frequency.REALTIME):
        return here - here % step
    axis = stretch(frequency, here - 3, here)
    out = np.flatnonzero(published(cadence, axis) <= minute)
    return int(axis.index[out[-1]]) if len(out) else here - 4


def delivered(seed: int, codes: frozenset[str], leaves: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """When the figures of a source with these codes really arrive, and which do at all.

    A dead source loses what it should have sent meanwhile; a late publication waits for the end of its episode.
    """
    arrives, sent = leaves.copy(), np.ones(len(leaves), dtype=bool)
    if not len(leaves):
        return arrives, sent
    first, last = int(leaves.min()), int(leaves.max()) + 1
    for episode in between(seed, "dead_source", first, last):
        if codes.intersection(episode.indicators):
            sent &= (leaves < episode.begin) | (leaves >= episode.finish)
    for episode in between(seed, "late_release", first, last):
        if codes.intersection(episode.indicators):
            waits = (leaves >= episode.begin) & (leaves < episode.finish)
            arrives = np.where(waits, episode.finish, arrives)
    return arrives, sent
