"""Work on bytes from outside in a child process that can hurt nobody: little memory, little time, no secrets.

A child costs under 0.1 s to start. It sets its own limits before it reads a byte, inherits no environment and no open
file, and answers in lines of JSON. Whatever happens to it, the server sees an exception with a reason.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event, Timer
from typing import IO, Literal

ROOT = Path(__file__).resolve().parents[2]
OUT_OF_MEMORY = 86
"""Exit code of a child that met its memory limit and could still say so."""

_START = f"""
import resource, sys, types
root, entry, memory, seconds = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
resource.setrlimit(resource.RLIMIT_FSIZE, (65536, 65536))
sys.path.insert(0, root)
module, _, name = entry.partition(":")
top = module.partition(".")[0]
if top != module:  # the child needs parts of the package, not what its __init__ loads
    sys.modules[top] = types.ModuleType(top)
    sys.modules[top].__path__ = [root + "/" + top]
try:
    __import__(module)
    getattr(sys.modules[module], name)(sys.stdin.buffer, sys.stdout.buffer)
except MemoryError:
    import os
    os._exit({OUT_OF_MEMORY})
"""


@dataclass(frozen=True)
class Limits:
    """What the child may use: address space, wall and CPU time, answer."""

    memory_bytes: int = 512 * 2**20
    seconds: float = 30.0
    answer_bytes: int = 256 * 2**20


class ChildFailed(Exception):
    """The child gave no whole answer. `detail` is its last words, for the log."""

    def __init__(self, cause: Literal["time", "memory", "answer", "crash"], detail: str = "") -> None:
        super().__init__(cause)
        self.cause = cause
        self.detail = detail


def answers(entry: str, payload: list[bytes], limits: Limits) -> Iterator[bytes]:
    """The lines that `entry` ("module:function" of stdin and stdout) writes about `payload`; ChildFailed if it dies."""
    with _unlinked(payload) as given, _unlinked([]) as said:
        child = _start(entry, given, said, limits)
        late = Event()
        timer = Timer(limits.seconds, _stop, (child, late))
        timer.start()
        try:
            yield from _counted(child, limits.answer_bytes)
            child.wait()
        finally:
            timer.cancel()
            timer.join()
            _end(child)
        if child.returncode != 0:
            raise ChildFailed(_cause(child.returncode, late.is_set()), _last_words(said))


def _start(entry: str, given: IO[bytes], said: IO[bytes], limits: Limits) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-I",
        "-c",
        _START,
        str(ROOT),
        entry,
        str(limits.memory_bytes),
        str(int(limits.seconds) + 1),
    ]
    return subprocess.Popen(
        command,
        stdin=given,
        stdout=subprocess.PIPE,
        stderr=said,
        cwd="/",
        env={},
        start_new_session=True,
        bufsize=2**20,
    )


def _stop(child: subprocess.Popen[bytes], late: Event) -> None:
    late.set()
    child.kill()


def _counted(child: subprocess.Popen[bytes], most: int) -> Iterator[bytes]:
    assert child.stdout is not None  # noqa: S101 -- stdout=PIPE
    seen = 0
    for line in child.stdout:
        seen += len(line)
        if seen > most:
            raise ChildFailed("answer")
        yield line


def _end(child: subprocess.Popen[bytes]) -> None:
    if child.poll() is None:
        child.kill()
    if child.stdout is not None:
        child.stdout.close()
    child.wait()


def _cause(code: int, late: bool) -> Literal["time", "memory", "crash"]:
    if late or code == -24:  # SIGXCPU
        return "time"
    return "memory" if code == OUT_OF_MEMORY else "crash"


def _last_words(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read()[-2000:].decode("utf-8", "replace")


@contextmanager
def _unlinked(chunks: list[bytes]) -> Iterator[IO[bytes]]:
    """A file without a name that holds `chunks`: in memory where the system can, so that nothing is left on a disk."""
    with _nameless() as file:
        for chunk in chunks:
            file.write(chunk)
        file.seek(0)
        yield file


def _nameless() -> IO[bytes]:
    if hasattr(os, "memfd_create"):
        return os.fdopen(os.memfd_create("delivery"), "w+b")
    return tempfile.TemporaryFile()
