"""Why something is not done to an event: a small tree of errors whose messages people can act on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from access.personal import mask_text

if TYPE_CHECKING:
    from dispatch.event import LedgerRow


class DispatchError(Exception):
    """Base of all; the message is zh-CN and says the way out."""


class NoSuchEvent(DispatchError):
    """There is none, or not for this actor; the two are not told apart."""

    def __init__(self, number: object) -> None:
        super().__init__(f"没有事件 {number}，或您无权查看")


class MovedMeanwhile(DispatchError):
    """Someone else was faster. `version` is the present one, `rows` what was done since the one that was seen."""

    def __init__(self, version: int, rows: Sequence[LedgerRow] = ()) -> None:
        self.version, self.rows = version, tuple(rows)
        done = "、".join(f"{row.actor} {mask_text(row.said)}" for row in self.rows[:3])
        super().__init__(f"事件刚刚有变化（{done or '他人操作'}），请看过最新情况再办理")


class Incomplete(DispatchError):
    """Something that must be given with the move is missing or unusable; `field` names it."""

    def __init__(self, field: str, message: str) -> None:
        self.field = field
        super().__init__(message)


class NotNow(DispatchError):
    """The table allows the move, but not in this situation or not by this person; `guard` says which rule."""

    def __init__(self, guard: str, message: str) -> None:
        self.guard = guard
        super().__init__(message)


class KeyReused(DispatchError):
    """The idempotency key was used before with another content."""

    def __init__(self, key: str) -> None:
        super().__init__(f"幂等键 {key} 已用于另一份内容：重试须原样重发，新的上报请换新键")


class ReportRefused(DispatchError):
    """A report that cannot become an event; `reasons` are (field, message)."""

    def __init__(self, reasons: Sequence[tuple[str, str]]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("；".join(message for _, message in self.reasons))
