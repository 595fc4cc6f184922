"""Looking back and trying again in a real browser: a review written, signed by another, on paper; a delivery retried;
two events dispatched at once, taken back first."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import TimeoutError
from sqlalchemy import func, select, update

from database.dispatch_tables import events, outbox
from database.engine import writing
from product import SESSION_COOKIE, Product

pytestmark = pytest.mark.browser

Enter = Callable[..., Any]


@pytest.fixture
def house(open_house) -> Product:
    return open_house[0]


@pytest.fixture
def enter(one_browser, house: Product) -> Iterator[Enter]:
    """Somebody signed in at a page, each with a profile of their own."""
    opened = []

    def start(role: str, path: str, person: str = "") -> Any:
        with house.people() as people:
            session = people.session(role, person=person)
        made = one_browser.new_context(base_url=house.url, locale="zh-CN", viewport={"width": 1440, "height": 900})
        made.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": house.url, "httpOnly": True}])
        made.set_default_timeout(20_000)
        opened.append(made)
        page = made.new_page()
        page.goto(path)
        return page

    yield start
    for context in opened:
        context.close()


def registered(house: Product, name: str, title: str) -> str:
    """An event of the real city that waits to be dispatched; its number."""
    body = {
        "title": title, "origin": "patrol", "origin_id": name, "lon": 116.6405, "lat": 23.6995, "category": "S0403",
        "reported_at": datetime.now(UTC).isoformat(),
    }  # fmt: skip
    number = str(posted(house, "/api/v1/events", body, name)["number"])
    for version, action in enumerate(("accept", "register"), 1):
        step = {"action": action, "version": version}
        posted(house, f"/api/v1/events/{number}/moves", step, f"{name}-{action}")
    return number


def posted(house: Product, path: str, body: dict[str, Any], key: str) -> dict[str, Any]:
    """The answer; asked again with the same key while the house is too busy to answer."""
    officer, status, answer = house.sign_in("city_officer"), 503, {}
    for _ in range(10):
        if status != 503:
            break
        status, answer = house.post(path, body, **officer, **{"Idempotency-Key": key})
    assert status in (200, 201), answer
    return answer


def press(page: Any, button: str, until: str) -> None:
    """Press until what it brings is in the page: a busy house asks to try again, and nothing is done twice."""
    for _ in range(6):
        if page.locator(button).count():
            page.click(button)
        try:
            page.locator(until).first.wait_for(state="attached", timeout=5_000)
            return
        except TimeoutError:
            continue
    raise AssertionError(f"not brought by {button}: {until}")


@pytest.mark.feature(70)
def test_a_review_is_written_by_one_and_signed_by_another(enter: Enter, house: Product) -> None:
    listed = house.json("/api/v1/reviews?world=demo")["items"]
    number = next(one["number"] for one in listed if one["state"] == "draft")
    officer = enter("city_officer", f"/review/{number}?world=demo")
    officer.fill("#panel-review-words [name=lessons]", "先到场，后补手续")
    officer.fill("#panel-review-words [name=problems]", "首次通知只到值班室")
    versions = officer.locator(".rvv li").count()
    press(officer, "#panel-review-words [data-decision=save]", f".rvv li:nth-child({versions + 1})")
    officer.fill("#panel-review-words [name=words]", "补齐属地值班电话")
    officer.fill("#panel-review-words [name=due_on]", f"{datetime.now(UTC) + timedelta(days=20):%Y-%m-%d}")
    press(officer, "#panel-review-words button:has-text('加入')", ".rvm b:has-text('补齐属地值班电话')")
    commander = enter("city_commander", f"/review/{number}?world=demo")
    commander.locator(".rvx .bd").first.wait_for()
    signed = "#panel-review-words .ph small:has-text('已签发')"
    press(commander, "#panel-review-words [data-decision=sign]", signed)
    officer.locator("#panel-review-words .ph small", has_text="已签发").wait_for()  # the news reached the other screen
    commander.emulate_media(media="print")
    assert not commander.locator("#panel-review-words form").first.is_visible()
    assert commander.locator("#panel-review-words .rvp", has_text="先到场").first.is_visible()
    commander.emulate_media(media="screen")
    commander.keyboard.press("e")
    commander.locator("#panel-event-review", has_text="已签发").wait_for()


def test_a_failed_delivery_is_sent_again_by_a_button(enter: Enter, house: Product) -> None:
    number = registered(house, "retry", "砚峰路积水")
    with house.people() as people, writing(people.engine) as connection:
        ours = select(func.max(outbox.c.id)).join(events, events.c.id == outbox.c.event_id)
        newest = connection.execute(ours.where(events.c.number == number)).scalar_one()
        values = {"state": "failed", "tries": 12, "error": "接口没有应答"}
        connection.execute(update(outbox).where(outbox.c.id == newest).values(values))
    page = enter("city_officer", f"/event/{number}")
    page.locator("#panel-event-told .bad", has_text="失败").wait_for()
    press(page, "#panel-event-told button:has-text('重发')", "#panel-event-told:not(:has(form))")


@pytest.mark.feature(69)
def test_two_are_dispatched_as_proposed_after_one_was_taken_back(enter: Enter, house: Product) -> None:
    numbers = [registered(house, f"bulk-{one}", f"涵洞积水 {one}") for one in (1, 2)]
    page = enter("city_officer", "/desk?world=real")
    for number in numbers:
        page.check(f'.ql li[data-row="{number}"] .pick')
    page.select_option("form.bulk [name=action]", "dispatch")
    for answer in ("撤销", ""):
        page.click("form.bulk button[type=submit]")
        page.click("form.bulk .sure .pri")
        if answer:
            page.click(f"form.bulk .sure button:has-text('{answer}')")
            assert {house.json(f"/api/v1/events/{one}")["state"] for one in numbers} == {"registered"}
    page.locator("form.bulk .out li[data-tone=good]").nth(1).wait_for()
    assert {house.json(f"/api/v1/events/{one}")["state"] for one in numbers} == {"assigned"}
