"""Which county drags industrial growth, and why: from the wall in three steps, as docs/walk.md shows it."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.feature(26)
@pytest.mark.feature(27)
@pytest.mark.feature(28)
@pytest.mark.feature(31)
def test_from_the_wall_to_the_dragging_county_and_its_proof_in_three_steps(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/?world=demo")
    page = watched.page
    watched.settled()
    page.locator("a.t", has_text="经济运行").first.click()
    drag = page.locator("#panel-theme-regions a.drag")
    drag.wait_for()
    county = drag.locator("b").inner_text().split()[0]
    assert "拖累" in drag.inner_text()
    page.evaluate("window.same = true")

    drag.click()
    page.wait_for_url("**region=**")
    watched.until("name => document.querySelector('#panel-theme-trend').innerText.includes(name)", county)
    parts = page.locator("#panel-theme-parts")
    watched.until("document.querySelector('#panel-theme-parts').innerText.includes('体量')")
    assert page.evaluate("window.same"), "choosing a region filters the page, it does not leave it"
    assert "side=parts" in page.url
    parts.locator("summary").click()
    because = parts.locator(".alt tbody a").first
    name = because.inner_text()

    because.click()
    page.wait_for_url("**/indicator/**region=**")
    page.locator("#panel-indicator-proof .chain li").first.wait_for()
    text = page.locator("#panel-indicator-proof").inner_text()
    assert "公式" in text and "取数" in text
    assert name[:2] in page.locator("h1").inner_text()
    watched.is_clean()


@pytest.mark.feature(32)
def test_other_weights_are_in_the_address_and_change_only_this_view(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/theme/macro_economy?world=demo&side=index")
    page = watched.page
    page.get_by_label("加权重").first.click()
    page.wait_for_url("**w=**")
    watched.until("document.querySelector('#panel-theme-parts').innerText.includes('只改变您看到的数')")
    page.get_by_role("link", name="恢复通用权重").click()
    watched.until("!location.search.includes('w=')")
    watched.is_clean()
