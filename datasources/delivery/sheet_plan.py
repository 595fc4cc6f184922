"""What a reader of sheets must know of one source: its settings in the plain form that travels to the child."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Target:
    """What a column of values feeds. `unit` is the unit in the file; None: as its heading says."""

    indicator: str | None = None
    unit: str | None = None
    basis: str | None = None
    dim: str = ""
    region: str | None = None
    numerator: str | None = None
    denominator: str | None = None


@dataclass(frozen=True)
class Plan:
    """Where in the sheet each part of a reading stands, the names of the catalogue, and the caps."""

    filename: str
    layout: str = "long"
    across: str = "indicators"
    sheet: str | int | None = None
    header_rows: int | None = None
    encoding: str = "auto"
    delimiter: str | None = None
    fill_down: bool = False
    headings: dict[str, list[str]] = field(default_factory=dict)
    """Role (indicator, region, period, value …) -> headings it may have."""
    fixed: dict[str, str] = field(default_factory=dict)
    """Role -> the one value it has in the whole file."""
    period_from_title: bool = False
    targets: dict[str, Target] = field(default_factory=dict)
    """Heading of a column of values -> what it feeds (wide layouts)."""
    regions: dict[str, str] = field(default_factory=dict)
    """Name or code -> code."""
    indicators: dict[str, str] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    frequencies: dict[str, str] = field(default_factory=dict)
    template: dict[str, list[str]] = field(default_factory=dict)
    """Headings of the plain template, which every source takes besides its own layout."""
    max_rows: int = 100_000
    max_columns: int = 512
    max_readings: int = 500_000
    max_inflated: int = 100 * 2**20


def template_of(plan: Plan) -> Plan:
    """The plan for the plain template with the names and caps of `plan`."""
    return replace(
        plan, layout="long", headings=plan.template, fixed={}, targets={}, header_rows=None, period_from_title=False
    )  # fmt: skip


def plan_of(given: dict[str, Any]) -> Plan:
    """The plan from its JSON form."""
    targets = {heading: Target(**target) for heading, target in given.pop("targets", {}).items()}
    return Plan(**given, targets=targets)
