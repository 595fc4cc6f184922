"""Starts the parts of the product as child processes, restarts one that dies, ends all together."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).resolve().parent
FASTEST_RESTART = 1.0
SLOWEST_RESTART = 30.0
LONGEST_WAIT = 300.0
"""Seconds a command aside waits for the one before it; then it runs beside it."""
_TURN = threading.Lock()
ARENAS = "2"
"""Heaps of the C library per process: with one for each thread, as is usual, a dozen stay half full for ever."""
STEADY_AFTER = 60.0
"""Seconds of running after which a part counts as healthy again and may restart at once."""


@dataclass
class Part:
    """One child process and how often it had to be started."""

    name: str
    command: list[str]
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    pause: float = FASTEST_RESTART
    due: float = 0.0

    def start(self, environment: Mapping[str, str]) -> None:
        """Start it in its own session, so that a signal to us reaches it only through us."""
        thrifty = {"MALLOC_ARENA_MAX": ARENAS, **environment}
        self.process = subprocess.Popen(self.command, cwd=HERE, env=thrifty, start_new_session=True)
        self.started = time.monotonic()

    def watch(self, environment: Mapping[str, str]) -> None:
        """Restart it if it has ended, waiting longer each time it ends early."""
        if self.process is None or self.process.poll() is None:
            return
        now = time.monotonic()
        if not self.due:
            steady = now - self.started > STEADY_AFTER
            self.pause = FASTEST_RESTART if steady else min(self.pause * 2, SLOWEST_RESTART)
            self.due = now + self.pause
            print(f"{self.name} 已退出（{self.process.returncode}），{self.pause:.0f} 秒后重启", flush=True)
        elif now >= self.due:
            self.due = 0.0
            self.start(environment)

    def end(self, patience: float = 8.0) -> None:
        """Ask it to stop, then insist."""
        if not self.process or self.process.poll() is not None:
            return
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


@dataclass
class Parts:
    """Everything that runs together until SIGTERM or SIGINT."""

    parts: list[Part]
    environment: Mapping[str, str]
    stopping: bool = field(default=False)

    def run(self) -> None:
        """Start all, keep them running, and end them in reverse order when asked."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._stop)
        for part in self.parts:
            part.start(self.environment)
        while not self.stopping:
            for part in self.parts:
                part.watch(self.environment)
            time.sleep(0.25)
        for part in reversed(self.parts):
            part.end()

    def _stop(self, *_: object) -> None:
        self.stopping = True


def finish(command: str) -> None:
    """Run one manage.py command to its end in a process of its own, so that its memory goes with it."""
    ended = subprocess.run([sys.executable, str(HERE / "manage.py"), command], cwd=HERE, check=False)
    if ended.returncode:
        raise SystemExit(ended.returncode)


class CommandFailed(RuntimeError):
    """A manage.py command did not come to a good end."""


def aside(*command: str) -> None:
    """Run one manage.py command in a process of its own that gives way to all others; CommandFailed if it fails.

    One after another: after a start several are due at once, and together they took every processor from the viewers.
    """
    gentle = ["nice", "-n", "10"] if shutil.which("nice") else []
    is_our_turn = _TURN.acquire(timeout=LONGEST_WAIT)
    try:
        ended = subprocess.run([*gentle, sys.executable, str(HERE / "manage.py"), *command], cwd=HERE, check=False)
    finally:
        if is_our_turn:
            _TURN.release()
    if ended.returncode:
        raise CommandFailed(f"manage.py {' '.join(command)} ended with {ended.returncode}")


class PortTaken(Exception):
    """Another program listens where we should."""


def claim(host: str, port: int) -> None:
    """PortTaken if `port` cannot be ours: without this the timetable would feed whoever listens there."""
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            reason = f"端口 {port} 不可用（{error.strerror}）"
            raise PortTaken(f"{reason}：请结束占用它的程序，或用 PORT 另选端口") from error


def emptied(folder: Path) -> Path:
    """`folder`, made if it is missing, without the files of an earlier run."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    return folder


def pages(host: str, port: int, *, workers: int, threads: int) -> Part:
    """The pages and the API under gunicorn's threaded workers."""
    command = [sys.executable, "-m", "gunicorn", "app:server", "--bind", f"{host}:{port}", "--worker-class", "gthread"]
    command += ["--workers", str(workers), "--threads", str(threads), "--timeout", "60", "--graceful-timeout", "3"]
    command += ["--keep-alive", "75", "--log-level", "warning", "--no-control-socket"]
    return Part("pages", command)


def live(host: str, port: int) -> Part:
    """The small gevent program that holds the long-lived streams."""
    command = [sys.executable, "-m", "gunicorn", "live:server", "--bind", f"{host}:{port}"]
    command += ["--worker-class", "gevent", "--workers", "1", "--worker-connections", "2000", "--log-level", "warning"]
    return Part("live", [*command, "--no-control-socket", "--graceful-timeout", "2"])


def timetable() -> Part:
    """The scheduled work."""
    return Part("timetable", [sys.executable, str(HERE / "schedule.py")])
