"""One event as its page shows it: everything the drawings of `components/case_*.py` are made from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from access.personal import mask_text
from components.place import Place
from components.times import when
from dispatch.appeals import Appeal
from dispatch.attachments import Attachment
from dispatch.event import Case, Event, LedgerRow
from dispatch.events import Detail
from dispatch.rulebook import Rulebook
from dispatch.state import Action


@dataclass(frozen=True)
class Seen:
    """`detail` is already cut to what the viewer may see; `reporter` is masked, empty for those who may not ask."""

    detail: Detail
    rules: Rulebook
    now: datetime
    place: Place
    """In the event's own world."""
    files: Sequence[Attachment] = ()
    reporter: Mapping[str, str] = field(default_factory=dict)
    may_reveal: bool = False
    appeals: Sequence[Appeal] = ()
    may_appeal: bool = False
    may_approve: bool = False

    @property
    def case(self) -> Case:
        """The event with its ledger."""
        return self.detail.case

    @property
    def event(self) -> Event:
        """The event alone."""
        return self.detail.case.event

    @property
    def name(self) -> str:
        """Its title, without personal data."""
        return mask_text(self.event.title)

    @property
    def address(self) -> str:
        """Where the interface knows it."""
        return f"/api/v1/events/{self.event.number}"

    def at(self, moment: datetime | None) -> str:
        """HH:MM today, MM-DD before."""
        return when(moment, self.now)

    def last(self, *actions: Action) -> LedgerRow | None:
        """The newest row of one of these actions."""
        return next((row for row in reversed(self.case.ledger) if row.action in actions), None)

    def pause_reason(self) -> str:
        """Why the clock stands still, as it was approved; '' while it does not."""
        row = self.last(Action.GRANT_SUSPENSION)
        key = str(row.data.get("reason", "")) if row else ""
        return next((one.name for one in self.rules.rules.pause_reasons if one.key == key), key)
