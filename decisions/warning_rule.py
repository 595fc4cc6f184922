"""One rule of early warning: what is looked at, where its four levels begin, how long it must last, when it ends."""

from __future__ import annotations

from datetime import timedelta
from enum import IntEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,62}$")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
Length = Annotated[str, Field(pattern=r"^([1-9]\d{0,4}(m|h|d)|0)$")]
"""A length of time: 0, 30m, 6h, 2d."""
Words = Annotated[str, Field(min_length=2, max_length=300)]


class Level(IntEnum):
    """National colours of warnings; 1 is the worst. Not the level of an event: a warning speaks of what may come."""

    RED = 1
    ORANGE = 2
    YELLOW = 3
    BLUE = 4


CHARACTERS = {Level.RED: "红", Level.ORANGE: "橙", Level.YELLOW: "黄", Level.BLUE: "蓝"}


class Rule(BaseModel):
    """An entry of `warnings.yaml`. Bounds are in the indicator's unit, else as `measure` says."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    key: Key = Field(description="never changed once in use: past warnings are kept under it")
    name: Words = Field(description="what it warns of, as people say it")
    indicator: str = Field(pattern=r"^[A-Z]{3}-\d{2,3}$", description="code of the indicator it looks at")
    regions: Literal["city", "counties", "all"] = Field(default="city", description="where it is applied")
    measure: Literal["value", "rate", "forecast", "departure", "drift", "stuck", "anomaly"] = Field(
        default="value",
        description="value; change per hour; forecast within `lead`; departure from the usual at this hour of this "
        "kind of day, in usual spreads; drift: many small departures the same way, added up; stuck: how many equal "
        "values in a row; anomaly: surprise by the streaming detector, as -log10 of its chance",
    )
    direction: Literal["above", "below"] = Field(default="above", description="which way is bad")
    red: Number | None = Field(default=None, description="bound of the worst level")
    orange: Number | None = None
    yellow: Number | None = None
    blue: Number | None = None
    hysteresis: Number = Field(default=0.0, ge=0, description="how far behind a bound the value must go to leave it")
    lasting: Length = Field(default="0", description="how long a level must last before it is raised")
    calm: Length = Field(default="0", description="how long it must be over before the warning is lifted")
    lead: Length = Field(default="0", description="forecast only: how far ahead is looked")
    no_data: Literal["keep", "lift"] = Field(
        default="keep",
        description="stays as it is, or is lifted, while nothing arrives; nothing ever starts by silence",
    )
    group: Key | None = Field(default=None, description="warnings of one group and region are shown as one")
    inhibited_by: tuple[Key, ...] = Field(default=(), description="quiet while one of these is in force: its cause")
    event: Literal["offer", "red", "orange", "yellow"] = Field(
        default="offer", description="from which level an event is opened by itself; offer: a person decides"
    )
    category: str | None = Field(default=None, description="category of the event, as departments.yaml calls it")
    owner: Key = Field(description="department that answers for the rule")
    source: Words = Field(description="where the bounds come from; begins with 提案 if it is our proposal")
    advice: Words | None = Field(default=None, description="what to do first")

    @property
    def bounds(self) -> dict[Level, float]:
        """The bounds that are set, worst first."""
        given = {Level.RED: self.red, Level.ORANGE: self.orange, Level.YELLOW: self.yellow, Level.BLUE: self.blue}
        return {level: bound for level, bound in given.items() if bound is not None}

    @model_validator(mode="after")
    def _makes_sense(self) -> Rule:
        bounds = list(self.bounds.values())
        if not bounds:
            raise ValueError("至少要有一级界限（red、orange、yellow、blue）")
        worst_first = sorted(bounds, reverse=self.direction == "above")
        if bounds != worst_first or len(set(bounds)) < len(bounds):
            raise ValueError("各级界限应由重到轻依次变化，且互不相同")
        if (self.measure == "forecast") is not (length(self.lead) > timedelta(0)):
            raise ValueError("measure 为 forecast 时须写 lead，其他情况不写")
        if self.event != "offer" and not self.category:
            raise ValueError("自动转事件须写明 category")
        return self


_UNITS = {"m": "minutes", "h": "hours", "d": "days"}


def length(words: str) -> timedelta:
    """`30m` as a length of time."""
    return timedelta(0) if words == "0" else timedelta(**{_UNITS[words[-1]]: int(words[:-1])})
