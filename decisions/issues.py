"""Hot issues as people may see them: place, people, period, heat, course, members. No library of numbers is loaded.

An issue is shown only to those who may see every one of its members: its words come from all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

import orjson
from sqlalchemy import Connection, select

from access.actor import Actor
from access.personal import mask_text
from database.foresight_tables import findings
from decisions.message import Member
from decisions.surge_places import members
from dispatch.rulebook import Rulebook
from indicators.definition import RegionKind

MODEL = "hot_issues"
"""Its name among the findings."""
POINTS = 12
_SHORTEST = timedelta(hours=12)


@dataclass(frozen=True)
class HotIssue:
    """One issue. `people`: callers counted; `heat` ranks and has no unit; `course`: messages in POINTS equal steps
    from `course_since` to `course_until`; `usual_week`: messages naming this place in a week of the four before."""

    key: str
    place: str
    topics: str
    people: int
    heat: float
    usual_week: float
    category: str
    members: tuple[Member, ...]
    course: tuple[int, ...]
    course_since: datetime
    course_until: datetime

    @property
    def start(self) -> datetime:
        """Its first message."""
        return self.members[0].at

    @property
    def end(self) -> datetime:
        """Its last message so far."""
        return self.members[-1].at

    @property
    def open(self) -> int:
        """Members not finished and not merged yet."""
        return sum(one.parent_id is None and one.state.value not in _ENDED for one in self.members)


_ENDED = frozenset({"closed", "evaluated", "refused", "declined", "voided", "merged"})


@dataclass(frozen=True)
class Issues:
    """The issues whose last message lies in the window, the hottest first. `made_at` None: nothing was searched yet."""

    found: tuple[HotIssue, ...]
    looked_at: int
    made_at: datetime | None


def hot_issues(
    connection: Connection, rules: Rulebook, by: Actor, *, world: str, region: str, since: datetime, until: datetime
) -> Issues:
    """Of the region (the city, a county, or within the county of a town)."""
    if not by.scope.allows(region):
        return Issues((), 0, None)
    row = connection.execute(
        select(findings.c.body, findings.c.made_at).filter_by(world=world, model=MODEL, region=_searched(rules, region))
    ).first()
    if row is None:
        return Issues((), 0, None)
    body = orjson.loads(row.body)
    inside = rules.within(region)
    made = [_issue(connection, by, one, until) for one in body["issues"]]
    shown = [
        one for one in made
        if one is not None and since <= one.end <= until and _lies_in(one, inside, rules, region)
    ]  # fmt: skip
    is_whole = by.scope.allows(_searched(rules, region))
    return Issues(tuple(shown), body["messages"] if is_whole else 0, row.made_at)


def _searched(rules: Rulebook, region: str) -> str:
    """The region whose messages were searched: the county of a town."""
    known = rules.catalogue.regions[region]
    return region if known.kind in (RegionKind.CITY, RegionKind.COUNTY) else rules.county_of(region)


def _lies_in(one: HotIssue, inside: frozenset[str], rules: Rulebook, region: str) -> bool:
    return region == rules.catalogue.city.code or all(each.region in inside for each in one.members)


def _issue(connection: Connection, by: Actor, body: Mapping[str, Any], until: datetime) -> HotIssue | None:
    """None if a member is out of the viewer's sight."""
    found = members(connection, by, body["members"])
    if not found or len(found) != len(body["members"]):
        return None
    course, since, end = _course(found, until)
    return HotIssue(
        key_of(found), mask_text(body["place"]), body["topics"], body["people"], body["heat"], body["usual_week"],
        _commonest(found), tuple(found), course, since, end,
    )  # fmt: skip


def key_of(found: Sequence[Member]) -> str:
    """What it is called in addresses: stays while its first message is the first."""
    return sha256(found[0].number.encode()).hexdigest()[:10]


def _commonest(found: Sequence[Member]) -> str:
    named = Counter(one.category for one in found if one.category)
    return named.most_common(1)[0][0] if named else ""


def _course(found: Sequence[Member], until: datetime) -> tuple[tuple[int, ...], datetime, datetime]:
    """Messages over time, from a sixth before the first to now, but not much longer than the issue itself."""
    start, last = found[0].at, found[-1].at
    span = max(last - start, _SHORTEST)
    since, end = start - span / 6, min(until, last + span / 3)
    step = (end - since) / POINTS
    counts = Counter(min(POINTS - 1, int((one.at - since) / step)) for one in found)
    return tuple(counts[place] for place in range(POINTS)), since, end
