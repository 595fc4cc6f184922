"""Processor time of the programs of a running product, from /proc: a crowded machine changes it little."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds(parent: int, program: str) -> float:
    """Seconds of processor used so far by all processes below `parent` whose command line names `program`."""
    return sum(_spent(pid) for pid in _below(parent) if program in _command(pid))


def _below(parent: int) -> Iterator[int]:
    for pid in _children(parent):
        yield pid
        yield from _below(pid)


def _children(parent: int) -> list[int]:
    return [pid for pid, its in ((pid, _fields(pid)) for pid in _all()) if its and int(its[1]) == parent]


def _all() -> list[int]:
    return [int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit()]


def _fields(pid: int) -> list[str]:
    """The fields of /proc/<pid>/stat from the state on: the name before them may hold anything."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []


def _spent(pid: int) -> float:
    its = _fields(pid)
    return (int(its[11]) + int(its[12])) / TICK if its else 0.0


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        return ""
