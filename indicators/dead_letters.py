"""Messages nobody could take: kept with their error, so that a stream goes on and nothing vanishes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from database.storable import storable
from database.tables import dead_letters

LONGEST_PAYLOAD = 65_536
_LONGEST_TEXT = 1000


@dataclass(frozen=True)
class DeadLetter:
    """One message and what was wrong with it after `tries` tries."""

    topic: str
    payload: bytes
    error: str
    tries: int


def bury(connection: Connection, letters: Iterable[DeadLetter], now: datetime) -> None:
    """Keep the messages; bytes that are no text are escaped, and at most 64 KB of each are kept."""
    rows = [
        {
            "topic": storable(letter.topic, _LONGEST_TEXT),
            "payload": storable(letter.payload[:LONGEST_PAYLOAD].decode("utf-8", "backslashreplace"), LONGEST_PAYLOAD),
            "error": storable(letter.error, _LONGEST_TEXT),
            "tries": letter.tries,
            "received_at": now,
        }
        for letter in letters
    ]
    if rows:
        connection.execute(dead_letters.insert(), rows)
