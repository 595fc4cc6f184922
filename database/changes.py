"""Change notices: a version number per topic, raised by writers inside their own transaction.

Topics: `readings:<world>`, `theme:<world>:<theme id>`, `sources`, `quarantine`, `catalogue`, `access`.
Compare versions with `!=`.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, text

SOURCES = "sources"
QUARANTINE = "quarantine"
CATALOGUE = "catalogue"
ACCESS = "access"
"""Accounts, grants, sessions and tokens: whoever serves a stream looks again whether its listener may still listen."""

_BUMP = text(
    "INSERT INTO topics (topic, version) VALUES (:topic, 1) "
    "ON CONFLICT (topic) DO UPDATE SET version = topics.version + 1"
)
_VERSIONS = text("SELECT topic, version FROM topics")


def bump(connection: Connection, topics: Iterable[str]) -> None:
    """Tell everyone who watches that these topics changed, if and when the caller commits."""
    wanted = sorted(set(topics))  # one order for all writers: no deadlock on PostgreSQL
    if wanted:
        connection.execute(_BUMP, [{"topic": topic} for topic in wanted])


def versions(connection: Connection) -> dict[str, int]:
    """The current version of every topic that ever changed."""
    return {row.topic: row.version for row in connection.execute(_VERSIONS)}


def readings_of(world: str) -> str:
    """The topic of all readings of one world."""
    return f"readings:{world}"


def theme_of(world: str, theme: str) -> str:
    """The topic of the readings of one theme in one world."""
    return f"theme:{world}:{theme}"
