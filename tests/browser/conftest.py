"""A real Chromium with nothing remembered, which notes console errors and requests that leave this machine."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Error, sync_playwright

from product import RUNNING, SESSION_COOKIE, Product, prepared_copy

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 20_000
"""Milliseconds to wait for what must come; the machine of the tests may be busy."""


SETTLED = """() => {
    const all = [...document.querySelectorAll('.panel')].filter(one => one.getClientRects().length);
    return !document.getElementById('early') && all.length > 0
        && all.every(one => one.dataset.shown || one.dataset.failed);
}"""
QUIET = ("net::ERR", "Failed to load resource")
"""What Chromium itself prints about a request that failed; such failures are tested by what the page shows."""


@dataclass
class Watched:
    """A page under watch. `asked`: method, address and body of every request."""

    page: Any
    errors: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    asked: list[tuple[str, str, str]] = field(default_factory=list)

    def until(self, expression: str, arg: object = None, *, seconds: float = PATIENCE / 1000) -> object:
        """Wait until the expression is true; asked from outside, because the pages forbid eval."""
        end = time.monotonic() + seconds
        while not (found := self._asked(expression, arg)):
            assert time.monotonic() < end, f"not within {seconds} s: {expression}"
            self.page.wait_for_timeout(100)
        return found

    def _asked(self, expression: str, arg: object) -> object:
        """The value, or None while what the expression names is not there yet or the page is being replaced."""
        try:
            return self.page.evaluate(expression, arg)
        except Error:
            return None

    def settled(self) -> None:
        """Every panel of the page has answered."""
        self.until(SETTLED)
        self.page.evaluate("document.fonts.ready.then(() => true)")

    def is_clean(self) -> None:
        """Nothing in the console, nobody outside was asked."""
        assert not self.outside, f"asked outside: {self.outside}"
        assert not self.errors, f"console: {self.errors}"


Open = Callable[..., Watched]


@pytest.fixture(scope="session")
def playwright_driver() -> Iterator[object]:
    """Playwright, or a skip that REQUIRE_ALL turns into a failure."""
    if not Path(CHROMIUM).exists() and not os.environ.get("REQUIRE_ALL"):
        pytest.skip("no chromium on this machine")
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def open_house(prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Product, Any]]:
    """A product that tests may change, and the unified sign-in beside it."""
    from oidc_provider import CLIENT, SECRET, running_provider

    with running_provider("localhost") as provider:
        unified = {"OIDC_ISSUER": provider.url, "OIDC_CLIENT_ID": CLIENT, "OIDC_CLIENT_SECRET": SECRET}
        made = Product(prepared_copy(prepared_data, tmp_path_factory.mktemp("house") / "data"), settings=unified)
        yield made.start(), provider
        made.stop()


@pytest.fixture(scope="session")
def one_browser(playwright_driver) -> Iterator[Any]:
    """A running Chromium; each test takes a profile of it that knows nothing."""
    browser = playwright_driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def visitor(one_browser, open_house) -> Iterator[Any]:
    """A page of an empty browser profile at the open house, not signed in."""
    context = one_browser.new_context(base_url=open_house[0].url, locale="zh-CN", reduced_motion="reduce")
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


@pytest.fixture
def browse(playwright_driver, tmp_path: Path) -> Iterator[Open]:
    """Opens an address in a browser of the test's own: `browse(url, width, height, timezone_id=…)`, signed in as
    holder of `role`."""
    opened = []

    def start(
        url: str, width: int = 1920, height: int = 1080, *, before: str = "", role: str = "city_commander",
        region: str = "", **context: object,
    ) -> Watched:  # fmt: skip
        browser = playwright_driver.chromium.launch_persistent_context(
            str(tmp_path / f"profile{len(opened)}"), executable_path=CHROMIUM, args=ARGUMENTS, locale="zh-CN",
            viewport={"width": width, "height": height}, **({"reduced_motion": "reduce"} | context),
        )  # fmt: skip
        opened.append(browser)
        page = browser.pages[0]
        page.set_default_timeout(PATIENCE)
        watched = Watched(page)
        watch(browser, watched, urlsplit(url).netloc)
        if before:
            page.add_init_script(before)
        enter(browser, url, role, region)
        page.goto(url)
        return watched

    yield start
    for browser in opened:
        browser.close()


def enter(browser, url: str, role: str, region: str = "") -> None:
    """Sign the browser in as somebody who holds `role` there; '' leaves a stranger. Other servers have no accounts."""
    product = RUNNING.get("{0.scheme}://{0.netloc}".format(urlsplit(url)))
    if product is None or not role:
        return
    with product.people() as people:
        cookie = {"name": SESSION_COOKIE, "value": people.session(role, region), "url": product.url, "httpOnly": True}
    browser.add_cookies([cookie])


def watch(browser, watched: Watched, host: str) -> None:
    """Stop what would leave the machine and write it down."""

    def see(route) -> None:
        request = route.request
        if urlsplit(request.url).netloc != host and not request.url.startswith(("data:", "blob:")):
            watched.outside.append(request.url)
            route.abort()
            return
        watched.asked.append((request.method, request.url, request.post_data or ""))
        route.continue_()

    def hear(message) -> None:
        if (
            message.type in {"error", "warning"}
            and "net::ERR" not in message.text
            and "Failed to load resource" not in message.text
        ):
            watched.errors.append(message.text)

    browser.route("**/*", see)
    watched.page.on("console", hear)
    watched.page.on("pageerror", lambda problem: watched.errors.append(str(problem)))
