"""Photos and papers of an event: checked, kept once by content hash, on disk before they are acknowledged."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from tempfile import NamedTemporaryFile

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from access.actor import Actor
from access.audit import record
from database.dispatch_tables import attachments
from dispatch import records
from dispatch.event import Event, Step
from dispatch.hands import check_hand, identity
from dispatch.lifecycle import Hand
from dispatch.refusal import Incomplete
from dispatch.rulebook import Rulebook
from geography.areas import metres_between
from geography.coordinates import NotOnEarth, Point

MOST_BYTES = 10 * 2**20
MOST_FILES = 20
FAR_METRES = 300.0
"""A photo taken farther off than this is shown as taken elsewhere."""
KINDS = {"report": "上报", "before": "处置前", "after": "处置后"}
_SIGNATURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG\r\n\x1a\n": "image/png",
    b"%PDF-": "application/pdf",
}
"""What a file is, by its first bytes; names and declared types are not believed."""


@dataclass(frozen=True)
class Attachment:
    """One file of an event. `metres` from the event's place, if both are known."""

    sha256: str
    kind: str
    name: str
    mime: str
    bytes: int
    added_by: str
    added_at: datetime
    lon: float | None = None
    lat: float | None = None
    metres: float | None = None

    @property
    def is_elsewhere(self) -> bool:
        """Taken too far from the event to be of it."""
        return self.metres is not None and self.metres > FAR_METRES


def kind_of(content: bytes) -> str:
    """The type by the first bytes; Incomplete for anything but JPEG, PNG, WebP and PDF."""
    for start, mime in _SIGNATURES.items():
        if content.startswith(start):
            return mime
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image/webp"
    raise Incomplete("file", "只接受 JPEG、PNG、WebP 照片和 PDF 文件")


def attach(
    connection: Connection, rules: Rulebook, folder: Path, number: str, content: bytes, *, name: str, kind: str,
    by: Actor, now: datetime, lon: float | None = None, lat: float | None = None,
) -> Attachment:  # fmt: skip
    """Keep a file with an event. It is on disk when this returns; the row follows with the caller's commit."""
    by.require("events.report")
    case = records.load(connection, number, by)
    check_hand(Hand.ANYONE, case, Step("note"), by, rules)
    if kind not in KINDS:
        raise Incomplete("kind", f"kind 应为 {'、'.join(KINDS)}")
    if not 0 < len(content) <= MOST_BYTES:
        raise Incomplete("file", f"文件不能为空，至多 {MOST_BYTES // 2**20} MB")
    mime, digest = kind_of(content), sha256(content).hexdigest()
    count = select(func.count()).where(attachments.c.event_id == case.event.id)
    if connection.execute(count).scalar_one() >= MOST_FILES:
        raise Incomplete("file", f"一件事件至多 {MOST_FILES} 个附件")
    store(folder, content)
    made = Attachment(
        digest, kind, plain_name(name), mime, len(content), by.name, now, lon, lat, _metres(case.event, lon, lat)
    )
    make = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(make(attachments).values({**vars(made), "event_id": case.event.id}).on_conflict_do_nothing())
    record(
        connection, by=by, action="events.attach", object=f"event {number}", region=case.event.region,
        detail={"sha256": digest, "kind": kind, "bytes": len(content), "account": identity(by)}, now=now,
    )  # fmt: skip
    return made


def of_event(connection: Connection, number: str, by: Actor) -> tuple[Attachment, ...]:
    """The files of an event the actor may see."""
    event = records.load(connection, number, by).event
    names = list(Attachment.__dataclass_fields__)
    query = select(*(attachments.c[name] for name in names)).where(attachments.c.event_id == event.id)
    return tuple(Attachment(**row._mapping) for row in connection.execute(query.order_by(attachments.c.added_at)))


def store(folder: Path, content: bytes) -> Path:
    """The file under its hash, flushed to disk; the same content is kept once."""
    digest = sha256(content).hexdigest()
    place = folder / digest[:2] / digest
    if place.exists():
        return place
    place.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, delete=False) as half:
        half.write(content)
        half.flush()
        os.fsync(half.fileno())
    Path(half.name).replace(place)
    _flush_folder(place.parent)
    return place


def read(folder: Path, digest: str) -> bytes | None:
    """The content, if it is there and still what its name says."""
    if len(digest) != 64 or not digest.isalnum():
        return None
    try:
        content = (folder / digest[:2] / digest).read_bytes()
    except OSError:
        return None
    return content if sha256(content).hexdigest() == digest else None


def plain_name(name: str) -> str:
    """A file name without a path or signs that mean something to a shell or a browser."""
    bare = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in bare if sign.isalnum() or sign in "._- ()（）")[:120].strip(". ") or "附件"


def _metres(event: Event, lon: float | None, lat: float | None) -> float | None:
    if None in (lon, lat, event.lon, event.lat) or event.placed != "point":
        return None
    try:
        return metres_between(Point(event.lon or 0.0, event.lat or 0.0), Point(lon or 0.0, lat or 0.0))
    except NotOnEarth:
        return None


def _flush_folder(folder: Path) -> None:
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
