"""The second half of `departments.yaml`: what departments answer for in events, within which time, told by whom.

Shape and the checks between entries. What the words mean is decided in `dispatch/`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import Field

from indicators.definition import DepartmentsFile, Entry, Key, Length, Number, RegionCode, Text
from indicators.draft import Sheet
from indicators.problems import suggestion
from indicators.readiness import DutyRules, ResponsePlan
from indicators.yaml_builder import Block
from indicators.yaml_text import Path

Limit = Annotated[str, Field(pattern=r"^\d{1,3}(\.\d)? ?(紧急工作时|工作时|工作日)$")]
"""A time limit: 2 紧急工作时 (every hour counts), 4 工作时 (working hours), 7 工作日 (working days)."""
CategoryCode = Annotated[str, Field(pattern=r"^[A-Z]\d{4}$")]
Weight = Annotated[float, Field(strict=True, ge=0, le=100, allow_inf_nan=False)]
Degree = Annotated[int, Field(strict=True, ge=1, le=4)]
Level = Annotated[int, Field(strict=True, ge=0, le=4)]
Tell = Literal["lead", "centre", "upper", "leader"]


class GradeLimits(Entry):
    """How long handling may take, by how urgent the event is."""

    calm: Limit = Field(description="everyday and blue events")
    pressing: Limit = Field(description="yellow events")
    urgent: Limit = Field(description="orange and red events")


class Category(Entry):
    """A kind of event and who answers for it (权责清单)."""

    code: CategoryCode = Field(description="letter of the kind and four digits; never used again")
    name: Text = Field(description="as printed")
    kind: Literal["part", "matter", "appeal", "emergency"] = Field(
        description="part: an object with an owner; matter: conduct or condition; appeal: hotline; emergency"
    )
    group: Text = Field(description="class of GB/T 30428.2 or of the hotline")
    lead: Key = Field(description="department in charge where the city answers")
    local: bool = Field(default=False, description="true: the government of the county leads, `lead` assists")
    joint: tuple[Key, ...] = Field(default=(), description="departments that usually assist")
    words: tuple[Text, ...] = Field(default=(), description="words in a report that point to this category")
    impact: Degree = Field(default=1, description="usual reach: 1 one person, 2 a street, 3 a town, 4 the city")
    urgency: Degree = Field(default=1, description="usual urgency: 1 can wait, 2 this week, 3 today, 4 danger now")
    limits: GradeLimits = Field(description="handling limits by grade")
    clause: Text = Field(description="entry of the power list or where the limit is from; begins with 提案 if ours")
    plan: Key | None = Field(default=None, description="plan whose steps are attached from its level on")


class StageLimits(Entry):
    """How long the centre may take in each of its own stages."""

    accept: Limit = Field(description="受理与核实")
    registration: Limit = Field(description="立案")
    dispatch: Limit = Field(description="派遣")
    report: Limit = Field(description="反馈后安排核查")
    verify: Limit = Field(description="核查")
    close: Limit = Field(description="结案")


class Rung(Entry):
    """One step of the escalation ladder."""

    key: Key = Field(description="never changed: it marks what was told already")
    used: Number = Field(gt=0, le=10, description="share of the limit used up: 0.7, 1, 1.5")
    tell: Tell = Field(description="lead department, holding centre, the centre above, the leader on duty")
    words: Text = Field(description="what the message says")


class PlanStep(Entry):
    """One step of a plan."""

    words: Text = Field(description="what is to be done")
    department: Key | None = Field(default=None, description="who does it; the lead if missing")
    within: Length | None = Field(default=None, description="time after dispatch")


class Plan(Entry):
    """A plan (预案) whose steps are attached to events of its categories."""

    key: Key = Field(description="what categories call it")
    name: Text = Field(description="as printed above its steps")
    level: Degree = Field(description="attached to events of this level or more urgent: 3 means red, orange, yellow")
    steps: tuple[PlanStep, ...] = Field(min_length=1, max_length=20, description="in the order they are done")


class PauseReason(Entry):
    """A reason for which the clock may be stopped."""

    key: Key = Field(description="never changed: ledgers keep it")
    name: Text = Field(description="as people choose it")
    longest: Limit = Field(description="after so long the case is put before the centre again")


class Reply(Entry):
    """A text people often write with an act, offered under its field."""

    acts: tuple[Text, ...] = Field(
        min_length=1, description="words of the acts, as in docs/lifecycle.md: dispatch, report"
    )
    text: Text = Field(description="as it is put into the field; the person may change it")
    categories: tuple[CategoryCode, ...] = Field(default=(), description="only for these kinds of events; else for all")


class Channel(Entry):
    """A further way to reach a department, beside its inbox."""

    department: Key = Field(description="whom it reaches")
    kind: Key = Field(description="file name in dispatch/channels/: webhook, mail, open311, wecom, sms …")
    options: dict[str, Any] = Field(default_factory=dict, description="settings of the channel; secrets by name only")


class Government(Entry):
    """Which department is the government of a county, zone or town."""

    region: RegionCode = Field(description="county, zone or town")
    department: Key = Field(description="its government or committee")


class Scoring(Entry):
    """Weights of the score; they must sum to 100."""

    handled_rate: Weight = Field(default=20, description="处置率")
    handled_on_time_rate: Weight = Field(default=25, description="按期处置率")
    rework_rate: Weight = Field(default=15, description="返工率，越低越好")
    overdue_open_rate: Weight = Field(default=15, description="超期未处置率，越低越好")
    extension_rate: Weight = Field(default=5, description="延期率，越低越好")
    closed_on_time_rate: Weight = Field(default=10, description="按期结案率")
    satisfied_rate: Weight = Field(default=10, description="回访满意率")

    @property
    def total(self) -> float:
        """What must be 100."""
        return sum(getattr(self, name) for name in type(self).model_fields)


_CALM = StageLimits(
    accept="1工作时", registration="2工作时", dispatch="1工作时", report="2工作时", verify="4工作时", close="2工作时"
)
_URGENT = StageLimits(
    accept="0.2紧急工作时", registration="0.2紧急工作时", dispatch="0.2紧急工作时", report="0.5紧急工作时",
    verify="2紧急工作时", close="2紧急工作时",
)  # fmt: skip
_LADDER = (
    Rung(key="near", used=0.7, tell="lead", words="时限已过七成，请抓紧"),
    Rung(key="over", used=1.0, tell="centre", words="已超期，请催办"),
    Rung(key="far_over", used=1.5, tell="upper", words="超期过半，报上一级中心督办"),
    Rung(key="leader", used=2.0, tell="leader", words="超期一倍，请领导批示"),
)
_MATRIX = ((0, 0, 4, 3), (0, 4, 3, 2), (4, 3, 2, 1), (3, 2, 1, 1))


class Rules(Entry):
    """Everything about handling events that is not about one category."""

    governments: tuple[Government, ...] = Field(default=(), description="who leads where the territory comes first")
    calm_stages: StageLimits = Field(default=_CALM, description="everyday, blue and yellow events")
    urgent_stages: StageLimits = Field(default=_URGENT, description="orange and red events")
    unlisted: GradeLimits = Field(
        default=GradeLimits(calm="5工作日", pressing="2工作日", urgent="4紧急工作时"),
        description="handling limits of events without a category",
    )
    matrix: tuple[tuple[Level, Level, Level, Level], ...] = Field(
        default=_MATRIX, min_length=4, max_length=4,
        description="level by impact (row 1 to 4) and urgency (column 1 to 4); 1 red to 4 blue, 0 everyday",
    )  # fmt: skip
    ladder: tuple[Rung, ...] = Field(default=_LADDER, description="who is told when so much of a limit is used up")
    near: Number = Field(default=0.7, gt=0, lt=1, description="share of the limit from which an event is 临期")
    urge_pause: Length = Field(default="30m", description="least time between two urgings of one event")
    most_returns: int = Field(default=2, ge=1, le=9, description="so many returns put an event before a leader")
    appeal_days: int = Field(default=10, ge=1, le=60, description="working days after closing in which one may appeal")
    pause_reasons: tuple[PauseReason, ...] = Field(default=(), description="reasons for which a clock may stand still")
    plans: tuple[Plan, ...] = Field(default=(), description="steps attached to events by category and level")
    replies: tuple[Reply, ...] = Field(default=(), description="texts offered under the fields of acts")
    channels: tuple[Channel, ...] = Field(default=(), description="ways of reaching departments beside the inbox")
    responses: tuple[ResponsePlan, ...] = Field(default=(), description="kinds of plans with response levels Ⅳ to Ⅰ")
    responses_two_people: bool = Field(
        default=False, description="true: a level takes effect only when a second authorised person confirms it"
    )
    duty: DutyRules = Field(default=DutyRules(), description="who keeps duty around the clock")
    scoring: Scoring = Field(default=Scoring(), description="weights of the score, 100 together")
    routing_bar: Number = Field(
        default=0.9, gt=0.5, le=1,
        description="confidence from which the router fills in a category itself; below it a person confirms",
    )  # fmt: skip


class DutiesFile(DepartmentsFile):
    """departments.yaml: who answers for figures, who acts on events and within which time."""

    rules: Rules = Field(default=Rules(), description="stages, priorities, escalation, plans, channels, scoring")
    categories: tuple[Category, ...] = Field(default=(), description="kinds of events and who answers for them")


@dataclass(frozen=True)
class Duties:
    """The second half of the file, by code."""

    rules: Rules = field(default_factory=Rules)
    categories: Mapping[str, Category] = field(default_factory=lambda: MappingProxyType({}))


def duties_of(sheet: Sheet, departments: Mapping[str, Any]) -> Duties:
    """What `sheet` says; everything wrong is reported to it with file and line.

    Regions of governments are checked in `dispatch/rulebook.py`: this file may stand beside a part of the catalogue.
    """
    root = sheet.document.root
    if not isinstance(root, Block):
        return Duties()
    placed = sheet.shaped(Rules, root.get("rules", {}), ("rules",))
    rules = Rules() if placed is None else placed.entry
    categories = _categories(sheet)
    known = {"departments": departments, "plans": {plan.key: plan for plan in rules.plans}}
    for path, kind, name in _named(rules, categories):
        if name not in known[kind]:
            sheet.report(path, f"没有名为“{name}”的{_CALLED[kind]}。{suggestion(name, known[kind])}")
    if abs(rules.scoring.total - 100) > 1e-9:
        sheet.report(("rules", "scoring"), f"权重之和应为 100，现为 {rules.scoring.total:g}")
    if [rung.used for rung in rules.ladder] != sorted({rung.used for rung in rules.ladder}):
        sheet.report(("rules", "ladder"), "各级应按 used 从小到大排列，不得相同")
    return Duties(rules, {code: entry for code, (_, entry) in categories.items()})


_CALLED = {"departments": "单位", "plans": "预案"}


def _categories(sheet: Sheet) -> dict[str, tuple[int, Category]]:
    found: dict[str, tuple[int, Category]] = {}
    for index, value in enumerate(sheet.section("categories")):
        placed = sheet.shaped(Category, value, ("categories", index))
        if placed is None:
            continue
        if placed.entry.code in found:
            sheet.report(("categories", index, "code"), f"“{placed.entry.code}”重复")
        found.setdefault(placed.entry.code, (index, placed.entry))
    return found


def _named(rules: Rules, categories: Mapping[str, tuple[int, Category]]) -> Iterator[tuple[Path, str, str]]:
    """Every name with its place and what it names."""
    for index, one in categories.values():
        yield ("categories", index, "lead"), "departments", one.lead
        for at, joint in enumerate(one.joint):
            yield ("categories", index, "joint", at), "departments", joint
        if one.plan is not None:
            yield ("categories", index, "plan"), "plans", one.plan
    for at, government in enumerate(rules.governments):
        yield ("rules", "governments", at, "department"), "departments", government.department
    for at, response in enumerate(rules.responses):
        if response.lead is not None:
            yield ("rules", "responses", at, "lead"), "departments", response.lead
    for at, keeper in enumerate(rules.duty.departments):
        yield ("rules", "duty", "departments", at), "departments", keeper
    for at, channel in enumerate(rules.channels):
        yield ("rules", "channels", at, "department"), "departments", channel.department
    for at, plan in enumerate(rules.plans):
        for step_at, step in enumerate(plan.steps):
            if step.department is not None:
                yield ("rules", "plans", at, "steps", step_at, "department"), "departments", step.department
