"""A wall left alone, faster than life: what it keeps in memory, how much it asks, and whether it heals by itself.

`python -m bench soak --minutes N --speed 4` opens the wall on a product of its own and announces changes so many times
as often as in life. In between the server ends and starts again and the browser loses its network (five minutes of the
wall's time). Slopes are Theil–Sen estimates (the median of all slopes between pairs), which one outage cannot bend.
"""

from __future__ import annotations

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import sqrt
from pathlib import Path
from socket import socket
from statistics import median
from typing import Any

from playwright.sync_api import sync_playwright

from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = 5.0
"""Seconds between samples."""
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--disable-component-update", "--disable-sync", "--enable-precise-memory-info")  # fmt: skip
MEGABYTE = 1_000_000.0


@dataclass(frozen=True)
class Pace:
    """How long, and how many times as fast as life."""

    minutes: float = 4.0
    speed: float = 4.0

    @property
    def every(self) -> float:
        """Seconds between full refreshes: once a minute in life."""
        return 60.0 / self.speed

    @property
    def offline(self) -> float:
        """Seconds without network: five minutes in life."""
        return 300.0 / self.speed


@dataclass
class Samples:
    """What was seen at each moment: seconds, heap bytes after collection, nodes, listeners, requests under way."""

    at: list[float] = field(default_factory=list)
    heap: list[float] = field(default_factory=list)
    nodes: list[float] = field(default_factory=list)
    listeners: list[float] = field(default_factory=list)
    pending: list[int] = field(default_factory=list)
    healed: dict[str, float] = field(default_factory=dict)
    requests: int = 0
    under_way: int = 0


def theil_sen(xs: Sequence[float], ys: Sequence[float]) -> float:
    """The median slope of all pairs (Sen 1968); 0.0 with fewer than two points."""
    slopes = [(y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(zip(xs, ys, strict=True), 2) if x2 != x1]
    return median(slopes) if slopes else 0.0


def sen_interval(xs: Sequence[float], ys: Sequence[float]) -> tuple[float, float]:
    """The 95 % interval of `theil_sen` by the ranks of the slopes (Gilbert 1987, 16.5); no time may come twice."""
    count = len(xs)
    slopes = sorted((y2 - y1) / (x2 - x1) for (x1, y1), (x2, y2) in combinations(zip(xs, ys, strict=True), 2))
    if not slopes:
        return 0.0, 0.0
    reach = 1.96 * sqrt(count * (count - 1) * (2 * count + 5) / 18)
    low, high = int((len(slopes) - reach) / 2), int((len(slopes) + reach) / 2) + 1
    return slopes[max(low, 0)], slopes[min(high, len(slopes) - 1)]


def main(arguments: list[str]) -> int:
    """Read the pace and print the figures."""
    parser = argparse.ArgumentParser(prog="bench soak")
    parser.add_argument("--minutes", type=float, default=Pace.minutes)
    parser.add_argument("--speed", type=float, default=Pace.speed)
    asked = parser.parse_args(arguments)
    for figure in measure(Pace(asked.minutes, asked.speed)):
        figure.print()
    return 0


def measure(pace: Pace) -> Iterator[Figure]:
    """Heap and nodes per wall-hour, requests per wall-minute, seconds until each outage is over."""
    with tempfile.TemporaryDirectory() as folder:
        product = Product(Path(folder))
        product.prepare()
        product.start()
        try:
            found = _soaked(product, pace)
        finally:
            product.stop()
    hours = [second * pace.speed / 3600 for second in found.at]
    note = f"{pace.minutes:g} min at {pace.speed:g}x, {len(found.at)} samples, Theil–Sen"
    steady = len(found.at) // 4
    heap = theil_sen(hours[steady:], found.heap[steady:]) / MEGABYTE
    low, high = (edge / MEGABYTE for edge in sen_interval(hours[steady:], found.heap[steady:]))
    heap_note = f"{note}; 95 % {low:.2f} to {high:.2f}; {found.heap[-1] / MEGABYTE:.1f} MB at the end"
    yield Figure("wall heap", round(heap, 3), "MB per wall-hour", goal="<= 2", note=heap_note)
    yield Figure("wall requests under way", max(found.pending), "at most", note="the stream is one of them")
    yield Figure(
        "wall nodes", round(theil_sen(hours[steady:], found.nodes[steady:]), 1), "nodes per wall-hour", goal="0"
    )
    listeners = round(theil_sen(hours[steady:], found.listeners[steady:]), 1)
    yield Figure("wall listeners", listeners, "listeners per wall-hour", goal="0")
    asked = found.requests / (pace.minutes * pace.speed)
    yield Figure("wall requests", round(asked, 1), "requests per wall-minute", note="16:9, all panels once a minute")
    for outage, seconds in found.healed.items():
        yield Figure(f"wall heals: {outage}", round(seconds, 1), "s until live again", goal="<= 30")


@dataclass
class Product:
    """A product of the measurement's own."""

    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def prepare(self) -> None:
        """Its own port; a prepared data folder is copied if SOAK_DATA names one, else made."""
        with socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        ready = os.environ.get("SOAK_DATA")
        if ready:
            shutil.copytree(ready, self.folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("*.pid", "*.log"))
        else:
            subprocess.run([sys.executable, "manage.py", "prepare"], cwd=ROOT, env=self._environment(), check=True)

    def start(self) -> None:
        """Start and wait until it answers."""
        self.process = subprocess.Popen(
            [sys.executable, "manage.py", "run"], cwd=ROOT, env=self._environment(), start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        end = time.monotonic() + 120
        while not self._answers():
            if time.monotonic() > end:
                raise TimeoutError("the product did not start")
            time.sleep(0.5)

    def screen_token(self) -> str:
        """A token for the wall, as an administrator hands it out."""
        made = subprocess.run(
            [sys.executable, "manage.py", "token", "add", "空转", "--screen"], cwd=ROOT, env=self._environment(),
            check=True, capture_output=True, text=True,
        )  # fmt: skip
        return made.stdout.strip().rpartition("#")[2]

    def stop(self) -> None:
        """End it as a service manager would."""
        if self.process and self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            self.process.wait(30)

    def _answers(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=2) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _environment(self) -> dict[str, str]:
        return {**os.environ, "COCKPIT_DATA": str(self.folder), "PORT": str(self.port)}


def _soaked(product: Product, pace: Pace) -> Samples:
    with sync_playwright() as driver:
        chromium = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = driver.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        context = browser.new_context(viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
        page = context.new_page()
        found = Samples()
        page.on("request", lambda _: _count(found, 1))
        page.on("requestfinished", lambda _: _count(found, -1))
        page.on("requestfailed", lambda _: _count(found, -1))
        page.goto(f"{product.url}/sign-in/screen/{product.screen_token()}")
        page.goto(f"{product.url}/wall?world=demo")
        _until(page, "document.querySelectorAll('#panel-wall-tiles a.t').length === 27", 60)
        found.requests = 0
        _run(page, context, product, found, pace)
        browser.close()
    return found


def _count(found: Samples, change: int) -> None:
    found.requests += max(change, 0)
    found.under_way += change


def _run(page: Any, context: Any, product: Product, found: Samples, pace: Pace) -> None:
    """Refresh and sample until the time is over; the outages come at a third and at half of it."""
    begun, length = time.monotonic(), pace.minutes * 60
    tools = context.new_cdp_session(page)
    outages: list[tuple[float, str, Callable[[], None]]] = [
        (length / 3, "server restart", lambda: _restart(product)),
        (length / 2, "offline", lambda: _offline(context, pace.offline)),
    ]
    refreshed = 0.0
    while (past := time.monotonic() - begun) < length:
        if outages and past > outages[0][0]:
            _, name, happen = outages.pop(0)
            happen()
            found.healed[name] = _healed(page)
        if past - refreshed > pace.every:
            refreshed = past
            page.evaluate("cockpit.live.announce(['*'])")
        _sample(page, tools, found, past)
        page.wait_for_timeout(SAMPLE * 1000)


def _sample(page: Any, tools: Any, found: Samples, past: float) -> None:
    tools.send("HeapProfiler.collectGarbage")
    counted = tools.send("Memory.getDOMCounters")
    found.at.append(past)
    found.heap.append(page.evaluate("performance.memory.usedJSHeapSize"))
    found.nodes.append(counted["nodes"])
    found.listeners.append(counted["jsEventListeners"])
    found.pending.append(found.under_way)


def _restart(product: Product) -> None:
    product.stop()
    time.sleep(20)
    product.start()


def _offline(context: Any, seconds: float) -> None:
    context.set_offline(True)
    time.sleep(seconds)
    context.set_offline(False)


def _healed(page: Any) -> float:
    """Seconds until the page says by itself that it is live and no panel is held back."""
    begun = time.monotonic()
    _until(page, "document.documentElement.dataset.link === 'live' && !document.querySelector('[data-held]')", 90)
    return time.monotonic() - begun


def _until(page: Any, expression: str, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not page.evaluate(expression):
        if time.monotonic() > end:
            raise TimeoutError(expression)
        page.wait_for_timeout(200)
