"""The doors: every request passes here before any page, panel, callback, operation, asset or stream looks at it.

In this order: the name it calls us by (rebinding), a foreign page behind it (cross-site), the policy with the actor,
the word that only our own pages know (CSRF), how often the actor writes. A stranger gets 401 or is led to the sign-in
page; whoever lacks the right gets the same answer as for something that does not exist.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from flask import Flask, Request, Response, g, request

from access.policy import EVERYBODY, MONITOR, NOBODY, Policy, admits
from access.reception import CannotTell
from access.session import actor_of_request
from api import csrf, refusals
from api.limits import WRITES, Limiter
from api.problem import Problem, respond

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 12 * 2**20
"""Bytes of any request; operations set less."""
FORWARDED = ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via")
FIRST_STEPS = frozenset({"/sign-in", "/sign-in/once/<secret>", "/sign-in/screen"})
"""Forms that are sent before there is a session to bind a word to; what Origin says protects them."""


@dataclass
class Guard:
    """The guard of one application."""

    policy: Policy
    hosts: frozenset[str] = LOOPBACK_NAMES
    limiter: Limiter = field(default_factory=Limiter)

    def __call__(self) -> Response | None:
        """The refusal of the present request, or None to let it in."""
        if strange := self._strange():
            return strange
        try:
            return self._unlisted() or self._forged() or self._crowding()
        except CannotTell as silent:
            return refusals.cannot_tell(request, str(silent))

    def need(self) -> str:
        """What the present address asks for."""
        rule = request.url_rule
        return self.policy.need(rule.rule, request.method, request.view_args or {}) if rule else NOBODY

    def _strange(self) -> Response | None:
        if host_name(request.host) not in self.hosts:
            return respond(Problem(421, "请用本系统的地址访问。", kind="host"))
        if request.method not in SAFE_METHODS and _is_foreign():
            return respond(Problem(403, "其他网站发起的请求一律拒绝。", kind="origin"))
        return None

    def _unlisted(self) -> Response | None:
        need = self.need()
        if need == EVERYBODY:
            return None
        actor = actor_of_request()
        if admits(need, actor, is_near=need == MONITOR and is_near(request)):
            return None
        if need:  # what does not exist at all was refused to nobody
            g.missing_right = need
        return refusals.stranger(request) if actor is None else refusals.lost(request)

    def _forged(self) -> Response | None:
        rule = request.url_rule.rule if request.url_rule else ""
        if request.method in SAFE_METHODS or rule in FIRST_STEPS:
            return None
        expected = csrf.word()
        if not expected or csrf.is_told(request, expected):
            return None
        return respond(Problem(403, "页面已过期，请刷新后再提交。", kind="csrf"))

    def _crowding(self) -> Response | None:
        actor = None if request.method in SAFE_METHODS else actor_of_request()
        wait = self.limiter.wait(f"{actor.kind}:{actor.user or actor.name}", WRITES[actor.kind]) if actor else 0
        return refusals.too_often(wait) if wait else None


def protect(server: Flask, guard: Guard) -> None:
    """Put `guard` before every route of `server`."""
    server.config.setdefault("MAX_CONTENT_LENGTH", LARGEST_BODY)
    server.before_request(guard)
    server.after_request(csrf.give)


def names(hosts: Iterable[str] = ()) -> frozenset[str]:
    """The names we answer to: this machine's, and those of PUBLIC_URL."""
    return LOOPBACK_NAMES | {name.lower() for name in hosts if name}


def host_name(host: str) -> str:
    """The name in a Host header, without port, in lower case; '' if it is none."""
    try:
        return (urlsplit(f"//{host}").hostname or "").lower()
    except ValueError:
        return ""


def is_near(asked: Request) -> bool:
    """True for a program on this machine that asks without a gateway or a browser in between."""
    is_direct = not any(name in asked.headers for name in FORWARDED)
    return is_direct and asked.remote_addr in {"127.0.0.1", "::1"} and "Sec-Fetch-Site" not in asked.headers


def _is_foreign() -> bool:
    """True if a browser says the request comes from another site. Programs send neither header."""
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in {"same-origin", "none"}:
        return True
    origin = request.headers.get("Origin")
    return origin is not None and urlsplit(origin).netloc.lower() != request.host.lower()
