"""`make shots`: every page at its sizes, dark and light, as pictures in shots/; exit 1 if one is at fault.

`python tests/shots.py [word …]` makes only the pages whose address contains one of the words. COCKPIT_SHOTS_URL names a
product that runs already and COCKPIT_SHOTS_SESSION the session of somebody signed in there; otherwise a product is
started on a data folder of its own, entered as a leader of the city, and stopped again.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from product import SESSION_COOKIE, Product  # noqa: E402
from screen_checks import FAULTS, SCREENS, SMALL, Screen  # noqa: E402

SHOTS = ROOT / "shots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
SETTLED = """() => { const all = [...document.querySelectorAll('.panel')];
  return !document.getElementById("early") && all.length > 0 && all.every((one) =>
    one.dataset.shown || one.dataset.failed || !one.getClientRects().length); }"""
FAILED = "[...document.querySelectorAll('.panel[data-failed]')].map((one) => `failed: ${one.id}`)"
LOOKS = ("dark", "light")
WAITS = 200


@contextmanager
def product_at() -> Iterator[tuple[str, str]]:
    """The address of a running product with the demo city, and the session of who looks at it."""
    named = os.environ.get("COCKPIT_SHOTS_URL")
    if named:
        yield named.rstrip("/"), os.environ.get("COCKPIT_SHOTS_SESSION", "")
        return
    with tempfile.TemporaryDirectory(prefix="cockpit-shots-") as folder:
        product = Product(Path(folder))
        done = product.manage("prepare")
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        try:
            url = product.start().url
            with product.people() as people:
                session = people.session("city_commander")
            yield url, session
        finally:
            product.stop()


def shoot(browser: Any, door: tuple[str, str], screen: Screen, size: tuple[int, int], look: str) -> list[str]:
    """Open the page, wait for its panels, take its picture; what is wrong with it in words."""
    (url, session), (width, height) = door, size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce")
    if session:
        context.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": url, "httpOnly": True}])
    context.add_init_script(f"localStorage.setItem('scheme', '{look}')")
    page = context.new_page()
    faults: list[str] = []
    host = urlsplit(url).netloc
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("request", lambda asked: faults.extend(_outside(asked.url, host)))
    try:
        page.goto(url + screen.path)
        if not _settle(page):
            faults.append("panels without answer")
        page.screenshot(path=SHOTS / f"{screen.name}-{width}x{height}-{look}.png", full_page=width < 600)
        faults += page.evaluate(FAULTS) + page.evaluate(FAILED)
        faults += [f"small target: {one}" for one in page.evaluate(SMALL)] if screen.path.startswith("/m?") else []
    finally:
        context.close()
    return faults


def _outside(address: str, host: str) -> list[str]:
    inside = address.startswith(("data:", "blob:")) or urlsplit(address).netloc == host
    return [] if inside else [f"outside: {address}"]


def _settle(page: Any) -> bool:
    for _ in range(WAITS):
        if page.evaluate(SETTLED):
            page.evaluate("document.fonts.ready.then(() => true)")
            page.wait_for_timeout(300)
            return True
        page.wait_for_timeout(100)
    return False


def main(words: list[str]) -> int:
    """All pictures; 1 if any page has a fault."""
    SHOTS.mkdir(exist_ok=True)
    wanted = [screen for screen in SCREENS if not words or any(word in screen.path for word in words)]
    count = bad = 0
    with product_at() as door, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for screen in wanted:
            for size in screen.sizes:
                for look in LOOKS:
                    faults = shoot(browser, door, screen, size, look)
                    count, bad = count + 1, bad + bool(faults)
                    print(f"{screen.path} {size[0]}x{size[1]} {look}: {'; '.join(faults[:6]) or 'ok'}", flush=True)
        browser.close()
    print(f"{count} pictures in {SHOTS.name}/, {bad} at fault")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
