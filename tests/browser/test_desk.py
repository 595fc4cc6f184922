"""An officer at the desk: keys, clocks, filters, several at once, and news that takes nothing away."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest

from product import Product

pytestmark = pytest.mark.browser

ROWS = "[...document.querySelectorAll('.ql li[data-version]')].map(one => one.dataset.row)"
FOCUSED = "(document.activeElement.closest('li') || {dataset: {}}).dataset.row || ''"
NARROWED = """() => { const all = [...document.querySelectorAll('.ql a[data-open]')];
  return all.length > 0 && all.every(one => one.textContent.includes('井盖')); }"""
AHEAD = "ahead => { const was = cockpit.clock.now; cockpit.clock.now = () => was() + ahead; }"
NUMBERS = count(1)


def report(product: Product, title: str, **more: object) -> dict[str, Any]:
    """One event of the real world, as the hotline would send it."""
    number = next(NUMBERS)
    body = {
        "title": title, "origin": "hotline", "origin_id": f"desk-{number}", "lon": 116.6405, "lat": 23.6995,
        "category": "S0403", "reported_at": (datetime.now(UTC) - timedelta(minutes=1)).isoformat(), **more,
    }  # fmt: skip
    key = {"Idempotency-Key": f"desk-{number}"}
    status, answer = product.post("/api/v1/events", body, **key)
    assert status in (200, 201), answer
    return answer


@pytest.fixture
def desk(open_house, browse):
    """The desk of the city on real events, and the product behind it."""
    product, _ = open_house
    for title in ("桥东积水", "枫春路井盖缺失", "牌坊街路灯不亮"):
        report(product, title)
    watched = browse(f"{product.url}/desk?world=real", 1440, 900, role="city_officer")
    watched.settled()
    watched.until(f"{ROWS}.length >= 3")
    return product, watched


def minutes(words: str) -> int:
    """剩 05:40 as minutes."""
    hours, _, rest = words.split()[1].partition(":")
    return int(hours) * 60 + int(rest)


def test_the_middle_says_what_waits_until_an_event_is_chosen(desk) -> None:
    _, watched = desk
    page = watched.page
    watched.until("document.querySelectorAll('.nx li[data-due] .sla').length >= 3")
    watched.until(
        "[...document.querySelectorAll('.nx li[data-due] .sla')].every(one => /^[剩超] /.test(one.textContent))"
    )
    first = page.locator(".nx li a").first
    title = first.inner_text()
    first.click()
    watched.until("!document.querySelector('.nx')")
    watched.until("title => document.querySelector('#panel-case-head h1')?.textContent === title", title)
    watched.until(
        "document.querySelector('.ql .sel')?.dataset.row === new URL(location.href).searchParams.get('event')"
    )
    page.go_back()
    watched.until("document.querySelectorAll('.nx li').length >= 3")
    watched.is_clean()


@pytest.mark.feature(69)
def test_keys_clocks_and_filters(desk) -> None:
    product, watched = desk
    page = watched.page
    number = page.evaluate(ROWS)[1]
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate(FOCUSED) == number
    page.keyboard.press("k")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    watched.until(f"new URL(location.href).searchParams.get('event') === '{number}'")
    watched.until("document.querySelector('.ql .sel') !== null")
    watched.until("document.querySelector('#panel-case-head').textContent.includes('时限')")

    clock = f".ql li[data-row='{number}'] .sla"
    due = datetime.fromisoformat(product.json(f"/api/v1/events/{number}")["stage_due_at"])
    left = int((due - datetime.now(UTC)).total_seconds() // 60)
    assert abs(minutes(page.inner_text(clock)) - left) <= 1
    page.evaluate(AHEAD, 120_000)
    watched.until("([clock, words]) => document.querySelector(clock).textContent !== words", [clock, f"剩 {left:02}"])
    watched.until(f'Number(document.querySelector("{clock}").textContent.slice(-2)) !== {left % 60}')
    page.evaluate(AHEAD, -120_000)

    page.keyboard.press("/")
    page.keyboard.type("井盖")
    page.keyboard.press("Enter")
    watched.until(NARROWED)
    page.reload()
    watched.settled()
    watched.until(NARROWED)
    assert page.input_value(".fl input[type=search]") == "井盖"
    assert number in page.url, "what is open stays open"
    page.keyboard.press("?")
    assert "批量办理" in page.inner_text("#keys")
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    watched.until("!location.search.includes('event=')")
    watched.is_clean()


@pytest.mark.feature(20)
def test_news_moves_nothing_from_under_the_hand_and_several_are_done_at_once(desk) -> None:
    product, watched = desk
    page = watched.page
    before = page.evaluate(ROWS)
    page.keyboard.press("j")
    focused = page.evaluate(FOCUSED)
    added = report(product, "龟湖站停机", level=1)["number"]
    watched.until(f"{ROWS}.includes('{added}')")
    assert page.evaluate(FOCUSED) == focused, "the row keeps the focus wherever it moves"

    page.hover(f".ql li[data-row='{before[-1]}']")
    standing = page.evaluate(ROWS)
    late = report(product, "城新路污水冒溢", level=1)["number"]
    watched.until("!document.getElementById('held').hidden")
    assert page.evaluate(ROWS) == standing
    page.mouse.move(900, 500)
    watched.until(f"{ROWS}.includes('{late}')")

    for one in (added, late):
        page.check(f".pick[data-pick='{one}']", force=True)
    page.select_option(".bulk select", "accept")
    page.click(".bulk .act")
    watched.until("document.querySelectorAll('.bulk .out [data-tone=good]').length === 2")
    for one in (added, late):
        assert product.json(f"/api/v1/events/{one}")["state"] == "accepted"
        watched.until(f"document.querySelector(\".ql li[data-row='{one}']\").dataset.version === '2'")
    page.check(f".pick[data-pick='{added}']", force=True)
    page.click(".bulk .act")
    watched.until("document.querySelectorAll('.bulk .out [data-tone=bad]').length === 1")
    assert "不能" in page.inner_text(".bulk .out")
    assert page.is_checked(f".pick[data-pick='{added}']"), "what failed stays ticked"
    page.keyboard.press("Escape")
    watched.is_clean()
