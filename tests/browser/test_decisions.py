"""What people decide on the screen: a row in quarantine, a figure entered by one and reviewed by another."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser


@pytest.mark.feature(43)
@pytest.mark.feature(45)
def test_a_held_row_is_released_by_a_named_person_with_a_reason(product, browse) -> None:
    product.start()
    held = product.json("/api/v1/quarantine?limit=1")["items"][0]
    watched = browse(f"{product.url}/sources?world=demo&held={held['id']}", role="data_manager")
    watched.settled()
    page = watched.page
    assert held["reasons"][0]["message"] in page.locator("#panel-sources-held").inner_text()
    page.get_by_role("button", name="放行").click()
    still = {one["id"] for one in product.json("/api/v1/quarantine?limit=100")["items"]}
    assert held["id"] in still, "decided without a reason"
    page.locator("textarea[name=note]").fill("已与来源单位核实")
    page.get_by_role("button", name="放行").click()
    watched.until(f"!document.querySelector('#panel-sources-held').innerHTML.includes('quarantine/{held['id']}/')")
    released = product.json("/api/v1/quarantine?state=released&limit=1")["items"][0]
    assert released["id"] == held["id"]
    assert released["decided_by"] == "数据管理员（测试）"
    assert released["note"] == "已与来源单位核实"
    watched.is_clean()


@pytest.mark.feature(46)
def test_a_figure_waits_for_another_person_and_then_becomes_a_reading(product, browse) -> None:
    product.start()
    watched = browse(f"{product.url}/entry", role="data_manager")
    watched.settled()
    page = watched.page
    for name, text in {"indicator": "IND-01", "period": "2026-10", "value": "1,065"}.items():
        page.locator(f"#panel-entry-form input[name={name}]").fill(text)
    page.locator("#panel-entry-form textarea").fill("统计月报第 3 页")
    page.get_by_role("button", name="提交审核").click()
    page.locator("#panel-entry-waiting a").first.click()
    page.wait_for_url("**entry=**")
    review = page.locator("#panel-entry-waiting form")
    review.locator("textarea").fill("核对无误")
    review.get_by_role("button", name="通过入库").click()
    watched.until("document.querySelector('#panel-entry-waiting .said').dataset.tone === 'bad'")
    assert review.locator("textarea").input_value() == "核对无误", "typed text was lost"
    watched.is_clean()
    number = page.url.partition("entry=")[2].partition("&")[0]
    other = product.sign_in("data_manager", "445100", person="second")
    told = product.post(f"/api/v1/entries/{number}/decision", {"decision": "accept", "note": "核对无误"}, **other)
    assert (told[0], told[1]["state"]) == (200, "accepted"), told
    watched.until("document.querySelector('#panel-entry-decided').innerText.includes('第二人')")
    answer = product.json("/api/v1/indicators/IND-01/readings?world=real&region=445100")
    assert [(one["value"], one["provenance"]) for one in answer["items"]][-1] == (1065.0, "manual")


@pytest.mark.feature(43)
def test_a_source_shows_owner_promise_and_its_record_of_calls(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/sources?world=demo")
    watched.settled()
    page = watched.page
    table = page.locator("#panel-sources-table")
    assert "每月20日发布上月数据" in table.inner_text() or table.locator("tbody tr").count() == 40
    link = table.locator("tbody th a").first
    name = link.inner_text()
    link.click()
    page.wait_for_url("**source=**")
    watched.until("document.querySelector('#panel-sources-table tr.opened tbody tr')")
    opened = table.inner_text()
    assert name.strip("▸▾ ") in opened
    for word in ("责任单位", "更新约定", "最近成功", "最近错误", "入口", "行数", "隔离"):
        assert word in opened
    watched.is_clean()
