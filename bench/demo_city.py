"""How fast the demo city's past is made up, and how fast a point is placed in its county and town."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from bench.figure import Figure, cpu_ms
from demo_city import SEED
from demo_city.history import deliveries
from geography.coordinates import Point
from geography.regions import place_of
from indicators.catalogue import load

NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)


def measure() -> Iterator[Figure]:
    """Two figures of processor time."""
    catalogue = load(Path(__file__).resolve().parent.parent)
    begun = time.process_time()
    count = sum(len(delivery.observations) for delivery in deliveries(catalogue, SEED, NOW))
    rate = round(count / (time.process_time() - begun))
    yield Figure("demo city made up", rate, "observations/s", goal=">= 100000", note=f"{count:,} observations")
    yield Figure("a point placed in county and town", cpu_ms(lambda: place_of(Point(116.6494, 23.6656)), 200), "ms CPU")
