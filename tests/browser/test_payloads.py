"""Texts that want to become program, put through the real doors into every field people and sources fill.

The pages that show them are opened in a real browser: nothing runs, nothing even tries (no violation of the policy).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from html import escape
from typing import Any
from urllib.parse import quote

import pytest

from access import accounts, sealing, tokens
from access.actor import LOOPBACK
from access.sealing import Keyring, provider
from attack import texts_planted
from attack.payloads import LONGEST, PAYLOADS
from attack.text_fields import SHOWN, UNMARKED
from attack.texts_planted import mark_of
from attack.visits import VISITS
from database.engine import writing
from product import SESSION_COOKIE, Product

pytestmark = pytest.mark.browser

COUNTY = "445102"
WATCH = """window.__x = 0; window.__broken = [];
addEventListener('securitypolicyviolation', one => window.__broken.push(
    `${one.violatedDirective} ${one.blockedURI} ${one.sample}`));"""
FOUND = "[window.__x, window.__broken, document.documentElement.outerHTML]"
SETTLED = """() => { const all = [...document.querySelectorAll('.panel')].filter(one => one.getClientRects().length);
    return all.length > 0 && all.every(one => one.dataset.shown && !one.dataset.failed); }"""


def event(n: int, text: str) -> dict[str, Any]:
    reporter = {"name": text[:60], "phone": text[:40], "address": text}
    return {
        "title": text[:LONGEST], "description": text, "place": text, "region": COUNTY, "origin": "grid",
        "origin_id": f"{n} {text}"[:LONGEST], "reported_at": "2026-11-22T08:00:00+08:00", "level": 1,
        "lon": 116.63 + n / 2000, "lat": 23.66, "reporter": reporter,
    }  # fmt: skip


def pushed(text: str) -> dict[str, Any]:
    """Rows that are held back: each with the text in another field."""
    good = {"indicator": "IND-13", "region": COUNTY, "period": "2026-11-21", "value": 450, "dim": ""}
    fields = ("indicator", "region", "period", "value", "dim", "quality", text[:40])
    return {"source": "enterprise_requests", "readings": [{**good, name: text} for name in fields]}


def entry(n: int, text: str) -> dict[str, Any]:
    figures = {"numerator": 45, "denominator": 50, "value": 90}
    return {"indicator": "IND-13", "region": COUNTY, "period": f"2026-10-{n + 1:02d}", "note": text, **figures}


def silence(text: str) -> dict[str, Any]:
    return {"world": "demo", "rule": "rain_hour", "region": COUNTY, "reason": text, "hours": 1}


def scenario(text: str) -> dict[str, Any]:
    return {"world": "demo", "name": text[:60], "ENV-01": 1}


def fill(house: Product) -> dict[str, list[int]]:
    """Every text into every field; what the doors answered, by address."""
    told: dict[str, list[int]] = {}
    by = {role: house.sign_in(role) for role in ("data_manager", "city_commander")}
    for n, text in enumerate(PAYLOADS):
        for path, role, body in (
            ("/events", "", event(n, text)), ("/readings", "", pushed(text)),
            ("/entries", "data_manager", entry(n, text)), ("/warning-silences", "city_commander", silence(text)),
            ("/scenarios", "city_commander", scenario(text)),
        ):  # fmt: skip
            key = {"Idempotency-Key": f"payload-{n}"} if path == "/events" else {}
            told.setdefault(path, []).append(posted(house, f"/api/v1{path}", body, **key, **by.get(role, {})))
    return told


def posted(house: Product, path: str, body: object, **headers: str) -> int:
    """What the door answers; while the database is busy (503) the same once more, as every client does."""
    for _ in range(5):
        status, _answer = house.post(path, body, **headers)
        if status != 503:
            break
    return status


def name_people_and_screens(house: Product) -> None:
    """Display names of accounts, names of screens and programs, names typed at the sign-in page."""
    with house.people() as people, writing(people.engine) as connection:
        for n, text in enumerate(PAYLOADS):
            account = accounts.NewAccount(f"payload-{n}", text[:40], "445100", "")
            accounts.add(connection, people.rules, account, by=LOOPBACK, now=people.now())
            wanted = tokens.NewToken("screen", text[:40], ("445100",), timedelta(days=9), frozenset())
            tokens.issue(connection, people.rules, wanted, by=LOOPBACK, now=people.now())


@pytest.fixture(scope="module")
def filled(open_house) -> Iterator[tuple[Product, dict[str, str]]]:
    """The open house with the texts everywhere: what doors take by the doors, and then every column that is shown."""
    house = open_house[0]
    told = fill(house)
    name_people_and_screens(house)
    assert all(status < 500 for answers in told.values() for status in answers), told
    assert all(min(answers) < 300 for answers in told.values()), f"a door took none of them: {told}"
    sealing.use(Keyring(provider("intl"), ((house.folder / "secret_key").read_text().strip(),)))
    with house.people() as people:
        yield house, texts_planted.plant(people.engine)
    sealing.forget()


def enter(context: Any, house: Product, role: str) -> None:
    with house.people() as people:
        cookie = {"name": SESSION_COOKIE, "value": people.session(role), "url": house.url, "httpOnly": True}
    context.clear_cookies()
    context.add_cookies([cookie])


def look(page: Any, path: str) -> tuple[int, list[str], str]:
    """Open a page, wait until its panels have answered; programs that ran, violations, all it holds."""
    page.goto(path)
    for _ in range(100):
        if not page.locator(".panel").count() or page.evaluate(SETTLED):
            break
        page.wait_for_timeout(100)
    ran, broken, words = page.evaluate(FOUND)
    return ran, broken, words


@pytest.mark.feature(141)
def test_no_text_becomes_program_on_any_page(visitor, filled) -> None:
    house, names = filled
    page, ran, shown = visitor, {}, {}
    page.add_init_script(WATCH)
    opened: list[str] = []
    page.on("dialog", lambda one: (opened.append(one.message), one.dismiss()))
    for role, paths in VISITS:
        enter(page.context, house, role)
        for path in (one.format(**names) for one in paths):
            executed, broken, shown[path] = look(page, path)
            if executed or broken:
                ran[path] = (executed, broken)
    assert not ran and not opened, ran
    unseen = [
        column
        for column, at in SHOWN.items()
        if column not in UNMARKED
        and not any(mark_of(column) in text for path, text in shown.items() if path.startswith(at))
    ]
    assert not unseen, f"not on the page that is said to show them: {unseen}"
    everything = "".join(shown.values())
    seen = [text for text in PAYLOADS if escape(text[:24], quote=False) in everything]
    assert len(seen) >= 20, f"the pages must show them as they were typed, else this proves nothing: {len(seen)}"


@pytest.mark.feature(141)
def test_no_text_in_an_address_becomes_program(visitor, open_house) -> None:
    page, ran = visitor, {}
    page.add_init_script(WATCH)
    for text in PAYLOADS:
        page.goto(f"/sign-in?next={quote(text)}&name={quote(text)}")
        executed, broken, _ = page.evaluate(FOUND)
        if executed or broken:
            ran[text] = (executed, broken)
    assert not ran


def test_the_watch_notices_a_text_that_does_become_program(visitor, open_house) -> None:
    """Without this the other two could pass by looking away."""
    page = visitor
    page.add_init_script(WATCH)
    page.goto("/sign-in")
    page.evaluate("text => { document.body.innerHTML = text }", PAYLOADS[5])
    page.wait_for_timeout(200)
    assert page.evaluate(FOUND)[1], "the policy stopped it, and that was seen"
    page.goto("about:blank")
    page.set_content(PAYLOADS[5])
    page.wait_for_timeout(200)
    assert page.evaluate(FOUND)[0] == 1, "nothing stopped it, and that was seen"
