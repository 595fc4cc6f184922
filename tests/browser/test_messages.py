"""民意热点 as an officer uses it: a hot issue is chosen, many calls become one event, a category is confirmed."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.feature(160)
@pytest.mark.feature(92)
@pytest.mark.feature(159)
def test_an_issue_is_joined_and_a_category_confirmed_on_the_page(running_product, browse):
    report = {
        "title": "墙角那个东西响得厉害，谁来管管", "origin": "hotline", "origin_id": "browser-messages-1",
        "reported_at": "2026-01-01T00:00:00Z", "region": "445102100",
    }  # fmt: skip
    status, told = running_product.post("/api/v1/events", report, **{"Idempotency-Key": "browser-messages"})
    assert status == 201, told
    watched = browse(running_product.url + "/messages?world=demo&days=30", 1440, 900, role="city_officer")
    page = watched.page
    watched.until("document.querySelectorAll('ol.hot .h1').length > 4", seconds=150)
    watched.settled()
    assert page.locator("#panel-messages-detail svg.course").count() == 1
    issue = page.locator("ol.hot .h1").nth(1)
    name = issue.locator("b").first.inner_text()
    issue.click()
    watched.until("name => document.querySelector('#panel-messages-detail h2').innerText.includes(name)", name[-4:])
    assert "issue=" in page.url
    issues = running_product.json("/api/v1/messages/issues?world=demo&days=30")["items"]
    key = next(one["key"] for one in issues if one["open"] >= 2)
    page.goto(f"{running_product.url}/messages?world=demo&days=30&issue={key}")
    watched.until("document.querySelector('#panel-messages-detail .join button')", seconds=30)
    page.locator("#panel-messages-detail .join button").click()
    watched.until("document.querySelector('#panel-messages-detail .join').innerText.includes('已有联合事件')")
    page.goto(running_product.url + "/messages?world=real")
    watched.until("document.querySelector('.waits form.row select')", seconds=60)
    page.locator(".waits form.row select").first.select_option("S0301")
    page.locator(".waits form.row button").first.click()
    watched.until("document.querySelector('#panel-messages-waiting').innerText.includes('没有待确认的类别')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.is_clean()
