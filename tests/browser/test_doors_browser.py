"""The doors as people meet them: first password, lock-out, way out, unified sign-in, one-time link,
reveal. One browser for all; each test is somebody else's turn at it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest

from access import totp
from product import Product

pytestmark = pytest.mark.browser

PASSWORD = "Feng-huang7-Xi"
REVEAL = """async body => {
    const word = document.cookie.split('; ').find(one => one.startsWith('_csrf_token=')).slice(12);
    const headers = {'Content-Type': 'application/json', 'X-CSRFToken': word};
    const answer = await fetch('/api/v1/personal/reveal', {method: 'POST', headers, body: JSON.stringify(body)});
    return [answer.status, await answer.json()];
}"""


@pytest.fixture
def page(visitor) -> Any:
    return visitor


@pytest.fixture
def house(open_house) -> Product:
    return open_house[0]


def opened(house: Product, name: str, role: str, region: str = "445100") -> str:
    """A new account; the path of the link its owner gets."""
    done = house.manage("user", "add", name, "--shown", f"{name}（测试）", "--role", role, "--region", region)
    link = re.search(r"/sign-in/once/\S+", done.stdout)
    assert link, done.stdout + done.stderr
    return link[0]


def send(page, action: str, **fields: str) -> None:
    """Fill the form of that address and send it."""
    for name, value in fields.items():
        page.fill(f'form[action="{action}"] [name={name}]', value)
    with page.expect_navigation():
        page.click(f'form[action="{action}"] button')


def set_password(page, link: str) -> None:
    """The first visit by a link: in, and a password of one's own before anything else."""
    page.goto(link)
    send(page, link)
    page.goto("/account")
    assert "/sign-in" in page.url, "nothing before the password is set"
    send(page, "/sign-in/password", password=PASSWORD, again=PASSWORD)


def sign_out(page) -> None:
    page.goto("/account")
    with page.expect_navigation():
        page.click('form[action="/sign-out"] button')
    assert "已退出登录" in page.inner_text("main")


def shown_secret(page) -> str:
    """The key on the page as the owner types it into a telephone: without the spaces."""
    secret = page.inner_text("p.key").replace(" ", "")
    assert len(secret) == 32 and page.locator('svg[aria-label="验证器二维码"]').count() == 1
    return secret


def code(secret: str, later: int = 0) -> str:
    """What the telephone shows now, or `later` half minutes from now; one later is taken already, clocks differ."""
    return totp.code_at(secret, totp.step_of(datetime.now(UTC)) + later)


def wrong_code(secret: str) -> str:
    """Six digits that are none of those taken now."""
    taken = {code(secret, later) for later in (-2, -1, 0, 1, 2)}
    return next(
        digits for digits in ("000000", "111111", "222222", "333333", "444444", "555555") if digits not in taken
    )


def type_code(page, action: str, digits: str) -> None:
    """Type a code at the door: with its sixth digit the form sends itself."""
    with page.expect_navigation():
        page.fill(f'form[action="{action}"] [name=code]', digits)


def alert(page) -> str:
    return str(page.inner_text("[role=alert]"))


def name_and_password(page, name: str) -> None:
    page.goto("/sign-in")
    send(page, "/sign-in", name=name, password=PASSWORD)


def who(page) -> int:
    """What the interface says to this browser."""
    return int(page.request.get("/api/v1/themes").status)


def test_first_password_then_sign_in_with_it_and_out_again(page, house) -> None:
    link = opened(house, "door-first", "county_officer", "445102")
    set_password(page, link)
    assert who(page) == 200
    sign_out(page)
    send(page, "/sign-in", name="door-first", password=PASSWORD)
    assert "/sign-in" not in page.url and who(page) == 200
    sign_out(page)
    page.go_back(wait_until="load")
    assert "/sign-in" in page.url, "the back button must not show what was behind the door"
    assert who(page) == 401


def test_a_one_time_link_opens_once(page, house) -> None:
    link = opened(house, "door-link", "county_officer", "445102")
    page.goto(link)
    page.reload()
    assert page.locator(f'form[action="{link}"]').count() == 1, "looking does not use it up"
    set_password(page, link)
    sign_out(page)
    assert page.goto(link).status == 410
    assert "链接已失效" in page.inner_text("main")


@pytest.mark.feature(142)
def test_five_wrong_passwords_shut_the_account_and_say_so(page, house) -> None:
    link = opened(house, "door-lock", "county_officer", "445102")
    set_password(page, link)
    sign_out(page)
    for _ in range(5):
        send(page, "/sign-in", name="door-lock", password="not-this-one")
    send(page, "/sign-in", name="door-lock", password=PASSWORD)
    assert re.search(r"已暂停登录，请约 \d+ 分钟后再试", page.inner_text("[role=alert]"))
    assert who(page) == 401
    assert house.manage("user", "unlock", "door-lock").returncode == 0
    send(page, "/sign-in", name="door-lock", password=PASSWORD)
    assert who(page) == 200


@pytest.mark.feature(142)
def test_a_second_factor_of_ones_own_is_asked_for_ever_after_and_each_code_once(page, house) -> None:
    set_password(page, opened(house, "door-factor", "county_officer", "445102"))
    page.goto("/account")
    send(page, "/account/factor")
    secret = shown_secret(page)
    send(page, "/account/factor", code=wrong_code(secret))
    assert "验证码不正确" in alert(page) and shown_secret(page) == secret, "the key stays under the person's hands"
    used = code(secret)
    send(page, "/account/factor", code=used)
    sign_out(page)

    name_and_password(page, "door-factor")
    assert who(page) == 401, "a password alone opens nothing any more"
    type_code(page, "/sign-in/code", wrong_code(secret))
    assert "验证码不正确，或已经用过" in alert(page) and who(page) == 401
    type_code(page, "/sign-in/code", used)
    assert "已经用过" in alert(page) and who(page) == 401, "the code of the set-up is spent"
    new = code(secret, 1)
    type_code(page, "/sign-in/code", f"{new[:3]} {new[3:]}")
    assert who(page) == 200, "typed in two threes, as telephones show it, and sent by itself"
    sign_out(page)

    name_and_password(page, "door-factor")
    type_code(page, "/sign-in/code", new)
    assert "已经用过" in alert(page) and who(page) == 401, "seen over the shoulder, it is worth nothing"


@pytest.mark.feature(142)
def test_an_administrator_has_to_set_one_up_and_takes_it_away_from_who_lost_the_telephone(page, house) -> None:
    set_password(page, opened(house, "door-lost", "county_officer", "445102"))
    page.goto("/account")
    send(page, "/account/factor")
    send(page, "/account/factor", code=code(shown_secret(page)))
    sign_out(page)

    set_password(page, opened(house, "door-keeper", "system_admin"))
    assert who(page) == 401, "this role is not to be had with a password alone"
    page.goto("/admin/accounts")
    assert "/sign-in" in page.url
    secret = shown_secret(page)
    type_code(page, "/sign-in/factor", wrong_code(secret))
    assert "验证码不正确" in alert(page) and shown_secret(page) == secret
    type_code(page, "/sign-in/factor", code(secret))
    page.goto("/admin/accounts")
    lost = page.locator("tr", has=page.get_by_role("cell", name="door-lost", exact=True))
    with page.expect_navigation():
        lost.get_by_role("button", name="取消验证码").click()
    assert "已取消动态验证码" in page.inner_text("[role=status]")
    sign_out(page)

    name_and_password(page, "door-lost")
    assert who(page) == 200
    page.goto("/account")
    assert page.locator('form[action="/account/factor"] button').inner_text() == "启用动态验证码"
    record = house.get("/panel/audit-list?act=second_factor.reset", **house.sign_in("auditor"))[1].decode()
    assert "door-lost" in record and "door-keeper" in record


@pytest.mark.feature(128)
def test_the_unified_sign_in_opens_the_linked_account(page, open_house) -> None:
    house, provider = open_house
    opened(house, "door-unified", "county_officer", "445102")
    provider.person = {"sub": "7-9", "preferred_username": "somebody"}
    assert house.manage("user", "link", "door-unified", "7-9").returncode == 0
    page.goto("/sign-in")
    with page.expect_navigation(url=lambda url: "/sign-in" not in url):
        page.click("text=统一身份认证登录")
    assert page.url.startswith(house.url) and who(page) == 200
    (kept,) = [one for one in page.context.cookies() if one["name"] == "cockpit_session"]
    assert kept["sameSite"] == "Strict" and kept["httpOnly"]
    page.goto(f"{provider.url}/elsewhere?to={house.url}/account")
    page.click("text=account")
    page.wait_for_url(f"{house.url}/account", wait_until="load")
    page.wait_for_selector("text=我的会话")
    assert "外部身份\n7-9" in page.inner_text(".facts"), "the owner sees what opens the account"
    provider.person = {"sub": "7-10", "preferred_username": "door-unified"}
    page.context.clear_cookies()
    page.goto("/sign-in/oidc")
    assert "还没有开通" in page.inner_text("body"), "an equal name opens nothing"
    assert who(page) == 401


@pytest.mark.feature(139)
def test_a_masked_telephone_is_shown_in_full_for_a_reason_that_goes_on_record(page, house) -> None:
    report = {
        "title": "路灯不亮", "region": "445102", "origin": "grid", "origin_id": "door-1",
        "reported_at": "2026-11-22T08:00:00+08:00",
        "reporter": {"name": "陈大明", "phone": "13800138000", "address": "昌黎路 1 号"},
    }  # fmt: skip
    status, made = house.post("/api/v1/events", report, **{"Idempotency-Key": "door-1"})
    assert status in {200, 201}, made
    set_password(page, opened(house, "door-reveal", "county_officer", "445102"))
    told = page.request.get(f"/api/v1/events/{made['id']}").text()
    assert "13800138000" not in told and "陈大明" not in told
    page.goto("/sources")
    wish = {"object": f"event {made['number']}", "field": "reporter_phone"}
    assert page.evaluate(REVEAL, {**wish, "reason": ""})[0] == 422
    status, shown = page.evaluate(REVEAL, {**wish, "reason": "回访核实现场情况"})
    assert (status, shown["value"]) == (200, "13800138000")
    record = house.get("/panel/audit-list?act=personal.reveal", **house.sign_in("auditor"))[1].decode()
    assert made["number"] in record and "door-reveal" in record and "13800138000" not in record
