"""What a response level rests on: a warning, an event or a paper, checked against what the person may see."""

from __future__ import annotations

from sqlalchemy import Connection, select

from access.actor import Actor
from access.visible_text import one_line
from database.dispatch_tables import events
from database.foresight_tables import warnings
from dispatch.events import visible
from dispatch.refusal import Incomplete
from dispatch.response import Basis

BASES = {"warning": "预警", "event": "事件", "document": "文号"}


def basis_of(connection: Connection, by: Actor, *, world: str, kind: str, ref: str) -> Basis:
    """The basis of that kind and number, as it is called now; Incomplete for none, or one the actor may not see."""
    ref = one_line(ref, 100).strip()
    if kind not in BASES or not ref:
        raise Incomplete("basis", "请写明依据：选一条预警、一件事件，或填文号")
    words = _BASIS_WORDS[kind](connection, by, world, ref)
    if words is None:
        raise Incomplete("basis", f"没有{BASES[kind]} {ref[:40]}，或您无权查看")
    return Basis(kind, ref, one_line(words, 180))


def _warning_words(connection: Connection, by: Actor, world: str, ref: str) -> str | None:
    if not ref.isascii() or not ref.isdigit() or len(ref) > 15:
        return None
    c = warnings.c
    query = select(c.name, c.region, c.level, c.peak_level).where(c.id == int(ref), c.world == world)
    row = connection.execute(query).first()
    if row is None or not by.may("warnings.view") or not by.scope.allows(row.region):
        return None
    return f"{row.name}{'红橙黄蓝'[(row.level or row.peak_level) - 1]}色预警"


def _event_words(connection: Connection, by: Actor, world: str, ref: str) -> str | None:
    query = select(events.c.title).where(events.c.number == ref, events.c.world == world, visible(by))
    found: str | None = connection.execute(query).scalar_one_or_none() if by.may("events.view") else None
    return found


def _document_words(connection: Connection, by: Actor, world: str, ref: str) -> str | None:
    return ref


_BASIS_WORDS = {"warning": _warning_words, "event": _event_words, "document": _document_words}
