"""The three pictures of docs/walk.md: `python tests/walk_pictures.py`; COCKPIT_SHOTS_URL names a running product."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from shots import ARGUMENTS, CHROMIUM, SETTLED, product_at, signed_in

PICTURES = Path(__file__).resolve().parent.parent / "docs" / "pictures"
DRAWN = "[...document.querySelectorAll('figure.chart .plot')].every((one) => one.querySelector('svg'))"
WAITS = 150


def walk(page: Any, url: str) -> None:
    """Wall, theme, county, indicator: a picture of each page after the wall."""
    page.goto(f"{url}/?world=demo")
    page.locator("a.t", has_text="经济运行").first.click()
    page.wait_for_url("**/theme/**")
    _picture(page, "walk-1-theme")
    page.locator("#panel-theme-regions a.drag").click()
    page.wait_for_url("**region=**")
    _picture(page, "walk-2-county")
    page.locator("#panel-theme-parts summary").click()
    page.locator("#panel-theme-parts .alt tbody a").first.click()
    page.wait_for_url("**/indicator/**")
    _picture(page, "walk-3-indicator")


def _picture(page: Any, name: str) -> None:
    page.wait_for_timeout(800)
    for _ in range(WAITS):
        if page.evaluate(SETTLED) and page.evaluate(DRAWN):
            break
        page.wait_for_timeout(100)
    page.wait_for_timeout(600)
    page.screenshot(path=PICTURES / f"{name}.png")


def main() -> int:
    """Half size: small files that are still read."""
    PICTURES.mkdir(exist_ok=True)
    with product_at() as door, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        size = {"width": 1920, "height": 1080}
        context = browser.new_context(viewport=size, device_scale_factor=0.6, locale="zh-CN", reduced_motion="reduce")
        context.add_cookies([signed_in(door, "city_leader")])
        walk(context.new_page(), door.url)
        browser.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
