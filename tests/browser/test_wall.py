"""A wall that nobody touches: what it fetches, how it goes round, whom it obeys, what it reads out."""

from __future__ import annotations

import json

import pytest

pytestmark = pytest.mark.browser

WIDE, ULTRA = {"wall-trend", "wall-water", "wall-events"}, {"wall-video", "wall-duty", "wall-notices"}
ALERT = '<ul class="news" hidden><li data-alert="{key}" data-level="{level}">红色：堤防管涌</li></ul>'
LIST = """() => {
    const list = Object.assign(document.createElement('ul'), { className: 'scrolls' });
    const place = 'position:fixed;inset:100px auto auto 100px;width:200px;height:100px';
    list.style.cssText = place + ';z-index:99;overflow:hidden';
    for (let n = 0; n < 20; n += 1) list.append(Object.assign(document.createElement('li'), { textContent: n }));
    document.body.append(list);
}"""
SPAN = {"since": "2026-01-01T00:00:00Z", "until": "2126-01-01T00:00:00Z"}
TILE = "[...document.querySelectorAll('#panel-wall-tiles a.t')]"


def fetched(watched) -> set[str]:
    """The panels that were asked for so far."""
    return {url.split("/panel/")[1].split("?")[0] for _, url, _ in watched.asked if "/panel/" in url}


@pytest.mark.feature(95)
@pytest.mark.feature(101)
def test_a_wall_fetches_what_it_shows_and_more_when_it_grows(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/wall?world=demo")
    watched.settled()
    page = watched.page
    assert not fetched(watched) & (WIDE | ULTRA)
    assert page.locator("nav.go").count() == 0 and page.locator("form").count() == 0
    page.set_viewport_size({"width": 3840, "height": 1080})
    watched.until("document.querySelectorAll('.panel[data-asleep]').length === 7")
    watched.settled()
    assert fetched(watched) >= WIDE and not fetched(watched) & ULTRA
    page.set_viewport_size({"width": 5760, "height": 1080})
    watched.until("document.querySelectorAll('.panel[data-asleep]').length === 0")
    watched.settled()
    assert fetched(watched) >= ULTRA
    rem = "parseFloat(getComputedStyle(document.documentElement).fontSize)"
    assert page.evaluate(rem) == 16, "text follows the height; width becomes panels"
    watched.is_clean()


NAMED_WEST = """() => {
    const at = document.querySelector('.map .mapbox').appendChild(document.createElement('a'));
    at.className = 'pin m2 west';
    at.style.cssText = 'left:60%;top:60%';
    at.innerHTML = '<b>2</b><span>三中村信号灯故障</span>';
    const name = at.querySelector('span').getBoundingClientRect(), mark = at.querySelector('b').getBoundingClientRect();
    return [name.width, mark.left - name.right];
}"""


def test_a_name_left_of_its_mark_ends_there(running_product, browse) -> None:
    """Drawn from the right of the mark it would run into what it was kept away from: the legend."""
    watched = browse(f"{running_product.url}/wall?world=demo")
    watched.settled()
    width, apart = watched.page.evaluate(NAMED_WEST)
    assert width > 60, "the name has its whole width"
    assert -4 <= apart < 16, "it ends at the mark"


def test_keys_of_the_wall(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/wall?world=demo")
    watched.settled()
    page = watched.page
    page.keyboard.press("f")
    watched.until("document.documentElement.hasAttribute('data-far')")
    page.reload()
    watched.settled()
    assert page.evaluate("document.documentElement.hasAttribute('data-far')"), "this screen remembers it"
    page.keyboard.press("F")
    watched.until("!document.documentElement.hasAttribute('data-far')")
    page.keyboard.press("3")
    in_third = "document.querySelectorAll('#panel-wall-tiles .dg')[2].contains(document.activeElement)"
    assert page.evaluate(in_third)
    chosen = page.evaluate(f"{TILE}.indexOf(document.activeElement)")
    page.keyboard.press("ArrowLeft")
    assert page.evaluate(f"{TILE}.indexOf(document.activeElement)") == (chosen - 1) % 27
    page.keyboard.press("m")
    watched.until("document.querySelector('.lg a[aria-current=true]') !== null")
    watched.until("document.querySelectorAll('.drawing .ws').length > 0")
    assert "layer=" in page.url and "/wall" in page.url
    page.locator(".stage summary").click()
    assert "半数以上主题" in page.locator(".stage .pop").inner_text()
    watched.is_clean()


@pytest.mark.feature(96)
@pytest.mark.feature(98)
@pytest.mark.feature(99)
def test_the_carousel_goes_round_stops_for_people_and_for_a_new_red(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/wall?world=demo&carousel=1")
    watched.settled()
    page = watched.page
    page.evaluate("window.real = Date.now, window.ahead = 0, Date.now = () => window.real() + window.ahead")
    page.evaluate("window.ahead += 31000")
    watched.until("location.pathname.startsWith('/theme/')")
    watched.until("document.querySelector('#panel-theme-head')")
    assert page.locator("nav.go").count() == 0 or not page.locator("nav.go").is_visible()
    page.mouse.move(300, 300)
    watched.until("document.querySelector('#wall-sign').textContent.includes('已暂停')")
    page.evaluate("window.ahead += 100000")
    page.evaluate("cockpit.carousel.happen('tick')")
    assert "/theme/" in page.url
    headers = {"ETag": '"x"', "X-Topics": "events:demo"}
    body = ALERT.format(key="E9", level=1)
    page.route(
        "**/panel/wall-news**", lambda route: route.fulfill(body=body, headers=headers, content_type="text/html")
    )
    page.evaluate("cockpit.news.ask()")
    watched.until("location.pathname === '/wall'")
    watched.until("document.querySelector('#wall-said').textContent.includes('堤防管涌')")
    page.evaluate("window.ahead += 211000")
    watched.until("location.pathname.startsWith('/theme/')")
    assert not watched.outside


@pytest.mark.feature(100)
def test_a_wall_shows_what_the_desk_puts_on_it_says_from_whom_and_comes_back(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/wall?world=demo")
    watched.settled()
    page, view = (
        watched.page,
        {"path": "/theme/environment?world=demo", "by": "值班长"},
    )
    page.route("**/api/v1/screens/mine", lambda route: route.fulfill(json=view | SPAN))
    page.evaluate("cockpit.live.announce(['screen:7'])")
    watched.until("location.pathname === '/theme/environment'")
    watched.until("document.querySelector('#wall-sign').textContent.includes('由 值班长 推送')")
    page.unroute("**/api/v1/screens/mine")
    nothing = json.dumps({"path": None, "by": None, "since": None, "until": None})
    page.route("**/api/v1/screens/mine", lambda route: route.fulfill(body=nothing, content_type="application/json"))
    page.evaluate("cockpit.live.announce(['screen:7'])")
    watched.until("location.pathname === '/wall'")
    assert "world=demo" in page.url


@pytest.mark.feature(102)
@pytest.mark.feature(103)
def test_a_wall_loads_itself_anew_with_its_state_and_dims_at_night(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/wall?world=demo&region=445122&dim=1&shift=1")
    watched.settled()
    page = watched.page
    assert page.evaluate("getComputedStyle(document.body, '::after').opacity") == "0.38"
    assert page.evaluate("document.documentElement.style.getPropertyValue('--shift-x')").endswith("px")
    page.evaluate("window.old = true")
    assert page.evaluate("cockpit.health.look({ heap: 5e8, nodes: 100 })") == "leak"
    watched.until("window.old === undefined")
    watched.settled()
    assert "region=445122" in page.url and "饶平" in page.locator(".city h2").inner_text()
    assert page.evaluate("cockpit.health.look({ heap: 5e8, nodes: 100 })") is None, "not twice within an hour"
    watched.is_clean()


@pytest.mark.feature(108)
def test_a_list_turns_by_itself_and_a_touch_stops_it(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/wall?world=demo")
    watched.settled()
    page = watched.page
    page.evaluate(LIST)
    top = "document.querySelector('body > .scrolls').scrollTop"
    page.evaluate("cockpit.scroll.turn()")
    watched.until(f"{top} > 0")
    before = page.evaluate(top)
    page.locator("body > .scrolls").hover()
    page.mouse.down()
    page.mouse.up()
    page.evaluate("cockpit.scroll.turn()")
    assert page.evaluate(top) == before
