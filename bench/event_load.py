"""Events under load, open-loop: reports and panels arrive at fixed moments whatever the answers take.

`python -m bench events` runs rated (2 reports and 43 panels a second) and storm (20 reports and 100 panels a second by
300 sessions), each for SECONDS, on a product of its own: embedded database, one worker. A desk in each county hears
the live stream and draws its queue anew at every notice, as browsers do; a report counts as visible when its number
stands in the queue of its county. COCKPIT_BENCH_DATA names a prepared data folder to begin with.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
COUNTIES = {
    "445102": (116.6405, 23.6995),
    "445103": (116.60, 23.56),
    "445122": (117.00, 23.66),
    "445185": (116.60, 23.65),
}
PANELS = ("wall-loop", "wall-ticker", "wall-events", "wall-map", "phone-body", "phone-tabs", "desk-queue", "desk-map")
WARM = 30.0
"""Seconds of the same load before it is measured: the timetable catches up after a start."""
SECONDS = 40.0
COMMAND = "python -m bench events"
SETTLING = 8.0
"""Seconds after the last report in which it may still become visible."""


@dataclass(frozen=True)
class Pace:
    """What arrives each second, by how many sessions, and what is to be reached (milliseconds, 99 of 100)."""

    name: str
    reports: float
    panels: float
    sessions: int
    intake: float
    visible: float


PACES = (Pace("rated", 2, 43, 40, 300, 1000), Pace("storm", 20, 100, 300, 600, 3000))


@dataclass
class Seen:
    """What was measured; times in milliseconds. A report has its county, when it was accepted, when it was visible."""

    intake: list[float] = field(default_factory=list)
    panels: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    accepted: dict[str, tuple[str, float]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    errors: dict[str, int] = field(default_factory=dict)

    def wrong(self, what: str) -> None:
        """Count one error."""
        self.errors[what] = self.errors.get(what, 0) + 1


class Lines:
    """Kept-alive connections to one server."""

    def __init__(self, port: int) -> None:
        self.port, self.idle = port, list[tuple[asyncio.StreamReader, asyncio.StreamWriter]]()

    async def ask(self, head: str, body: bytes = b"") -> tuple[int, dict[str, str], bytes]:
        """Status, headers, body."""
        reader, writer = self.idle.pop() if self.idle else await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(head.encode() + body)
        try:
            status, headers = await read_head(reader)
            told = await reader.readexactly(int(headers.get("content-length", "0"))) if status != 304 else b""
        except (OSError, asyncio.IncompleteReadError):
            writer.close()
            raise
        self.idle.append((reader, writer))
        return status, headers, told


async def read_head(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    """The status line and the headers."""
    lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    pairs = (line.partition(":") for line in lines[1:] if line)
    return int(lines[0].split()[1]), {name.lower(): value.strip() for name, _, value in pairs}


@dataclass
class Load:
    """One run against one product."""

    port: int
    pace: Pace
    cookies: list[tuple[str, str]]
    """(cookie, word against forgery) of each session."""
    desks: dict[str, str]
    seen: Seen = field(default_factory=Seen)
    dice: random.Random = field(default_factory=lambda: random.Random(4451))
    tags: dict[tuple[str, str], str] = field(default_factory=dict)
    phase: str = "warm"

    def __post_init__(self) -> None:
        self.lines = Lines(self.port)

    def head(self, verb: str, path: str, cookie: str, more: str = "") -> str:
        """A request's head."""
        return f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\n{more}\r\n"

    async def run(self) -> None:
        """Everything for SECONDS, then wait for what is still to be seen."""
        listening = [asyncio.create_task(self.desk(county, cookie)) for county, cookie in self.desks.items()]
        await asyncio.sleep(1.0)
        for self.phase, seconds in (("warm", WARM), ("load", SECONDS)):
            self.seen = Seen()
            await asyncio.gather(
                self.arrivals(self.pace.reports, seconds, self.report),
                self.arrivals(self.pace.panels, seconds, self.panel),
            )
        deadline = time.perf_counter() + SETTLING
        while set(self.seen.accepted) - self.seen.shown and time.perf_counter() < deadline:
            await asyncio.sleep(0.1)
        for task in listening:
            task.cancel()

    async def arrivals(self, rate: float, seconds: float, what: Any) -> None:
        """Begin `what` at fixed moments; slow answers do not slow the next one down."""
        begun, tasks = time.perf_counter(), set[asyncio.Task[None]]()
        for number in range(int(rate * seconds)):
            due = begun + number / rate
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            task = asyncio.create_task(what(number, due))
            tasks.add(task)
            task.add_done_callback(tasks.discard)
        await asyncio.gather(*tasks)

    async def report(self, number: int, due: float) -> None:
        """One report, timed from the moment it was due."""
        county = list(COUNTIES)[number % len(COUNTIES)]
        lon, lat = COUNTIES[county]
        mark = f"{self.pace.name}-{self.phase}-{number}"
        body = json.dumps({
            "title": f"压测上报 {mark}", "category": "S0403", "region": county, "lon": lon, "lat": lat,
            "level": 1 if self.phase == "load" else 0,
            "origin": "sensor", "origin_id": f"{mark}-{os.getpid()}", "reported_at": datetime.now(UTC).isoformat(),
        }).encode()  # fmt: skip
        cookie, word = self.cookies[number % len(self.cookies)]
        more = (
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n"
            f"X-CSRFToken: {word}\r\nIdempotency-Key: {mark}-{os.getpid()}\r\n"
        )
        try:
            status, _, told = await self.lines.ask(self.head("POST", "/api/v1/events", cookie, more), body)
        except (OSError, asyncio.IncompleteReadError) as error:
            self.seen.wrong(f"report {type(error).__name__}")
            return
        now = time.perf_counter()
        self.seen.intake.append((now - due) * 1000)
        if status == 201:
            self.seen.accepted[json.loads(told)["number"]] = county, now
        else:
            self.seen.wrong(f"report {status}")

    async def panel(self, number: int, due: float) -> None:
        """One panel as a browser asks for it: with the tag of what it shows."""
        name, (cookie, _) = self.dice.choice(PANELS), self.dice.choice(self.cookies)
        world = "real" if name == "desk-queue" else "demo"
        tag = self.tags.get((name, cookie))
        more = f"If-None-Match: {tag}\r\n" if tag else ""
        try:
            status, headers, _ = await self.lines.ask(self.head("GET", f"/panel/{name}?world={world}", cookie, more))
        except (OSError, asyncio.IncompleteReadError) as error:
            self.seen.wrong(f"panel {type(error).__name__}")
            return
        self.seen.panels.append((time.perf_counter() - due) * 1000)
        if "etag" in headers:
            self.tags[name, cookie] = headers["etag"]
        if status not in (200, 304):
            self.seen.wrong(f"panel {name} {status}")

    async def desk(self, county: str, cookie: str) -> None:
        """Listen, and draw the queue anew at every notice about events."""
        told = asyncio.Event()
        drawing = asyncio.create_task(self.redraw(county, cookie, told))
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        writer.write(self.head("GET", "/live", cookie, "Accept: text/event-stream\r\n").encode())
        try:
            while line := await reader.readline():
                if b"events:real" in line:
                    told.set()
        finally:
            drawing.cancel()
            writer.close()

    async def redraw(self, county: str, cookie: str, told: asyncio.Event) -> None:
        """One drawing at a time; what came meanwhile is in the next one."""
        while True:
            await told.wait()
            told.clear()
            head = self.head("GET", "/panel/desk-queue?world=real", cookie)
            with suppress(OSError, asyncio.IncompleteReadError):
                status, _, body = await self.lines.ask(head)
                if status == 200:
                    self.note(county, body.decode())
                elif status == 503:
                    told.set()
                    await asyncio.sleep(0.2)

    def note(self, county: str, queue: str) -> None:
        """Which of the accepted reports of this county stand in its queue for the first time."""
        now = time.perf_counter()
        for number, (where, at) in self.seen.accepted.items():
            if where == county and number not in self.seen.shown and number in queue:
                self.seen.shown.add(number)
                self.seen.visible.append((now - at) * 1000)


def measure() -> Iterator[Figure]:
    """Rated, then storm, each on a product of its own."""
    for pace in PACES:
        with running() as product:
            yield from _figures(product, pace)


@contextmanager
def running() -> Iterator[Any]:
    """A product with the demo city."""
    sys.path.insert(0, str(ROOT / "tests"))
    from product import Product, prepared_copy

    with tempfile.TemporaryDirectory(prefix="cockpit-bench-", ignore_cleanup_errors=True) as folder:
        ready, data = os.environ.get("COCKPIT_BENCH_DATA"), Path(folder) / "data"
        product = Product(prepared_copy(Path(ready), data) if ready else data)
        if not ready and product.manage("prepare").returncode:
            raise RuntimeError("prepare failed")
        try:
            yield product.start()
        finally:
            product.stop()


def _figures(product: Any, pace: Pace) -> Iterator[Figure]:
    load = Load(product.port, pace, _sessions(product, pace.sessions), _desks(product))
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    asyncio.run(load.run())
    seen, spent = load.seen, time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    share = 100 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / spent
    lost, doubled = _lost(product, seen)
    note = (
        f"{len(seen.accepted)} reports, {len(seen.panels)} panels in {SECONDS:g} s by {pace.sessions} sessions, "
        f"errors {seen.errors or 0}, not yet visible {len(set(seen.accepted) - seen.shown)}, "
        f"generator {share:.0f} % CPU"
    )
    for name, value, goal in (
        ("intake_p50", _at(seen.intake, 0.5), None),
        ("intake_p99", _at(seen.intake, 0.99), f"<= {pace.intake:g}"),
        ("visible_p50", _at(seen.visible, 0.5), None),
        ("visible_p99", _at(seen.visible, 0.99), f"<= {pace.visible:g}"),
        ("panel_p99", _at(seen.panels, 0.99), None),
    ):
        yield Figure(f"events.{pace.name}.{name}", value, "ms", goal=goal, command=COMMAND, note=note)
    name = f"events.{pace.name}.lost_or_doubled"
    yield Figure(name, float(lost + doubled), "events", goal="0", command=COMMAND, note=note)


def _at(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return round(ordered[min(len(ordered) - 1, int(share * len(ordered)))], 1) if ordered else float("nan")


def _sessions(product: Any, count: int) -> list[tuple[str, str]]:
    from access.session import SESSION_COOKIE

    with product.people() as people:
        texts = [people.session("city_officer", person=f"load{number}") for number in range(count)]
    made = []
    for text in texts:
        cookie = f"{SESSION_COOKIE}={text}"
        _, _, headers = product.get("/account", timeout=30.0, Cookie=cookie)
        made.append((cookie, headers.get("Set-Cookie", "").partition("_csrf_token=")[2].partition(";")[0]))
    return made


def _desks(product: Any) -> dict[str, str]:
    from access.session import SESSION_COOKIE

    with product.people() as people:
        return {code: f"{SESSION_COOKIE}={people.session('county_officer', code)}" for code in COUNTIES}


def _lost(product: Any, seen: Seen) -> tuple[int, int]:
    """Accepted reports that are not there, and origins that are there twice."""
    found: list[dict[str, Any]] = []
    following: str | None = ""
    while following is not None:
        page = product.json(f"/api/v1/events?origin=sensor&limit=500{following and '&cursor=' + following}")
        found += page["items"]
        following = page["next"]
    numbers, origins = {one["number"] for one in found}, [one["origin_id"] for one in found]
    return len(set(seen.accepted) - numbers), len(origins) - len(set(origins))
