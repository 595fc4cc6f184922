"""Who asks the live program: a page server is asked once per cookie or token, and again when accounts changed."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from api.live_stream import ACCESS
from api.panel_copies import Asker
from api.permit import Permit
from api.upstream import Upstream, UpstreamDown

KEPT = 2_000
GOOD_SECONDS = 4.0
"""A permit is looked at again after so long even if no account changed: sessions run out by the clock too."""
REMEMBERED_SECONDS = 900.0
"""While no page server answers, whoever was known shortly before stays known."""


class Stranger(Exception):
    """No session and no token that is valid."""


@dataclass(frozen=True, slots=True)
class _Seen:
    permit: Permit
    version: int
    at: float


class Permits:
    """Permits by cookie or token. `versions`: of all topics, as the hub of this program knows them."""

    def __init__(
        self,
        upstream: Upstream,
        versions: Callable[[], Mapping[str, int]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._upstream = upstream
        self._versions = versions
        self._clock = clock
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._lock = threading.Lock()

    def find(self, headers: Mapping[str, str]) -> Permit:
        """Who sends these headers; Stranger if nobody we know, UpstreamDown while that cannot be asked."""
        if not headers:
            raise Stranger
        key, now = _key_of(headers), self._clock()
        seen, version = self._seen.get(key), self._versions().get(ACCESS, 0)
        if seen and seen.version == version and now - seen.at < GOOD_SECONDS:
            return seen.permit
        try:
            permit = self._ask(headers)
        except UpstreamDown:
            if seen and now - seen.at < REMEMBERED_SECONDS:
                return seen.permit
            raise
        except Stranger:
            self._forget(key)
            raise
        self._remember(key, _Seen(permit, version, now))
        return permit

    def _ask(self, headers: Mapping[str, str]) -> Permit:
        answer = self._upstream.get("/live/permit", headers)
        if answer.status != 200:
            raise Stranger
        return Permit.read(answer.body)

    def _remember(self, key: str, seen: _Seen) -> None:
        with self._lock:
            self._seen.pop(key, None)
            self._seen[key] = seen
            while len(self._seen) > KEPT:
                self._seen.popitem(last=False)

    def _forget(self, key: str) -> None:
        with self._lock:
            self._seen.pop(key, None)


def credentials(environ: Mapping[str, Any]) -> dict[str, str]:
    """The headers of a request that say who asks."""
    named = {"Cookie": environ.get("HTTP_COOKIE"), "Authorization": environ.get("HTTP_AUTHORIZATION")}
    return {name: str(value) for name, value in named.items() if value}


def asker(permit: Permit, headers: Mapping[str, str]) -> Asker:
    """Whoever holds `permit`, for the copies of panels."""
    return Asker(permit.key, headers)


def _key_of(headers: Mapping[str, str]) -> str:
    return sha256("\0".join(f"{name}={headers[name]}" for name in sorted(headers)).encode()).hexdigest()
