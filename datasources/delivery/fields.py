"""Which field of a delivered record holds what: the part of a Spec that ties records to indicators."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from datasources.delivery.period import Frequency


class NoSuchField(LookupError):
    """A field the catalogue names is not in the record. `nearest` is the likeliest new name, or None."""

    def __init__(self, name: str, present: Iterable[str]) -> None:
        there = [str(key) for key in present]
        near = get_close_matches(name, there, n=1, cutoff=0.5)
        hint = f"最接近的是“{near[0]}”" if near else "没有相近的名称"
        shown = "、".join(there[:30])[:400] or "（无）"
        super().__init__(f"没有“{name}”；{hint}。现有：{shown}。请核对来源或修改对应关系")
        self.name = name
        self.nearest = near[0] if near else None


class Fields(BaseModel):
    """Long layout: `indicator` and `value` name fields. Wide layout: `values`, one field per indicator."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    indicator: str | None = Field(default=None, description="long layout: field with the indicator's code or name")
    codes: dict[str, str] = Field(default_factory=dict, description="long layout: delivered name to catalogue code")
    value: str | None = Field(default=None, description="long layout: field with the value")
    numerator: str | None = Field(default=None, description="long layout: field with the numerator of a ratio")
    denominator: str | None = Field(default=None, description="long layout: field with the denominator of a ratio")
    values: dict[str, str] = Field(default_factory=dict, description="wide layout: catalogue code to field")
    factors: dict[str, float] = Field(default_factory=dict, description="catalogue code to multiplier of its values")
    region: str | None = Field(default=None, description="field with the region's code or name")
    regions: dict[str, str] = Field(default_factory=dict, description="delivered name to region code")
    fixed_region: str | None = Field(default=None, description="all records are of this region")
    period: str | None = Field(default=None, description="field with the period: a label such as 2026-09, or a time")
    fixed_period: str | None = Field(default=None, description="all records are of this period")
    observed_at: str | None = Field(default=None, description="field with the instant of observation")
    epoch: Literal["s", "ms"] | None = Field(default=None, description="instants are numbers since 1970 in this unit")
    frequency: Frequency | None = Field(default=None, description="times become periods of this, else the indicator's")
    dims: dict[str, str] = Field(default_factory=dict, description="dimension to field, such as station: name")
    basis: Literal["period", "ytd", "point"] | None = Field(default=None, description="what the values speak of")

    @model_validator(mode="after")
    def _is_one_layout(self) -> Fields:
        if bool(self.values) == bool(self.indicator and self.value):
            raise ValueError("either indicator and value (long layout) or values (wide layout)")
        if (self.region is None) == (self.fixed_region is None):
            raise ValueError("exactly one of region and fixed_region")
        if not (self.period or self.fixed_period or self.observed_at):
            raise ValueError("one of period, fixed_period and observed_at")
        return self

    @property
    def structural(self) -> tuple[str, ...]:
        """The fields without which no record can be read at all."""
        long = (self.indicator, self.value, self.numerator, self.denominator)
        return tuple(name for name in (*long, self.region, self.period, self.observed_at, *self.dims.values()) if name)
