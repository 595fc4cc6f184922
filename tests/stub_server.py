"""A loopback web server whose answers the test writes, and a listener that only counts who knocks."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from urllib.parse import parse_qs, urlsplit

Answer = Callable[["Request"], None]


@dataclass(frozen=True)
class Seen:
    """A request as it came in."""

    path: str
    query: dict[str, str]
    headers: dict[str, str]


class Request(BaseHTTPRequestHandler):
    """One request; `reply` sends a whole answer."""

    protocol_version = "HTTP/1.1"
    server: StubServer

    def do_GET(self) -> None:
        self.server.seen.append(Seen(self.path, self.query, dict(self.headers)))
        self.server.answer(self)

    def reply(self, body: bytes | str, status: int = 200, **headers: str) -> None:
        """Send status, headers (underscores become dashes) and body."""
        content = body.encode() if isinstance(body, str) else body
        self.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(content)), **headers}.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(content)

    @property
    def query(self) -> dict[str, str]:
        """The query parameters."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.path).query).items()}

    def log_message(self, *_: object) -> None:
        """Quiet."""


class StubServer(ThreadingHTTPServer):
    """Answers every GET by `answer`; `seen` keeps the requests; `over` is set when the test ends."""

    daemon_threads = True
    block_on_close = False

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Request)
        self.answer: Answer = lambda request: request.reply("{}")
        self.seen: list[Seen] = []
        self.over = Event()
        Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def address(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"

    def handle_error(self, *_: object) -> None:
        """A client that hangs up is part of the tests."""

    def end(self) -> None:
        """Stop listening and let waiting answers go."""
        self.over.set()
        self.shutdown()
        self.server_close()


class Canary:
    """A port nobody may connect to."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]

    def knocks(self) -> int:
        """How many connections have been made."""
        self._listening.setblocking(False)
        count = 0
        while True:
            try:
                self._listening.accept()[0].close()
            except BlockingIOError:
                return count
            count += 1

    def end(self) -> None:
        """Close the port."""
        self._listening.close()
