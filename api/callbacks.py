"""Dash's own door for callbacks, behind a bolt: what is not a well-formed call of a known callback goes no further.

Without it `{}`, `[]`, a text or an unknown output each end in a 500 and a stack trace in the log (Dash 4.4).
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import Any

import orjson
from dash.exceptions import DependencyException
from flask import Flask, Response, request

from api import refusals
from api.problem import Problem, respond

log = logging.getLogger(__name__)

ADDRESS = "/_dash-update-component"
LARGEST = 256 * 1024
"""Bytes of one call; values on our pages are addresses and short texts."""
Known = Callable[[], Mapping[str, Mapping[str, Any]]]


def shield(server: Flask, known: Known) -> None:
    """Check every call of a callback before Dash sees it. `known`: the callback map of the app.

    A script that no library of Dash has is told like everything that does not exist; Dash would answer 500.
    """
    inner = server.view_functions[ADDRESS]

    def answer(**parts: str) -> Any:
        request.max_content_length = LARGEST
        wrong = _wrong(known())
        return _refused(wrong) if wrong else _answered(lambda: inner(**parts))

    server.view_functions[ADDRESS] = answer
    server.register_error_handler(DependencyException, lambda _: refusals.lost(request))


def _refused(wrong: str) -> Response:
    log.warning("callback refused: %s", wrong)
    return respond(Problem(400, "页面请求的格式不正确，请刷新页面后重试。", "callback"))


def _answered(work: Callable[[], Any]) -> Any:
    try:
        return work()
    except Exception:  # whatever it is, the client gets no trace
        log.exception("callback %.200s", request.get_json().get("output"))
        return respond(Problem(500, "系统内部错误，已记入日志。请联系管理员。"))


def _wrong(known: Mapping[str, Mapping[str, Any]]) -> str:
    """What is wrong with the present call in a word; '' if nothing is."""
    if request.mimetype != "application/json":
        return "not JSON"
    try:
        body = orjson.loads(request.get_data(cache=True))
    except (orjson.JSONDecodeError, RecursionError):
        return "unreadable"
    if not isinstance(body, dict):
        return "no object"
    output = body.get("output")
    callback = known.get(output) if isinstance(output, str) else None
    if callback is None or not callable(callback.get("callback")):
        return "no such callback"
    return _misfit(body, callback)


def _misfit(body: Mapping[str, Any], callback: Mapping[str, Any]) -> str:
    if not _same(body.get("inputs", []), callback.get("inputs", [])):
        return "other inputs"
    if not _same(body.get("state", []), callback.get("state", [])):
        return "other states"
    return "" if _is_named(body, callback) else "other triggers"


def _same(given: object, declared: Any) -> bool:
    """True if `given` are texts for exactly the declared (id, property) pairs."""
    if not isinstance(given, list) or len(given) != len(declared):
        return False
    return all(
        isinstance(one, dict)
        and (one.get("id"), one.get("property")) == (want["id"], want["property"])
        and isinstance(one.get("value"), str | None)
        for one, want in zip(given, declared, strict=True)
    )


def _is_named(body: Mapping[str, Any], callback: Mapping[str, Any]) -> bool:
    """True if the triggers named are inputs of the callback, and the outputs listed are its own."""
    inputs = {f"{want['id']}.{want['property']}" for want in callback.get("inputs", [])}
    triggers = body.get("changedPropIds", [])
    if not isinstance(triggers, list) or not all(isinstance(one, str) and one in inputs for one in triggers):
        return False
    outputs = body.get("outputs")
    listed = outputs if isinstance(outputs, list) else [outputs]
    return ".." + "...".join(_dotted(one) for one in listed) + ".." == body["output"] or (
        len(listed) == 1 and _dotted(listed[0]) == body["output"]
    )


def _dotted(one: object) -> str:
    return f"{one.get('id')}.{one.get('property')}" if isinstance(one, dict) else ""
