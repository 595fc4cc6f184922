"""From a Flask request to an operation and back: parameters checked, answer from the cache, problems as documents."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import TypeVar
from urllib.parse import quote, urlencode

import orjson
from flask import Response, g, request
from pydantic import BaseModel, ValidationError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from access.actor import Denied, OutOfScope
from access.policy import SIGNED_IN, lens
from access.request_facts import RequestFacts, present, working_for
from access.stamp import stamp
from api.caller import caller
from api.exports_record import FILE_TYPES, record_export
from api.operation import JSON, Ask, File, Operation
from api.paging import Paged, position
from api.problem import Fault, Problem, misfit, respond, unavailable
from api.refusals import LOST
from api.stamped import stamped
from database.query_cache import Cached, Unavailable
from database.workers import Outcome, TooSlow, Workers
from indicators.cockpit import Cockpit

log = logging.getLogger(__name__)

WRITE_SECONDS = 2.6
BYTES_PER_SECOND = 200_000
"""A writing caller waits so long while nobody's write succeeds, and longer for a large body, before it is told to try
again. The write may still succeed behind it: what is sent again is then found unchanged, never stored twice."""
LONGEST_LINE = 15.0
"""Seconds a writing caller waits at most while writes before its own succeed: a burst is taken, not refused."""
WRITERS = 8

T = TypeVar("T")


class Desk:
    """Answers every operation for one application."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit
        self._writers = Workers(WRITERS, "api-writer")
        self._went_on = 0.0
        """When a write last succeeded, or the first one after a pause began."""

    def view(self, operations: Mapping[str, Operation]) -> Callable[..., Response]:
        """The Flask view of one path; `operations` by method."""

        def answer(**path: str) -> Response:
            method = "GET" if request.method == "HEAD" else request.method
            if method not in operations:
                return respond(_not_allowed(operations))
            return self.guarded(lambda: self._answer(operations[method], path))

        return answer

    def guarded(self, work: Callable[[], Response]) -> Response:
        """The response of `work`, or the problem that came up; never a trace."""
        try:
            return work()
        except Problem as problem:
            return respond(problem)
        except OutOfScope as denied:
            g.missing_right = denied.right
            return respond(Problem(404, LOST, "unknown"))
        except Denied as denied:
            g.missing_right = denied.right
            return respond(Problem(403, str(denied), "right"))
        except RequestEntityTooLarge:
            return respond(Problem(413, "请求内容过大，请分批发送。"))
        except HTTPException as refusal:
            return respond(Problem(refusal.code or 400, refusal.description or ""))
        except (Unavailable, TooSlow, SQLAlchemyError, OSError) as outage:
            log.warning("%s %s: %s: %s", request.method, request.path, type(outage).__name__, outage)
            return respond(unavailable())
        except Exception:
            log.exception("%s %s", request.method, request.path)
            return respond(Problem(500, "系统内部错误，已记入日志。请联系管理员。"))

    def _answer(self, operation: Operation, path: Mapping[str, str]) -> Response:
        if not operation.right:
            raise Problem(403, "这个接口没有写明需要的权限，因此不对任何人开放。", "right")
        if operation.right != SIGNED_IN:
            caller().require(operation.right)
        ask = self._ask(operation, path)
        if isinstance(ask.query, Paged):
            position(ask.query)  # a wrong cursor is the caller's, not an outage
        if operation.check:
            operation.check(ask)
        if operation.file:
            return self._filed(operation, operation.file, ask)
        form = getattr(ask.query, "format", "json")
        if form != "json":
            return self._handed_out(operation, ask, form)
        if operation.topics is None:
            return self._written(operation, ask)
        cached = self._cached(operation, ask, operation.topics(ask), form)
        response = _conditional(cached, JSON)
        if operation.version and ask.query.v and ask.query.v == operation.version(ask) and not cached.degraded:
            response.headers["Cache-Control"] = "private, max-age=31536000, immutable"
        return response

    def _ask(self, operation: Operation, path: Mapping[str, str]) -> Ask:
        request.max_content_length = operation.largest_body
        cockpit = self._cockpit
        query = _parsed(operation.query, _flat(request.args.lists()), "查询参数")
        body: object = _parsed(operation.body, _json_body(), "请求内容") if operation.body else None
        if operation.read_body:
            body = operation.read_body()
        key = request.headers.get("Idempotency-Key")
        return Ask(cockpit, cockpit.live_catalogue.current, caller(), cockpit.now(), dict(path), query, body, key)

    def _cached(self, operation: Operation, ask: Ask, topics: Collection[str], form: str) -> Cached:
        def build() -> bytes:
            if form != "json" and operation.tables:
                return operation.tables(ask, form)
            return operation.act(ask).model_dump_json().encode()

        return self._cockpit.cache.get(
            key_of(operation, ask),
            scope=lens(ask.by),
            topics=topics,
            build=build,
            soft_seconds=operation.soft_seconds,
        )

    def _handed_out(self, operation: Operation, ask: Ask, form: str) -> Response:
        """The file with the stamp of whoever takes it; without a row in the audit record it is not given."""
        ask.by.require(operation.file_right)
        content = stamped(form, self._file(operation, ask, form), stamp(ask.by, ask.now, present().request_id))
        self._done(lambda: record_export(ask, operation.path, form, len(content)))
        name = f"{operation.path.strip('/').partition('/')[0]}.{form}"
        headers = {"Cache-Control": "no-store", "Content-Disposition": f'attachment; filename="{name}"'}
        return Response(content, 200, headers, content_type=FILE_TYPES[form])

    def _file(self, operation: Operation, ask: Ask, form: str) -> bytes:
        if operation.topics is not None:
            return self._cached(operation, ask, operation.topics(ask), form).body
        return self._done(lambda: operation.tables(ask, form) if operation.tables else b"")

    def _filed(self, operation: Operation, file: Callable[[Ask], File], ask: Ask) -> Response:
        """What is no JSON. Files that lists are made from are kept as bytes, as every reading answer is."""
        if operation.topics is not None:
            kept = self._cockpit.cache.get(
                key_of(operation, ask), scope=lens(ask.by), topics=operation.topics(ask),
                build=lambda: file(ask).content, soft_seconds=operation.soft_seconds,
            )  # fmt: skip
            return _conditional(kept, operation.media)
        made = self._done(lambda: file(ask))
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        if made.name:
            headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(made.name)}"
        return Response(made.content, operation.status, headers, content_type=made.mime)

    def _written(self, operation: Operation, ask: Ask) -> Response:
        answer = self._done(lambda: operation.act(ask))
        self._cockpit.hub.refresh()
        status = operation.status_of(answer) if operation.status_of else operation.status
        return Response(answer.model_dump_json(), status, {"Cache-Control": "no-store"}, mimetype=JSON)

    def _done(self, write: Callable[[], T]) -> T:
        """The outcome of a write; TooSlow if none succeeds for as long as its size allows, or sooner in an outage."""
        started = time.monotonic()
        if self._writers.are_idle:
            self._went_on = started
        if self._writers.are_all_busy and started - self._went_on > WRITE_SECONDS:
            raise TooSlow("every writer is still waiting for the database")
        outcome: Outcome[T] = Outcome()
        facts = present()
        self._writers.submit(lambda: self._settle(outcome, lambda: _for_request(facts, write)))
        patience = WRITE_SECONDS + (request.content_length or 0) / BYTES_PER_SECOND
        while True:
            try:
                return outcome.wait(0.1)
            except TooSlow:
                now = time.monotonic()
                stood = now - max(started, self._went_on)
                is_over = stood > patience or (stood > WRITE_SECONDS and self._cockpit.hub.is_blind)
                if is_over or now - started > LONGEST_LINE + patience:
                    raise

    def _settle(self, outcome: Outcome[T], write: Callable[[], T]) -> None:
        outcome.settle(write)
        if outcome.error is None:
            self._went_on = time.monotonic()


def _for_request(facts: RequestFacts, write: Callable[[], T]) -> T:
    """A writing thread works for whoever waits for it: the audit record is to say so."""
    with working_for(facts):
        return write()


def key_of(operation: Operation, ask: Ask) -> str:
    """The cache key: one for each meaning of the request."""
    wishes = ask.query.model_dump(mode="json", exclude_defaults=True)
    return f"api:{operation.name}:{urlencode(sorted(ask.path.items()))}?{urlencode(sorted(wishes.items()), doseq=True)}"


def _conditional(cached: Cached, mimetype: str) -> Response:
    """200 with the bytes, or 304 if the caller has them."""
    headers = {**cached.headers(), "Cache-Control": "private, no-cache"}
    if cached.etag in request.if_none_match:
        return Response(status=304, headers=headers)
    return Response(cached.body, 200, headers, content_type=mimetype)


def _flat(lists: Iterable[tuple[str, list[str]]]) -> dict[str, str]:
    """The query as one value per name; naming one twice would leave open which is meant."""
    flat: dict[str, str] = {}
    for name, values in lists:
        if len(values) > 1:
            raise Problem(422, f"参数 {name} 出现了 {len(values)} 次。", "misfit", (Fault(name, "只能出现一次"),))
        flat[name] = values[0]
    return flat


def _json_body() -> object:
    if request.mimetype != JSON:
        raise Problem(415, f"请以 Content-Type: {JSON} 发送。")
    raw = request.get_data(cache=True)
    try:
        return orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise Problem(400, f"不是有效的 JSON（UTF-8）：第 {error.lineno} 行第 {error.colno} 列。") from error


def _parsed(model: type[BaseModel] | None, given: object, place: str) -> BaseModel | None:
    if model is None:
        return None
    try:
        return model.model_validate(given)
    except ValidationError as error:
        raise misfit(error, place) from error


def _not_allowed(operations: Mapping[str, Operation]) -> Problem:
    allowed = sorted({*operations, *(["HEAD"] if "GET" in operations else [])})
    return Problem(405, f"此地址只支持 {'、'.join(allowed)}。", headers={"Allow": ", ".join(allowed)})


def nobody_home(rest: str = "") -> Response:
    """Any other address below /api."""
    return respond(Problem(404, f"没有接口 {request.path[:120]}。接口说明见 /api/v1/docs。"))
