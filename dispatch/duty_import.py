"""Takes the roster of an office: each row taken, unchanged or held back with a reason; sent twice it is as once."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, insert, select

from access.actor import Actor
from access.audit import record
from access.visible_text import one_line
from database.changes import bump
from database.readiness_tables import duty_files, duty_shifts
from dispatch.duty import Unit, may_edit, units_of
from dispatch.duty_acts import Entry, checked, editable, keep, let_go
from dispatch.duty_file import Line, Written, lines_of
from dispatch.duty_rosters import topic_of
from dispatch.hands import identity
from dispatch.refusal import DispatchError

if TYPE_CHECKING:
    from dispatch.rulebook import Rulebook

_C = duty_shifts.c


@dataclass
class Outcome:
    """What became of a file. `held`: (line, reason). All rows are accounted for."""

    rows: int = 0
    taken: int = 0
    unchanged: int = 0
    held: list[tuple[int, str]] = field(default_factory=list)


@dataclass(frozen=True)
class RosterFile:
    """A file that was read: its name, what it is, its rows."""

    name: str
    digest: str
    lines: tuple[Line, ...]


def read(rules: Rulebook, content: bytes, filename: str, month: tuple[int, int] | None = None) -> RosterFile:
    """The rows of a file; RosterRefused if it is no roster. Before any transaction: it takes as long as the file is."""
    hour, minute = (int(part) for part in rules.rules.duty.changeover.split(":"))
    lines = tuple(lines_of(content, filename, changeover=time(hour, minute), month=month))
    return RosterFile(one_line(filename, 200), hashlib.sha256(content).hexdigest(), lines)


def take(
    connection: Connection, rules: Rulebook, file: RosterFile, *, unit: str, world: str, by: Actor, now: datetime
) -> Outcome:
    """Take a file for `unit`; rows may name units below it. OutOfScope for a unit whose roster is another's."""
    usual = editable(rules, unit, by)
    desk = _Desk(connection, rules, usual, world, by, now)
    for line in file.lines:
        desk.read(line)
    out = desk.settle()
    row = {
        "world": world, "unit": usual.key, "region": usual.region, "name": file.name, "digest": file.digest,
        "rows": out.rows, "taken": out.taken,
        "unchanged": out.unchanged, "held": [list(one) for one in out.held], "at": now, "by": identity(by),
    }  # fmt: skip
    number = connection.execute(insert(duty_files).values(row).returning(duty_files.c.id)).scalar_one()
    told = {"unit": usual.key, "rows": out.rows, "taken": out.taken, "unchanged": out.unchanged, "held": len(out.held)}
    record(
        connection, by=by, action="duty.import", object=f"duty file {number}", region=usual.region, detail=told, now=now
    )
    bump(connection, [topic_of(world)])
    return out


@dataclass
class _Desk:
    """One file on its way in: read line by line, then settled as a whole against what the rosters say."""

    connection: Connection
    rules: Rulebook
    usual: Unit
    world: str
    by: Actor
    now: datetime
    out: Outcome = field(default_factory=Outcome)
    lines: list[tuple[int, list[Entry]]] = field(default_factory=list)
    present: list[Row[Any]] = field(default_factory=list)
    """Rows that hold now in the span of the file, of its units."""

    def read(self, line: Line) -> None:
        """One row: understood, or held."""
        self.out.rows += 1
        try:
            if line.why:
                raise ValueError(line.why)
            entries = [checked(self._entry(one, line.number), self.now) for one in line.written]
        except (ValueError, DispatchError) as wrong:
            self.out.held.append((line.number, str(wrong)))
        else:
            self.lines.append((line.number, entries))

    def settle(self) -> Outcome:
        """Write what differs, let go what the file replaces; a shift that was swapped is left to a person."""
        self.present = self._present()
        wanted = {_key(one) for _, entries in self.lines for one in entries}
        stale = [row for row in self.present if _key(row) not in wanted]
        for number, entries in self.lines:
            swapped = next((row for row in stale if row.origin == "swap" and _touches(row, entries)), None)
            if swapped is None:
                self._keep(entries, [row for row in stale if _touches(row, entries)])
            else:
                why = f"该班已换班（{swapped.name}，{swapped.allowed_by}同意），未覆盖，请人工核对"
                self.out.held.append((number, why))
        self.out.held.sort()
        return self.out

    def _keep(self, entries: Sequence[Entry], stale: Sequence[Row[Any]]) -> None:
        known = {_key(row) for row in self.present}
        fresh = [one for one in entries if _key(one) not in known]
        let_go(self.connection, [row.ref for row in stale], "由新值班表替换", by=self.by, now=self.now)
        units = units_of(self.rules)
        for one in fresh:
            keep(self.connection, units[one.unit], one, world=self.world, by=self.by, now=self.now)
        self.present = self._present() if fresh or stale else self.present
        is_new = bool(fresh or stale)
        self.out.taken += is_new
        self.out.unchanged += not is_new

    def _present(self) -> list[Row[Any]]:
        entries = [one for _, found in self.lines for one in found]
        if not entries:
            return []
        query = select(duty_shifts).where(
            _C.world == self.world, _C.unit.in_({one.unit for one in entries}), _C.gone_at.is_(None),
            _C.ends_at > min(one.begins_at for one in entries), _C.begins_at < max(one.ends_at for one in entries),
        )  # fmt: skip
        return list(self.connection.execute(query))

    def _entry(self, one: Written, line: int) -> Entry:
        unit = self._unit(one.unit)
        return Entry(
            unit.key, one.post, one.name, one.begins_at, one.ends_at, one.office, one.mobile, "file", f"第 {line} 行"
        )

    def _unit(self, text: str) -> Unit:
        if not text:
            return self.usual
        mine = [one for one in units_of(self.rules).values() if may_edit(self.by, one)]
        plain = re.sub(r"\s", "", text)
        exact = [one for one in mine if plain in (one.key, one.name, one.short)]
        close = exact or [one for one in mine if plain.startswith(self._short(one)) or plain in one.name]
        if len(close) != 1:
            raise ValueError(f"单位“{text[:20]}”{'不止一个' if close else '不在本级值班单位之内'}")
        return close[0]

    def _short(self, unit: Unit) -> str:
        region = self.rules.catalogue.regions.get(unit.key)
        return region.name if region else unit.name


def _key(one: Entry | Row[Any]) -> tuple[object, ...]:
    """What makes two shifts the same, numbers included."""
    return (one.unit, one.post, one.name, one.begins_at, one.ends_at, one.office, one.mobile or "")


def _touches(row: Row[Any], entries: Sequence[Entry]) -> bool:
    """True if one of the entries is about the post and time of `row`."""
    return any(
        (one.unit, one.post) == (row.unit, row.post) and one.begins_at < row.ends_at and one.ends_at > row.begins_at
        for one in entries
    )
