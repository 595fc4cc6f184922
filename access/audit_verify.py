"""Follows every chain of the audit record from its first row to its head, and compares it with the anchors outside."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, text

from access.anchor import Anchor, AnchorFile, note_review, reviews
from access.audit_chain import CHECKPOINT, FIELDS, HEAD, Head, Row
from access.sealing import Keyring, SealingError
from database.audit_tables import LANES, audit, audit_checkpoints, audit_heads
from database.engine import reading, writing

log = logging.getLogger(__name__)

_AT_ONCE = 5_000
GUARDS = frozenset(
    {
        "audit_no_update",
        "audit_no_delete",
        "audit_heads_step",
        "audit_heads_no_delete",
        "audit_checkpoints_no_update",
        "audit_checkpoints_no_delete",
    }
)
"""Triggers without which rows could be changed unseen until the next look."""
_TRIGGERS = {
    "sqlite": text("SELECT name FROM sqlite_master WHERE type = 'trigger'"),
    "postgresql": text("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"),
}


@dataclass(frozen=True)
class Finding:
    """Something that cannot be so without somebody's hand. `row`: its number, None where it is about no single row."""

    message: str
    row: int | None = None


@dataclass
class Report:
    """What was looked at and what was found, in the order of the chains."""

    rows: int = 0
    anchors: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        """True if nothing was found."""
        return not self.findings

    @property
    def first_bad_row(self) -> int | None:
        """The lowest row number among the findings."""
        return min((one.row for one in self.findings if one.row is not None), default=None)

    def add(self, message: str, row: int | None = None) -> None:
        self.findings.append(Finding(message, row))


def verify(engine: Engine, ring: Keyring, file: AnchorFile) -> Report:
    """Read everything once, in one consistent view. Nothing is changed."""
    report = Report()
    anchors = _checked_anchors(file, ring, report)  # first: what they name is in the database by now
    with reading(engine) as connection:
        _look_at_guards(connection, report)
        _look_for_file(connection, report)
        heads = _heads(connection, ring, report)
        starts = _checkpoints(connection, ring, report)
        for lane in range(1, LANES + 1):
            chain = _Chain(lane, heads.get(lane), starts.get(lane), anchors.get(lane, {}), report)
            chain.follow(_rows(connection, lane))
    return report


def review(engine: Engine, ring: Keyring, file: AnchorFile, now: datetime) -> Report:
    """As `verify`, and the outcome is kept for the auditor's page; what is found is logged as well."""
    report = verify(engine, ring, file)
    finding = report.findings[0].message if report.findings else ""
    if finding:
        log.critical("the audit record is not sound (%s findings): %s", len(report.findings), finding)
    with writing(engine) as connection:
        note_review(connection, "verify", rows=report.rows, finding=finding, now=now)
    return report


def _look_at_guards(connection: Connection, report: Report) -> None:
    there = set(connection.execute(_TRIGGERS[connection.dialect.name]).scalars())
    for missing in sorted(GUARDS - there):
        report.add(f"数据库触发器 {missing} 已被删除或停用")


def _look_for_file(connection: Connection, report: Report) -> None:
    last = reviews(connection).get("anchor")
    if last is not None and last.rows and not report.anchors:
        report.add("曾经锚定，但库外的锚定文件不见了或已清空")


def _checked_anchors(file: AnchorFile, ring: Keyring, report: Report) -> dict[int, dict[int, str]]:
    """Hash by lane and place, as anchored outside the database."""
    known: dict[int, dict[int, str]] = {}
    for anchor in file.read(ring):
        report.anchors += isinstance(anchor, Anchor)
        if not isinstance(anchor, Anchor):
            report.add(anchor.message)
            continue
        for head in anchor.heads:
            known.setdefault(head.lane, {}).setdefault(head.seq, head.hash)
    return known


def _heads(connection: Connection, ring: Keyring, report: Report) -> dict[int, Head]:
    found: dict[int, Head] = {}
    for row in connection.execute(select(audit_heads)):
        head = Head(row.lane, row.seq, row.hash)
        found[head.lane] = head
        if head.seq and not _is_proven(ring, head.said(), HEAD, row.seal):
            report.add(f"链 {head.lane} 的链头未加封或封印不符")
    return found


def _checkpoints(connection: Connection, ring: Keyring, report: Report) -> dict[int, Head]:
    """The newest checkpoint of each chain."""
    found: dict[int, Head] = {}
    for row in connection.execute(select(audit_checkpoints).order_by(audit_checkpoints.c.seq)):
        point = Head(row.lane, row.seq, row.hash)
        found[point.lane] = point
        if not _is_proven(ring, point.said(), CHECKPOINT, row.seal):
            report.add(f"链 {point.lane} 到第 {point.seq} 条的清理封印不符")
    return found


def _is_proven(ring: Keyring, said: str, purpose: str, seal: str) -> bool:
    try:
        return ring.is_proven(said, purpose, seal)
    except SealingError:
        return False


def _rows(connection: Connection, lane: int) -> Iterator[tuple[Row, str]]:
    """The rows of one chain with their stored hashes, some thousand at a time."""
    columns = [audit.c[name] for name in FIELDS]
    query = select(*columns, audit.c.hash).where(audit.c.lane == lane).order_by(audit.c.seq).limit(_AT_ONCE)
    last = 0
    while page := connection.execute(query.where(audit.c.seq > last)).all():
        yield from (_taken_apart(found) for found in page)
        last = page[-1].seq


def _taken_apart(found: Any) -> tuple[Row, str]:
    return Row(**{name: getattr(found, name) for name in FIELDS}), found.hash


@dataclass
class _Chain:
    """One chain on its way from its first row to its head."""

    lane: int
    head: Head | None
    start: Head | None
    anchored: Mapping[int, str]
    report: Report
    last: Head = field(init=False)

    def follow(self, rows: Iterable[tuple[Row, str]]) -> None:
        """Add what is wrong with these rows, with the head, and with what the anchors say of both."""
        begun = self.start or Head(self.lane, 0, "")
        self.last = Head(self.lane, 0, "")
        for row, stored in rows:
            if not self._is_first(row, begun) and row.seq != self.last.seq + 1:
                self._add(row, f"与前一条之间缺第 {self.last.seq + 1} 至 {row.seq - 1} 条（已被删除）")
            elif self.last.seq and row.previous != self.last.hash:
                self._add(row, "所记前一条的摘要与前一条不符")
            self._weigh(row, stored)
            self.last = Head(self.lane, row.seq, stored)
            self.report.rows += 1
        self._close(begun)

    def _is_first(self, row: Row, begun: Head) -> bool:
        """True for the first row there is: it follows the checkpoint, or stands before it and is about to go."""
        if self.last.seq:
            return False
        if row.seq > begun.seq + 1:
            self._add(row, f"之前缺第 {begun.seq + 1} 至 {row.seq - 1} 条（已被删除）")
        elif row.seq == begun.seq + 1 and row.previous != begun.hash:
            self._add(row, "所记前一条的摘要与清理封印不符")
        return True

    def _weigh(self, row: Row, stored: str) -> None:
        if _digest(row) != stored:
            self._add(row, "内容与摘要不符（已被改动或调换）")
        elif self.anchored.get(row.seq, stored) != stored:
            self._add(row, "与库外锚定的摘要不符")
        elif self.start is not None and row.seq == self.start.seq and stored != self.start.hash:
            self._add(row, "与清理封印的摘要不符")

    def _close(self, begun: Head) -> None:
        end = self.last if self.last.seq else begun
        if self.head is None:
            self.report.add(f"链 {self.lane} 的链头已被删除")
        elif (self.head.seq, self.head.hash) != (end.seq, end.hash):
            self.report.add(f"链 {self.lane} 应有 {self.head.seq} 条，实有到第 {end.seq} 条：链尾已被截去或改动")
        missing = [seq for seq in self.anchored if seq > end.seq]
        if missing:
            self.report.add(f"链 {self.lane} 曾锚定到第 {max(missing)} 条，现只到第 {end.seq} 条：链尾已被截去")

    def _add(self, row: Row, message: str) -> None:
        self.report.add(f"审计记录 {row.id}（链 {self.lane} 第 {row.seq} 条）{message}", row.id)


def _digest(row: Row) -> str:
    try:
        return row.digest()
    except (KeyError, ValueError):  # no such algorithm, or a moment that is none
        return ""
