"""One measured figure as one JSON line, and the ways of measuring."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True)
class Figure:
    """What was measured, in what unit, against what goal, and how the plain way did in the same run."""

    name: str
    value: float
    unit: str
    plain: float | None = None
    plain_way: str | None = None
    goal: str | None = None
    command: str = "make bench"
    note: str | None = None

    def print(self) -> None:
        """Write it as a JSON line; `ratio` says how many times better than the plain way: faster, more or fewer."""
        line: dict[str, Any] = {key: value for key, value in asdict(self).items() if value is not None}
        if self.plain is not None and self.value:
            more_is_better = self.unit.endswith("/s")
            line["ratio"] = round(self.value / self.plain if more_is_better else self.plain / self.value, 2)
        print(json.dumps(line, ensure_ascii=False), flush=True)


def median_ms(work: Callable[[], object], repeats: int = 200) -> float:
    """Median wall time of one call in milliseconds, after three calls to warm up."""
    for _ in range(3):
        work()
    times = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        times.append(time.perf_counter() - begun)
    return round(statistics.median(times) * 1000, 4)


def cpu_ms(work: Callable[[], object], repeats: int = 500) -> float:
    """Mean CPU time of one call in milliseconds, of the whole process."""
    for _ in range(3):
        work()
    begun = time.process_time()
    for _ in range(repeats):
        work()
    return round((time.process_time() - begun) / repeats * 1000, 4)
