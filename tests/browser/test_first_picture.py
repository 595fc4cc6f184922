"""The overview as a person sees it: data in seconds, 27 tiles that add up, all marked, nobody outside asked."""

from __future__ import annotations

import re
import time
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

pytestmark = pytest.mark.browser

ALLOWED_LATIN = re.compile(
    r"AQI|PM2\.5|PM10|O3|SO2|NO2|CO|GDP|km|pp|HJ|GB|AI|5G|IPv6|IT|API|mm|App|COD|pH|UPS|PUE|VOCs|R\d|[A-Z]{3}-\d{2,3}|Q[1-4]|G\d+|S\d+"
)


ORDER = ("at", "ok", "st", "off")


def wait_for_data(watched) -> None:
    """All panels have answered, the tiles among them."""
    watched.settled()
    watched.until("document.querySelectorAll('#panel-wall-tiles a.t').length === 27")
    watched.until("document.querySelectorAll('#panel-wall-map [data-light]').length === 4")


@pytest.mark.feature(1)
@pytest.mark.feature(2)
@pytest.mark.feature(144)
def test_27_tiles_with_data_within_seconds_and_the_counts_add_up(running_product, browse) -> None:
    running_product.get("/panel/wall-tiles")
    started = time.monotonic()
    watched = browse(running_product.url)
    wait_for_data(watched)
    assert time.monotonic() - started < 15
    counts = watched.page.eval_on_selector_all("[data-light]", "all => all.map(one => Number(one.textContent))")
    assert sum(counts) == 27
    lights = watched.page.eval_on_selector_all("a.t", "all => all.map(one => one.className.split(' ')[1])")
    alerted = lights.count("w")  # an alert in force covers the light of its theme
    assert all(0 <= count - lights.count(name) <= alerted for name, count in zip(ORDER, counts, strict=True))
    assert sum(lights.count(name) for name in ORDER) + alerted == 27
    labels = watched.page.eval_on_selector_all("a.t", "all => all.map(one => one.getAttribute('aria-label'))")
    themes = running_product.json("/api/v1/themes?limit=100")["items"]
    assert {label.split("，")[0] for label in labels} == {theme["name"] for theme in themes}
    titles = watched.page.eval_on_selector_all("a.t", "all => all.map(one => one.title)")
    assert all("规则：" in title for title in titles)
    watched.is_clean()


@pytest.mark.feature(40)
@pytest.mark.feature(48)
def test_every_simulated_number_says_so_and_every_row_its_time(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    wait_for_data(watched)
    unmarked = watched.page.eval_on_selector_all(
        ".fill .k:not(.none)", "all => all.filter(one => !one.querySelector('.pv.m')).map(one => one.textContent)"
    )
    assert not unmarked
    bare = watched.page.eval_on_selector_all(
        ".fill a.t:not(.off)", "all => all.filter(one => !one.querySelector('.pv.m')).map(one => one.textContent)"
    )
    assert not bare
    assert watched.page.locator(".sample").inner_text() == "演示数据 · 模拟"
    times = watched.page.eval_on_selector_all(".fill .k:not(.none) .mt", "all => all.map(one => one.textContent)")
    assert times and all(re.search(r"\d\d:\d\d|\d\d-\d\d|\d月|季度|\d年|前", text) for text in times)
    watched.page.goto(f"{running_product.url}/theme/environment?world=demo")
    watched.page.wait_for_selector("#panel-theme-table tbody tr")
    unsaid = "#panel-theme-table tbody tr:not(:has(.pv.m))"
    values = watched.page.eval_on_selector_all(unsaid, "all => all.map(one => one.textContent)")
    assert all("—" in text for text in values)


@pytest.mark.feature(48)
def test_the_worlds_never_mix(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    page = watched.page
    wait_for_data(watched)
    page.get_by_role("link", name="真实数据").click()
    watched.until("!document.querySelector('.sample') && !document.querySelector('.pv.m')")
    wait_for_data(watched)
    assert "world=real" in page.url
    asked = [parse_qs(urlsplit(url).query).get("world") for _, url, _ in watched.asked if "/panel/" in url]
    assert asked[-1] == ["real"] and all(world == ["real"] for world in asked[asked.index(["real"]) :]), (
        "until the link was followed the demo may ask for news of its own, then never again"
    )
    assert page.locator("[data-light]").count() == 4
    page.go_back()
    page.wait_for_selector(".sample")
    watched.is_clean()


@pytest.mark.feature(140)
def test_the_browser_names_panels_and_places_and_never_sends_a_query(running_product, browse) -> None:
    watched = browse(running_product.url)
    wait_for_data(watched)
    for method, url, body in watched.asked:
        path = urlsplit(url).path
        if method == "POST":
            assert path == "/_dash-update-component", url
            assert "_pages_content" in body and "select" not in body.lower()
        else:
            known = ("/panel/", "/live", "/assets/", "/_dash", "/_favicon", "/favicon")
            assert path == "/" or path.startswith(known), url
    layout = running_product.get("/_dash-layout")[1].decode()
    assert "亿元" not in layout and "validation_layout" not in layout + running_product.get("/")[1].decode()


@pytest.mark.feature(149)
@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Kiritimati"])
def test_the_clock_shows_the_city_whatever_the_zone_of_the_browser(running_product, browse, zone: str) -> None:
    watched = browse(running_product.url, timezone_id=zone)
    wait_for_data(watched)
    watched.until("document.querySelector('[data-clock=time]').textContent.length === 5")
    shown = watched.page.locator("[data-clock=time]").inner_text()
    city = datetime.now(UTC) + timedelta(hours=8)
    assert shown in {(city + timedelta(seconds=step)).strftime("%H:%M") for step in (-30, 0, 5)}


LEAKS = frozenset(
    {"loading", "error", "updating", "page", "not", "found", "none", "null", "undefined", "nan", "true", "false"}
    | {"demo", "real", "loopback", "timetable", "stale", "dead", "fresh", "late"}
)


def test_no_english_leaks_onto_the_screen(running_product, browse) -> None:
    for path in ("/", "/theme/environment", "/indicator/GOV-01", "/sources", "/entry", "/nowhere"):
        watched = browse(running_product.url + path)
        watched.until("document.body.innerText.length > 20")
        watched.page.wait_for_load_state("load")
        words = re.findall(r"[A-Za-z]{3,}", ALLOWED_LATIN.sub("", watched.page.inner_text("body")))
        assert not [
            word
            for word in words
            if word.lower()
            in {
                "loading",
                "error",
                "updating",
                "page",
                "not",
                "found",
                "none",
                "null",
                "undefined",
                "nan",
                "true",
                "false",
                "demo",
                "real",
                "loopback",
                "timetable",
            }
        ], (path, words)
        assert watched.page.evaluate("document.documentElement.lang") == "zh-CN"


def test_the_look_is_remembered(running_product, browse) -> None:
    watched = browse(running_product.url)
    page = watched.page
    wait_for_data(watched)
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.locator(".scheme").click()
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert light != dark
    page.reload()
    wait_for_data(watched)
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == light
    watched.is_clean()
