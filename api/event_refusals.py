"""Why an event does not become or do what was wanted, as problem documents."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from access.personal import mask_text
from api.problem import Fault, Problem
from api.refusals import LOST
from dispatch.lifecycle import IllegalMove
from dispatch.refusal import (
    DispatchError,
    Incomplete,
    KeyReused,
    MovedMeanwhile,
    NoSuchEvent,
    NotNow,
    ReportRefused,
)
from dispatch.state import ACTION_NAMES


@contextmanager
def told() -> Iterator[None]:
    """Whatever dispatch refuses inside is told as a Problem."""
    try:
        yield
    except DispatchError as refused:
        raise problem_of(refused) from refused


def problem_of(refused: DispatchError) -> Problem:
    """404 not there or not yours, 409 with the present version, 422 with what would be legal."""
    words = str(refused)
    match refused:
        case NoSuchEvent():
            return Problem(404, LOST, "unknown")
        case MovedMeanwhile():
            done = tuple(Fault(f"version {row.seq}", f"{row.actor}：{mask_text(row.said)}") for row in refused.rows)
            return Problem(409, words, "moved", done, more={"version": refused.version})
        case IllegalMove():
            legal = [str(one) for one in refused.legal]
            ways = tuple(Fault(str(one), ACTION_NAMES[one]) for one in refused.legal)
            return Problem(422, words, "illegal", ways, more={"state": str(refused.state), "legal": legal})
        case Incomplete():
            return Problem(422, words, "misfit", (Fault(refused.field, words),))
        case NotNow():
            return Problem(422, words, "not-now", (Fault(refused.guard, words),))
        case KeyReused():
            return Problem(422, words, "key", (Fault("Idempotency-Key", words),))
        case ReportRefused():
            return Problem(422, words, "misfit", tuple(Fault(field, told) for field, told in refused.reasons))
    return Problem(422, words, "misfit")
