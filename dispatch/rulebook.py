"""The rules in force, ready for use: limits, departments, regions and their names; made once per catalogue version."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.stage import Stage
from dispatch.working_calendar import WorkingCalendar, load
from indicators.definition import RegionKind
from indicators.duties import Category, GradeLimits, Plan, Rules, StageLimits
from indicators.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indicators.catalogue import Catalogue


class Unit(StrEnum):
    """How a time limit counts (GB/T 30428.8)."""

    EMERGENCY_HOUR = "紧急工作时"
    WORKING_HOUR = "工作时"
    WORKING_DAY = "工作日"


@dataclass(frozen=True)
class Limit:
    """So many units."""

    amount: float
    unit: Unit

    def __str__(self) -> str:
        return f"{self.amount:g} {self.unit}"


_LIMIT = re.compile(r"(\d+(?:\.\d)?) ?(紧急工作时|工作时|工作日)")


@lru_cache(maxsize=512)
def limit(text: str) -> Limit:
    """'4 工作时' as a value; ValueError for anything else."""
    found = _LIMIT.fullmatch(text)
    if found is None:
        raise ValueError(f"“{text}”不是时限，应写成 2紧急工作时、4工作时 或 7工作日")
    return Limit(float(found[1]), Unit(found[2]))


_STAGES = {
    Stage.ACCEPT: "accept",
    Stage.REGISTER: "registration",
    Stage.DISPATCH: "dispatch",
    Stage.REPORT: "report",
    Stage.VERIFY: "verify",
    Stage.CLOSE: "close",
}
_GRADE = {0: "calm", 4: "calm", 3: "pressing", 2: "urgent", 1: "urgent"}


@dataclass(frozen=True)
class Rulebook:
    """What the catalogue says about handling events, with the working calendar."""

    catalogue: Catalogue
    calendar: WorkingCalendar

    @property
    def rules(self) -> Rules:
        """Stages, matrix, ladder, plans, scoring."""
        return self.catalogue.duties.rules

    @property
    def categories(self) -> Mapping[str, Category]:
        """By code."""
        return self.catalogue.duties.categories

    # Limits

    def handling_limit(self, category: str, level: int) -> Limit:
        """The limit of category × grade."""
        known = self.categories.get(category)
        limits: GradeLimits = self.rules.unlisted if known is None else known.limits
        return limit(getattr(limits, _GRADE[level]))

    def stage_limit(self, stage: Stage, category: str, level: int) -> Limit | None:
        """The limit of one stage; None for the evaluation, which has none."""
        if stage is Stage.HANDLE:
            return self.handling_limit(category, level)
        name = _STAGES.get(stage)
        stages: StageLimits = self.rules.urgent_stages if level in (1, 2) else self.rules.calm_stages
        return None if name is None else limit(getattr(stages, name))

    def level_of(self, impact: int, urgency: int) -> int:
        """The cell of the matrix; both 1 to 4."""
        return self.rules.matrix[impact - 1][urgency - 1]

    def plan_of(self, category: str, level: int) -> Plan | None:
        """The plan to attach, if the event is urgent enough for it."""
        known = self.categories.get(category)
        if known is None or known.plan is None or level == 0:
            return None
        plan = next((one for one in self.rules.plans if one.key == known.plan), None)
        return plan if plan is not None and level <= plan.level else None

    # Names and places

    def department_name(self, key: str | None) -> str:
        """The short name, or the key of one no longer known."""
        known = self.catalogue.departments.get(key or "")
        return known.short if known is not None else (key or "")

    def region_name(self, code: str) -> str:
        """The short name of a region; the city is '市'."""
        known = self.catalogue.regions.get(code)
        if known is None:
            return code
        return "市" if known.kind is RegionKind.CITY else known.short if known.kind is RegionKind.TOWN else known.name

    def category_name(self, code: str) -> str:
        """As printed; 未分类 for none."""
        known = self.categories.get(code)
        return known.name if known is not None else "未分类"

    def above(self, region: str) -> str | None:
        """The region whose centre is one level up; None for the city."""
        known = self.catalogue.regions.get(region)
        if known is None or known.kind is RegionKind.CITY:
            return None
        return known.parent or known.division or self.catalogue.city.code

    def county_of(self, region: str) -> str:
        """The county of a town; the region itself for counties and the city; for zones the county around them."""
        known = self.catalogue.regions[region]
        if known.kind in (RegionKind.CITY, RegionKind.COUNTY):
            return region
        return self.above(region) or self.catalogue.city.code

    def within(self, region: str) -> frozenset[str]:
        """The region and all below it."""
        return frozenset(one.code for one in self.catalogue.within(region)) if self.knows(region) else frozenset()

    def knows(self, region: str) -> bool:
        """True if there is such a region."""
        return region in self.catalogue.regions

    def government_of(self, county: str) -> str | None:
        """The department that governs a county."""
        return self._governments.get(county)

    @cached_property
    def _governments(self) -> dict[str, str]:
        return {one.region: one.department for one in self.rules.governments}


def problems_of(catalogue: Catalogue) -> list[Problem]:
    """Governments of regions the catalogue does not have."""
    governments = catalogue.duties.rules.governments
    return [
        Problem("departments.yaml", 1, f"rules.governments[{at}].region", f"没有区域 {one.region}")
        for at, one in enumerate(governments)
        if one.region not in catalogue.regions
    ]


CALENDAR_SECONDS = 0.5
"""How long the calendar's file is taken to be what it was: a queue of hundreds of rows asks for each of them."""
_made: dict[tuple[str, Path], Rulebook] = {}
_looked: dict[tuple[str, Path], float] = {}


def rulebook(catalogue: Catalogue, folder: Path | None = None) -> Rulebook:
    """The rulebook of this catalogue version, with the calendar in `folder` (else the product's own)."""
    from dispatch.working_calendar import PRODUCT

    place, now = folder or PRODUCT, time.monotonic()
    key = (catalogue.version, place)
    found = _made.get(key)
    if found is not None and found.catalogue is catalogue and now - _looked.get(key, 0.0) < CALENDAR_SECONDS:
        return found
    calendar = load(place)
    _looked[key] = now
    if found is None or found.calendar is not calendar or found.catalogue is not catalogue:
        _made.clear()
        found = _made[key] = Rulebook(catalogue, calendar)
    return found
