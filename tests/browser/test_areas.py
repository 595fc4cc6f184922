"""In a real browser: an area is drawn, kept and told of; a page is frozen; a page of an earlier moment says so."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

pytestmark = pytest.mark.browser

AREA = "circle:116.6400,23.6100,500"
WORDS = "document.querySelector('#panel-map-areas .fill').innerText"


def report(product, lon: float, lat: float, seconds: int) -> None:
    """A vehicle of the demo city says where it is."""
    at = datetime.now(UTC) + timedelta(seconds=seconds)
    one = {"key": "test-1", "kind": "vehicle", "name": "试验车", "lon": lon, "lat": lat, "at": at.isoformat()}
    status, answer = product.post("/api/v1/devices/reports", {"world": "demo", "reports": [one]})
    assert status == 200 and answer["accepted"] == 1, answer


@pytest.mark.feature(17)
def test_an_area_is_kept_pulses_and_its_crossing_becomes_an_event(running_product, browse) -> None:
    report(running_product, 116.70, 23.61, -60)
    watched = browse(
        f"{running_product.url}/map?world=demo&area={AREA}", 1440, 900, role="city_officer"
    )  # fmt: skip
    page = watched.page
    watched.until("document.querySelector('[data-area-new].wanted')")
    page.locator("[data-area-new] [name=name]").fill("庵埠路口")
    page.locator("[data-area-new] [name=events]").select_option("off")
    page.locator("[data-area-new] button[type=submit]").click()
    watched.until(f"{WORDS}.includes('庵埠路口')")
    page.locator("#panel-map-areas a", has_text="庵埠路口").click()
    watched.until("location.search.includes('watch=') && document.querySelector('path.map-watched.on')")
    report(running_product, 116.64, 23.61, 30)
    watched.until(f"{WORDS}.includes('试验车')")
    watched.until("document.querySelector('path.map-watched.pulse')")
    crossing = page.locator(".wx li", has_text="试验车")
    crossing.get_by_text("知道了").click()
    watched.until(f"{WORDS}.includes('已知')")
    crossing.get_by_text("转为事件").click()
    watched.until("document.querySelector('.wx li a[href*=\"/event/\"]')")
    page.locator(".wat").get_by_text("删除").click()
    watched.until(f"!{WORDS}.includes('庵埠路口')")
    watched.is_clean()


@pytest.mark.feature(121)
def test_a_page_is_frozen_by_one_press_and_stands_without_the_program(running_product, browse) -> None:
    watched = browse(
        f"{running_product.url}/theme/environment?world=demo", 1440, 900, role="city_officer"
    )  # fmt: skip
    page = watched.page
    watched.settled()
    page.locator("[data-freeze]").click()
    watched.until("document.querySelector('.frozensaid a')")
    href = page.locator(".frozensaid a").get_attribute("href")
    page.goto(running_product.url + href)
    before = len(watched.asked)
    watched.until("document.querySelectorAll('figure .plot svg').length > 1")
    assert "不是现在" in page.locator(".frozenbar").inner_text()
    others = [url for _, url, _ in watched.asked[before:] if not ("/assets/" in url or href in url or ".svg" in url)]
    assert not others, "a frozen page asks for nothing"
    assert page.locator("#frozen button:not([disabled])").count() == 0
    watched.is_clean()


@pytest.mark.feature(121)
def test_a_page_of_an_earlier_moment_says_so_and_its_links_keep_it(running_product, browse) -> None:
    moment = (datetime.now(UTC) + timedelta(hours=8, minutes=-1)).strftime("%Y-%m-%dT%H:%M")
    watched = browse(
        f"{running_product.url}/theme/environment?world=demo&as_of={moment}", 1440, 900, role="city_officer"
    )  # fmt: skip
    watched.settled()
    assert moment.replace("T", " ") in watched.page.locator("#asof").inner_text()
    assert "无法还原" in watched.page.locator("#panel-theme-side").inner_text()
    watched.page.locator("#panel-theme-table a").first.click()
    watched.until("location.pathname.startsWith('/indicator/') || location.search.includes('focus=')")
    assert "as_of=" in watched.page.url
    watched.page.locator("#asof button").click()
    watched.until(
        "!location.search.includes('as_of') && getComputedStyle(document.getElementById('asof')).display === 'none'"
    )
    watched.is_clean()
