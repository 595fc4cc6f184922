"""The interface of the product for the kill test: workers forked from a parent that has everything loaded.

A worker is the product's own code with its own guard, transactions and database; only the start is faster, so that
hundreds of SIGKILLs fit into minutes. The parent opens no database and keeps no state. `PROOF_MUTANT=ack-first` makes
the workers answer before they commit: the proof must find that.
"""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType
from typing import Any

from flask import Flask
from werkzeug.serving import WSGIRequestHandler, make_server

import opening
from api import event_moves, guard, headers, mounting, refused_record, reports_taken, routes
from api import mount as mount_api
from database import engine as engines
from indicators.live_catalogue import LiveCatalogue
from settings import Settings, from_environment

WORKERS = 2
MUTANT = "PROOF_MUTANT"
LATE = 0.3
"""Seconds by which the mutant commits after it has answered."""


class Quiet(WSGIRequestHandler):
    """Says nothing for each request."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *_: Any, **__: Any) -> None:
        """Nothing."""


def main() -> int:
    """Keep the workers running until SIGTERM. Their pids are printed as they begin."""
    settings = from_environment()
    catalogue = LiveCatalogue(settings.catalogue_folder)
    listening = socket.create_server((settings.host, settings.port), backlog=128)
    pids: set[int] = set()

    def end(*_: object) -> None:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
        os._exit(0)

    signal.signal(signal.SIGTERM, end)
    while True:
        while len(pids) < WORKERS:
            pid = os.fork()
            if pid == 0:
                _work(settings, catalogue, listening)
            pids.add(pid)
            print(pid, flush=True)
        ended, _ = os.wait()
        pids.discard(ended)


def _work(settings: Settings, catalogue: LiveCatalogue, listening: socket.socket) -> None:
    """One worker, to its end; it never returns."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    try:
        if os.environ.get(MUTANT) == "ack-first":
            reports_taken.writing = event_moves.writing = _late  # type: ignore[assignment]
        opening.LiveCatalogue = lambda _: catalogue  # type: ignore[assignment,misc]
        server = make_server(
            settings.host, settings.port, _application(settings), threaded=True, request_handler=Quiet,
            fd=os.dup(listening.fileno()),
        )  # fmt: skip
        server.serve_forever()
    except BaseException as trouble:
        print(f"{type(trouble).__name__}: {trouble}", file=sys.stderr, flush=True)
        time.sleep(0.2)  # the database may be down: do not spin
    finally:
        os._exit(1)


def _application(settings: Settings) -> Flask:
    cockpit = opening.open_cockpit(settings)
    server = Flask("proof", static_folder=None)
    server.secret_key = settings.secret_key
    mounting.shut(server, opening.entrance_of(settings, cockpit), hosts=guard.names(), opened={})
    headers.apply(server, policy=headers.page_policy)
    mount_api(server, cockpit)
    refused_record.apply(server, cockpit)
    cockpit.hub.start()
    return server


@contextmanager
def _late(engine: Any) -> Iterator[Any]:
    """The mutant: the block ends, the caller is answered, and only then it is committed."""
    held = engines.writing(engine)
    connection = held.__enter__()
    try:
        yield connection
    except BaseException:
        if not held.__exit__(*sys.exc_info()):
            raise
    threading.Timer(LATE, held.__exit__, (None, None, None)).start()


_: tuple[Any, FrameType | None] = (routes, None)  # loaded here, so that no worker has to


if __name__ == "__main__":
    sys.exit(main())
