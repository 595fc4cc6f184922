"""The one way to Redis: short timeouts, no retries, a breaker, and never an exception for the caller.

redis-py 8 waits 5 s and tries 11 times by default: one read of a frozen Redis took 58 s. Here the first call waits at
most 0.15 s, later ones nothing, because the breaker finds out in the background when Redis is back.
"""

from __future__ import annotations

import logging
import random
import threading
from collections.abc import Callable
from typing import Any, TypeVar

import redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from database.breaker import Breaker
from database.tally import Tally

T = TypeVar("T")
log = logging.getLogger(__name__)

CHANNEL = "cockpit:changes"
TIMEOUT = 0.15
FAILURES: tuple[type[Exception], ...] = (RedisError, OSError)
_GONE: tuple[type[Exception], ...] = (redis.ConnectionError, redis.TimeoutError, OSError)
"""Errors that mean nobody answers. Others (MISCONF, OOM, maxclients …) are answers: reading goes on."""


class RedisLink:
    """Redis at `url`, or its absence: every method has an answer for both."""

    def __init__(self, url: str, *, tally: Tally | None = None) -> None:
        self.url = url
        self.client: redis.Redis = _client(url, TIMEOUT)
        self.breaker = Breaker(self.client.ping, failures=FAILURES)
        self.tally = tally or Tally("redis")
        self._ended = threading.Event()
        self._has_warned = False

    def call(self, work: Callable[[], T]) -> T | None:
        """The answer of `work`, or None (counted) if Redis is down, frozen, full or refusing."""
        if self.breaker.is_open:
            return None
        try:
            return work()
        except _GONE:
            self.tally.count("gone")
            self.breaker.trip()
        except RedisError as refusal:
            self.tally.count("refused")
            log.debug("redis refused: %s", refusal)
        return None

    def announce(self) -> None:
        """Have every server process look at the topics now instead of at its next poll; writers may call it too."""
        self.call(lambda: self.client.publish(CHANNEL, b"look"))

    def listen(self, nudge: Callable[[], None]) -> None:
        """Call `nudge` for each announcement, on a thread of its own, until `end`."""
        threading.Thread(target=self._listen, args=(nudge,), name="redis-listener", daemon=True).start()

    def end(self) -> None:
        """Stop listening and probing."""
        self._ended.set()
        self.breaker.end()
        self.client.close()

    def _listen(self, nudge: Callable[[], None]) -> None:
        while not self._ended.is_set():
            try:
                self._hear(nudge)
            except FAILURES:
                self._ended.wait(1.0 + random.random())  # noqa: S311 -- spreads reconnects, guards nothing

    def _hear(self, nudge: Callable[[], None]) -> None:
        """Own connection with a long timeout: an idle listener with a short one dies every few seconds (redis-py 8)."""
        client = _client(self.url, 5.0)
        with client, client.pubsub(ignore_subscribe_messages=True) as heard:
            heard.subscribe(CHANNEL)
            nudge()
            self._warn_of_strangers()
            while not self._ended.is_set():
                if heard.get_message(timeout=1.0) is not None:
                    nudge()

    def _warn_of_strangers(self) -> None:
        if not self._has_warned and self.open_to_strangers():
            self._has_warned = True
            log.warning("Redis answers other machines without a password: set one, or bind it to loopback")

    def open_to_strangers(self) -> bool:
        """True if Redis answers other machines without a password; then anyone there could read and fill the cache."""
        return bool(self.call(self._asks_no_password) and self.call(self._hears_other_machines))

    def _asks_no_password(self) -> bool:
        options: dict[str, Any] = {**self.client.connection_pool.connection_kwargs}
        for secret in ("password", "username", "credential_provider"):
            options.pop(secret, None)
        pool = redis.ConnectionPool(connection_class=self.client.connection_pool.connection_class, **options)
        try:
            return bool(redis.Redis(connection_pool=pool).ping())
        except redis.AuthenticationError:
            return False
        finally:
            pool.close()

    def _hears_other_machines(self) -> bool:
        told: dict[Any, Any] = self.client.config_get("protected-mode", "bind")
        facts = {_text(key): _text(value) for key, value in told.items()}
        return facts.get("protected-mode") == "no" and not _is_loopback(facts.get("bind", ""))


def _client(url: str, timeout: float) -> redis.Redis:
    return redis.Redis.from_url(
        url,
        socket_timeout=timeout,
        socket_connect_timeout=min(timeout, 1.0),
        retry=Retry(NoBackoff(), 0),
        max_connections=128,
        health_check_interval=0,
    )


def _is_loopback(bind: str) -> bool:
    """`bind` as Redis tells it: '127.0.0.1 -::1'; empty or '*' means every address."""
    addresses = [address.lstrip("-") for address in bind.split()]
    return bool(addresses) and all(address.startswith("127.") or address == "::1" for address in addresses)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)
