"""Memory of the whole product at rest: every process of `make run`, shared pages counted once."""

from __future__ import annotations

import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
REST_SECONDS = 20.0
BUSY_SECONDS = 900.0
"""Longest wait for the commands that the timetable runs aside after a start: forecasts, learning."""


def measure() -> Iterator[Figure]:
    """Start the product with the demo city, ask for its pages once, let it rest and add up its processes."""
    sys.path.insert(0, str(ROOT / "tests"))
    from product import Product

    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    product = Product(folder)
    try:
        done = product.manage("prepare")
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        begun = time.perf_counter()
        product.start()
        yield Figure("second start until /readyz", round(time.perf_counter() - begun, 2), "s", goal="<= 10")
        for path in ("/", "/_dash-layout", "/_dash-dependencies", "/api/v1/themes", "/sources"):
            product.get(path)
        assert product.process
        most = _rested(product.process.pid)
        parts = dict(_processes(product.process.pid))
        yield Figure("memory while commands run aside, all processes", most, "MB PSS", note="most seen in steps of 2 s")
        yield Figure(
            "memory at rest, all processes", round(sum(parts.values())), "MB PSS", goal="<= 250", note=str(parts)
        )
    finally:
        product.stop()
        shutil.rmtree(folder, ignore_errors=True)


def _rested(first: int) -> int:
    """Wait until nothing has run aside for REST_SECONDS; the most MB seen meanwhile."""
    most, calm, end = 0.0, time.monotonic(), time.monotonic() + BUSY_SECONDS
    while time.monotonic() - calm < REST_SECONDS and time.monotonic() < end:
        time.sleep(2)
        parts = dict(_processes(first))
        most = max(most, sum(parts.values()))
        if any("manage.py" in name and " run " not in f"{name} " for name in parts):
            calm = time.monotonic()
    return round(most)


def _processes(first: int) -> Iterator[tuple[str, float]]:
    """A short name and the proportional set size in MB of a process and all below it."""
    for pid in _family(first):
        try:
            rollup = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
            words = Path(f"/proc/{pid}/cmdline").read_bytes().decode().split("\0")
        except OSError:  # ended meanwhile
            continue
        kilobytes = next((int(line.split()[1]) for line in rollup if line.startswith("Pss:")), 0)
        yield (
            f"{Path(words[1]).name if len(words) > 1 else words[0]} {' '.join(words[2:4])} {pid}",
            round(kilobytes / 1024, 1),
        )


def _family(first: int) -> list[int]:
    parents: dict[int, list[int]] = {}
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue
            parents.setdefault(parent, []).append(int(folder.name))
    found, waiting = [], [first]
    while waiting:
        pid = waiting.pop()
        found.append(pid)
        waiting += parents.get(pid, [])
    return found
