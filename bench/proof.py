"""`make proof`: officers report and handle events while server and database are killed; nothing may be lost or doubled.

`python -m bench.proof --kills 200 --database sqlite --database postgres`; exit code 1 with what is wrong.
`--mutant ack-first` answers before it commits: then the same command must fail.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any
from unittest import mock

import psycopg

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests")]

from access import sealing  # noqa: E402
from bench import proof_check  # noqa: E402
from bench.proof_clients import Client  # noqa: E402
from database.engine import open_engine  # noqa: E402
from database.migrate import migrate  # noqa: E402
from people import People, people_of  # noqa: E402
from servers import Server, free_port, postgres_server, wait_until  # noqa: E402
from settings import Settings, from_environment  # noqa: E402

CLIENTS = 3
PATIENCE = 90.0


@dataclass
class House:
    """One running server with its database, and what can be killed of it."""

    settings: Settings
    environment: dict[str, str]
    database: Server | None
    dice: random.Random
    parent: subprocess.Popen[str] | None = None
    pids: list[int] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """Start the parent and follow the pids of its workers."""
        self.parent = subprocess.Popen(
            [sys.executable, "-m", "bench.proof_server"], cwd=ROOT, env=self.environment, stdout=subprocess.PIPE,
            stderr=self.log(), text=True, start_new_session=True,
        )  # fmt: skip
        threading.Thread(target=self._follow, daemon=True).start()
        wait_until(self.is_there, PATIENCE, "the server")

    def log(self) -> IO[bytes]:
        """Where the server says what it suffers: of no interest while it is being killed."""
        return (self.settings.data_folder / "server.log").open("ab")

    def _follow(self) -> None:
        assert self.parent and self.parent.stdout
        for line in self.parent.stdout:
            self.pids.append(int(line))

    def is_there(self) -> bool:
        """True if the server and its database answer."""
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.settings.port}/healthz", timeout=20):
                return True
        except OSError:
            return False

    def get(self, path: str, headers: dict[str, str] | None = None) -> dict[str, Any] | None:
        """A JSON answer."""
        wanted = urllib.request.Request(f"http://127.0.0.1:{self.settings.port}{path}", headers=headers or {})
        with urllib.request.urlopen(wanted, timeout=20) as answer:
            found: dict[str, Any] = json.loads(answer.read())
            return found

    def kill(self) -> None:
        """SIGKILL at random: one worker, all of them, the database, or all at once as in a power cut."""
        ways = ["worker", "server"] if self.database is None else ["worker", "server", "database", "both"]
        way = self.dice.choice(ways)
        self.kills[way] = self.kills.get(way, 0) + 1
        alive = self.pids[-2:]
        if way in ("worker", "server", "both"):
            for pid in alive if way != "worker" else alive[:1]:
                _kill(pid)
        if way in ("database", "both") and self.database is not None:
            self.database.kill()
            restart(self.database)

    def end(self) -> None:
        """End the parent with its workers."""
        if self.parent is not None and self.parent.poll() is None:
            os.killpg(self.parent.pid, signal.SIGTERM)
            self.parent.wait(20)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def restart(server: Server) -> None:
    """Start it again; what is left of the one before may hold its memory for a moment."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        log = (server.folder / "log").open("ab")
        server.process = subprocess.Popen(server.command, stdout=log, stderr=log, start_new_session=True)
        while server.process.poll() is None:
            if _is_up(server):
                return
            time.sleep(0.05)
        time.sleep(0.1)
    raise AssertionError("the database does not come back")


def _is_up(server: Server) -> bool:
    """True if it answers a question; that its port is open may be the last breath of the one before."""
    try:
        with psycopg.connect(server.url.replace("+psycopg", ""), connect_timeout=2) as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.Error:
        return False


@contextmanager
def house(kind: str, mutant: str, seed: int) -> Iterator[House]:
    """A house with an empty database of this kind."""
    folder = Path(tempfile.mkdtemp(prefix="cockpit-proof-"))
    with ExitStack() as stack:
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        database = stack.enter_context(postgres_server()) if kind == "postgres" else None
        given = {"COCKPIT_DATA": str(folder), "PORT": str(free_port()), "HOST": "127.0.0.1"}
        given |= {"DATABASE_URL": database.url.replace("+psycopg", "")} if database else {}
        given |= {"PROOF_MUTANT": mutant} if mutant else {}
        inherited = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        environment = {**inherited, **given}
        with mock.patch.dict(os.environ, environment, clear=True):
            settings = from_environment()
        made = House(settings, environment, database, random.Random(seed))
        stack.callback(made.end)
        yield made


def officers(made: House, stopping: threading.Event) -> list[Client]:
    """People of the city's centre, each with a session of its own."""
    clients = []
    with people_of(made.settings.database_url, ROOT) as people:
        for at in range(CLIENTS):
            clients.append(Client(made.settings.port, _door(made, people, at), stopping))
    return clients


def _door(made: House, people: People, at: int) -> dict[str, str]:
    cookie = f"cockpit_session={people.session('city_officer', person=f'officer{at}')}"
    url = f"http://127.0.0.1:{made.settings.port}/account"
    with urllib.request.urlopen(urllib.request.Request(url, headers={"Cookie": cookie}), timeout=30) as page:
        word = page.headers.get("Set-Cookie", "").partition("_csrf_token=")[2].partition(";")[0]
    return {"Cookie": cookie, "X-CSRFToken": word}


def prove(kind: str, kills: int, mutant: str, seed: int) -> tuple[dict[str, Any], list[str]]:
    """One run: figures, and what is wrong."""
    with house(kind, mutant, seed) as made:
        sealing.use(made.settings.keyring())
        engine = open_engine(made.settings.database_url)
        migrate(engine)
        engine.dispose()
        made.start()
        stopping = threading.Event()
        clients = officers(made, stopping)
        begun = time.monotonic()
        for client in clients:
            client.start()
        wrong = _storm(made, clients, kills)
        stopping.set()
        for client in clients:
            client.join(PATIENCE)
            if client.is_alive():
                wrong.append("a client was never answered")
        time.sleep(1.0 if mutant else 0.0)
        wrong += _checked(made, clients)
        figures = {
            "measure": "proof.kills", "database": kind, "seed": seed, "kills": made.kills,
            "events": sum(len(one.events) for one in clients),
            "moves": sum(len(event.actions) - 1 for one in clients for event in one.events),
            "retries": sum(one.retried for one in clients), "wrong": len(wrong),
            "seconds": round(time.monotonic() - begun, 1),
        }  # fmt: skip
        return figures, wrong


def _reads(made: House, headers: dict[str, str]) -> bool:
    with suppress(OSError, ValueError):
        return made.get("/api/v1/events?limit=1", headers) is not None
    return False


def _storm(made: House, clients: list[Client], kills: int) -> list[str]:
    """Kill, wait until somebody was answered again, kill at a random moment after that."""
    for _ in range(kills):
        before = sum(one.answered for one in clients)
        deadline = time.monotonic() + PATIENCE
        while sum(one.answered for one in clients) <= before:
            if time.monotonic() > deadline:
                return ["nobody was answered any more"]
            time.sleep(0.005)
        time.sleep(made.dice.uniform(0.0, 0.25))
        made.kill()
    return []


def _checked(made: House, clients: list[Client]) -> list[str]:
    headers = clients[0].headers
    wait_until(lambda: _reads(made, headers), PATIENCE, "the server after the last kill")
    wrong = [odd for one in clients for odd in one.odd]
    told = [event for one in clients for event in one.events]
    wrong += proof_check.over_the_interface(lambda path: made.get(path, headers) or {}, told)
    return [*wrong, *proof_check.in_the_store(made.settings)]


def main() -> int:
    """Run what the command line asks for; 1 if anything is wrong."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--kills", type=int, default=200, help="SIGKILLs per database")
    asked.add_argument("--database", action="append", choices=["sqlite", "postgres"], default=None)
    asked.add_argument("--mutant", choices=["", "ack-first"], default="")
    asked.add_argument("--seed", type=int, default=20261122)
    given = asked.parse_args()
    failed = False
    for kind in given.database or ["sqlite", "postgres"]:
        figures, wrong = prove(kind, given.kills, given.mutant, given.seed)
        print(json.dumps(figures, ensure_ascii=False), flush=True)
        for line in wrong[:20]:
            print(f"  {line}", flush=True)
        failed = failed or bool(wrong)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
