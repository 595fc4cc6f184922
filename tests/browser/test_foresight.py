"""Warnings and decisions as people use them: take a warning up, suppose a change, without a word in the console."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from database.engine import open_engine, writing
from decisions import findings

pytestmark = pytest.mark.browser
EDGE = {"edge": {"cause": "ENG-03", "effect": "ECO-08", "reason": "用电先于产出"}, "is_proven": True, "lag": 1,
        "correlation": 0.5, "band": 0.3, "q": 0.01, "steady": 1.0, "months": 44, "failings": [],
        "elasticity": 0.2}  # fmt: skip


@pytest.mark.feature(74)
def test_a_warning_is_opened_and_taken_up_on_the_page(running_product, browse):
    watched = browse(running_product.url + "/warnings?world=demo", 1440, 900)
    watched.until("document.querySelector('.wl .w1 a')", seconds=120)
    page = watched.page
    watched.until("document.querySelector('.w1.on') && document.querySelector('#panel-warnings-detail .does form')")
    assert "warning=" not in page.url, "the gravest stands open without being chosen"
    page.locator(".wl .w1 a").first.click()
    watched.until("location.search.includes('warning=') && document.querySelector('#panel-warnings-detail .does form')")
    assert page.locator("#panel-warnings-detail .wsv").count() == 1
    page.locator(".does input[name=note]").first.fill("已电话核实，正在处置")
    page.locator(".does button", has_text="接手").first.click()
    watched.until("document.querySelector('#panel-warnings-main').innerText.includes('已接手')")
    watched.until("document.querySelector('#panel-warnings-detail').innerText.includes('正在处置')")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.is_clean()


@pytest.mark.feature(89)
@pytest.mark.feature(156)
def test_a_supposition_goes_into_the_address_and_along_the_proven_edge(running_product, browse):
    watched = browse(running_product.url + "/decisions?world=demo", 1440, 900)
    watched.until("document.querySelectorAll('.tree .nd').length > 10")
    engine = open_engine(f"sqlite:///{running_product.folder}/cockpit.db")
    body = {"edges": [EDGE], "least_months": 30, "spreads": {"ECO-08": 1.0}}
    with writing(engine) as connection:
        findings.put(
            connection, world="demo", model="transmission", region="445100", period="2026-10", body=body,
            now=datetime.now(UTC),
        )  # fmt: skip
    engine.dispose()
    watched.until("document.querySelector('.sliders input[name=\"s_ENG-03\"]')", seconds=60)
    slider = watched.page.locator(".sliders input[name='s_ENG-03']")
    slider.fill("2")
    slider.dispatch_event("change")
    watched.until("location.search.includes('s_ENG-03=2')")
    watched.until("document.querySelector('#panel-decisions-supposed').innerText.includes('+2.00 pp')")
    assert "情景测算，非因果" in watched.page.locator("#panel-decisions-supposed").inner_text()
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.is_clean()
