"""What happens under an open page: a value changes, a source falls silent, the server goes away and comes back."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from product import ROOT, Product

pytestmark = pytest.mark.browser

LEVEL, SOURCE, CITY = "WAT-01", "water_level_telemetry", "445100"
TILE = "a.t[href*='/theme/water_affairs']"


def level(moment: datetime, value: float) -> dict:
    """One reading of the river gauge, as its department would push it."""
    row = {"indicator": LEVEL, "region": CITY, "value": value, "observed_at": moment.isoformat()}
    return {"source": SOURCE, "readings": [row]}


def connected(product: Product, folder: Path) -> Product:
    """The product with the river gauge linked up."""
    folder.mkdir()
    for name in ("indicators.yaml", "departments.yaml"):
        shutil.copy(ROOT / name, folder / name)
    promise(folder, grace=600)
    product.settings["COCKPIT_CATALOGUE"] = str(folder)
    return product


def promise(folder: Path, grace: int) -> None:
    """Let the gauge be connected, every minute, with `grace` seconds."""
    file = folder / "indicators.yaml"
    text = file.read_text(encoding="utf-8")
    entry = re.search(rf"  - key: {SOURCE}\n(?:    .*\n)+", text)
    assert entry
    linked = re.sub(r"grace: \S+", f"grace: {grace}s", entry[0])
    linked = linked.replace("connected: false", "connected: true").replace("kind: mqtt", "kind: push")
    linked = re.sub(r"    options:.*\n(?:      .*\n)*", "", linked)
    file.write_text(text.replace(entry[0], linked), encoding="utf-8")


def now() -> datetime:
    return datetime.now(UTC)


GROW_OLD = """() => {
  window.younger = window.fetch;
  window.fetch = async (...asked) => {
    const answer = await window.younger(...asked), headers = new Headers(answer.headers);
    headers.set("X-Degraded", "1");
    headers.set("X-Frame-At", "2026-01-02T03:04:05.000+00:00");
    return { status: answer.status, headers, text: () => answer.text(), json: () => answer.json() };
  };
}"""
COUNT_FADES = """selector => {
  window.faded = 0;
  const count = (all) => all.forEach(({ target }) => { window.faded += target.classList.contains('changed') ? 1 : 0; });
  const watched = { subtree: true, attributes: true, attributeFilter: ['class'] };
  new MutationObserver(count).observe(document.querySelector(selector), watched);
}"""


@pytest.mark.feature(38)
@pytest.mark.feature(39)
def test_a_pushed_value_reaches_the_tile_without_a_reload(product, browse, tmp_path) -> None:
    connected(product, tmp_path / "catalogue").start()
    assert product.post("/api/v1/readings", level(now(), 3.21))[1]["taken"] == 1
    watched = browse(f"{product.url}/?world=real", reduced_motion="no-preference")
    watched.settled()
    watched.until(f'document.querySelector("{TILE}").innerText.includes("3.21")')
    assert watched.page.evaluate("window.same = true")
    watched.page.evaluate(COUNT_FADES, TILE)
    assert product.post("/api/v1/readings", level(now() + timedelta(minutes=1), 3.45))[1]["taken"] == 1
    watched.until(f'document.querySelector("{TILE}").innerText.includes("3.45")', seconds=10)
    assert watched.page.evaluate("window.same") is True
    watched.until("window.faded > 0")
    watched.until("document.querySelectorAll('.changed').length === 0")
    watched.is_clean()


@pytest.mark.slow
@pytest.mark.feature(41)
@pytest.mark.feature(42)
def test_a_source_that_falls_silent_greys_its_tile_and_keeps_the_value(product, browse, tmp_path) -> None:
    connected(product, tmp_path / "catalogue").start()
    spoken_of = now() - timedelta(minutes=4)
    assert product.post("/api/v1/readings", level(spoken_of, 3.21))[1]["taken"] == 1
    watched = browse(f"{product.url}/?world=real")
    watched.settled()
    lit = f'document.querySelector("{TILE}").className'
    watched.until(f'{lit}.includes("ok")')
    counts = "[...document.querySelectorAll('[data-light=st]')].map(one => Number(one.textContent))[0]"
    before = watched.page.evaluate(counts)
    promise(tmp_path / "catalogue", grace=int((now() + timedelta(seconds=25) - spoken_of).total_seconds() / 2) - 60)
    watched.until(f'{lit}.includes("st")', seconds=90)
    watched.until(f"{counts} === {before + 1}", seconds=15)
    row = watched.page.locator(f".k[href*='{LEVEL}']")
    assert "3.21" in row.inner_text()
    assert "过期" in row.inner_text() or "中断" in row.inner_text()
    watched.page.set_viewport_size({"width": 5760, "height": 1080})
    watched.until("document.querySelector('#panel-wall-notices').innerText.includes('水情遥测')", seconds=15)
    watched.is_clean()


@pytest.mark.feature(42)
def test_the_server_goes_away_and_comes_back_under_an_open_page(product, browse) -> None:
    product.start()
    watched = browse(f"{product.url}/?world=demo")
    watched.settled()
    page = watched.page
    values = "[...document.querySelectorAll('.k .n')].map(one => one.textContent)"
    before = page.evaluate(values)
    assert len(before) >= 20
    product.stop()
    watched.until("document.documentElement.dataset.link === 'lost'", seconds=30)
    assert "连接中断" in page.locator("#banner").inner_text()
    assert page.locator("#banner").is_visible()
    stopped = page.locator(".ck").inner_text()
    after = page.evaluate(values)
    assert len(after) == len(before) and "—" not in after
    muted = page.evaluate("getComputedStyle(document.querySelector('.k .n')).color")
    assert muted == page.evaluate("getComputedStyle(document.querySelector('.k .mt')).color")
    page.wait_for_timeout(2500)
    assert page.locator(".ck").inner_text() == stopped
    product.start()
    watched.until("document.documentElement.dataset.link === 'live'", seconds=40)
    watched.until("!document.querySelector('#banner').classList.contains('on')")
    watched.until("document.querySelectorAll('[data-held]').length === 0", seconds=20)
    watched.until(f"document.querySelector('.ck').innerText !== {stopped!r}")
    assert not watched.outside


@pytest.mark.feature(42)
def test_an_answer_that_is_not_the_newest_is_shown_with_its_age(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    watched.settled()

    watched.page.evaluate(GROW_OLD)
    watched.page.evaluate("cockpit.live.announce(['*'])")
    watched.until("document.querySelector('#banner').innerText.includes('数据库中断 · 数据截至 01-02 11:04')")
    assert watched.page.locator("#panel-wall-tiles a.t").count() == 27
    watched.page.evaluate("window.fetch = window.younger")
    watched.until("!document.querySelector('#banner').classList.contains('on')")


@pytest.mark.feature(42)
def test_a_panel_that_cannot_be_fetched_keeps_its_values_and_says_of_when_they_are(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    watched.settled()
    before = watched.page.locator("#panel-wall-economy .fill .k").count()

    def broken(route) -> None:
        route.fulfill(status=500, body="{}")

    watched.page.route("**/panel/wall-economy**", broken)
    watched.page.evaluate("cockpit.live.announce(['panel:wall-economy'])")
    watched.until("/^\\d\\d:\\d\\d$/.test(document.querySelector('#panel-wall-economy').dataset.held)")
    assert watched.page.locator("#panel-wall-economy .fill .k").count() == before > 0
    watched.page.unroute("**/panel/wall-economy**", broken)
    watched.until("!document.querySelector('#panel-wall-economy').dataset.held")


@pytest.mark.feature(38)
def test_without_the_stream_the_page_asks_every_few_seconds_and_is_not_lost(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    watched.page.route(re.compile(r"/live(\?|$)"), lambda route: route.abort())
    watched.page.reload()
    watched.settled()
    started = len(watched.asked)
    watched.page.wait_for_timeout(22_000)
    polls = [url for _, url, _ in watched.asked[started:] if url.endswith("/live/version")]
    assert len(polls) >= 2
    assert watched.page.evaluate("document.documentElement.dataset.link") == "live"
