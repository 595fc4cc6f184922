"""What is said at the door: to a stranger, to somebody who looks for what is not his, to somebody in a hurry.

"Not yours" and "not there" are one answer: the same status, the same words.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from flask import Request, Response

from access.policy import SIGN_IN
from access.session import comes_from_elsewhere
from api.problem import Problem, respond
from components import door

WALL = "/wall"
PAGES = frozenset({"/", "/<path:path>", "/account", "/admin/accounts", "/admin/screens"})
"""Rules of whole pages: what Dash answers with its shell, and the office."""
HTML = "text/html; charset=utf-8"
LOST = "没有这项内容，或无权查看。"


def unknown_caller() -> Problem:
    """401: nobody is signed in."""
    return Problem(401, "请先登录，或提供有效的接口令牌。", "sign-in", headers={"WWW-Authenticate": "Bearer"})


def stranger(asked: Request) -> Response:
    """The way to the sign-in page for a person's page; a plain notice on the wall; 401 for everything else."""
    if not is_page(asked):
        return respond(unknown_caller())
    if comes_from_elsewhere():
        return crossing(asked)
    if asked.path.rstrip("/") == WALL:
        return page(door.no_screen(), 403)
    wanted = asked.full_path.rstrip("?")
    target = SIGN_IN if wanted == "/" else f"{SIGN_IN}?next={quote(wanted, safe='')}"
    return Response(status=303, headers={"Location": target, "Cache-Control": "no-store"})


def crossing(asked: Request) -> Response:
    """The same address once more, asked for by ourselves: then the browser sends the cookies it keeps from others."""
    path = asked.full_path.rstrip("?")
    return page(door.crossing(path if is_own(path) else "/"), 401)


def lost(asked: Request) -> Response:
    """There is no such thing, at least not for the one who asks."""
    return page(door.lost(), 404) if is_page(asked) else respond(Problem(404, LOST, "unknown"))


def cannot_tell(asked: Request, words: str) -> Response:
    """The database does not answer and nobody knows who this is: neither in nor out, come back soon."""
    headers = {"Retry-After": "3"}
    if is_page(asked):
        told = page(door.plain("暂时无法登录", words, [(asked.path, "重试")], again=5), 503)
        told.headers.update(headers)
        return told
    return respond(Problem(503, words, "unavailable", headers=headers))


def too_often(seconds: int) -> Response:
    """Come back in `seconds`."""
    words = f"操作过于频繁，请 {seconds} 秒后再试。"
    return respond(Problem(429, words, "rate", headers={"Retry-After": str(seconds)}))


def page(html: str, status: int = 200) -> Response:
    """A page of the door: never kept by anybody."""
    return Response(html, status, {"Cache-Control": "no-store"}, content_type=HTML)


def is_page(asked: Request) -> bool:
    """True if a person's browser asks for a whole page."""
    rule = asked.url_rule.rule if asked.url_rule else ""
    return asked.method in {"GET", "HEAD"} and rule in PAGES


def own_path(given: str | None) -> str:
    """`given` if it is a path of this product to go on to, else '/'."""
    text = given or ""
    return text if is_own(text) and not urlsplit(text).path.startswith(SIGN_IN) else "/"


def is_own(text: str) -> bool:
    """True for a path of this product: nobody is led elsewhere (CWE-601)."""
    if not text.startswith("/") or text.startswith("//") or len(text) > 500:
        return False
    if "\\" in text or any(ord(char) < 33 or ord(char) == 127 for char in text):
        return False
    parts = urlsplit(text)
    return not parts.scheme and not parts.netloc
