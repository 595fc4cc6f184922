"""The anchor of the audit record: its heads, proven and chained, in a file outside the database that only grows.

A chain alone does not show that its end was cut off. Every five minutes the timetable appends the heads that moved as
one line; copies of the file on another machine, or a printed line, are as good as the file.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson
from sqlalchemy import Connection, Engine, func, select
from sqlalchemy.dialects import postgresql, sqlite

from access.audit_chain import ANCHOR, Head
from access.sealing import INTL, Keyring, SealingError
from database.audit_tables import audit_heads, audit_reviews
from database.engine import reading, writing

EVERY_SECONDS = 300.0
_LONGEST_END = 65_536
"""Bytes that hold the last line many times over."""


@dataclass(frozen=True)
class Anchor:
    """One line: the heads that moved since the line before, and when that was."""

    at: datetime
    rows: int
    heads: tuple[Head, ...]


@dataclass(frozen=True)
class Damage:
    """A line that is not what was written."""

    message: str


@dataclass(frozen=True)
class AnchorFile:
    """The file at `path`, one JSON document per line."""

    path: Path

    def read(self, ring: Keyring) -> Iterator[Anchor | Damage]:
        """Every line in its order; Damage where one is missing, altered or not proven. Half a line, left by a power
        cut, is passed over: the next whole one names the whole one before it."""
        before = ""
        for number, line in enumerate(self._lines(), 1):
            told = _parsed(line)
            if told is None:
                continue
            if told.get("previous") != before:
                yield Damage(f"锚定文件 {self.path.name} 第 {number} 行之前有缺行或被改动")
            elif not _is_ours(told, ring):
                yield Damage(f"锚定文件 {self.path.name} 第 {number} 行的封印不符")
            else:
                yield _anchor(told)
            before = _digest(line)

    def last(self, ring: Keyring) -> Anchor | None:
        """The newest sound line."""
        found = None
        for one in self.read(ring):
            found = one if isinstance(one, Anchor) else found
        return found

    def append(self, ring: Keyring, anchor: Anchor) -> None:
        """Write one line and wait until it is on the disk."""
        end = self._end()
        whole = [line for line in end.split(b"\n") if _parsed(line) is not None]
        told: dict[str, object] = {
            "at": anchor.at.astimezone(UTC).isoformat(timespec="milliseconds"),
            "heads": [[head.lane, head.seq, head.hash] for head in anchor.heads],
            "previous": _digest(whole[-1]) if whole else "",
            "rows": anchor.rows,
        }
        line = orjson.dumps({**told, "proof": ring.prove(_said(told), ANCHOR)})
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)
        try:
            os.write(descriptor, (b"" if end.endswith(b"\n") or not end else b"\n") + line + b"\n")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def _lines(self) -> list[bytes]:
        return self.path.read_bytes().split(b"\n") if self.path.exists() else []

    def _end(self) -> bytes:
        """The last lines, without reading years of them."""
        if not self.path.exists():
            return b""
        with self.path.open("rb") as opened:
            opened.seek(max(opened.seek(0, os.SEEK_END) - _LONGEST_END, 0))
            return opened.read()


def anchor(engine: Engine, file: AnchorFile, ring: Keyring, now: datetime) -> Anchor | None:
    """Append the heads that moved since the last line; None if none did. Says in the database when it last looked."""
    with reading(engine) as connection:
        heads = [Head(row.lane, row.seq, row.hash) for row in connection.execute(select(audit_heads)) if row.seq]
    anchored = _newest(file, ring)
    moved = tuple(head for head in heads if anchored.get(head.lane) != head)
    made = Anchor(now, sum(head.seq for head in heads), moved)
    if moved:
        file.append(ring, made)
    with writing(engine) as connection:
        note_review(connection, "anchor", rows=made.rows, finding="", now=now)
    return made if moved else None


def note_review(connection: Connection, kind: str, *, rows: int, finding: str, now: datetime) -> None:
    """Keep the outcome of the last look at the record, for the auditor's page."""
    upsert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    told = {"at": now, "rows": rows, "finding": finding}
    made = upsert(audit_reviews).values(kind=kind, **told)
    connection.execute(made.on_conflict_do_update(index_elements=[audit_reviews.c.kind], set_=told))


@dataclass(frozen=True)
class Review:
    """The last look at the record: `anchor` or `verify`, how many rows it covered, what it found ('' for nothing)."""

    kind: str
    at: datetime
    rows: int
    finding: str


def reviews(connection: Connection) -> dict[str, Review]:
    """The last look of each kind."""
    return {
        row.kind: Review(row.kind, row.at, row.rows, row.finding) for row in connection.execute(select(audit_reviews))
    }


def rows_so_far(connection: Connection) -> int:
    """How many rows the record has ever had."""
    return int(connection.execute(select(func.coalesce(func.sum(audit_heads.c.seq), 0))).scalar_one())


def _newest(file: AnchorFile, ring: Keyring) -> dict[int, Head]:
    """The newest anchored head of each chain."""
    found: dict[int, Head] = {}
    for one in file.read(ring):
        if isinstance(one, Anchor):
            found.update((head.lane, head) for head in one.heads)
    return found


def _parsed(line: bytes) -> dict[str, object] | None:
    try:
        told = orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
    return told if isinstance(told, dict) else None


def _anchor(told: dict[str, object]) -> Anchor:
    heads = tuple(Head(*head) for head in told["heads"])  # type: ignore[attr-defined]
    return Anchor(datetime.fromisoformat(str(told["at"])), int(str(told["rows"])), heads)


def _is_ours(told: dict[str, object], ring: Keyring) -> bool:
    said = {name: value for name, value in told.items() if name != "proof"}
    try:
        return ring.is_proven(_said(said), ANCHOR, str(told.get("proof", "")))
    except SealingError:
        return False


def _said(told: dict[str, object]) -> str:
    return orjson.dumps(told, option=orjson.OPT_SORT_KEYS).decode()


def _digest(line: bytes) -> str:
    return INTL.hash(line).hex()
