"""The map in a real browser: drill by click and address, view kept, layers, drawing, replay, no script in names."""

from __future__ import annotations

import json
from urllib.parse import urlsplit

import pytest

pytestmark = pytest.mark.browser

PAYLOAD = '<img src=x onerror="window.pwned=1"><script>window.pwned=2</script>'
DRAWN = "document.querySelectorAll('.map-name').length > 0 && document.querySelector('#map-legend li')"
CENTRE = "() => { const m = cockpit.map.page().map, c = m.getCenter(); return [m.getZoom(), c.lng, c.lat]; }"
AT = """([lon, lat]) => { const m = cockpit.map.page().map, box = m.getContainer().getBoundingClientRect(),
    p = m.latLngToContainerPoint([lat, lon]); return [box.left + p.x, box.top + p.y]; }"""


@pytest.fixture
def mapped(running_product, browse):
    """Opens the map and waits until regions and legend are drawn."""

    def start(query: str = "world=demo", width: int = 1440, height: int = 900, **more):
        watched = browse(f"{running_product.url}/map?{query}", width, height, **more)
        watched.until(DRAWN)
        return watched

    return start


def click_at(watched, lon: float, lat: float) -> None:
    """A click on a place of the map."""
    watched.page.mouse.click(*watched.page.evaluate(AT, [lon, lat]))


@pytest.mark.feature(11)
@pytest.mark.feature(13)
def test_from_the_city_to_a_village_by_clicks_and_back_by_escape(mapped) -> None:
    watched = mapped("world=demo&indicator=AGR-01")
    page = watched.page
    assert page.locator("path.map-region").count() == 4
    click_at(watched, 117.0, 23.75)
    watched.until("location.search.includes('region=445122')")
    watched.until("document.querySelectorAll('path.map-region').length > 15")
    assert "indicator=AGR-01" in page.url
    click_at(watched, 116.8559, 24.0510)
    watched.until("location.search.includes('region=445122104')")
    watched.until("document.querySelector('.vl li')")
    assert "新丰镇" in page.locator(".crumbs").inner_text()
    assert page.locator(".vl li").count() > 5
    page.keyboard.press("Escape")
    watched.until("location.search.includes('region=445122') && !location.search.includes('445122104')")
    page.keyboard.press("Escape")
    watched.until("!location.search.includes('region=')")
    watched.until("document.querySelectorAll('path.map-region').length === 4")
    page.go_back()
    watched.until("location.search.includes('region=445122')")
    watched.until("document.querySelectorAll('path.map-region').length > 15")
    assert not page.locator("img.leaflet-tile").count()
    watched.is_clean()


@pytest.mark.feature(21)
def test_view_and_layers_are_kept_on_refresh_and_in_the_address(mapped) -> None:
    watched = mapped("world=demo")
    page = watched.page
    page.locator("[data-layer=cameras]").click()
    watched.until("location.search.includes('layer=cameras')")
    watched.until("cockpit.map.page().points.count() > 10")
    page.evaluate("cockpit.map.page().map.setView([23.66, 116.64], 13.25, {animate: false})")
    watched.until("location.search.includes('z=13.25')")
    before = page.evaluate(CENTRE)
    page.reload()
    watched.until(DRAWN)
    watched.until("cockpit.map.page().points.count() > 0")
    after = page.evaluate(CENTRE)
    assert after[0] == before[0]
    assert abs(after[1] - before[1]) < 1e-3 and abs(after[2] - before[2]) < 1e-3
    assert page.locator("[data-layer=cameras]").get_attribute("aria-pressed") == "true"
    watched.is_clean()


@pytest.mark.feature(10)
@pytest.mark.feature(15)
def test_objects_are_clustered_and_open_in_words(mapped) -> None:
    watched = mapped("world=demo&layer=cameras&z=10.5&c=116.7,23.7")
    page = watched.page
    watched.until("cockpit.map.page().points.count() > 10")
    total = int(page.locator("[data-layer=cameras] .n").inner_text().replace(",", ""))
    assert page.evaluate("cockpit.map.page().points.count()") < total / 5
    points = page.evaluate("fetch('/api/v1/layers/cameras/points?world=demo').then(a => a.json())")
    place = [points["lon"][3], points["lat"][3]]
    page.evaluate("([lon, lat]) => cockpit.map.page().map.setView([lat, lon], 16, {animate: false})", place)
    page.wait_for_timeout(300)
    click_at(watched, *place)
    page.wait_for_selector(".map-popup .mp dl")
    text = page.locator(".map-popup").inner_text()
    assert "视频点位" in text and "模" in text and "WGS84" in text
    assert "region=" not in page.url, "an object in the way of a region wins"
    watched.is_clean()


MANY = """([lon, lat]) => {
    const { points, map } = cockpit.map.page(), number = lon.map((_, index) => index);
    points.set('many', {symbol: 'circle', lon, lat, number, heard: null, every: null});
    points.redraw();
    const clustered = points.count();
    map.setView([23.8, 116.8], 15, {animate: false});
    return [clustered, points.count()];
}"""


@pytest.mark.feature(15)
def test_a_hundred_thousand_points_are_drawn_at_once(mapped) -> None:
    lon = [116.4 + (i * 7919 % 1000) / 1000 for i in range(100_000)]
    lat = [23.4 + (i * 104729 % 997) / 997 for i in range(100_000)]
    watched = mapped("world=demo")
    clustered, single = watched.page.evaluate(MANY, [lon, lat])
    assert 50 < clustered < 2000 and single > 20
    watched.is_clean()


@pytest.mark.feature(16)
def test_an_area_is_drawn_by_clicks_and_lists_what_is_inside(mapped) -> None:
    watched = mapped("world=demo&layer=cameras,schools&z=12&c=116.64,23.67")
    page = watched.page
    watched.until("cockpit.map.page().points.count() > 10")
    page.locator("[data-tool=box]").click()
    click_at(watched, 116.62, 23.65)
    click_at(watched, 116.66, 23.69)
    watched.until("location.search.includes('area=box:')")
    watched.until("document.querySelector('#map-area .in li')")
    head = page.locator("#map-area h2").inner_text()
    asked = page.evaluate("new URLSearchParams(location.search).get('area')")
    told = page.evaluate(
        "area => fetch('/api/v1/map/inside?' + new URLSearchParams({world: 'demo', layer: 'cameras,schools', area}))"
        ".then(a => a.json())",
        asked,
    )
    assert f"{told['total']} 个" in head and told["total"] == page.locator("#map-area .in li").count()
    assert page.locator("path.map-drawn").count() == 1
    page.reload()
    watched.until("document.querySelector('#map-area .in li') && document.querySelector('path.map-drawn')")
    page.locator("[data-tool=clear]").click()
    watched.until("!location.search.includes('area=') && document.getElementById('map-area').hidden")
    page.locator("[data-tool=polygon]").click()
    for corner in ((116.60, 23.62), (116.68, 23.62), (116.64, 23.70)):
        click_at(watched, *corner)
    page.keyboard.press("Enter")
    watched.until("location.search.includes('area=polygon:')")
    page.locator("[data-tool=measure]").click()
    click_at(watched, 116.60, 23.62)
    click_at(watched, 116.70, 23.62)
    assert "公里" in page.locator(".map-said.tool").inner_text()
    page.keyboard.press("Escape")
    assert "area=polygon" in page.url and page.locator("[data-tool=measure]").get_attribute("aria-pressed") == "false"
    watched.is_clean()


@pytest.mark.feature(18)
def test_the_replay_says_that_it_is_one_and_one_key_leads_back(mapped) -> None:
    watched = mapped("world=demo")
    page = watched.page
    page.locator("[data-time=start]").click()
    watched.until("document.getElementById('map-mark').textContent.startsWith('回放')")
    assert "回放" in page.locator("#map-legend").inner_text()
    first = page.locator("#map-mark").inner_text()
    watched.until("old => document.getElementById('map-mark').textContent !== old", first)
    page.locator("[data-time=play]").click()
    watched.until("/at=20/.test(location.search)")
    stopped = page.locator("#map-mark").inner_text()
    page.reload()
    watched.until("document.getElementById('map-mark').textContent.startsWith('回放')")
    assert page.locator("#map-mark").inner_text() == stopped
    page.keyboard.press("r")
    watched.until("document.getElementById('map-mark').textContent === '' && !location.search.includes('at=')")
    assert "回放" not in page.locator("#map-legend").inner_text()
    watched.is_clean()


def test_a_figure_without_a_past_of_24_hours_says_so(mapped) -> None:
    watched = mapped("world=demo&indicator=AGR-01&at=start")
    watched.until("document.querySelector('[data-time=why]').textContent.includes('没有 24 小时')")
    assert "at=" not in watched.page.url
    assert watched.page.locator("#map-mark").inner_text() == ""


@pytest.mark.feature(48)
def test_missing_is_hatched_with_its_reason_and_simulated_is_marked(mapped) -> None:
    watched = mapped("world=demo")
    assert "模拟" in watched.page.locator("#map-legend").inner_text()
    assert watched.page.locator(".tb.mr .pv.m").count() == 4
    watched = mapped("world=real")
    page = watched.page
    assert "模拟" not in page.inner_text("body")
    assert page.evaluate("[...document.querySelectorAll('path.map-region')].every(one => one.dataset.ink === 'none')")
    assert page.evaluate("getComputedStyle(document.querySelector('path.map-region')).fill").startswith("url(")
    assert all(text.strip() for text in page.locator(".tb.mr td .mut").all_inner_texts())
    note = page.locator(".map-note").inner_text()
    for words in ("镇街界线为示意（泰森多边形）", "水系、枫溪区界为示意", "审图号"):
        assert words in note
    watched.is_clean()


def test_a_place_is_found_by_pinyin_and_shown(mapped) -> None:
    watched = mapped("world=demo&layer=schools")
    page = watched.page
    page.locator("#map-search input").fill("qdjd")
    page.locator("#map-hits button", has_text="桥东街道").click()
    watched.until("location.search.includes('region=445102007')")
    assert "layer=schools" in page.url
    watched.until("document.querySelector('.vl li')")
    watched.is_clean()


def test_names_that_are_scripts_stay_text_everywhere(mapped, running_product) -> None:
    watched = mapped("world=demo&layer=cameras&area=circle:116.64,23.67,5000&z=12&c=116.64,23.67")
    page = watched.page

    def poison(route) -> None:
        body = route.fetch().json()

        def tainted(value, key=""):
            if isinstance(value, dict):
                return {name: tainted(one, name) for name, one in value.items()}
            if isinstance(value, list):
                return [tainted(one, key) for one in value]
            kept = {"key", "url", "symbol", "shape", "region", "code", "kind", "layer", "heard_at", "instants", "world"}
            return PAYLOAD if isinstance(value, str) and key not in kept else value

        route.fulfill(body=json.dumps(tainted(body)), content_type="application/json")

    host = urlsplit(running_product.url).netloc
    for path in ("search*", "map/values*", "map/inside*", "layers?*", "layers/cameras/points/*"):
        page.route(f"http://{host}/api/v1/{path}", poison)
    page.reload()
    watched.until("document.querySelectorAll('#map-area .in li').length > 0")
    page.locator("#map-search input").fill("rp")
    page.wait_for_selector("#map-hits button")
    page.locator("#map-area .in button").first.click()
    page.wait_for_selector(".map-popup dl")
    page.mouse.move(*page.evaluate(AT, [116.62, 23.69]))
    page.wait_for_timeout(500)
    for place in ("#map-hits", "#map-area", "#map-legend", ".map-popup"):
        assert "<img src=x" in page.locator(place).inner_text(), place
    assert page.evaluate("window.pwned === undefined")
    assert not page.locator("img[src=x]").count()
    assert not watched.errors and not watched.outside


@pytest.mark.feature(24)
def test_the_map_prints_without_its_controls(mapped) -> None:
    watched = mapped("world=demo&layer=schools")
    page = watched.page
    page.emulate_media(media="print")
    for hidden in (".map-tools", "#map-time", ".map-right", ".leaflet-control-zoom", "nav.go"):
        assert not page.locator(hidden).first.is_visible(), hidden
    for shown in (".map-stage", "#map-legend", ".map-note", ".tb.mr", ".sample"):
        assert page.locator(shown).first.is_visible(), shown
    assert len(page.pdf(landscape=True)) > 20_000


def test_the_wall_does_not_carry_the_map(running_product, browse) -> None:
    watched = browse(running_product.url)
    watched.settled()
    assert not [url for _, url, _ in watched.asked if "dash_leaflet" in url or "/assets/map-" in url]


FAULTS = """() => {
  const over = '.map-tools,#map-mark:not(:empty),.leaflet-control-zoom,#map-legend,.map-note,.leaflet-control-scale';
  const shown = (one) => one.getClientRects().length > 0 && getComputedStyle(one).visibility !== 'hidden';
  const boxes = [...document.querySelectorAll(over)].filter(shown)
    .map((one) => [one.className || one.id, one.getBoundingClientRect()]);
  const faults = [];
  boxes.forEach(([name, a], index) => boxes.slice(index + 1).forEach(([other, b]) => {
    const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
    const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
    if (wide > 2 && high > 2) faults.push(`${name} / ${other}`);
  }));
  document.querySelectorAll('.map-left,.map-right').forEach((one) => {
    if (one.scrollWidth > one.clientWidth + 1) faults.push(`wide ${one.className}`);
  });
  if (document.documentElement.scrollWidth > innerWidth + 1) faults.push('page wider than screen');
  return faults;
}"""


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (390, 844)])
def test_the_map_fits_the_screen(mapped, width: int, height: int) -> None:
    for query in ("world=demo&at=start", "world=demo&region=445102&indicator=AGR-01"):
        watched = mapped(query, width, height)
        watched.settled()
        assert watched.page.evaluate(FAULTS) == [], query
        watched.is_clean()


DOT = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b550000000a494441"
    "54789c636800000082008177cd72b60000000049454e44ae426082"
)
"""A picture of one pixel."""


def one_picture_everywhere(deepest: int = 10) -> bytes:
    """A PMTiles archive whose only picture stands for every tile down to a zoom: one run from the first to the last."""

    def varint(value: int) -> bytes:
        low, rest = value & 127, value >> 7
        return bytes([low | 128]) + varint(rest) if rest else bytes([low])

    run = (4 ** (deepest + 1) - 1) // 3
    root = b"".join(varint(value) for value in (1, 0, run, len(DOT), 1))
    head = bytearray(127)
    head[:8], head[97], head[99], head[100], head[101] = b"PMTiles\x03", 1, 2, 0, deepest
    for place, value in ((8, 127), (16, len(root)), (40, 127 + len(root)), (56, 127 + len(root))):
        head[place : place + 8] = value.to_bytes(8, "little")
    return bytes(head) + root + DOT


@pytest.mark.feature(12)
def test_a_base_map_of_our_own_comes_out_of_one_archive(mapped) -> None:
    watched, archive, ranges = mapped(), one_picture_everywhere(), []

    def part(route) -> None:
        first, last = (int(one) for one in route.request.headers["range"].removeprefix("bytes=").split("-"))
        ranges.append((first, last))
        route.fulfill(status=206, body=archive[first : last + 1], content_type="application/octet-stream")

    watched.page.route("**/tiles/city.pmtiles", part)
    watched.page.evaluate("cockpit.map.makeBase(L, '/tiles/city.pmtiles').addTo(cockpit.map.page().map); 0")
    watched.until("[...document.querySelectorAll('img.map-tile')].filter(one => one.naturalWidth === 1).length > 3")
    assert ranges[0][0] == 0 and len(ranges) > 4
    watched.is_clean()
