"""Open311 GeoReport v2 below /open311/v2: discovery, services, requests and tokens, in JSON and XML.

The standard's `api_key` is a token of this product. Everything asks for one: this installation tells nothing to
strangers, its services neither.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import Blueprint, Response, g, request
from sqlalchemy.exc import SQLAlchemyError

from access.actor import Actor, Denied, OutOfScope
from access.policy import EVERYBODY
from access.session import actor_of_request
from api import open311_format as wire
from api import open311_requests as told
from api.open311_format import GeoReportError
from database.engine import reading, writing
from dispatch import events as kept
from dispatch import records
from dispatch.event import Event
from dispatch.hands import identity
from dispatch.intake import receive
from dispatch.refusal import DispatchError, NoSuchEvent, ReportRefused
from dispatch.rulebook import Rulebook, rulebook
from indicators.cockpit import Cockpit

BASE = "/open311/v2"
LARGEST_BODY = 200_000
MOST_NUMBERS = 50
View = Callable[..., Response]
_NAMES = ("discovery", "services", "services/<code>", "requests", "requests/<number>", "tokens/<token>")
RULES = {f"{BASE}/{name}{ending}": EVERYBODY for name in _NAMES for ending in ("", ".<ending>")}
"""Open to whoever brings a key: the views look for it themselves, to refuse as the standard says."""


def blueprint(cockpit: Cockpit) -> Blueprint:
    """Every address with and without an ending."""
    made = Blueprint("open311", __name__, url_prefix=BASE)
    desk = _Desk(cockpit)
    views: dict[str, tuple[View, list[str]]] = {
        "discovery": (desk.discovery, ["GET"]),
        "services": (desk.services, ["GET"]),
        "services/<code>": (desk.definition, ["GET"]),
        "requests": (desk.requests, ["GET", "POST"]),
        "requests/<number>": (desk.request, ["GET"]),
        "tokens/<token>": (desk.token, ["GET"]),
    }
    for name, (view, methods) in views.items():
        for ending in ("", ".<ending>"):
            made.add_url_rule(f"/{name}{ending}", f"{name}{ending}".replace(".", "_"), _guarded(view), methods=methods)
    return made


def _guarded(view: View) -> View:
    """`view` for somebody with a key; whatever goes wrong in the words of the standard."""

    @wraps(view)
    def answer(ending: str = "", **path: str) -> Response:
        form = wire.format_of(ending if ending in wire.TYPES else "")
        try:
            by = _caller()
            if ending and ending not in wire.TYPES:
                raise GeoReportError(404, "只提供 .json 和 .xml")
            return view(form, by, **path)
        except GeoReportError as refused:
            return wire.refusal(form, refused.code, refused.description)
        except OutOfScope as denied:
            g.missing_right = denied.right
            return wire.refusal(form, 404, "没有这项内容，或无权查看")
        except Denied as denied:
            g.missing_right = denied.right
            return wire.refusal(form, 403, str(denied))
        except ReportRefused as refused:
            return wire.refusal(form, 400, str(refused))
        except NoSuchEvent:
            return wire.refusal(form, 404, "没有这个 service_request_id，或无权查看")
        except DispatchError as refused:
            return wire.refusal(form, 400, str(refused))
        except (SQLAlchemyError, OSError):
            return wire.refusal(form, 503, "数据库暂时没有响应，请稍后再试")

    return answer


def _caller() -> Actor:
    found = actor_of_request()
    if found is None:
        named = "api_key" in request.values
        raise GeoReportError(403 if named else 401, "api_key 无效" if named else "缺少 api_key")
    jurisdiction = request.values.get("jurisdiction_id", told.JURISDICTION)
    if jurisdiction != told.JURISDICTION:
        raise GeoReportError(404, f"没有 jurisdiction_id {jurisdiction[:60]}，本系统为 {told.JURISDICTION}")
    return found


class _Desk:
    """Answers for one application."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit

    @property
    def _rules(self) -> Rulebook:
        live = self._cockpit.live_catalogue
        return rulebook(live.current, live.folder)

    def discovery(self, form: str, by: Actor) -> Response:
        """Where everything is."""
        root = request.host_url.rstrip("/") + BASE
        endpoint = {
            "specification": "http://wiki.open311.org/GeoReport_v2",
            "url": root,
            "changeset": "2026-11-22T00:00:00+08:00",
            "type": "production",
            "formats": ["text/xml", "application/json"],
        }
        value = {
            "changeset": "2026-11-22T00:00:00+08:00",
            "contact": "潮州市城市运行管理中心",
            "key_service": "由系统管理员签发接口令牌，作为 api_key 使用",
            "endpoints": [endpoint],
        }
        return wire.answer(form, value, "discovery")

    def services(self, form: str, by: Actor) -> Response:
        """What can be reported."""
        return wire.answer(form, told.services(self._rules), "services", "service")

    def definition(self, form: str, by: Actor, code: str) -> Response:
        """No service asks for more than the standard's own fields."""
        if code != told.ANYTHING and code not in self._rules.categories:
            raise GeoReportError(404, f"没有 service_code {code[:20]}")
        return wire.answer(form, {"service_code": code, "attributes": []}, "service_definition")

    def requests(self, form: str, by: Actor) -> Response:
        """The list, or a new one."""
        return self._report(form, by) if request.method == "POST" else self._list(form, by)

    def request(self, form: str, by: Actor, number: str) -> Response:
        """One, as a list of one."""
        return self._shown(form, [self._one(number, by)])

    def token(self, form: str, by: Actor, token: str) -> Response:
        """Requests have their number at once: a token is the number itself."""
        number = self._one(token, by).number
        return wire.answer(form, [{"service_request_id": number, "token": number}], "service_requests", "request")

    def _one(self, number: str, by: Actor) -> Event:
        by.require(kept.VIEW)
        with reading(self._cockpit.engine) as connection:
            return records.load(connection, number[:24], by).event

    def _list(self, form: str, by: Actor) -> Response:
        given = request.args
        numbers = [one.strip() for one in given.get("service_request_id", "").split(",") if one.strip()]
        if numbers:
            return self._shown(form, self._named(numbers[:MOST_NUMBERS], by))
        since, until = told.span(given, self._cockpit.now())
        wanted = kept.Wanted(states=told.states(given), since=since, until=until)
        codes = {code.strip() for code in given.get("service_code", "").split(",") if code.strip()}
        with reading(self._cockpit.engine) as connection:
            found = kept.listed(connection, by, wanted, limit=told.MOST).events
        return self._shown(form, [one for one in found if not codes or (one.category or told.ANYTHING) in codes])

    def _named(self, numbers: list[str], by: Actor) -> list[Event]:
        """Those of them the caller sees."""
        found = []
        for number in numbers:
            try:
                found.append(self._one(number, by))
            except NoSuchEvent:
                continue
        return found

    def _shown(self, form: str, found: list[Event]) -> Response:
        shapes: list[dict[str, Any]] = [told.request_shape(one, self._rules) for one in found]
        return wire.answer(form, shapes, "service_requests", "request")

    def _report(self, form: str, by: Actor) -> Response:
        if (request.content_length or 0) > LARGEST_BODY:
            raise GeoReportError(413, "内容过大")
        key = request.headers.get("Idempotency-Key", "")
        now = self._cockpit.now()
        report = told.report_of(request.form, self._rules, key=key, sender=identity(by), now=now)
        with writing(self._cockpit.engine) as connection:
            event = receive(connection, self._rules, report, by=by, now=now).event
        self._cockpit.hub.refresh()
        made = [{"service_request_id": event.number, "service_notice": "已上报，等待受理", "account_id": None}]
        return wire.answer(form, made, "service_requests", "request", 201)
