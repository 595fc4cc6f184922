"""Clients of the kill test: officers who report and handle events and retry with the same key until answered."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime

MOVES = (
    ("accept", {}),
    ("confirm", {"note": "现场核实属实"}),
    ("register", {}),
    ("dispatch", {"department": "water_bureau"}),
)
AGAIN = frozenset({0, 401, 429, 500, 502, 503, 504})
"""Statuses after which a client tries again: no answer, or none now. While the database is away nobody is known."""
PATIENCE = 6.0


@dataclass
class Told:
    """What one client was told about one of its events."""

    origin_id: str
    number: str
    id: int
    version: int
    actions: list[str] = field(default_factory=lambda: ["open"])


@dataclass
class Client(threading.Thread):
    """One officer. `headers` open the door; everything told is kept in `events`, everything odd in `odd`."""

    port: int
    headers: dict[str, str]
    stopping: threading.Event
    events: list[Told] = field(default_factory=list)
    odd: list[str] = field(default_factory=list)
    answered: int = 0
    retried: int = 0

    def __post_init__(self) -> None:
        super().__init__(daemon=True)

    def __hash__(self) -> int:
        return id(self)

    def run(self) -> None:
        """Report an event and handle it, then the next one."""
        while not self.stopping.is_set():
            event = self._report()
            for action, given in MOVES:
                if event is not None and not self._move(event, action, given):
                    break

    def _report(self) -> Told | None:
        origin_id = str(uuid.uuid4())
        body = {
            "title": "涵洞积水", "category": "S0403", "region": "445102", "origin": "proof", "origin_id": origin_id,
            "reported_at": datetime.now(UTC).isoformat(),
        }  # fmt: skip
        status, told = self._until_answered("/api/v1/events", body)
        if status not in (200, 201):
            self.odd.append(f"report: {status} {told}")
            return None
        self.events.append(Told(origin_id, told["number"], told["id"], told["version"]))
        return self.events[-1]

    def _move(self, event: Told, action: str, given: dict[str, str]) -> bool:
        body = {"action": action, "version": event.version, **given}
        status, told = self._until_answered(f"/api/v1/events/{event.number}/moves", body)
        if status != 200 or told["version"] != event.version + 1:
            self.odd.append(f"{event.number} {action} at {event.version}: {status} {told}")
            return False
        event.version = told["version"]
        event.actions.append(action)
        return True

    def _until_answered(self, path: str, body: dict[str, object]) -> tuple[int, dict]:
        """The answer to one request, sent again with its key until there is one."""
        key = str(uuid.uuid4())
        while True:
            status, told = self._send(path, body, key)
            if status not in AGAIN:
                self.answered += 1
                return status, told
            self.retried += 1
            time.sleep(0.05)

    def _send(self, path: str, body: dict[str, object], key: str) -> tuple[int, dict]:
        """One try; status 0 for no whole answer."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        headers = {**self.headers, "Content-Type": "application/json", "Idempotency-Key": key, "Connection": "close"}
        try:
            connection.request("POST", path, json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        except (OSError, http.client.HTTPException, ValueError):
            return 0, {}
        finally:
            connection.close()
