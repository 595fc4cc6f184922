"""A second way to the figures of a stream: fetched from time to time to fill what a lost push left open."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field


class Reconcile(BaseModel):
    """Which kind of pull source holds the same figures, and how often it is asked."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str = Field(pattern=r"^[a-z][a-z0-9_]*$", description="a kind that can be read: http_json, sql, file")
    every: str = Field(default="1h", pattern=r"^\d+(s|m|h|d)$", description="how often the gaps are looked for")
    options: dict[str, Any] = Field(default_factory=dict, description="settings of that kind")
