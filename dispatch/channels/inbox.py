"""The department's inbox on its own desk. Delivered inside the move's transaction, so there is nothing left to send."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.outbox import Delivery


def send(delivery: Delivery, secret: Callable[[str], str | None]) -> None:
    """Nothing: the row in the inbox was written together with the delivery."""
