"""`make shots`: every page at its sizes, dark and light, as pictures in shots/; exit 1 if one is at fault.

`python tests/shots.py [word …]` makes only the pages whose address contains one of the words; a word like 1440x900
picks that size only, `dark` or `light` that look only. COCKPIT_SHOTS_URL and COCKPIT_SHOTS_DATA name a product that
runs already and its data folder; otherwise a product is started on a data folder of its own and stopped again.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT / "tests"), str(ROOT)]

from people import people_of  # noqa: E402
from product import SESSION_COOKIE, Product  # noqa: E402
from screen_checks import FAULTS, SMALL  # noqa: E402
from screens import SCREENS, Screen, Size, running_event  # noqa: E402

SHOTS = ROOT / "shots"
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--lang=zh-CN",
]
SETTLED = """() => { const all = [...document.querySelectorAll('.panel')];
  return !document.getElementById("early") && all.every((one) =>
    one.dataset.shown || one.dataset.failed || !one.getClientRects().length); }"""
FAILED = "[...document.querySelectorAll('.panel[data-failed]')].map((one) => `failed: ${one.id}`)"
LOOKS = ("dark", "light")
WAITS = 200
REDRAWN = 250
"""Milliseconds for charts to be drawn anew in the other look."""
SIZE = re.compile(r"\d+x\d+")


@dataclass(frozen=True)
class Door:
    """The address of a running product, the folder of its data, an event that runs there."""

    url: str
    folder: Path
    event: str


@dataclass(frozen=True)
class Wish:
    """What the words of the command ask for; nothing said: everything."""

    pages: tuple[str, ...] = ()
    sizes: tuple[str, ...] = ()
    looks: tuple[str, ...] = LOOKS

    @classmethod
    def of(cls, words: list[str]) -> Wish:
        """Words sorted into sizes, looks and parts of addresses."""
        sizes = tuple(word for word in words if SIZE.fullmatch(word))
        looks = tuple(word for word in words if word in LOOKS) or LOOKS
        return cls(tuple(word for word in words if word not in (*sizes, *LOOKS)), sizes, looks)

    def takes(self, screen: Screen) -> bool:
        """Whether the page is asked for; `=/path` means exactly that page."""
        found = any(screen.path == word[1:] if word.startswith("=") else word in screen.name for word in self.pages)
        return found or any(word in screen.path for word in self.pages) or not self.pages

    def sizes_of(self, screen: Screen) -> list[Size]:
        """The page's sizes that are asked for."""
        return [size for size in screen.sizes if not self.sizes or f"{size[0]}x{size[1]}" in self.sizes]


@contextmanager
def product_at() -> Iterator[Door]:
    """A running product with the demo city."""
    named, data = os.environ.get("COCKPIT_SHOTS_URL"), os.environ.get("COCKPIT_SHOTS_DATA", "data")
    if named:
        yield Door(named.rstrip("/"), Path(data), running_event(Path(data)))
        return
    with tempfile.TemporaryDirectory(prefix="cockpit-shots-") as folder:
        product = Product(Path(folder))
        done = product.manage("prepare")
        if done.returncode:
            raise SystemExit(done.stdout + done.stderr)
        try:
            yield Door(product.start().url, product.folder, running_event(product.folder))
        finally:
            product.stop()


def signed_in(door: Door, *hat: str) -> Any:
    """The cookie of somebody new with this hat: role, region, department."""
    with people_of(f"sqlite:///{door.folder}/cockpit.db", ROOT) as people:
        session = people.session(*hat)
    return {"name": SESSION_COOKIE, "value": session, "url": door.url, "httpOnly": True}


def shoot(
    browser: Any, door: Door, screen: Screen, size: Size, looks: tuple[str, ...]
) -> Iterator[tuple[str, list[str]]]:
    """Open the page, wait for its panels, take its pictures; for each look what is wrong with it in words."""
    width, height = size
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", reduced_motion="reduce")
    if screen.role:
        context.add_cookies([signed_in(door, screen.role, screen.region, screen.department)])
    context.add_init_script(f"localStorage.setItem('scheme', '{looks[0]}')")
    page = context.new_page()
    faults: list[str] = []
    listen(page, urlsplit(door.url).netloc, faults)
    try:
        page.goto(door.url + screen.address(door.event))
        if not _settle(page):
            faults.append("panels without answer")
        for look in looks:
            page.evaluate("look => { document.documentElement.dataset.scheme = look; }", look)
            page.wait_for_timeout(REDRAWN)
            page.screenshot(path=SHOTS / f"{screen.name}-{width}x{height}-{look}.png", full_page=width < 1000)
            yield look, [*faults, *_seen(page, screen)]
    finally:
        context.close()


def listen(page: Any, host: str, faults: list[str]) -> None:
    """Write down what the console says and who outside is asked."""
    page.on("console", lambda said: faults.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: faults.append(f"error: {error}"))
    page.on("request", lambda asked: faults.extend(_outside(asked.url, host)))


def _seen(page: Any, screen: Screen) -> list[str]:
    small = page.evaluate(SMALL) if screen.path.startswith("/m?") else []
    return [*page.evaluate(FAULTS), *page.evaluate(FAILED), *(f"small target: {one}" for one in small)]


def _outside(address: str, host: str) -> list[str]:
    inside = address.startswith(("data:", "blob:")) or urlsplit(address).netloc == host
    return [] if inside else [f"outside: {address}"]


def _settle(page: Any) -> bool:
    for _ in range(WAITS):
        if page.evaluate(SETTLED):
            page.evaluate("document.fonts.ready.then(() => true)")
            page.wait_for_timeout(REDRAWN)
            return True
        page.wait_for_timeout(100)
    return False


def main(words: list[str]) -> int:
    """All pictures; 1 if any page has a fault."""
    SHOTS.mkdir(exist_ok=True)
    wish = Wish.of(words)
    count = bad = 0
    with product_at() as door, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        for screen in (one for one in SCREENS if wish.takes(one)):
            for size in wish.sizes_of(screen):
                for look, faults in shoot(browser, door, screen, size, wish.looks):
                    count, bad = count + 1, bad + bool(faults)
                    print(f"{screen.name} {size[0]}x{size[1]} {look}: {'; '.join(faults[:6]) or 'ok'}", flush=True)
        browser.close()
    print(f"{count} pictures in {SHOTS.name}/, {bad} at fault")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
