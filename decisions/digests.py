"""The digests as kept: every edition as it was issued, read by who may see its region, in his rights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, func, select

from access.actor import Actor
from database import changes
from database.digest_tables import digests
from decisions.digest import RULES, Digest, Item, Subject, as_body, from_body


def topic_of(world: str) -> str:
    """The topic of all digests of one world."""
    return f"digests:{world}"


def newest(connection: Connection, by: Actor, subject: Subject, *, day: str | None = None) -> Digest | None:
    """The last edition of a day, or of the last day there is; None if there is none or it is another's."""
    return edition(connection, by, subject, day=day)


def edition(
    connection: Connection, by: Actor, subject: Subject, *, day: str | None = None, number: int | None = None
) -> Digest | None:
    """One edition, the last one without a number; sentences the actor has no right to are left out."""
    found = _row(connection, subject, day, number) if by.scope.allows(subject.region) else None
    if found is None:
        return None
    made = digest_of(found)
    count = connection.execute(select(func.count()).select_from(digests).where(*_is(subject, made.day))).scalar_one()
    return replace(made, items=tuple(item for item in made.items if by.may(item.right)), editions=count)


def days(connection: Connection, by: Actor, subject: Subject, *, at_most: int = 60) -> list[str]:
    """The days of which there is a text, newest first."""
    if not by.scope.allows(subject.region):
        return []
    query = select(digests.c.day).where(*_is(subject)).distinct().order_by(digests.c.day.desc()).limit(at_most)
    return list(connection.execute(query).scalars())


def themes_told(connection: Connection, by: Actor, world: str, region: str, day: str) -> list[str]:
    """The themes of a region that have a text of that day."""
    if not by.scope.allows(region):
        return []
    asked = select(digests.c.theme).filter_by(world=world, region=region, day=day).distinct()
    return [theme for theme in connection.execute(asked).scalars() if theme]


def before(connection: Connection, subject: Subject, day: str) -> Digest | None:
    """The morning's text of the last day before `day`, whole: for scoring it. By the timetable alone."""
    asked = select(digests).where(*_is(subject), digests.c.day < day, digests.c.edition == 1)
    row = connection.execute(asked.order_by(digests.c.day.desc()).limit(1)).first()
    return None if row is None else digest_of(row)


def put(connection: Connection, subject: Subject, day: str, items: Sequence[Item], now: datetime) -> tuple[int, bool]:
    """Keep a text; its edition, and True if it is new. The same sentences as in the last edition are no new edition."""
    body = orjson.dumps(as_body(tuple(items))).decode()
    last = _row(connection, subject, day, None)
    if last is not None and last.body == body:
        return last.edition, False
    number = 1 if last is None else last.edition + 1
    connection.execute(
        digests.insert().values(
            world=subject.world, region=subject.region, theme=subject.theme, day=day, edition=number, issued_at=now,
            rules=RULES, body=body,
        )
    )  # fmt: skip
    changes.bump(connection, [topic_of(subject.world)])
    return number, True


def issued_on(connection: Connection, world: str, day: str) -> set[tuple[str, str]]:
    """Region and theme of every text of that day."""
    rows = connection.execute(select(digests.c.region, digests.c.theme).filter_by(world=world, day=day))
    return {(row.region, row.theme) for row in rows}


def digest_of(row: Any) -> Digest:
    """A row of the table as a digest."""
    return Digest(
        Subject(row.world, row.region, row.theme), row.day, row.edition, row.issued_at,
        from_body(orjson.loads(row.body)), row.rules,
    )  # fmt: skip


def _is(subject: Subject, day: str | None = None) -> list[Any]:
    where = [
        digests.c.world == subject.world, digests.c.region == subject.region, digests.c.theme == subject.theme,
    ]  # fmt: skip
    return where if day is None else [*where, digests.c.day == day]


def _row(connection: Connection, subject: Subject, day: str | None, number: int | None) -> Any:
    asked = select(digests).where(*_is(subject, day))
    if number is not None:
        asked = asked.where(digests.c.edition == number)
    return connection.execute(asked.order_by(digests.c.day.desc(), digests.c.edition.desc()).limit(1)).first()


def any_of(connection: Connection, world: str) -> bool:
    """True if any text of the world was ever issued."""
    return connection.execute(select(digests.c.day).filter_by(world=world).limit(1)).first() is not None
