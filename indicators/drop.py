"""The drop folder: a file laid into `drop/<source>/` is taken, put away, and answered with a report of every held line.

drop/<source>/taken/20261122T143208-月报.xlsx          and  …-月报.xlsx.report.json
drop/<source>/refused/20261122T143208-月报.xlsx        and  …-月报.xlsx.report.json
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import orjson
from sqlalchemy import Engine, select

from access.actor import EVERYWHERE, Actor
from database import changes
from database.engine import reading, writing
from database.tables import calls
from datasources.delivery.observation import SourceFailed
from datasources.delivery.period import CITY_TIME
from indicators.calls import record_failure
from indicators.catalogue import Catalogue
from indicators.files import take_file
from indicators.intake import Receipt, UnknownSource

log = logging.getLogger(__name__)

DROPPED = Actor("drop folder", "system", EVERYWHERE, frozenset({"readings.push"}), kind="program")
DOOR = "file"
TAKEN, REFUSED = "taken", "refused"
_REPORT = ".report.json"
_HALF_WRITTEN = (".part", ".partial", ".crdownload", ".tmp", ".filepart")

Size = tuple[int, int]
"""Bytes and time of change in ns: the same twice in a row means that nobody is writing any more."""


@dataclass(frozen=True)
class Verdict:
    """What became of one dropped file."""

    source: str
    file: str
    outcome: str
    """taken, unchanged (the same bytes were taken before), partial (some lines held) or refused."""
    receipt: Receipt | None = None
    error: str | None = None


@dataclass
class DropFolder:
    """Watches `folder`, the drop folder itself. A file is taken when two looks in a row find it unchanged."""

    folder: Path
    engine: Engine
    catalogue: Callable[[], Catalogue]
    now: Callable[[], datetime]
    _seen: dict[Path, Size] = field(default_factory=dict)

    def scan(self) -> list[Verdict]:
        """Look once; what became of the files that had come to rest. A database that is down leaves them lying."""
        self.folder.mkdir(parents=True, exist_ok=True)
        found = {path: _size(path) for path in _files(self.folder)}
        resting = [path for path, size in found.items() if self._seen.get(path) == size]
        self._seen = {path: size for path, size in found.items() if path not in resting}
        return [self._put_away(path) for path in resting]

    def _put_away(self, path: Path) -> Verdict:
        try:
            verdict = self._judged(path)
        except OSError as error:  # vanished or unreadable meanwhile
            verdict = Verdict(path.parent.name, path.name, REFUSED, error=f"读不到文件：{error.strerror}")
        place = path.parent / (REFUSED if verdict.outcome == REFUSED else TAKEN)
        place.mkdir(exist_ok=True)
        kept = _free(place / f"{self.now().astimezone(CITY_TIME):%Y%m%dT%H%M%S}-{path.name}")
        kept.with_name(kept.name + _REPORT).write_bytes(report_of(verdict, self.now()))
        if path.exists():
            shutil.move(path, kept)
        log.info("%s/%s: %s", verdict.source, verdict.file, verdict.outcome)
        return verdict

    def _judged(self, path: Path) -> Verdict:
        source, catalogue = path.parent.name, self.catalogue()
        if self._was_taken(source, path):
            return Verdict(source, path.name, "unchanged")
        try:
            receipt = take_file(self.engine, catalogue, path, source=source, by=DROPPED, now=self.now())
        except UnknownSource as unknown:
            return Verdict(source, path.name, REFUSED, error=f"{unknown}（文件夹名称应为来源编码）")
        except SourceFailed as failure:
            self._record_failure(source, path, str(failure))
            return Verdict(source, path.name, REFUSED, error=str(failure))
        return Verdict(source, path.name, "partial" if receipt.held else TAKEN, receipt)

    def _was_taken(self, source: str, path: Path) -> bool:
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        known = select(calls.c.id).where(
            calls.c.source == source, calls.c.digest == digest, calls.c.outcome != "failed", calls.c.door == DOOR
        )
        with reading(self.engine) as connection:
            return connection.execute(known.limit(1)).first() is not None

    def _record_failure(self, source: str, path: Path, error: str) -> None:
        now = self.now()
        with writing(self.engine) as connection:
            record_failure(
                connection,
                source,
                door=DOOR,
                origin=path.name,
                actor=DROPPED.name,
                started_at=now,
                now=now,
                error=error,
            )
            changes.bump(connection, [changes.SOURCES])


def report_of(verdict: Verdict, at: datetime) -> bytes:
    """The answer that lies beside the file: JSON, one entry for every held line."""
    receipt = verdict.receipt
    said: dict[str, object] = {
        "source": verdict.source,
        "file": verdict.file,
        "at": at.astimezone(CITY_TIME).isoformat(timespec="seconds"),
        "outcome": verdict.outcome,
    }
    if verdict.error is not None:
        said["error"] = verdict.error
    if verdict.outcome == "unchanged":
        said["note"] = "与以前收到的文件完全相同，未重复入库"
    if receipt is not None:
        said |= {"rows": receipt.rows, "taken": receipt.taken, "unchanged": receipt.unchanged}
        said |= {"quarantined": len(receipt.held), "skipped": receipt.skipped, "call": receipt.call_id}
        said["held"] = [
            {
                "line": held.line,
                "indicator": held.indicator,
                "region": held.region,
                "period": held.period,
                "reasons": [{"check": reason.check, "message": reason.message} for reason in held.reasons],
            }
            for held in receipt.held
        ]
    return orjson.dumps(said, option=orjson.OPT_INDENT_2)


def _files(folder: Path) -> Iterator[Path]:
    """Dropped files, oldest first; links, hidden and half-written ones are left alone."""
    found = [
        path
        for place in sorted(folder.iterdir())
        if place.is_dir() and not place.is_symlink()
        for path in place.iterdir()
    ]
    plain = (path for path in found if path.is_file() and not path.is_symlink() and _is_finished(path.name))
    return iter(sorted(plain, key=lambda path: (_size(path)[1], path)))


def _is_finished(name: str) -> bool:
    return not name.startswith((".", "~$")) and not name.lower().endswith(_HALF_WRITTEN)


def _size(path: Path) -> Size:
    try:
        found = path.stat()
    except OSError:
        return (-1, -1)
    return found.st_size, found.st_mtime_ns


def _free(path: Path) -> Path:
    """The path itself, or one with a number, if a file of that name was put away in the same second."""
    number, free = 1, path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return free
