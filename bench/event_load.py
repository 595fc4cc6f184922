"""Events under load, open-loop: reports and panels arrive at fixed moments whatever the answers take.

`python -m bench events` runs rated (2 reports and 43 panels a second) and storm (20 reports and 100 panels a second by
300 sessions), each for SECONDS, on a product of its own: embedded database, one worker. A desk in each county hears
the live stream and draws its queue anew at every notice, as browsers do; a report counts as visible when its number
stands in the queue of its county. Before the load the same panels are asked for without reports: what the server
spends on them is taken off its time under load, the rest is what a report costs with all it sets moving. After the
storm comes a burst of BURST reports in one second. COCKPIT_BENCH_DATA names a prepared data folder to begin with;
`events_pg` is the same in the production layout: PostgreSQL, Redis, two page workers, the live program.
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
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import server_cpu
from bench.figure import Figure
from bench.lines import Lines

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
CALM = 12.0
"""Seconds of panels without reports: what the server spends on a panel when nothing moves."""
BURST = 200
PAGES = "app:server"
"""What the command line of a page server says."""
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
    has_burst: bool = False


PACES = (Pace("rated", 2, 43, 40, 300, 1000), Pace("storm", 20, 100, 300, 600, 3000, has_burst=True))


@dataclass
class Seen:
    """What was measured; times in milliseconds. A report has its county, when it was accepted, when it was visible."""

    intake: list[float] = field(default_factory=list)
    panels: list[float] = field(default_factory=list)
    visible: list[float] = field(default_factory=list)
    accepted: dict[str, tuple[str, float]] = field(default_factory=dict)
    shown: set[str] = field(default_factory=set)
    errors: dict[str, int] = field(default_factory=dict)
    spent: float = 0.0
    """Seconds of processor of the page servers."""
    drawings: int = 0
    """Panels the desks asked for after a notice."""

    def wrong(self, what: str) -> None:
        """Count one error."""
        self.errors[what] = self.errors.get(what, 0) + 1


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
    live_port: int = 0
    """Of the live program, where there is one."""
    parent: int = 0
    """The process below which the page servers run."""
    phases: dict[str, Seen] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.lines = Lines(self.port)

    def head(self, verb: str, path: str, cookie: str, more: str = "") -> str:
        """A request's head."""
        return f"{verb} {path} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\nCookie: {cookie}\r\n{more}\r\n"

    async def run(self) -> None:
        """Everything for SECONDS, then wait for what is still to be seen; after a storm the burst."""
        listening = [asyncio.create_task(self.desk(county, cookie)) for county, cookie in self.desks.items()]
        await asyncio.sleep(1.0)
        pace = self.pace
        await self.during("warm", WARM, pace.reports, pace.panels)
        await self.during("calm", CALM, 0, pace.panels)
        await self.during("load", SECONDS, pace.reports, pace.panels)
        await self.settled()
        if pace.has_burst:
            await self.during("burst", 1.0, BURST, pace.panels)
            await self.settled()
        for task in listening:
            task.cancel()

    async def during(self, phase: str, seconds: float, reports: float, panels: float) -> None:
        """One phase: so many arrivals a second, until all are answered."""
        self.phase, self.seen = phase, Seen()
        self.phases[phase], before = self.seen, server_cpu.seconds(self.parent, PAGES)
        await asyncio.gather(self.arrivals(reports, seconds, self.report), self.arrivals(panels, seconds, self.panel))
        self.seen.spent = server_cpu.seconds(self.parent, PAGES) - before

    async def settled(self) -> None:
        """Wait until every accepted report is visible, at most SETTLING."""
        deadline = time.perf_counter() + SETTLING
        while set(self.seen.accepted) - self.seen.shown and time.perf_counter() < deadline:
            await asyncio.sleep(0.1)

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
            "level": 0 if self.phase == "warm" else 1,
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
        reader, writer = await asyncio.open_connection("127.0.0.1", self.live_port or self.port)
        writer.write(self.head("GET", "/live", cookie, "Accept: text/event-stream\r\n").encode())
        try:
            while line := await reader.readline():
                if b"events:real" in line:
                    told.set()
        finally:
            drawing.cancel()
            writer.close()

    async def redraw(self, county: str, cookie: str, told: asyncio.Event) -> None:
        """One drawing at a time; what came meanwhile is in the next one. It waits as long as told, as pages do."""
        while True:
            await told.wait()
            told.clear()
            head = self.head("GET", "/panel/desk-queue?world=real", cookie)
            with suppress(OSError, asyncio.IncompleteReadError):
                status, headers, body = await self.lines.ask(head)
                self.seen.drawings += 1
                again = 0.2 if status == 503 else int(headers.get("x-again", "0")) / 1000
                if status == 200:
                    self.note(county, body.decode())
                if again:
                    await asyncio.sleep(again)
                    told.set()

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
            yield from _figures(product, pace, "events")


def measure_on_postgres() -> Iterator[Figure]:
    """The same in the production layout: PostgreSQL, Redis, two page workers, the live program."""
    _tests()
    from servers import postgres_server, redis_server

    for pace in PACES:
        with postgres_server() as database, redis_server() as redis:
            url = database.url.replace("+psycopg", "")
            given = {
                "DATABASE_URL": url,
                "REDIS_URL": redis.url,
                "COCKPIT_SECRET_KEY": "a key of the benchmark alone, 4451",
            }
            with running(given, "up") as product:
                yield from _figures(product, pace, "events_pg")


def _tests() -> None:
    """The product of the tests is ours too."""
    if str(ROOT / "tests") not in sys.path:
        sys.path.insert(0, str(ROOT / "tests"))


@contextmanager
def running(settings: Mapping[str, str] | None = None, command: str = "run") -> Iterator[Any]:
    """A product with the demo city."""
    _tests()
    from product import Product, prepared_copy

    with tempfile.TemporaryDirectory(prefix="cockpit-bench-", ignore_cleanup_errors=True) as folder:
        ready, data = os.environ.get("COCKPIT_BENCH_DATA") if settings is None else None, Path(folder) / "data"
        product = Product(prepared_copy(Path(ready), data) if ready else data, dict(settings or {}), command)
        if not ready and product.manage("prepare").returncode:
            raise RuntimeError("prepare failed")
        try:
            yield product.start()
        finally:
            product.stop()


def _figures(product: Any, pace: Pace, name: str) -> Iterator[Figure]:
    load = Load(product.port, pace, _sessions(product, pace.sessions), _desks(product), parent=product.process.pid)
    if product.command == "up":
        load = replace(load, live_port=product.port + 1)
    before, begun = resource.getrusage(resource.RUSAGE_SELF), time.perf_counter()
    asyncio.run(load.run())
    spent = time.perf_counter() - begun
    after = resource.getrusage(resource.RUSAGE_SELF)
    share = 100 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) / spent
    command = COMMAND.replace("events", name)
    for figure in _told(load, f"{name}.{pace.name}", _lost(product, load.phases), share):
        yield replace(figure, command=command)


def _told(load: Load, name: str, lost: tuple[int, int], share: float) -> Iterator[Figure]:
    """What was seen, as figures."""
    pace, seen, calm = load.pace, load.phases["load"], load.phases["calm"]
    note = (
        f"{len(seen.accepted)} reports, {len(seen.panels)} panels in {SECONDS:g} s by {pace.sessions} sessions, "
        f"{seen.drawings} drawings of desks, errors {seen.errors or 0}, "
        f"not yet visible {len(set(seen.accepted) - seen.shown)}, generator {share:.0f} % CPU"
    )
    for what, value, goal in (
        ("intake_p50", _at(seen.intake, 0.5), None),
        ("intake_p99", _at(seen.intake, 0.99), f"<= {pace.intake:g}"),
        ("visible_p50", _at(seen.visible, 0.5), None),
        ("visible_p99", _at(seen.visible, 0.99), f"<= {pace.visible:g}"),
        ("panel_p99", _at(seen.panels, 0.99), None),
    ):
        yield Figure(f"{name}.{what}", value, "ms", goal=goal, note=note)
    panel = 1000 * calm.spent / max(1, len(calm.panels))
    report = (1000 * seen.spent - panel * len(seen.panels)) / max(1, len(seen.intake))
    core = (
        f"page servers {100 * seen.spent / SECONDS:.0f} % of a core under load, {100 * calm.spent / CALM:.0f} % before"
    )
    yield Figure(f"{name}.cpu_panel", round(panel, 2), "ms CPU", goal="<= 8", note=core)
    yield Figure(f"{name}.cpu_report", round(report, 2), "ms CPU", note=f"with every drawing it causes; {core}")
    if burst := load.phases.get("burst"):
        refused = sum(count for what, count in burst.errors.items() if what.startswith("report"))
        kinds = ", ".join(f"{what} {count}" for what, count in sorted(burst.errors.items()))
        words = f"{len(burst.accepted)} of {BURST} reports of one second taken, p99 {_at(burst.intake, 0.99):.0f} ms"
        words += f"; {kinds}" if kinds else ""
        yield Figure(f"{name}.burst_refused", float(refused), "reports", goal="0", note=words)
    yield Figure(f"{name}.lost_or_doubled", float(sum(lost)), "events", goal="0", note=note)


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


def _lost(product: Any, phases: Mapping[str, Seen]) -> tuple[int, int]:
    """Accepted reports that are not there, and origins that are there twice."""
    found: list[dict[str, Any]] = []
    following: str | None = ""
    while following is not None:
        page = product.json(f"/api/v1/events?origin=sensor&limit=500{following and '&cursor=' + following}")
        found += page["items"]
        following = page["next"]
    numbers, origins = {one["number"] for one in found}, [one["origin_id"] for one in found]
    accepted = {number for seen in phases.values() for number in seen.accepted}
    return len(accepted - numbers), len(origins) - len(set(origins))
