"""/healthz, /readyz and /version: alive, fit to serve and what is running. No one of them can hang."""

from __future__ import annotations

import platform
import socket
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit

import orjson
from flask import Blueprint, Response
from sqlalchemy import select

from access.actor import TIMETABLE as PRODUCT
from access.session import actor_of_request
from database.changes import SOURCES
from database.engine import reading
from database.tables import leases
from database.workers import Outcome, TooSlow, Workers
from indicators.cockpit import Cockpit
from indicators.reading import World
from indicators.sources import health

PROBE_SECONDS = 0.8
TIMETABLE = "timetable"
HEARTBEAT_LATE = 60.0
"""Seconds past its lease after which the timetable counts as gone."""
_CONNECT = b"\x10\x13\x00\x04MQTT\x04\x02\x00\x05\x00\x07cockpit"
_CONNACK = 0x20


@dataclass(frozen=True)
class Finding:
    """How one dependency does, in words, and how long it took to answer."""

    ok: bool
    detail: str
    ms: float = 0.0


class Doctor:
    """Asks every dependency of one process, each for at most PROBE_SECONDS."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit
        self._workers = Workers(20, "doctor")
        self.probes: Mapping[str, Callable[[], str]] = {
            "database": self._database,
            "cache": self._cache,
            "mqtt": self._mqtt,
            "timetable": self._timetable,
            "catalogue": self._catalogue,
        }

    def report(self) -> dict[str, Any]:
        """One entry per dependency and source. All are asked at once and waited for until one common deadline."""
        asked = {name: self._ask(probe) for name, probe in self.probes.items()}
        sources = self._ask(self._sources)
        until = time.monotonic() + PROBE_SECONDS
        findings = {name: asdict(_finding(outcome, until)) for name, outcome in asked.items()}
        told = _finding(sources, until + PROBE_SECONDS)
        return {
            "ready": self.can_serve,
            "dependencies": findings,
            "sources": orjson.loads(told.detail) if told.ok else {},
        }

    def _sources(self) -> str:
        """Freshness and reason of every source, as last known."""
        cached = self._cockpit.cache.get(
            "readyz:sources", scope="*", topics=[SOURCES], build=self._source_states, soft_seconds=10
        )
        return cached.body.decode()

    @property
    def can_serve(self) -> bool:
        """True once the database has answered in the life of this process: from then on last good values are there."""
        self._cockpit.hub.start()
        return self._cockpit.hub.silent_seconds is not None

    def _ask(self, probe: Callable[[], str]) -> Outcome[tuple[str, float]]:
        """Have the probe asked on a thread of its own: they do not wait for each other."""

        def timed() -> tuple[str, float]:
            started = time.perf_counter()
            return probe(), round((time.perf_counter() - started) * 1000, 1)

        outcome: Outcome[tuple[str, float]] = Outcome()
        self._workers.submit(lambda: outcome.settle(timed))
        return outcome

    def _database(self) -> str:
        with reading(self._cockpit.engine) as connection:
            connection.exec_driver_sql("SELECT 1")
            return connection.dialect.name

    def _cache(self) -> str:
        link = self._cockpit.cache.link
        if link is None:
            return "本机文件夹"
        if link.breaker.is_open:
            raise ConnectionError(f"Redis 已 {link.breaker.open_seconds:.0f} 秒没有响应，正在用本进程内存")
        if link.open_to_strangers():
            return "Redis 可用；警告：未设密码且其他机器可以访问，请设置密码或只监听本机"
        return "Redis 可用" if link.call(link.client.ping) else _raise("Redis 没有响应")

    def _mqtt(self) -> str:
        return mqtt_answer(self._cockpit.mqtt_url) if self._cockpit.mqtt_url else "未启用"

    def _timetable(self) -> str:
        with reading(self._cockpit.engine) as connection:
            until = connection.execute(select(leases.c.until).where(leases.c.name == TIMETABLE)).scalar()
        if until is None:
            return _raise("定时任务尚未运行过")
        late = (self._cockpit.now() - until).total_seconds()
        return _raise(f"定时任务已 {late:.0f} 秒没有心跳") if late > HEARTBEAT_LATE else "运行中"

    def _catalogue(self) -> str:
        live = self._cockpit.live_catalogue
        if live.problems:
            return _raise(f"目录有 {len(live.problems)} 处问题，沿用上一个正确版本 {live.current.version}")
        return live.current.version

    def _source_states(self) -> bytes:
        cockpit = self._cockpit
        with reading(cockpit.engine) as connection:
            found = [
                one
                for world in World
                for one in health(connection, cockpit.live_catalogue.current, PRODUCT, world, cockpit.now())
            ]
        return orjson.dumps(
            {one.source.key: {"freshness": one.standing.freshness, "reason": one.standing.reason} for one in found}
        )


def mqtt_answer(url: str) -> str:
    """Ask the broker to talk MQTT; any answer, even a refusal of the name, shows that it lives."""
    address = urlsplit(url)
    where = (address.hostname or "127.0.0.1", address.port or 1883)
    with socket.create_connection(where, timeout=PROBE_SECONDS / 2) as broker:
        broker.sendall(_CONNECT)
        answer = broker.recv(4)
    if not answer or answer[0] != _CONNACK:
        raise ConnectionError("对方不是 MQTT 服务器")
    return "可用"


def blueprint(cockpit: Cockpit) -> Blueprint:
    """The three routes."""
    made = Blueprint("health", __name__)
    doctor = Doctor(cockpit)

    @made.get("/healthz")
    def alive() -> Response:
        return Response("ok\n", mimetype="text/plain", headers={"Cache-Control": "no-store"})

    @made.get("/readyz")
    def ready() -> Response:
        told = doctor.report()
        status, headers = (200, {}) if told["ready"] else (503, {"Retry-After": "3"})
        actor = actor_of_request()
        told = told if actor and actor.may("sources.view") else _in_short(told)
        headers = {"Cache-Control": "no-store", **headers}
        return Response(orjson.dumps(told), status, headers, mimetype="application/json")

    @made.get("/version")
    def version() -> Response:
        told = {
            "version": cockpit.version,
            "catalogue": cockpit.live_catalogue.current.version,
            "python": platform.python_version(),
            "now": cockpit.now().isoformat(timespec="milliseconds"),
        }
        return Response(orjson.dumps(told), mimetype="application/json", headers={"Cache-Control": "no-store"})

    return made


def _in_short(told: dict[str, Any]) -> dict[str, object]:
    """What a stranger learns: fit or not, and which part is not. No words, no sources."""
    parts = {name: {"ok": finding["ok"]} for name, finding in told["dependencies"].items()}
    return {"ready": told["ready"], "dependencies": parts}


def _finding(outcome: Outcome[tuple[str, float]], until: float) -> Finding:
    try:
        return Finding(True, *outcome.wait(max(0.0, until - time.monotonic())))
    except TooSlow:
        return Finding(False, f"{PROBE_SECONDS:g} 秒内没有响应", PROBE_SECONDS * 1000)
    except Exception as trouble:  # whatever it is, it is the finding
        return Finding(False, _first_line(trouble))


def _first_line(trouble: Exception) -> str:
    """What went wrong, without addresses or statements: readyz is open to whoever can reach the port."""
    text = str(trouble).strip().splitlines()
    own = isinstance(trouble, ConnectionError) and text
    return text[0][:200] if own else f"{type(trouble).__name__}：没有响应"


def _raise(detail: str) -> str:
    raise ConnectionError(detail)
