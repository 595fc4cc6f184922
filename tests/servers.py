"""Real servers for the tests: PostgreSQL, Redis and Mosquitto on free loopback ports, ended by their own pid."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event

import pytest

REQUIRE_ALL = os.environ.get("REQUIRE_ALL") == "1"


def missing(what: str, package: str) -> None:
    """Skip with the reason, or fail where everything is required."""
    message = f"{what} is not installed (Debian package {package})"
    if REQUIRE_ALL:
        pytest.fail(message, pytrace=False)
    pytest.skip(message)


def free_port() -> int:
    """A TCP port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers(port: int) -> bool:
    """True if something accepts connections on the loopback port."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=0.5):
            return True
    except OSError:
        return False


def wait_until(claim, seconds: float = 15.0, what: str = "the condition"):
    """Poll `claim` until it gives something true and return that; fail with `what` after `seconds`."""
    deadline = time.monotonic() + seconds
    pause = 0.01
    while True:
        result = claim()
        if result:
            return result
        if time.monotonic() > deadline:
            raise AssertionError(f"{what}: not within {seconds:g} s")
        Event().wait(pause)
        pause = min(pause * 1.5, 0.2)


@dataclass
class Server:
    """A running server: address, its process, and how to stop, freeze, thaw and start it again."""

    name: str
    url: str
    port: int
    command: list[str]
    folder: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Server:
        """Start (again) and wait until the port answers."""
        log = (self.folder / "log").open("ab")
        self.process = subprocess.Popen(self.command, stdout=log, stderr=log, start_new_session=True)
        wait_until(lambda: answers(self.port), 90, f"{self.name} on port {self.port}")
        return self

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait(10)

    def freeze(self) -> None:
        """Stop the process without closing anything: connections hang."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen server go on."""
        assert self.process
        os.killpg(self.process.pid, signal.SIGCONT)


def _program(name: str, *places: str) -> str | None:
    return shutil.which(name) or next((p for p in places if Path(p).exists()), None)


@contextmanager
def redis_server() -> Iterator[Server]:
    """An empty Redis without persistence."""
    program = _program("redis-server")
    if not program:
        missing("redis-server", "redis-server")
    assert program
    folder = Path(tempfile.mkdtemp(prefix="cockpit-redis-"))
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--dir", str(folder)]
    server = Server("redis", f"redis://127.0.0.1:{port}/0", port, command, folder)
    try:
        yield server.start()
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def mosquitto_broker(*, survives_a_kill: bool = True) -> Iterator[Server]:
    """A Mosquitto that keeps sessions and queued messages over a restart.

    Surviving even a kill means writing its file at each change, which allows some 200 messages a second.
    """
    program = _program("mosquitto", "/usr/sbin/mosquitto")
    if not program:
        missing("mosquitto", "mosquitto")
    assert program
    folder = Path(tempfile.mkdtemp(prefix="cockpit-mqtt-"))
    folder.chmod(0o777)
    port = free_port()
    settings = folder / "mosquitto.conf"
    settings.write_text(
        f"listener {port} 127.0.0.1\nallow_anonymous true\npersistence true\npersistence_location {folder}/\n"
        f"{'autosave_interval 1' if survives_a_kill else 'autosave_interval 1000000'}\nautosave_on_changes true\n"
        "max_queued_messages 100000\nuser root\n"
    )
    server = Server("mosquitto", f"mqtt://127.0.0.1:{port}", port, [program, "-c", str(settings)], folder)
    try:
        yield server.start()
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def postgres_server() -> Iterator[Server]:
    """A new PostgreSQL cluster with one database `cockpit`; root is refused by it, so it runs as `postgres`."""
    binaries = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    found = next((b for b in binaries if (b / "initdb").exists()), None)
    if not found:
        missing("PostgreSQL server", "postgresql")
    assert found
    folder = Path(tempfile.mkdtemp(prefix="cockpit-pg-"))
    as_postgres = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    if as_postgres:
        shutil.chown(folder, "postgres")
    cluster = folder / "cluster"
    subprocess.run(
        [*as_postgres, str(found / "initdb"), "-D", str(cluster), "-A", "trust", "-U", "cockpit", "-E", "UTF8",
         "--no-locale", "--no-sync"],
        check=True, capture_output=True, cwd=folder,
    )  # fmt: skip
    port = free_port()
    command = [
        *as_postgres,
        str(found / "postgres"),
        "-D",
        str(cluster),
        "-p",
        str(port),
        "-h",
        "127.0.0.1",
        "-k",
        str(folder),
    ]
    server = Server("postgres", f"postgresql+psycopg://cockpit@127.0.0.1:{port}/cockpit", port, command, folder)
    try:
        server.start()
        wait_until(lambda: _made_database(port), 15, "PostgreSQL accepting the first database")
        yield server
    finally:
        server.thaw()
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def _made_database(port: int) -> bool:
    import psycopg

    try:
        with psycopg.connect(f"postgresql://cockpit@127.0.0.1:{port}/postgres", autocommit=True) as connection:
            connection.execute("CREATE DATABASE cockpit")
    except psycopg.errors.DuplicateDatabase:
        return True
    except psycopg.OperationalError:
        return False
    return True
