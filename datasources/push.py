"""Sources that hand their readings in: a department posts them, we answer for every row."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from datasources.delivery.message import Limits, delivery_of
from datasources.delivery.observation import Delivery
from datasources.delivery.period import Frequency
from datasources.delivery.reconcile import Reconcile


class Spec(BaseModel):
    """What one push may hold, and where the same figures can be fetched if a push was lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    max_bytes: int = Field(default=10_000_000, gt=0, description="largest body in bytes")
    max_rows: int = Field(default=100_000, gt=0, description="most readings in one push")
    reconcile: Reconcile | None = Field(default=None, description="pull source of the same figures, to fill gaps")


def accept(payload: bytes, spec: Spec, now: datetime, frequencies: Mapping[str, Frequency] | None = None) -> Delivery:
    """The pushed readings; SourceFailed (permanent) if the body is no readings message.

    `Delivery.source` is what the body names; whether the caller may push for it is the caller's to check.
    """
    limits = Limits(spec.max_bytes, spec.max_rows)
    return delivery_of(payload, origin="push", now=now, limits=limits, frequencies=frequencies)
