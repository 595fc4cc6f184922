"""The facts of a case as they are kept: a list in the order of the fields, moments as text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, fields
from datetime import datetime
from functools import cache
from hashlib import sha256
from pathlib import Path
from sys import intern
from typing import Any

from dispatch.case_facts import Facts
from dispatch.first_times import FirstTimes
from dispatch.rulebook import Rulebook
from dispatch.state import State

_COUNTING = (
    "case_facts", "clocks", "facts_row", "first_times", "lifecycle", "stage", "state", "working_calendar",
)  # fmt: skip
"""The files of this folder that facts are worked out by: facts of another version of them are worked out anew."""
_STATES = {str(state): state for state in State}


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


_READ: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        ("reported_at", "registered_at", "dispatch_due", "dispatched_at", "handle_due", "handled_at", "case_due",
         "closed_at", "verified_at", "called_back_at"), _moment,
    ),
    **dict.fromkeys(("region", "county", "category"), intern),
    "lead": lambda key: None if key is None else intern(key),
    "state": lambda word: _STATES[word],
    "times": lambda seconds: FirstTimes(*seconds),
}  # fmt: skip
_READERS = tuple(_READ.get(one.name, lambda value: value) for one in fields(Facts))


def row_of(facts: Facts) -> list[Any]:
    """As JSON can hold it."""
    return [_plain(getattr(facts, one.name)) for one in fields(Facts)]


def facts_of(row: Sequence[Any]) -> Facts:
    """The facts again, equal to what `row_of` was given."""
    return Facts(*(read(value) for read, value in zip(_READERS, row, strict=True)))


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return list(astuple(value)) if isinstance(value, FirstTimes) else value


def mark_of(rules: Rulebook) -> str:
    """Tells apart what facts rest on beside the ledger: limits, calendar, and the counting itself."""
    limits = {code: repr(one.limits) for code, one in sorted(rules.categories.items())}
    told = rules.rules
    rests_on = (
        limits, told.unlisted, told.urgent_stages, told.calm_stages, rules.calendar.file, rules.calendar.known,
        _counting(),
    )  # fmt: skip
    return sha256(repr(rests_on).encode()).hexdigest()[:16]


@cache
def _counting() -> str:
    here = Path(__file__).parent
    return sha256(b"".join((here / f"{name}.py").read_bytes() for name in _COUNTING)).hexdigest()
