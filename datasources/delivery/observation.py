"""What a source hands over: observations, and the rows it had to give up on, none forgotten."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Observation:
    """One value as delivered. `period` is a canonical label (`period.py`); `value` None needs a flag in `quality`."""

    indicator: str
    region: str
    period: str
    value: float | None
    observed_at: datetime | None = None
    numerator: float | None = None
    denominator: float | None = None
    dim: str = ""
    basis: str | None = None
    quality: tuple[str, ...] = ()
    line: int | None = None
    raw: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A row that could not be turned into an observation. `message` says what, where and the way out, in Chinese."""

    line: int | None
    raw: str
    message: str
    check: str = "unreadable"


@dataclass(frozen=True)
class Delivery:
    """Everything one call to a source brought: `rows == len(observations) + len(unreadable)`."""

    source: str
    origin: str
    fetched_at: datetime
    observations: list[Observation] = field(default_factory=list)
    unreadable: list[Unreadable] = field(default_factory=list)
    digest: str | None = None
    skipped: dict[str, int] = field(default_factory=dict)
    """Lines that carry no reading, by kind: title, header, blank, footnote, total."""

    @property
    def rows(self) -> int:
        """Readings the source sent, readable or not."""
        return len(self.observations) + len(self.unreadable)


class SourceFailed(Exception):
    """The source gave no usable answer. `permanent` says that trying again will not help."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
