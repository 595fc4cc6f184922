"""Screens in a real browser: weight and time beside a plain Dash page, main thread, pixels, the map's frames.

Needs Chromium and playwright; without them it says so and measures nothing.
"""

from __future__ import annotations

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench import pixels
from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PAGES = {
    "wall": ("/wall?world=demo", 1920, 1080),
    "overview": ("/?world=demo", 1920, 1080),
    "theme": ("/theme/environment?world=demo", 1920, 1080),
    "county": ("/county/445102?world=demo", 1366, 768),
    "phone": ("/m?world=demo", 390, 844),
}
SHOWN = """() => { const all = [...document.querySelectorAll('.panel')].filter((one) => one.getClientRects().length);
  const painted = performance.getEntriesByName('first-contentful-paint').length > 0;
  return painted && all.length > 0 && all.every((one) => one.dataset.shown || one.dataset.failed); }"""
"""Every panel in sight has its content and the browser has painted: documents bring content before that."""
PLAIN_SHOWN = """() => document.querySelectorAll('#tiles button').length > 20
  && document.querySelector('#sources table') && document.querySelectorAll('.js-plotly-plot .main-svg').length > 10"""
UPDATES = 10
FRAMES_SECONDS = 3
REST_MS = 1500
LIFTED = 30
"""A drag moves the pane at every frame and draws anew when the finger lifts: here every so many frames."""
PAN = """async ([count, moving, seconds]) => {
  const { map, points } = cockpit.map.page(), number = Array.from({ length: count }, (_, index) => index);
  const lon = (shift) => number.map((n) => 116.4 + ((n * 7919) % 1000) / 1000 + shift);
  const lat = number.map((n) => 23.4 + ((n * 104729) % 997) / 997);
  const place = (shift) => ({ symbol: 'circle', number, heard: null, every: null, lon: lon(shift), lat });
  const long = [], note = (list) => list.getEntries().forEach((one) => long.push(one.duration));
  points.set('bench', place(0));
  await new Promise((done) => setTimeout(done, 500));
  new PerformanceObserver(note).observe({ entryTypes: ['longtask'] });
  let frames = 0, beat = 0, going = true;
  const begun = performance.now();
  const step = () => {
    frames += 1;
    if (!moving) { map._rawPanBy(L.point(frames % 2 ? 9 : -7, 3)); map.fire('move'); }
    if (!moving && frames % LIFTED === 0) map.fire('moveend');
    if (going) requestAnimationFrame(step);
  };
  requestAnimationFrame(step);
  const timer = moving ? setInterval(() => { beat += 1; points.set('bench', place(beat / 1000)); }, 2000) : 0;
  await new Promise((done) => setTimeout(done, seconds * 1000));
  going = false; clearInterval(timer);
  const spent = (performance.now() - begun) / 1000;
  points.set('bench', null);
  return [frames / spent, long.length ? Math.max(...long) : 0];
}""".replace("LIFTED", str(LIFTED))


@dataclass(frozen=True)
class Visit:
    """One opening of a page until every panel has data: bytes over the wire, requests, seconds, ms of main thread."""

    kilobytes: float
    requests: int
    seconds: float
    main_ms: float


def measure() -> Iterator[Figure]:
    """All figures of the screens; SCREENS_PARTS names some of them: weights main server pixels map."""
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        print("screens: playwright is not installed; nothing measured", file=sys.stderr)
        return
    with running() as product, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        cookie = signed_in(product)
        wanted = os.environ.get("SCREENS_PARTS", " ".join(PARTS)).split()
        for part in wanted:
            yield from PARTS[part](browser, product, cookie)
        browser.close()


@contextmanager
def running() -> Iterator[Any]:
    """A product with the demo city on a data folder of its own; BENCH_DATA names a prepared one to copy."""
    sys.path.insert(0, str(ROOT / "tests"))
    from product import Product

    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    product = Product(folder / "data", {"COCKPIT_CATALOGUE": str(pixels.linked_catalogue(folder / "catalogue"))})
    try:
        ready = os.environ.get("BENCH_DATA")
        if ready:
            shutil.copytree(ready, product.folder, ignore=shutil.ignore_patterns("*.pid", "*.log"))
        elif (done := product.manage("prepare")).returncode:
            raise RuntimeError(done.stderr[-2000:])
        yield product.start()
    finally:
        product.stop()
        shutil.rmtree(folder, ignore_errors=True)


def signed_in(product: Any) -> dict[str, Any]:
    """The session cookie of a leader of the city."""
    from access.session import SESSION_COOKIE

    with product.people() as people:
        value = people.session("city_commander")
    return {"name": SESSION_COOKIE, "value": value, "url": product.url, "httpOnly": True}


@contextmanager
def plain_page(product: Any) -> Iterator[str]:
    """The plain Dash page beside the product, as a process of its own."""
    from servers import free_port

    port = free_port()
    command = [sys.executable, "-m", "bench.plain_dash", str(port), product.url, product.api_token]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    try:
        _answers(address)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _answers(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    raise RuntimeError(f"nobody answers at {address}")


def _weights(browser: Any, product: Any, cookie: dict[str, Any]) -> Iterator[Figure]:
    with plain_page(product) as plain:
        yield from _weighed(browser, product, cookie, plain)


def _weighed(browser: Any, product: Any, cookie: dict[str, Any], plain: str) -> Iterator[Figure]:
    naive, naive_again = _visits(browser, plain, (1920, 1080), PLAIN_SHOWN, None)
    way = "a plain Dash page of the overview's content"
    for name, (path, width, height) in PAGES.items():
        cold, warm = _visits(browser, product.url + path, (width, height), SHOWN, cookie)
        note = f"{cold.requests} requests, plain {naive.requests}"
        yield Figure(f"{name}: cold weight", cold.kilobytes, "kB", naive.kilobytes, way, "<= 1500", note=note)
        yield Figure(f"{name}: cold, all panels with data", cold.seconds, "s", naive.seconds, way, "<= 2")
        yield Figure(f"{name}: warm, all panels with data", warm.seconds, "s", naive_again.seconds, way, "<= 1.2")
        yield Figure(f"{name}: main thread of the cold opening", cold.main_ms, "ms CPU", naive.main_ms, way)


def _visits(
    browser: Any, url: str, size: tuple[int, int], shown: str, cookie: dict[str, Any] | None
) -> tuple[Visit, Visit]:
    """The first opening and the second in the same browser."""
    context = _context(browser, size, cookie)
    try:
        return _visit(context, url, shown), _visit(context, url, shown)
    finally:
        context.close()


def _context(browser: Any, size: tuple[int, int], cookie: dict[str, Any] | None) -> Any:
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="zh-CN", bypass_csp=True)
    if cookie:
        context.add_cookies([cookie])
    return context


def _visit(context: Any, url: str, shown: str) -> Visit:
    page = context.new_page()
    tools = context.new_cdp_session(page)
    tools.send("Network.enable")
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    received: list[float] = []
    tools.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    begun = time.perf_counter()
    page.goto(url, wait_until="commit")
    _until(page, shown)
    spent = time.perf_counter() - begun
    worked = _task_ms(tools)
    page.close()
    return Visit(round(sum(received) / 1000, 1), len(received), round(spent, 2), round(worked, 1))


def _until(page: Any, expression: str, seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if page.evaluate(expression):
                return
        except Exception:  # the document is being replaced
            pass
        page.wait_for_timeout(20)
    raise RuntimeError(f"not within {seconds} s: {expression[:80]}")


def _main_thread(browser: Any, product: Any, cookie: dict[str, Any]) -> Iterator[Figure]:
    context = _context(browser, (1920, 1080), cookie)
    page = context.new_page()
    page.goto(product.url + PAGES["wall"][0])
    _until(page, SHOWN)
    tools = context.new_cdp_session(page)
    tools.send("Performance.enable", {"timeDomain": "threadTicks"})
    page.wait_for_timeout(2000)
    spent = []
    for _ in range(UPDATES):
        before = _task_ms(tools)
        page.wait_for_timeout(REST_MS)
        resting = _task_ms(tools) - before
        page.evaluate("cockpit.live.announce(['*'])")
        page.wait_for_timeout(REST_MS)
        spent.append(max(0.0, _task_ms(tools) - before - 2 * resting))
    slots = page.evaluate("fetch('/_dash-dependencies').then((one) => one.json()).then((all) => all.length)")
    context.close()
    yield Figure("wall: main thread per full update", round(statistics.median(spent), 1), "ms p50", goal="<= 120")
    yield Figure("callbacks of all pages together", slots, "callbacks", goal="<= 60", note="panels are none")


def _task_ms(tools: Any) -> float:
    """CPU time of the main thread so far: a busy machine does not count."""
    told = tools.send("Performance.getMetrics")["metrics"]
    return next(1000 * one["value"] for one in told if one["name"] == "TaskDuration")


def _server(_: Any, product: Any, __: Any) -> Iterator[Figure]:
    """CPU of every process of the product while one panel is asked for again and again."""
    from bench.memory import _family

    ticks = os.sysconf("SC_CLK_TCK")

    def cpu() -> float:
        total = 0
        for pid in _family(product.process.pid):
            try:
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            total += int(fields[11]) + int(fields[12])
        return 1000 * total / ticks

    path, count = "/panel/county-lights?id=445102&world=demo", 300
    product.get(path)
    before = cpu()
    for _ in range(count):
        product.get(path)
    yield Figure("server CPU per panel answered", round((cpu() - before) / count, 2), "ms", goal="<= 8")


def _pixels(browser: Any, product: Any, cookie: dict[str, Any]) -> Iterator[Figure]:
    """From the push door to the wall's tile."""
    context = _context(browser, (1920, 1080), cookie)
    page = context.new_page()
    page.goto(f"{product.url}/wall?world=real")
    _until(page, SHOWN)
    yield from pixels.measure(page, product, _until)
    context.close()


def _map(browser: Any, product: Any, cookie: dict[str, Any]) -> Iterator[Figure]:
    context = _context(browser, (1440, 900), cookie)
    page = context.new_page()
    page.goto(f"{product.url}/map?world=demo")
    _until(page, "document.querySelectorAll('.map-name').length > 0")
    for count, moving, goal, name in (
        (10_000, False, ">= 50", "10,000 points panned"),
        (100_000, False, ">= 40", "100,000 points clustered and panned"),
        (10_000, True, "", "10,000 points moving every 2 s"),
    ):
        fps, longest = page.evaluate(PAN, [count, moving, FRAMES_SECONDS * (2 if moving else 1)])
        note = f"longest task {longest:.0f} ms; without a graphics card"
        yield Figure(f"map: {name}", round(fps, 1), "frames/s", goal=goal or None, note=note)
    context.close()


PARTS = {"weights": _weights, "main": _main_thread, "server": _server, "pixels": _pixels, "map": _map}
