"""One JSON request to a messaging service: only to hosts that are allowed, and its answer read as done, later or never.

Each service has a table from its error codes to what they mean; codes that are not in it are tried again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

import httpx

from dispatch.undelivered import NotDelivered

Secrets = Callable[[str], str | None]
HOSTS = "CHANNEL_HOSTS"
"""Environment variable with the hosts messages may be sent to, separated by blanks; with none set nothing is sent."""
BUSY = timedelta(minutes=1)


class Meaning(StrEnum):
    """What an error code asks of us."""

    RENEW = "renew"  # the token is old: fetch a new one, once
    LATER = "later"  # busy: try again as usual
    LIMIT = "limit"  # too fast: not before a minute has passed
    NEVER = "never"  # a setting is wrong or nobody is there: a person has to look


class Refused(Exception):
    """The service answered with an error code."""

    def __init__(self, code: str, words: str) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


def call(
    service: str, method: str, url: str, secret: Secrets, *, seconds: float, json: Mapping[str, Any] | None = None,
    params: Mapping[str, str] | None = None, headers: Mapping[str, str] | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The answer as an object; NotDelivered for a host that is not allowed and for anything but an object."""
    must_be_allowed(url, secret)
    try:
        answer = httpx.request(
            method, url, json=json, params=params, headers=headers, timeout=seconds, trust_env=False,
            follow_redirects=False,
        )  # fmt: skip
    except httpx.HTTPError as error:
        raise NotDelivered(f"{service}不可用：{type(error).__name__}") from error
    if answer.status_code == 429:
        raise NotDelivered(f"{service}限流（429）", after=BUSY)
    if not answer.is_success:
        lasting = answer.status_code in (400, 401, 403, 404, 405)
        raise NotDelivered(f"{service}返回 HTTP {answer.status_code}", permanent=lasting)
    try:
        told = answer.json()
    except ValueError as error:
        raise NotDelivered(f"{service}的应答不是 JSON") from error
    if not isinstance(told, dict):
        raise NotDelivered(f"{service}的应答格式不对")
    return told


def must_be_allowed(url: str, secret: Secrets) -> None:
    """NotDelivered unless the host stands in the list of this installation."""
    host = urlsplit(url).hostname or ""
    allowed = (secret(HOSTS) or "").split()
    if host not in allowed:
        raise NotDelivered(f"主机 {host or '（空）'} 不在 {HOSTS} 允许的名单内", permanent=True)


def judge(service: str, refused: Refused, meanings: Mapping[str, Meaning]) -> NotDelivered:
    """The error a code becomes."""
    meaning = meanings.get(refused.code, Meaning.LATER)
    words = f"{service}返回 {refused.code} {refused.words}".strip()[:200]
    return NotDelivered(words, permanent=meaning is Meaning.NEVER, after=BUSY if meaning is Meaning.LIMIT else None)


def named(secret: Secrets, name: str) -> str:
    """What the environment variable holds; NotDelivered with its name if nothing."""
    found = secret(name)
    if not found:
        raise NotDelivered(f"没有设置密钥 {name}", permanent=True)
    return found


@dataclass
class Tokens:
    """Access tokens by whom they are for, kept until shortly before they end."""

    margin: float = 300.0
    """Seconds before its end at which a token is not used any more."""
    _kept: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, whose: str, fetch: Callable[[], tuple[str, float]]) -> str:
        """The token kept, or the one `fetch` brings with its seconds of life."""
        with self._lock:
            token, ends = self._kept.get(whose, ("", 0.0))
            if token and time.monotonic() < ends:
                return token
            token, lives = fetch()
            self._kept[whose] = token, time.monotonic() + max(lives - self.margin, lives / 2)
            return token

    def forget(self, whose: str) -> None:
        """It was refused."""
        with self._lock:
            self._kept.pop(whose, None)


TOKENS = Tokens()
"""Of this process."""


def with_token(
    service: str, whose: str, fetch: Callable[[], tuple[str, float]], post: Callable[[str], dict[str, Any]],
    meanings: Mapping[str, Meaning], tokens: Tokens | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Post with the token kept; if that is refused as old, once more with a new one."""
    kept = TOKENS if tokens is None else tokens
    for attempt in (1, 2):
        try:
            return checked(post(kept.get(whose, fetch)))
        except Refused as refused:
            if meanings.get(refused.code) is not Meaning.RENEW or attempt == 2:
                raise judge(service, refused, meanings) from refused
            kept.forget(whose)
    raise NotDelivered(f"{service}没有接受令牌")


def checked(told: dict[str, Any]) -> dict[str, Any]:
    """The answer if its errcode is 0; Refused otherwise."""
    code = told.get("errcode")
    if code != 0 or isinstance(code, bool):
        raise Refused(str(code), str(told.get("errmsg") or "")[:120])
    return told
