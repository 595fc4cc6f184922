"""今日要点: one honest text of a day for a region or a theme, as sentences that carry the figures they are made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

RULES = "1"
"""Version of the templates: a kept digest says by which its sentences were made."""


class Section(StrEnum):
    """The parts of the text, in their order."""

    CHANGED = "changed"
    WHY = "why"
    WATCH = "watch"
    MISSING = "missing"
    SCORE = "score"


SECTION_NAMES: Mapping[Section, str] = {
    Section.CHANGED: "变化",
    Section.WHY: "原因",
    Section.WATCH: "关注",
    Section.MISSING: "数据情况",
    Section.SCORE: "上期提示核对",
}


class Verdict(StrEnum):
    """What became of something the digest before told to watch."""

    CAME = "came"  # it happened or goes on
    PASSED = "passed"  # it did not happen, or is over
    WAITING = "waiting"  # its time has not come


VERDICT_NAMES: Mapping[Verdict, str] = {
    Verdict.CAME: "成真或仍在持续",
    Verdict.PASSED: "未发生或已消除",
    Verdict.WAITING: "尚待结果",
}


@dataclass(frozen=True)
class Fact:
    """A figure or a name as it stands in a sentence. `shown` is written exactly so; `value` is what it was made of."""

    name: str
    shown: str
    value: float | None = None
    unit: str = ""
    when: str = ""
    """The period or instant it belongs to, in words."""
    nature: str = ""
    """Provenance: published, live, simulated, manual; '' for a name or a count of our own."""
    standing: str = ""
    """Freshness when the text was made: fresh, late, stale, dead."""
    source: str = ""
    ref: str = ""
    """What opens it: indicator:ENV-01, warning:17, source:demo_air, theme:environment, events:."""

    @property
    def is_past_promise(self) -> bool:
        """True if the figure was stale: a sentence about it has to say so."""
        return self.standing in {"stale", "dead"}

    @property
    def is_simulated(self) -> bool:
        """True for figures of the demo city."""
        return self.nature == "simulated"


@dataclass(frozen=True)
class Item:
    """One sentence with everything it says. `key` finds the same matter again the next day."""

    section: Section
    kind: str
    key: str
    right: str
    facts: Mapping[str, Fact]
    text: str = ""
    verdict: Verdict | None = None

    @property
    def is_simulated(self) -> bool:
        """True if any of its figures is."""
        return any(fact.is_simulated for fact in self.facts.values())

    @property
    def is_stale(self) -> bool:
        """True if any of its figures was past its promise."""
        return any(fact.is_past_promise for fact in self.facts.values())


@dataclass(frozen=True)
class Subject:
    """Whose text it is: a region, or one theme of it."""

    world: str
    region: str
    theme: str = ""


@dataclass(frozen=True)
class Digest:
    """The text of one day. `edition` 1 is the morning's; later ones were asked for."""

    subject: Subject
    day: str
    edition: int
    issued_at: datetime
    items: tuple[Item, ...]
    rules: str = RULES
    editions: int = field(default=1, compare=False)
    """How many there are of that day."""

    def of(self, section: Section) -> tuple[Item, ...]:
        """The sentences of one part."""
        return tuple(item for item in self.items if item.section is section)

    @property
    def is_simulated(self) -> bool:
        """True for the demo city."""
        return self.subject.world == "demo"


def as_body(items: tuple[Item, ...]) -> list[dict[str, Any]]:
    """The items as plain values, for keeping and for programs."""
    return [
        {
            "section": item.section.value, "kind": item.kind, "key": item.key, "right": item.right, "text": item.text,
            "verdict": item.verdict.value if item.verdict else None,
            "facts": {slot: _told(fact) for slot, fact in item.facts.items()},
        }
        for item in items
    ]  # fmt: skip


def from_body(body: list[dict[str, Any]]) -> tuple[Item, ...]:
    """The items of a kept digest."""
    return tuple(
        Item(
            Section(one["section"]), one["kind"], one["key"], one["right"],
            {slot: Fact(**told) for slot, told in one["facts"].items()}, one["text"],
            Verdict(one["verdict"]) if one["verdict"] else None,
        )
        for one in body
    )  # fmt: skip


def _told(fact: Fact) -> dict[str, Any]:
    """The fields that say something."""
    return {name: value for name, value in vars(fact).items() if value not in ("", None)} | {
        "name": fact.name,
        "shown": fact.shown,
    }
