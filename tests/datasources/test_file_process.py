"""The reading process: cheap to start, unable to hurt, and its death is an answer, not an accident."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from datasources.delivery import confined_process
from datasources.delivery.confined_process import ChildFailed, Limits, answers
from datasources.delivery.observation import SourceFailed
from file_reading import take

pytestmark = pytest.mark.feature(49)

SHEETS = "datasources.delivery.sheet_process:main"
HERE = "test_file_process_child"
CHILD = """
import os, sys, time

def echo(given, out): out.write(given.read())
def talk(given, out):
    while True: out.write(b"x" * 1000 + b"\\n")
def sleep(given, out): time.sleep(60)
def spin(given, out):
    while True: pass
def eat(given, out):
    held = []
    while True: held.append(bytearray(10**7))
def die(given, out): os.abort()
def fail(given, out): raise ValueError("poison")
def look(given, out): out.write(repr((sorted(os.environ), os.getcwd(), sorted(sys.modules))).encode() + b"\\n")
def write(given, out): open(given.read().decode(), "wb").write(b"x" * 10**6)
"""


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[bytes]]:
    """Runs a function of CHILD in a confined process."""
    (tmp_path / f"{HERE}.py").write_text(CHILD)
    monkeypatch.setattr("datasources.delivery.confined_process.ROOT", tmp_path)

    def run(name: str, payload: bytes = b"", **limits: float) -> list[bytes]:
        return list(answers(f"{HERE}:{name}", [payload], Limits(**limits)))

    return run


def test_what_goes_in_comes_out(child) -> None:
    assert child("echo", b"a\nb\n") == [b"a\n", b"b\n"]


@pytest.mark.parametrize(
    ("name", "limits", "cause"),
    [
        ("sleep", {"seconds": 0.3}, "time"),
        ("spin", {"seconds": 0.3}, "time"),
        ("eat", {"memory_bytes": 200 * 2**20}, "memory"),
        ("talk", {"answer_bytes": 10**6}, "answer"),
        ("die", {}, "crash"),
        ("fail", {}, "crash"),
    ],
)
def test_a_child_that_misbehaves_is_ended_and_the_server_goes_on(child, name, limits, cause) -> None:
    threads, before = threading.active_count(), children()
    with pytest.raises(ChildFailed) as failure:
        child(name, **limits)
    assert failure.value.cause == cause
    assert threading.active_count() <= threads
    assert children() <= before  # nobody is left, not even a zombie


def children() -> set[str]:
    """The processes this one has started and not yet buried; other tests may have some of their own."""
    return {pid for told in Path("/proc/self/task").glob("*/children") for pid in told.read_text().split()}


def test_the_last_words_of_a_child_are_kept_for_the_log(child) -> None:
    with pytest.raises(ChildFailed) as failure:
        child("fail")
    assert failure.value.detail.endswith("ValueError: poison\n")


def test_a_child_inherits_no_secret_and_loads_no_framework(child, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COCKPIT_SECRET_KEY", "do-not-tell")
    answer = child("look")[0].decode()
    assert "COCKPIT" not in answer
    assert "'/'" in answer


def test_a_child_cannot_fill_the_disk(child, tmp_path: Path) -> None:
    with pytest.raises(ChildFailed):
        child("write", str(tmp_path / "big").encode())
    assert (tmp_path / "big").stat().st_size <= 65536


def test_the_reader_of_sheets_loads_little_and_starts_at_once() -> None:
    start = confined_process._START.replace("getattr(", "print(*sys.modules) or getattr(")
    command = [sys.executable, "-I", "-c", start, str(confined_process.ROOT), SHEETS, str(512 * 2**20), "30"]
    before = os.times()
    ended = subprocess.run(command, input=b"{}", capture_output=True, check=False)
    after = os.times()
    foreign = {"pydantic", "orjson", "pandas", "numpy", "dash", "sqlalchemy", "openpyxl", "yaml", "flask"}
    loaded = set(ended.stdout.decode().splitlines()[0].split())
    assert "datasources.delivery.sheet_readings" in loaded
    assert foreign.isdisjoint(loaded)
    assert after.children_user + after.children_system - before.children_user - before.children_system < 0.15


def test_twenty_files_at_once_are_all_answered() -> None:
    found: list[int] = []

    def work() -> None:
        found.append(take("指标,地区,时期,数值\nECO-06,湘桥区,2026-09,1\n").rows)

    workers = [threading.Thread(target=work) for _ in range(20)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert found == [1] * 20


def test_a_file_that_takes_too_long_is_named_with_the_limit() -> None:
    rows = "ECO-06,湘桥区,2026-09,1\n" * 90_000
    started = time.monotonic()
    with pytest.raises(SourceFailed, match=r"解析文件超过 0 秒，已终止"):
        take(f"指标,地区,时期,数值\n{rows}", timeout_seconds=0.1)
    assert time.monotonic() - started < 2.0


def test_a_file_that_needs_too_much_memory_is_refused_in_words() -> None:
    with pytest.raises(SourceFailed, match="内存超过上限"):
        take(("指标,地区,时期,数值\n" + "汉" * 20 * 10**6).encode(), max_bytes=10**8, memory_mb=128)
