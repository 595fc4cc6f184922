"""How often a service may be asked: so many messages in any minute, told before one is sent."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

MINUTE = timedelta(minutes=1)


@dataclass
class Pace:
    """Remembers the last minute of each address; one per sending process."""

    _sent: dict[str, deque[datetime]] = field(default_factory=lambda: defaultdict(deque))

    def free_at(self, address: str, most: int, now: datetime) -> datetime | None:
        """When the next message may go; None if now."""
        sent = self._sent[address]
        while sent and (now - sent[0] >= MINUTE or sent[0] > now):
            sent.popleft()
        return sent[0] + MINUTE if len(sent) >= most else None

    def note(self, address: str, now: datetime) -> None:
        """One was sent."""
        self._sent[address].append(now)
