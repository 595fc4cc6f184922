"""Hot issues planted among the demo city's messages: every day one matter at one place that many people call about.

The first calls crowd within three hours, the others trickle in over a day and a half, each in the caller's own words
and without a category. Nothing is stored: any stretch of time can be asked for; the issue's name is kept with each
event as its episode, which is the answer for whoever looks for it.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from demo_city.axis import DAY
from demo_city.noise import draw

FIRST_HOURS, LONGEST = 3 * 60, 36 * 60
"""Minutes in which the first calls crowd, and after which the last one has come."""
FEWEST, MOST = 8, 14
CROWDING = 0.62
"""Share of the calls that come in the first hours."""
MERGED = 0.4
"""Share of the calls that the centre merges into the first one by itself."""
_EARLIEST, _LATEST = 8 * 60, 19 * 60


@dataclass(frozen=True)
class Matter:
    """A row of message_issues.csv: the true category, the sort of place, how callers put it."""

    code: str
    spot: str
    phrases: tuple[str, ...]


@dataclass(frozen=True)
class Issue:
    """One planted issue; `begin` in local minutes."""

    name: str
    matter: Matter
    begin: int
    calls: int

    @property
    def finish(self) -> int:
        """Local minute after its last call."""
        return self.begin + LONGEST


@dataclass(frozen=True)
class Call:
    """One caller of an issue: when, in which words, whether the centre merges it into the first."""

    name: str
    minute: int
    phrase: str
    is_merged: bool


@lru_cache(maxsize=1)
def matters() -> tuple[Matter, ...]:
    """All matters, as listed."""
    with (Path(__file__).parent / "message_issues.csv").open(encoding="utf-8") as opened:
        rows = csv.DictReader(opened)
        return tuple(Matter(row["code"], row["spot"], tuple(row["phrases"].split(";"))) for row in rows)


def issues(seed: int, first: int, last: int) -> Iterator[Issue]:
    """Every issue with a call in the local minutes [first, last)."""
    for day in range((first - LONGEST) // DAY - 1, last // DAY + 1):
        one = _planted(seed, day)
        if one.begin < last and one.finish > first:
            yield one


def calls(seed: int, issue: Issue) -> list[Call]:
    """Its calls, the first one first; it is never merged."""
    minutes = sorted(_minute(seed, issue, number) for number in range(issue.calls))
    return [_call(seed, issue, number, minute) for number, minute in enumerate(minutes)]


@lru_cache(maxsize=512)
def _planted(seed: int, day: int) -> Issue:
    name = f"message_issue-{day}"
    matter = matters()[int(draw(seed, name + "/matter") * len(matters()))]
    begin = day * DAY + _EARLIEST + int((_LATEST - _EARLIEST) * draw(seed, name + "/start"))
    return Issue(name, matter, begin, FEWEST + int((MOST - FEWEST + 1) * draw(seed, name + "/calls")))


def _minute(seed: int, issue: Issue, number: int) -> int:
    span = FIRST_HOURS if number < round(CROWDING * issue.calls) else LONGEST
    return issue.begin + int(span * draw(seed, f"{issue.name}/{number}/minute"))


def _call(seed: int, issue: Issue, number: int, minute: int) -> Call:
    name = f"{issue.name}/{number}"
    phrases = issue.matter.phrases
    turn = int(draw(seed, issue.name + "/turn") * len(phrases))
    is_merged = number > 0 and draw(seed, name + "/merged") < MERGED
    return Call(name, minute, phrases[(turn + number) % len(phrases)], is_merged)
