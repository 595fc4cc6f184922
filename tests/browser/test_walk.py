"""From the wall to the proof of a number, by mouse and by keyboard; the address says where one is."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.feature(9)
@pytest.mark.feature(163)
def test_from_a_tile_to_the_rows_behind_a_number(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    page = watched.page
    page.locator("a.t", has_text="政务服务").click()
    page.wait_for_selector("#panel-theme-table tbody tr")
    assert "/theme/gov_services?world=demo" in page.url
    page.locator("#panel-theme-table tbody th a", has_text="零跑动事项覆盖率").click()
    chain = page.locator("#panel-indicator-proof")
    chain.locator(".chain li").first.wait_for()
    text = chain.inner_text()
    for step in ("数值", "公式", "计算", "组成", "取数", "湘桥", "÷", "№"):
        assert step in text, (step, text)
    facts = page.locator("#panel-indicator-facts").inner_text()
    for term in ("定义", "公式", "单位", "责任单位", "数据源", "目标"):
        assert term in facts
    page.locator("#panel-indicator-history tbody a").nth(3).click()
    page.wait_for_url("**period=**")
    watched.until("document.querySelector('#panel-indicator-history tr.chosen')")
    page.keyboard.press("Escape")
    page.wait_for_selector("#panel-theme-table tbody tr")
    page.keyboard.press("Escape")
    page.wait_for_selector("a.t")
    watched.is_clean()


def test_a_county_is_chosen_on_the_map_without_leaving_the_page(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    page = watched.page
    page.wait_for_selector("a.dl")
    page.evaluate("window.same = true")
    before = page.locator("#panel-wall-economy").inner_text()
    page.locator("a.dl", has_text="饶平县").click()
    page.wait_for_url("**region=445122**")
    page.wait_for_selector(".land path.chosen")
    watched.until("old => document.querySelector('#panel-wall-economy').innerText !== old", before)
    assert "饶平" in page.locator(".city h2").inner_text()
    assert page.evaluate("window.same")
    assert not [url for method, url, _ in watched.asked if method == "POST" and "region" in url]
    page.locator("a.dl", has_text="饶平县").click()
    watched.until("!location.search.includes('region')")
    watched.is_clean()


def test_the_wall_is_walked_by_keyboard_with_visible_focus(running_product, browse) -> None:
    watched = browse(running_product.url)
    page = watched.page
    page.wait_for_selector("a.t")
    page.locator("a.t").first.focus()
    page.keyboard.press("Tab")
    second = page.locator("a.t").nth(1)
    assert second.evaluate("one => one === document.activeElement")
    assert second.evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    page.wait_for_selector("#panel-theme-table tbody tr")


def test_an_earlier_day_shows_what_was_known_then(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/indicator/ECO-01?world=real&known_at=1999-01-01")
    page = watched.page
    watched.until("document.querySelector('#panel-indicator-history').innerText.includes('没有历史数据')")
    page.goto(f"{running_product.url}/indicator/ECO-01?world=real")
    page.wait_for_selector("#panel-indicator-history tbody tr")
    proof = page.locator("#panel-indicator-proof").inner_text()
    assert "出处" in proof and "原文" in proof


@pytest.mark.parametrize("path", ["/indicator/XYZ-99", "/theme/nowhere", "/?world=mars", "/?region=1"])
def test_an_address_that_leads_nowhere_says_so_in_words(running_product, browse, path: str) -> None:
    page = browse(running_product.url + path).page
    page.wait_for_selector(".er[role=alert]")
    assert "没有" in page.locator(".er").first.inner_text()
