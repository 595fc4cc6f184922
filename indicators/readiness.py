"""The part of `departments.yaml` about being ready: plans whose response levels are commanded, and who keeps duty."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from indicators.definition import Entry, Key, Length, Text

Clock = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d$")]
Post = Literal["leader", "chief", "officer"]
UnitKind = Literal["city", "county", "zone", "town", "department"]
_POSTS: dict[UnitKind, tuple[Post, ...]] = {
    "city": ("leader", "chief", "officer"),
    "county": ("leader", "officer"),
    "zone": ("leader", "officer"),
    "town": ("leader", "officer"),
    "department": ("leader", "officer"),
}


class ResponsePlan(Entry):
    """A kind of plan (应急预案) under which a response of level Ⅳ to Ⅰ is commanded, for the city or a county."""

    key: Key = Field(description="never changed: the ledger keeps it")
    name: Text = Field(description="as the banner reads: 防汛防台风")
    lead: Key | None = Field(default=None, description="department that proposes it and whose plan it is")
    source: Text = Field(description="the plan or regulation that grades it, with its number")


class DutyRules(Entry):
    """Who keeps duty around the clock, and when somebody is told that nobody will."""

    changeover: Clock = Field(default="08:00", description="when shifts of a whole day begin; local time")
    posts: dict[UnitKind, tuple[Post, ...]] = Field(
        default_factory=lambda: dict(_POSTS),
        description="posts that may never be empty, by kind of unit: leader 带班领导, chief 值班长, officer 值班员",
    )
    departments: tuple[Key, ...] = Field(default=(), description="departments that keep duty around the clock")
    warn_before: Length = Field(default="2h", description="how long before an empty shift the centre is told")
