"""Puts texts that want to become program through the product's own doors: everything people and sources may hand in."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from access import accounts, tokens
from access.actor import LOOPBACK
from attack.payloads import LONGEST, PAYLOADS
from database.engine import writing
from product import Product

COUNTY = "445102"


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
            told.setdefault(path, []).append(_posted(house, f"/api/v1{path}", body, **key, **by.get(role, {})))
    return told


def _posted(house: Product, path: str, body: object, **headers: str) -> int:
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
