"""A review of a big event (复盘): what people write beside the draft from the ledger, as frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from dispatch.event import Case
from dispatch.state import Action

MANY_CALLERS = 5
"""Reports of one matter, merged ones included, from which it counts as big."""
LONGEST = 4000
"""Characters of lessons and of problems."""
LONGEST_MEASURE = 300
MOST_MEASURES = 20


class ReviewState(StrEnum):
    """Draft: being written. Signed: in force; it is opened again for a reason, and the signed version stays."""

    DRAFT = "draft"
    SIGNED = "signed"


STATES = {ReviewState.DRAFT: "起草中", ReviewState.SIGNED: "已签发"}
ACTS = {"begin": "开始复盘", "save": "保存", "sign": "签发", "reopen": "退回修改", "measure": "改进措施"}


@dataclass(frozen=True)
class Measure:
    """What is to be done better, by whom until when (a city day). `done_at` None: still open."""

    position: int
    words: str
    department: str
    due_on: date
    since_version: int
    dropped_version: int | None = None
    done_at: datetime | None = None
    done_by: str = ""
    done_note: str = ""

    def is_late(self, today: date) -> bool:
        """Open after its day."""
        return self.done_at is None and self.due_on < today

    def is_in(self, version: int) -> bool:
        """True if it was part of that version of the review."""
        return self.since_version <= version and (self.dropped_version is None or version < self.dropped_version)


@dataclass(frozen=True)
class Version:
    """One act on the review, with the words as they stood after it."""

    version: int
    at: datetime
    act: str
    actor: str
    account: str
    role: str
    lessons: str
    problems: str
    note: str


@dataclass(frozen=True)
class Review:
    """The review of one event; `versions` oldest first, never empty."""

    number: str
    state: ReviewState
    versions: tuple[Version, ...]
    measures: tuple[Measure, ...]
    """All there ever were; those of the newest version are `now`."""
    signed_by: str = ""
    signed_at: datetime | None = None

    @property
    def newest(self) -> Version:
        """As it stands."""
        return self.versions[-1]

    @property
    def now(self) -> tuple[Measure, ...]:
        """The measures that are part of it."""
        return tuple(one for one in self.measures if one.dropped_version is None)

    def as_of(self, version: int | None, now: datetime) -> datetime:
        """Up to when the draft tells the ledger: of an older version its own moment, of a signed one its signing."""
        if version is not None and version < self.newest.version:
            return next(one.at for one in self.versions if one.version == version)
        return self.signed_at or now


def why_big(case: Case) -> tuple[str, ...]:
    """Why an event deserves a review: red or orange, several departments, many callers. Empty for everyday ones."""
    event = case.event
    joint = {one.department for one in case.assignments if one.part == "joint"}
    reasons = (
        (event.level in (1, 2), "红色、橙色事件"),
        (bool(joint), f"{len(joint) + 1} 个单位联合处置"),
        (event.callers >= MANY_CALLERS, f"{event.callers} 人反映"),
        (event.supervised or any(row.action is Action.INSTRUCT for row in case.ledger), "有批示或督办"),
    )
    return tuple(words for holds, words in reasons if holds)
