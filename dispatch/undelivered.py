"""The one error of all channels."""

from __future__ import annotations

from datetime import timedelta


class NotDelivered(Exception):
    """A channel could not deliver. `permanent`: trying again is of no use. `after`: not before so long, if known."""

    def __init__(self, message: str, *, permanent: bool = False, after: timedelta | None = None) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.after = after
