"""四个第一时间 of an event: how long until it was discovered, responded to, handled, and fed back (natural seconds)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from statistics import median

from dispatch.event import Case
from dispatch.state import Action

_FED_BACK = (Action.CALL_BACK, Action.CLOSE)
NAMES = {"discover": "第一时间发现", "respond": "最短时间响应", "handle": "最快时间处置", "feedback": "第一时间反馈"}


@dataclass(frozen=True)
class FirstTimes:
    """Seconds; None while it has not happened. Discovery needs to know when the thing began."""

    discover: float | None = None
    respond: float | None = None
    handle: float | None = None
    feedback: float | None = None


def first_times(case: Case) -> FirstTimes:
    """Discover: began → reported. Respond: reported → signed or handled on the spot. Handle: from then → reported done.
    Feed back: done → the reporter was told (called back, or the case closed)."""
    event = case.event
    responded = _first(case, (Action.SIGN, Action.SELF_HANDLE))
    done = _first(case, (Action.REPORT, Action.SELF_HANDLE))
    told = _first(case, _FED_BACK)
    return FirstTimes(
        _between(event.occurred_at, event.reported_at),
        _between(event.reported_at, responded),
        _between(responded, done),
        _between(done, told),
    )


def medians(times: Iterable[FirstTimes]) -> FirstTimes:
    """The median of each, over those that have it."""
    found = list(times)

    def middle(name: str) -> float | None:
        values = [value for one in found if (value := getattr(one, name)) is not None]
        return median(values) if values else None

    return FirstTimes(*(middle(name) for name in NAMES))


def _first(case: Case, actions: tuple[Action, ...]) -> datetime | None:
    return next((row.at for row in case.ledger if row.action in actions), None)


def _between(start: datetime | None, end: datetime | None) -> float | None:
    return None if start is None or end is None else max(0.0, (end - start).total_seconds())
