"""The one error of all channels."""

from __future__ import annotations


class NotDelivered(Exception):
    """A channel could not deliver. `permanent`: trying again is of no use."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
