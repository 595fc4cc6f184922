"""`make bench`: all measures, or those named on the command line, as JSON lines."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator

from bench import (
    audit_rate,
    cached_answers,
    demo_city,
    doors,
    event_load,
    ingestion,
    latest_readings,
    memory,
    night,
    recognised,
    screens,
    soak,
)
from bench.figure import Figure

MEASURES: dict[str, Callable[[], Iterator[Figure]]] = {
    "answers": cached_answers.measure,
    "audit": audit_rate.measure,
    "latest": latest_readings.measure,
    "ingestion": ingestion.measure,
    "demo": demo_city.measure,
    "doors": doors.measure,
    "events": event_load.measure,
    "events_pg": event_load.measure_on_postgres,
    "memory": memory.measure,
    "night": night.measure,
    "recognised": recognised.measure,
    "screens": screens.measure,
}


def main(names: list[str]) -> int:
    """Run the measures in the order of the table; `soak --minutes N --speed S` is long and runs only when named."""
    if names[:1] == ["soak"]:
        return soak.main(names[1:])
    unknown = [name for name in names if name not in MEASURES]
    if unknown:
        print(f"no measure {', '.join(unknown)}; there are: {', '.join(MEASURES)}", file=sys.stderr)
        return 1
    for name in names or MEASURES:
        for figure in MEASURES[name]():
            figure.print()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
