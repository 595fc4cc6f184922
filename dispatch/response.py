"""A response (应急响应): the level commanded under one plan in one region, from start to end, as its ledger tells.

Level 1 is Ⅰ级, the gravest, 4 is Ⅳ级. A level is commanded by a person; the colour of a warning is something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from dispatch.refusal import DispatchError

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

NUMERALS = {1: "Ⅰ", 2: "Ⅱ", 3: "Ⅲ", 4: "Ⅳ"}
_SPELT = {"ⅰ": 1, "i": 1, "1": 1, "一": 1, "ⅱ": 2, "ii": 2, "2": 2, "二": 2, "ⅲ": 3, "iii": 3, "3": 3, "三": 3,
          "ⅳ": 4, "iv": 4, "4": 4, "四": 4, "终止": 0, "结束": 0, "解除": 0}  # fmt: skip
"""How people type a level when they confirm it; 0 ends the response."""


class Act(StrEnum):
    """What a row of the ledger did."""

    START = "start"
    RAISE = "raise"
    LOWER = "lower"
    END = "end"
    ASK = "ask"
    """Proposed by one person; nothing holds until another confirms it."""


ACT_NAMES = {Act.START: "启动", Act.RAISE: "提升", Act.LOWER: "降低", Act.END: "终止", Act.ASK: "报请"}


class ChangedMeanwhile(DispatchError):
    """Somebody else was faster; `version` is the present one."""

    def __init__(self, version: int) -> None:
        self.version = version
        super().__init__("响应级别刚刚有变化，请看过最新情况再办理")


@dataclass(frozen=True)
class Basis:
    """What a level rests on. `kind`: warning, event or document; `ref` names it, `words` are shown."""

    kind: str
    ref: str
    words: str


@dataclass(frozen=True)
class Step:
    """One row of the ledger. `at`: when it takes effect; `asked`: the row it confirms, 0 for none."""

    id: int
    seq: int
    act: Act
    level: int
    at: datetime
    recorded_at: datetime
    reason: str
    basis: Basis
    actor: str
    account: str
    role: str
    asked: int = 0


@dataclass(frozen=True)
class Course:
    """One response from start to end. `asked` is a proposal that waits for a second person; steps exclude it."""

    world: str
    plan: str
    region: str
    steps: tuple[Step, ...]
    version: int
    asked: Step | None = None

    @property
    def id(self) -> int:
        """The number of its first row: of a mere proposal the proposal's."""
        return self.steps[0].id if self.steps else self.asked.id if self.asked else 0

    @property
    def level(self) -> int:
        """The level of the last step; 0 when it has ended or was never begun."""
        return self.steps[-1].level if self.steps else 0

    @property
    def began_at(self) -> datetime | None:
        """When it started."""
        return self.steps[0].at if self.steps else None

    @property
    def ended_at(self) -> datetime | None:
        """When it ended; None while it is in force."""
        return self.steps[-1].at if self.steps and self.level == 0 else None

    @property
    def gravest(self) -> int:
        """The gravest level it had."""
        return min((step.level for step in self.steps if step.level), default=0)

    def level_at(self, moment: datetime) -> int:
        """The level in force at `moment`; 0 for none."""
        return next((step.level for step in reversed(self.steps) if step.at <= moment), 0)

    def since(self, moment: datetime) -> datetime | None:
        """Since when the level of `moment` holds."""
        return next((step.at for step in reversed(self.steps) if step.at <= moment), None)


def courses_of(world: str, plan: str, region: str, steps: Sequence[Step]) -> list[Course]:
    """The courses that the ledger of one plan and region tells, oldest first; a waiting proposal goes with the last."""
    made: list[list[Step]] = []
    for step in steps:
        if step.act is Act.ASK:
            continue
        if step.act is Act.START:
            made.append([])
        made[-1].append(step)
    version = steps[-1].seq if steps else 0
    asked = steps[-1] if steps and steps[-1].act is Act.ASK else None
    runs = [Course(world, plan, region, tuple(run), version) for run in made]
    if asked is None:
        return runs
    if runs and runs[-1].level:
        last = runs.pop()
        return [*runs, Course(world, plan, region, last.steps, version, asked)]
    return [*runs, Course(world, plan, region, (), version, asked)]


def act_of(before: int, wanted: int) -> Act | None:
    """What leads from one level to another; None if they are the same."""
    if before == wanted:
        return None
    if before == 0:
        return Act.START
    return Act.END if wanted == 0 else Act.RAISE if wanted < before else Act.LOWER


def typed_level(text: str) -> int | None:
    """The level somebody typed to confirm it (Ⅳ, IV, 4, 四级; 终止 is 0); None for anything else."""
    plain = text.strip().lower().removesuffix("响应").removesuffix("级").strip()
    return _SPELT.get(plain)


def level_words(level: int) -> str:
    """Ⅳ级; 终止 for none."""
    return f"{NUMERALS[level]}级" if level else "终止"


def above(region: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The region and what it lies in, innermost first: a level of any of them holds there."""
    found: list[str] = []
    code: str | None = region
    while code and code not in found:
        found.append(code)
        known = catalogue.regions.get(code)
        code = known.parent if known else None
    city = catalogue.city.code
    return tuple(found) if city in found else (*found, city)


def ruling(courses: Iterable[Course], region: str, catalogue: Catalogue, moment: datetime) -> list[Course]:
    """What holds in `region` at `moment`, the gravest first: of each plan the higher of its own and those above it."""
    inside = above(region, catalogue)
    holding = [one for one in courses if one.region in inside and one.level_at(moment)]
    ranked = sorted(holding, key=lambda one: (one.level_at(moment), inside.index(one.region), one.id))
    first: dict[str, Course] = {}
    for one in ranked:
        first.setdefault(one.plan, one)
    return list(first.values())
