"""Made-up series with planted anomalies, of the kinds a city's sources deliver."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import numpy as np

from decisions.watch_nab import Array, Labelled

SEED = 20260102
EACH = 5
"""Series of each kind."""
STEP = timedelta(minutes=5)
DAY = 288
"""Steps of a day."""
IN_WINDOWS = 0.10
"""Share of a file's rows within its windows, as in the benchmark."""
START = datetime(2026, 1, 1, tzinfo=UTC)

Random = np.random.Generator


def made_series(seed: int = SEED) -> list[Labelled]:
    """Always the same for the same seed."""
    return [
        _planted(f"{name} {number}", make, plants, np.random.default_rng([seed, kind, number]))
        for kind, (name, (make, plants)) in enumerate(KINDS.items())
        for number in range(EACH)
    ]


def _planted(name: str, make: Make, plants: tuple[Plant, ...], random: Random) -> Labelled:
    rows, count = int(random.integers(1600, 4100)), int(random.integers(1, 4))
    values = make(random, rows)
    spread = float(values.std())
    starts = np.sort(random.integers(int(0.2 * rows), int(0.92 * rows), count))
    for start in starts:
        stretch = slice(int(start), min(rows, int(start + random.integers(2, 60))))
        plants[int(random.integers(len(plants)))](random, values, stretch, spread)
    times = tuple(START + row * STEP for row in range(rows))
    return Labelled(name, times, values, _windows(starts.tolist(), rows))


def _windows(starts: list[int], rows: int) -> tuple[tuple[int, int], ...]:
    """A window around each start; those that meet become one."""
    half = int(IN_WINDOWS / 2 * rows / len(starts))
    made: list[tuple[int, int]] = []
    for start in starts:
        first, last = max(0, start - half), min(rows - 1, start + half)
        if made and first <= made[-1][1]:
            first = made.pop()[0]
        made.append((first, last))
    return tuple(made)


def _wander(random: Random, rows: int, memory: float) -> Array:
    """Autoregressive noise."""
    steps = random.normal(0, 1, rows)
    for row in range(1, rows):
        steps[row] += memory * steps[row - 1]
    return steps


def _day(random: Random, rows: int, length: int = DAY) -> Array:
    wave: Array = np.sin(2 * np.pi * np.arange(rows) / length + random.uniform(0, 2 * np.pi))
    return wave


def _load(random: Random, rows: int) -> Array:
    """A machine's load with short spikes."""
    spikes = (random.random(rows) < 0.01) * random.gamma(2, 8, rows)
    return 40 + 2 * _wander(random, rows, 0.7) + random.uniform(0, 8) * _day(random, rows) + spikes


def _calls(random: Random, rows: int) -> Array:
    """Counts of calls or posts: a day, and rushes of their own."""
    mean = random.uniform(5, 60) * np.exp(0.7 * _day(random, rows))
    counts = random.negative_binomial(random.uniform(1.5, 5), 1 / (1 + mean / 3)).astype(float)
    rushes: Array = (random.random(rows) < 0.004) * counts.std() * random.gamma(2, 2, rows)
    return counts + rushes


def _temperature(random: Random, rows: int) -> Array:
    """Hourly, slow."""
    return 70 + _wander(random, rows, 0.97) + 2 * _day(random, rows, 24)


def _nightly(random: Random, rows: int) -> Array:
    """Little, save for a job each day."""
    at_work = np.arange(rows) % DAY < random.integers(2, 9)
    made: Array = 50 * (1 + 0.1 * random.random(rows)) + at_work * random.normal(500, 60, rows)
    return made


def _price(random: Random, rows: int) -> Array:
    """A price with a long tail."""
    price = 0.1 * np.exp(random.normal(0, random.uniform(0.2, 0.5), rows))
    made: Array = price * (1 + (random.random(rows) < 0.01) * random.gamma(2, 1, rows))
    return made


def _shift(random: Random, values: Array, stretch: slice, spread: float) -> None:
    values[stretch.start :] += random.choice([-1, 1]) * random.uniform(1.5, 4) * spread


def _raise(random: Random, values: Array, stretch: slice, spread: float) -> None:
    values[stretch] += random.uniform(4, 9) * spread


def _freeze(random: Random, values: Array, stretch: slice, spread: float) -> None:
    values[stretch] = values[stretch.start]


def _shake(random: Random, values: Array, stretch: slice, spread: float) -> None:
    values[stretch] += random.normal(0, 3 * spread, len(values[stretch]))


def _rush(random: Random, values: Array, stretch: slice, spread: float) -> None:
    fading = np.exp(-2 * np.arange(len(values[stretch])) / len(values[stretch]))
    values[stretch] += values.mean() * random.uniform(3, 10) * fading


def _sink(random: Random, values: Array, stretch: slice, spread: float) -> None:
    values[stretch] -= random.uniform(3, 6) * spread * np.linspace(0.2, 1, len(values[stretch]))


def _vanish(random: Random, values: Array, stretch: slice, spread: float) -> None:
    values[stretch] = 0.0


Make = Callable[[Random, int], Array]
Plant = Callable[[Random, Array, slice, float], None]
KINDS: dict[str, tuple[Make, tuple[Plant, ...]]] = {
    "load": (_load, (_shift, _raise, _freeze, _shake)),
    "calls": (_calls, (_rush,)),
    "temperature": (_temperature, (_sink, _raise)),
    "nightly job": (_nightly, (_raise, _rush)),
    "price": (_price, (_shift, _raise, _vanish, _shake)),
}
