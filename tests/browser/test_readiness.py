"""A response level stands over every page soon after its command and is gone when it ends, without a reload."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.browser

LINE = "document.querySelector('#response .rb')"
HEIGHT = "document.documentElement.scrollHeight - innerHeight"


def press(page: Any, form: str, words: str, **fields: str) -> None:
    """Fill the form and hand it in."""
    for name, value in fields.items():
        field = page.locator(f"{form} [name={name}]")
        if name in {"plan", "region", "level", "basis"}:
            field.select_option(value)
        else:
            field.fill(value)
    page.locator(f"{form} button", has_text=words).click()


@pytest.mark.feature(4)
def test_a_level_reaches_the_open_wall_and_leaves_it_again(open_house, browse) -> None:
    product, _ = open_house
    wall = browse(f"{product.url}/wall?world=real", role="city_commander")
    wall.settled()
    assert wall.page.evaluate(f"[{LINE}, {HEIGHT}]") == [None, 0]
    desk = wall.page.context.new_page()
    desk.set_default_timeout(20_000)
    desk.goto(f"{product.url}/response?world=real")
    paper = {"basis": "document", "document": "潮汛〔2026〕1号", "reason": "强降雨过程来临"}
    press(
        desk, "#panel-response-start form", "启动响应", plan="flood", region="445100", level="2", typed="Ⅱ级", **paper
    )
    wall.until(f"{LINE} && {LINE}.innerText.includes('Ⅱ级') && {LINE}.innerText.includes('防汛防旱防风')", seconds=8)
    assert wall.page.evaluate(f"[document.documentElement.dataset.response, {HEIGHT}]") == ["2", 0]
    desk.locator("#panel-response-now summary").click()
    press(desk, "#panel-response-now form", "调整或终止", level="0", typed="终止", **paper)
    wall.until(f"!{LINE} && !document.documentElement.dataset.response", seconds=8)
    assert wall.page.evaluate(HEIGHT) == 0
    wall.is_clean()


@pytest.mark.feature(4)
def test_a_line_that_rested_is_asked_for_again(open_house, browse) -> None:
    """An answer from before a level ended may still be on its way after the notice: nobody would tell a second time."""
    product, _ = open_house
    old, given = {"X-Again": "300", "X-Topics": "responses", "Content-Type": "text/html"}, []

    def rested(route) -> None:
        if given:  # only the first; Playwright's own `times` trips over two at once
            route.fallback()
            return
        given.append(route.request.url)
        route.fulfill(status=200, headers=old, body='<div class="rb" data-response="2">已终止的响应</div>')

    wall = browse(f"{product.url}/wall?world=real", role="city_commander")
    wall.settled()
    wall.page.route("**/panel/response?*", rested)
    wall.page.reload()
    wall.until("document.documentElement.dataset.response === undefined && performance.now() > 1500")
    assert given
    assert wall.page.evaluate(f"{LINE} === null")
