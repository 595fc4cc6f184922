"""The pages one comes in by: name and password, code, new password, second factor, one-time link, screen; and out.

Plain forms, answered by the server: nothing here needs a script. What a wrong attempt hears is `access.sign_in`'s word.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from urllib.parse import quote

from flask import Blueprint, Response, current_app, request
from sqlalchemy import Engine

from access import lockout, once, own_account, sign_in
from access.directory import EXTENSION as LDAP
from access.directory import Silent
from access.passwords import PasswordRefused, demands
from access.reception import Visit
from access.rules import Rules
from access.session import (
    address_of_request,
    comes_from_elsewhere,
    entrance,
    forget_visit,
    let_in,
    let_out,
    visit_of_request,
)
from access.sessions import Opened, Session, end
from api import csrf, refusals
from api.limits import SIGN_IN, Limiter
from components import door_forms
from database.engine import reading, writing

LARGEST = 16_384
"""Bytes of a form: a name, a password, an address."""
Step = Callable[[Session, sign_in.Attempt], Opened]


def blueprint(limiter: Limiter) -> Blueprint:
    """All routes of the door."""
    made = Blueprint("door", __name__)
    porter = Porter(limiter)
    add = made.add_url_rule
    add("/sign-in", "here", porter.here, methods=["GET"])
    add("/sign-in", "name", porter.name_and_password, methods=["POST"])
    add("/sign-in/code", "code", porter.code, methods=["POST"])
    add("/sign-in/password", "password", porter.new_password, methods=["POST"])
    add("/sign-in/factor", "factor", porter.new_factor, methods=["POST"])
    add("/sign-in/once/<secret>", "once", porter.once, methods=["GET", "POST"])
    add("/sign-in/screen", "screen", porter.screen, methods=["GET", "POST"])
    add("/sign-in/screen/<secret>", "screen_link", porter.screen_link, methods=["GET"])
    add("/sign-out", "out", porter.out, methods=["POST"])
    return made


class Porter:
    """Answers each step. `limiter`: attempts from one address, beside the lock-outs kept in the database."""

    def __init__(self, limiter: Limiter) -> None:
        self._limiter = limiter

    def here(self) -> Response:
        """The step that is next; whoever is inside already goes on."""
        if comes_from_elsewhere():
            return refusals.crossing(request)
        visit = visit_of_request()
        if visit is not None and not visit.pending:
            return _on_to(_wanted())
        return _shown(visit)

    def name_and_password(self) -> Response:
        """The first step."""
        if wait := self._crowded():
            return _shown(None, f"尝试过于频繁，请 {wait} 秒后再试。", 429)
        name, password = _typed("name"), _typed("password")
        asked = current_app.extensions.get(LDAP)
        return self._stepped(None, lambda at: sign_in.by_password(_engine(), _rules(), name, password, at, asked))

    def code(self) -> Response:
        """The second factor."""
        return self._next("code", _by_code)

    def new_password(self) -> Response:
        """A password of one's own, asked for before anything else."""
        return self._next("password", _by_new_password)

    def new_factor(self) -> Response:
        """A second factor of one's own, for roles that are not to be had without."""
        return self._next("second_factor", _by_new_factor)

    def once(self, secret: str) -> Response:
        """A one-time link: looking at it does not use it up, the button does."""
        if request.method == "GET":
            with reading(_engine()) as connection:
                is_good = once.is_waiting(connection, secret, _now())
            return (
                refusals.page(door_forms.by_link(secret), 200)
                if is_good
                else refusals.page(door_forms.link_is_over(), 410)
            )
        if wait := self._crowded():
            return _shown(None, f"尝试过于频繁，请 {wait} 秒后再试。", 429)
        return self._stepped(None, lambda at: sign_in.by_link(_engine(), _rules(), secret, at))

    def screen(self) -> Response:
        """A screen's token typed in by hand, where its link cannot be opened."""
        if request.method == "GET":
            return refusals.page(door_forms.screen())
        return self._screen(_typed("token"))

    def screen_link(self, secret: str) -> Response:
        """The address a screen opens once: the token goes into its cookie and out of the address."""
        return self._screen(secret)

    def out(self) -> Response:
        """The session ends, here and for every stream it holds; the screen's token stays."""
        visit = visit_of_request()
        if visit and visit.session:
            with writing(_engine()) as connection:
                end(connection, visit.session.digest, by=visit.actor, now=_now())
        gone = _on_to("/sign-in?out=1")
        let_out(gone)
        gone.delete_cookie(csrf.COOKIE, path="/")
        gone.headers["Clear-Site-Data"] = '"cache"'
        return gone

    def _screen(self, token: str) -> Response:
        if wait := self._crowded():
            return refusals.page(door_forms.screen(f"尝试过于频繁，请 {wait} 秒后再试。"), 429)
        visit = entrance().reception.by_token(token.strip())
        if visit is None or visit.means != "screen" or visit.ends_at is None:
            return refusals.page(door_forms.screen("令牌不正确，或已收回、已过期。"), 401)
        opened = _on_to(refusals.WALL)
        let_in(opened, token.strip(), visit.ends_at, screen=True)
        return opened

    def _crowded(self) -> int:
        request.max_content_length = LARGEST
        return self._limiter.wait(f"sign-in:{address_of_request()}", SIGN_IN)

    def _next(self, pending: str, step: Step) -> Response:
        """A step of somebody whose session waits for exactly this one."""
        request.max_content_length = LARGEST
        visit = visit_of_request()
        session = visit.session if visit else None
        if visit is None or session is None or visit.pending != pending:
            return _on_to(_back())
        return self._stepped(visit, lambda at: step(session, at))

    def _stepped(self, visit: Visit | None, step: Callable[[sign_in.Attempt], Opened]) -> Response:
        at = sign_in.Attempt(address_of_request(), _now())
        try:
            opened = step(at)
        except lockout.LockedOut as locked:
            return _shown(visit, str(locked), 429)
        except (sign_in.Refused, PasswordRefused) as refused:
            return _shown(visit, str(refused), 401 if isinstance(refused, sign_in.Refused) else 422)
        except Silent as silent:
            return _shown(visit, str(silent), 503)
        forget_visit()
        onward = _on_to(_back() if opened.pending else _wanted())
        let_in(onward, opened.token.text, opened.ends_at)
        return onward


def _by_code(session: Session, at: sign_in.Attempt) -> Opened:
    return sign_in.by_code(_engine(), _rules(), session, _typed("code"), at)


def _by_new_password(session: Session, at: sign_in.Attempt) -> Opened:
    if _typed("password") != _typed("again"):
        raise PasswordRefused(["两次输入的新口令不一致"])
    return own_account.change_password(_engine(), _rules(), session, _typed("current"), _typed("password"), at)


def _by_new_factor(session: Session, at: sign_in.Attempt) -> Opened:
    return own_account.confirm_second_factor(_engine(), _rules(), session, _typed("code"), at)


def _shown(visit: Visit | None, said: str = "", status: int = 200) -> Response:
    """The form of the step that is next."""
    pending = visit.pending if visit else ""
    wanted, word = _wanted(), csrf.word()
    if pending == "code":
        html = door_forms.code(word, wanted, said)
    elif pending == "password":
        is_asked = not (visit and visit.means == "once")
        html = door_forms.new_password(word, wanted, demands(_rules().passwords), said, asks_current=is_asked)
    elif pending == "second_factor" and visit and visit.session:
        html = door_forms.new_factor(word, wanted, _secret(visit.session), visit.actor.user, said)
    else:
        is_out = "out" in request.args and not said
        html = door_forms.name_and_password(
            wanted, said, name=_typed("name"), is_out=is_out, has_provider=_has_provider(), directory=_directory()
        )
    return refusals.page(html, status)


def _secret(session: Session) -> str:
    """The secret being set up: a wrong code does not change it under the person's hands."""
    kept = _typed("secret")
    if door_forms.is_secret(kept):
        return kept
    return own_account.begin_second_factor(_engine(), session, sign_in.Attempt(address_of_request(), _now())).secret


def _has_provider() -> bool:
    return "oidc" in current_app.extensions


def _directory() -> str:
    """What the directory is called whose names open the door; '' without one."""
    known = current_app.extensions.get(LDAP)
    return known.settings.label if known else ""


def _typed(name: str) -> str:
    return request.form.get(name, "") if request.method == "POST" else ""


def _wanted() -> str:
    """Where the person wanted to go: a path of ours, whatever the address says."""
    return refusals.own_path(request.form.get("next") or request.args.get("next"))


def _back() -> str:
    wanted = _wanted()
    return "/sign-in" if wanted == "/" else f"/sign-in?next={quote(wanted, safe='')}"


def _on_to(path: str) -> Response:
    return Response(status=303, headers={"Location": path, "Cache-Control": "no-store"})


def _engine() -> Engine:
    return entrance().reception.engine


def _rules() -> Rules:
    return entrance().reception.rules


def _now() -> datetime:
    return entrance().reception.now()
