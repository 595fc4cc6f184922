"""County and phone as people use them: drill and return, keys with help, finding by pinyin, print, what changed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.fixture
def county(running_product, browse):
    """A county's page, settled."""

    def start(path: str = "/county/445102?world=demo", width: int = 1440, height: int = 900, **more):
        watched = browse(running_product.url + path, width, height, **more)
        watched.settled()
        return watched

    return start


@pytest.mark.feature(107)
@pytest.mark.feature(112)
def test_from_the_county_to_a_town_and_back_by_escape_and_the_back_button(county) -> None:
    watched = county()
    page = watched.page
    page.locator(".tb.towns a", has_text="意溪镇").click()
    watched.until("location.pathname === '/county/445102100'")
    watched.until(
        "document.querySelector('#panel-county-head .crumbs') && document.querySelector('#panel-county-towns .vl li')"
    )
    assert "world=demo" in page.url
    assert page.locator(".crumbs .bk").all_inner_texts() == ["驾驶舱", "湘桥区"]
    page.keyboard.press("Escape")
    watched.until("location.pathname === '/county/445102'")
    watched.until("document.querySelectorAll('.tb.towns tbody tr').length === 12")
    page.go_back()
    watched.until("location.pathname === '/county/445102100'")
    watched.is_clean()


@pytest.mark.feature(13)
def test_a_click_on_the_drawing_opens_the_town(county) -> None:
    watched = county("/county/445122?world=demo")
    watched.page.locator(".county .towns text", has_text="新丰").click()
    watched.until("location.pathname === '/county/445122104'")
    watched.until("document.querySelector('.county .cells .chosen')")
    watched.is_clean()


@pytest.mark.feature(106)
def test_the_help_sheet_names_the_keys_of_the_page_and_gives_the_focus_back(county) -> None:
    watched = county()
    page = watched.page
    page.locator(".kc").last.focus()
    page.keyboard.press("?")
    watched.until("document.querySelector('dialog#keys[open]')")
    told = page.locator("#keys").inner_text()
    assert "按键说明" in told and "查找" in told and "回放" not in told, "the map's keys stay on the map"
    page.keyboard.press("Escape")
    watched.until("!document.querySelector('dialog[open]')")
    assert "/county/445102" in page.url, "Escape closed the sheet and did not leave the page"
    assert page.evaluate("document.activeElement.classList.contains('kc')")
    watched.is_clean()


@pytest.mark.feature(7)
def test_finding_by_pinyin_from_any_page_leads_there(county) -> None:
    watched = county()
    page = watched.page
    page.keyboard.press("/")
    watched.until("document.querySelector('dialog#search[open]')")
    page.keyboard.type("raoping")
    watched.until("document.querySelector('#found [role=option]')")
    page.keyboard.press("Enter")
    watched.until("location.pathname === '/county/445122'")
    assert "world=demo" in page.url
    watched.settled()
    page.keyboard.press("/")
    page.keyboard.type("wenhuaxiaofei/")
    assert page.locator("#search input").input_value().endswith("/"), "in the field a slash is a slash"
    page.locator("#search input").fill("<img src=x onerror=window.pwned=1>")
    watched.until("document.querySelector('#search').dataset.said.includes('没有找到')")
    assert page.evaluate("window.pwned") is None
    watched.is_clean()


@pytest.mark.feature(122)
@pytest.mark.feature(24)
def test_a_printed_sheet_is_light_says_when_and_from_where_and_cuts_nothing(county) -> None:
    watched = county("/county/445102?world=demo", before="localStorage.setItem('scheme', 'dark')")
    page = watched.page
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    foot = page.locator(".printed").inner_text()
    assert "/county/445102" in foot and "打印于 20" in foot and "模拟" in foot
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert page.evaluate("getComputedStyle(document.body, '::after').content").find("模拟") > 0, "the watermark"
    assert not page.locator("nav.go").is_visible() and page.locator(".county").is_visible()
    table = page.locator("#panel-county-towns")
    assert table.evaluate("one => one.scrollHeight <= one.clientHeight + 2"), "the whole table is printed"


@pytest.mark.feature(3)
def test_what_was_seen_is_remembered_and_the_next_visit_starts_there(county) -> None:
    watched = county()
    page = watched.page
    assert "since=" not in page.url
    page.locator("[data-seen]").click()
    watched.until("location.search.includes('since=')")
    since = page.evaluate("new URL(location.href).searchParams.get('since')")
    page.goto(page.url.split("?")[0])
    watched.until("location.search.includes('since=')")
    assert page.evaluate("new URL(location.href).searchParams.get('since')") == since
    watched.settled()
    assert "以来的变化" in page.locator("#panel-digest").inner_text()
    watched.is_clean()


@pytest.mark.feature(104)
def test_the_phone_walks_by_thumb_and_back(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/m?world=demo", 390, 844, has_touch=True, is_mobile=True)
    watched.settled()
    page = watched.page
    page.locator(".tabs nav a", has_text="专题").tap()
    watched.until("location.search.includes('tab=themes') && document.querySelectorAll('.rows li').length === 27")
    page.locator(".rows a").first.tap()
    watched.until("location.search.includes('theme=') && document.querySelector('.rows.figs li')")
    page.locator(".back").tap()
    watched.until("location.search.includes('tab=themes') && !location.search.includes('theme=')")
    page.go_back()
    watched.until("location.search.includes('theme=')")
    watched.is_clean()
