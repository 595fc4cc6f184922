"""One event through the hands of several people in a real browser: acts, undo, photo, others meanwhile, drafts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from product import PIXEL, SESSION_COOKIE, Product
from screen_checks import FAULTS, serious

pytestmark = pytest.mark.browser

Enter = Callable[..., Any]


@pytest.fixture
def house(open_house) -> Product:
    return open_house[0]


@pytest.fixture
def enter(one_browser, house: Product) -> Iterator[Enter]:
    """Somebody signed in at a page: `enter("city_officer", path, person="b")`, each with a browser of their own."""
    opened = []

    def start(role: str, path: str, *, department: str = "", person: str = "", **context: Any) -> Any:
        with house.people() as people:
            session = people.session(role, department=department, person=person)
        made = one_browser.new_context(
            base_url=house.url, locale="zh-CN", reduced_motion="reduce", viewport={"width": 1440, "height": 900},
            **context,
        )  # fmt: skip
        made.add_cookies([{"name": SESSION_COOKIE, "value": session, "url": house.url, "httpOnly": True}])
        made.set_default_timeout(20_000)
        opened.append(made)
        page = made.new_page()
        page.goto(path)
        return page

    yield start
    for context in opened:
        context.close()


@pytest.fixture
def reported(house: Product) -> Callable[[str], str]:
    """A report by the interface; its number."""

    def report(name: str) -> str:
        officer = house.sign_in("city_officer")
        body = {
            "title": "锡美村涵洞积水", "origin": "patrol", "origin_id": name, "lon": 116.6405, "lat": 23.6995,
            "reported_at": datetime.now(UTC).isoformat(), "category": "S0403",
        }  # fmt: skip
        status, answer = house.post("/api/v1/events", body, **officer, **{"Idempotency-Key": name})
        assert status == 201, answer
        return str(answer["number"])

    return report


def act(page: Any, action: str, note: str = "") -> None:
    """Press the button, fill in the note, send; the bar says that it is done."""
    press(page, action)
    if note:
        page.fill(".aform [name=note]", note)
    page.click(".aform [type=submit]")


def press(page: Any, action: str) -> None:
    page.click(f'.abar [data-do="{action}"]:not([aria-disabled])')


def says(page: Any, words: str) -> None:
    page.locator(".anote", has_text=words).wait_for()


@pytest.mark.feature(56)
@pytest.mark.feature(64)
def test_from_report_to_closing_by_three_people(enter: Enter, reported, house: Product) -> None:
    number = reported("walk")
    officer = enter("city_officer", f"/event/{number}")
    act(officer, "accept")
    says(officer, "已受理")
    act(officer, "register")
    says(officer, "已立案")
    press(officer, "dispatch")
    officer.locator(".aform [data-chosen]", has_text="主办").wait_for()
    listed = officer.locator('form.crews [name=lead][value="water_bureau"]')
    if listed.count():
        listed.check()
    else:
        officer.select_option("form.crews [name=other_lead]", "water_bureau")
    officer.fill(".aform [name=note]", "请立即到场抽水")
    officer.click(".aform [type=submit]")
    officer.get_by_role("button", name="撤销").click()
    says(officer, "没有送出")
    assert _state(house, number) == "registered"
    assert officer.input_value(".aform [name=note]") == "请立即到场抽水", "what was typed is there again"
    officer.click(".aform [type=submit]")
    says(officer, "秒后送出")
    says(officer, "已派遣")
    assert _state(house, number) == "assigned"

    handler = enter("department_handler", f"/event/{number}", department="water_bureau")
    act(handler, "sign")
    says(handler, "已签收")
    act(handler, "handle")
    says(handler, "已开始处置")
    press(handler, "report")
    handler.click(".aform .tp >> nth=0")
    handler.set_input_files(".aform input[type=file] >> nth=0", {
        "name": "处置后.jpg", "mimeType": "image/jpeg", "buffer": PIXEL,
    })  # fmt: skip
    handler.locator(".aform li[data-hash]").wait_for()
    handler.click(".aform [type=submit]")
    says(handler, "已反馈")
    handler.locator(".phs figure", has_text="处置后").wait_for()

    second = enter("city_officer", f"/event/{number}", person="second")
    act(second, "verify", "前后照片比对，问题已解决")
    says(second, "已核查通过")
    press(second, "close")
    second.click(".aform [type=submit]")
    assert second.evaluate("document.querySelector('.aform [name=note]').matches(':invalid')"), "a reason is needed"
    second.fill(".aform [name=note]", "办理完毕")
    second.dblclick(".aform [type=submit]")
    says(second, "已结案")
    assert _state(house, number) == "closed"
    status, ledger = _ledger(house, number)
    assert status == 200
    assert [row["action"] for row in ledger].count("close") == 1


@pytest.mark.feature(67)
def test_what_others_did_meanwhile_is_said_and_the_text_stays(enter: Enter, reported, house: Product) -> None:
    number = reported("meanwhile")
    page = enter("city_officer", f"/event/{number}")
    press(page, "note")
    page.fill(".aform [name=note]", "来电人补充：车已拖走")
    other = house.sign_in("city_officer", person="faster")
    status, _ = house.post(f"/api/v1/events/{number}/moves", {"action": "accept", "version": 1}, **other)
    assert status == 200
    page.click(".aform [type=submit]")
    page.locator(".aform .said2", has_text="他人已有操作").wait_for()
    assert "受理" in page.inner_text(".aform .said2 ul")
    assert page.input_value(".aform [name=note]") == "来电人补充：车已拖走"
    page.click(".aform [type=submit]")
    says(page, "已备注")


def test_unsent_text_survives_a_reload_and_leaves_with_the_sending(enter: Enter, reported) -> None:
    number = reported("draft")
    page = enter("city_officer", f"/event/{number}")
    press(page, "note")
    page.fill(".aform [name=note]", "写到一半")
    page.reload()
    press(page, "note")
    assert page.input_value(".aform [name=note]") == "写到一半"
    page.context.set_offline(True)
    page.click(".aform [type=submit]")
    page.locator(".aform .said2", has_text="未送达，正在重试").wait_for()
    page.context.set_offline(False)
    says(page, "已备注")
    assert page.evaluate("Object.keys(localStorage).filter(one => one.startsWith('case-')).length") == 0


@pytest.mark.feature(51)
@pytest.mark.feature(52)
def test_a_phone_reports_with_a_photo_and_sees_what_was_reported_before(enter: Enter, reported) -> None:
    before = reported("first")
    page = enter("city_officer", "/report?world=real")
    page.set_viewport_size({"width": 390, "height": 844})
    page.fill("form.rf [name=title]", "锡美村涵洞积水很深")
    page.fill("form.rf [name=lon]", "116.6406")
    page.fill("form.rf [name=lat]", "23.6996")
    page.locator("#report-alike", has_text=before).wait_for()
    page.get_by_role("button", name="道路积水").click()
    assert page.input_value("form.rf [name=category]") == "S0403"
    page.set_input_files("form.rf [data-photos] >> nth=0", {
        "name": "现场.jpg", "mimeType": "image/jpeg", "buffer": PIXEL,
    })  # fmt: skip
    page.click("form.rf [type=submit]")
    page.locator(".rdone b").wait_for()
    page.click(".rdone a")
    page.locator(".phs figure", has_text="上报").wait_for()


def test_the_page_is_readable_by_all_and_cuts_nothing_on_desk_and_phone(enter: Enter, reported) -> None:
    number = reported("readable")
    page = enter("city_officer", f"/event/{number}", bypass_csp=True)
    page.locator("#panel-case-match[data-shown]").wait_for(state="attached")
    page.locator(".abar").wait_for()
    press(page, "accept")
    for width, height in ((1440, 900), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        assert page.evaluate(FAULTS) == [], width
        assert serious(page) == [], width


def _state(house: Product, number: str) -> str:
    return str(house.json(f"/api/v1/events/{number}")["state"])


def _ledger(house: Product, number: str) -> tuple[int, list[dict[str, Any]]]:
    told = house.json(f"/api/v1/events/{number}/ledger")
    return 200, told["items"]
