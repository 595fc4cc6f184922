"""Events as Open311 service requests, and service requests as reports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from access.personal import mask_text
from api.open311_format import GeoReportError
from dispatch.event import Event
from dispatch.report import Report, Reporter
from dispatch.rulebook import Rulebook
from dispatch.state import OPEN, State
from indicators.duties import Category

JURISDICTION = "chaozhou.gov.cn"
ANYTHING = "other"
"""Service code for what fits no category: the text decides."""
LONGEST = 90
"""Days a list without service_request_id may span (GeoReport v2)."""
MOST = 1000
CLOSED = tuple(state for state in State if state not in OPEN)


def service(code: str, category: Category) -> dict[str, Any]:
    """A category as a service type."""
    return {
        "service_code": code, "service_name": category.name, "description": category.clause, "metadata": False,
        "type": "realtime", "keywords": ", ".join(category.words), "group": category.group,
    }  # fmt: skip


def services(rules: Rulebook) -> list[dict[str, Any]]:
    """Everything that can be reported."""
    other = {
        "service_code": ANYTHING, "service_name": "其他", "description": "不确定类别时选此项，由值班人员判断",
        "metadata": False, "type": "realtime", "keywords": "", "group": "其他",
    }  # fmt: skip
    return [*(service(code, one) for code, one in rules.categories.items()), other]


def request_shape(event: Event, rules: Rulebook) -> dict[str, Any]:
    """An event as a service request. Words of reporters are masked."""
    lead = None if event.lead is None else rules.department_name(event.lead)
    return {
        "service_request_id": event.number,
        "status": "open" if event.state in OPEN else "closed",
        "status_notes": event.state_name,
        "service_name": rules.category_name(event.category),
        "service_code": event.category or ANYTHING,
        "description": mask_text(f"{event.title}。{event.description}" if event.description else event.title)[:4000],
        "agency_responsible": lead,
        "service_notice": None,
        "requested_datetime": _moment(event.reported_at),
        "updated_datetime": _moment(event.closed_at or event.moved_at),
        "expected_datetime": None if event.case_due_at is None else _moment(event.case_due_at),
        "address": mask_text(event.place) or rules.region_name(event.region),
        "address_id": None,
        "zipcode": None,
        "lat": event.lat,
        "long": event.lon,
        "media_url": None,
    }


def _moment(at: datetime) -> str:
    return at.isoformat(timespec="seconds")


def report_of(form: Mapping[str, str], rules: Rulebook, *, key: str, sender: str, now: datetime) -> Report:
    """The report in a form; GeoReportError for what is missing. The same `key` of the same sender is the same event."""
    code = form.get("service_code", "").strip()
    if not code:
        raise GeoReportError(400, "缺少 service_code")
    if code != ANYTHING and code not in rules.categories:
        raise GeoReportError(404, f"没有 service_code {code[:20]}，见 services")
    place = form.get("address_string", "").strip()
    lat, lon = _number(form, "lat"), _number(form, "long")
    if (lat is None or lon is None) and not place and not form.get("address_id"):
        raise GeoReportError(400, "请给出 lat 和 long，或 address_string")
    text = form.get("description", "").strip()
    name = "其他" if code == ANYTHING else rules.category_name(code)
    title = (text.splitlines() or [name])[0][:60] or name
    person = f"{form.get('last_name', '')}{form.get('first_name', '')}".strip()
    return Report(
        title, "open311", f"{sender}:{key or uuid4()}"[:120], now, description=text[:4000],
        category=None if code == ANYTHING else code, lon=lon, lat=lat, place=place[:200],
        reporter=Reporter(person[:60], form.get("phone", "").strip()[:40]),
    )  # fmt: skip


def _number(form: Mapping[str, str], name: str) -> float | None:
    given = form.get(name, "").strip()
    if not given:
        return None
    bound = 90.0 if name == "lat" else 180.0
    try:
        value = float(given)
    except ValueError:
        raise GeoReportError(400, f"{name} 应为数字") from None
    if not -bound <= value <= bound:
        raise GeoReportError(400, f"{name} 超出范围")
    return value


def span(given: Mapping[str, str], now: datetime) -> tuple[datetime, datetime]:
    """From and until; ninety days at most, as the standard says."""
    until = _instant(given, "end_date") or now + timedelta(minutes=1)
    since = _instant(given, "start_date") or until - timedelta(days=LONGEST)
    return max(since, until - timedelta(days=LONGEST)), until


def _instant(given: Mapping[str, str], name: str) -> datetime | None:
    text = given.get(name, "").strip().replace(" ", "+")
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise GeoReportError(400, f"{name} 应为 2026-11-22T00:00:00+08:00 的写法") from None
    if found.tzinfo is None:
        raise GeoReportError(400, f"{name} 应带时区")
    return found


def states(given: Mapping[str, str]) -> tuple[State, ...]:
    """open, closed, or both."""
    words = [word.strip() for word in given.get("status", "").split(",") if word.strip()]
    wrong = [word for word in words if word not in ("open", "closed")]
    if wrong:
        raise GeoReportError(400, "status 应为 open 或 closed")
    if len(set(words)) != 1:
        return ()
    return OPEN if words[0] == "open" else CLOSED
