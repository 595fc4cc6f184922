"""The shapes of `indicators.yaml` and `departments.yaml`: frozen, no unknown keys, every key described.

Shape only. What must hold between entries (known sources, one parent per town, bounds in order …) is checked in
`checks.py`; where in the file a problem stands is told by `catalogue.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema, model_validator

from datasources.delivery.period import Frequency

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,62}$")]
Code = Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{2,3}$")]
Text = Annotated[str, Field(min_length=1, max_length=600)]
RegionCode = Annotated[str, Field(pattern=r"^[0-9A-Z-]{6,16}$")]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
Number = Annotated[float, Field(strict=True, allow_inf_nan=False)]
"""A finite number as written: neither true nor a text nor .nan passes for one."""
Place = Annotated[str, Field(min_length=1, max_length=200)]
Length = Annotated[str, Field(pattern=r"^[1-9]\d{0,4}(s|m|h|d)$")]
"""A length of time: 30s, 5m, 1h, 2d."""
Due = Annotated[str, Field(pattern=r"^\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?$")]
"""A year, a month or a day: 2025, 2025-06, 2025-06-30."""


def _as_written(provenance: str) -> str:
    if provenance == "simulated":
        raise ValueError("模拟来源由系统按 demo_city 自动生成，不写进文件")
    return provenance


Provenance = Annotated[
    Literal["published", "live", "manual", "simulated"],
    AfterValidator(_as_written),
    WithJsonSchema({"enum": ["published", "live", "manual"], "type": "string"}),
]
"""What a source's figures are; only the synthesised twins of the demo city are simulated."""


class Entry(BaseModel):
    """Base of all entries: values never change after loading, a misspelt key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class RegionKind(StrEnum):
    CITY = "city"
    COUNTY = "county"  # county, district or 枫溪 as a functional area: the four add up to the city
    ZONE = "zone"  # functional zone; overlaps counties, never added up
    TOWN = "town"


class Region(Entry):
    """A place readings belong to."""

    code: RegionCode = Field(description="NBS code, or our own for functional areas and zones; in quotes")
    name: Text = Field(description="full name")
    short: Text = Field(description="name without 区/县/镇 for narrow places")
    kind: RegionKind = Field(description="city, county, zone or town; counties add up to the city, zones to nothing")
    parent: RegionCode | None = Field(default=None, description="the region it adds up to; none for the city")
    division: RegionCode | None = Field(
        default=None, description="administrative parent where it differs from `parent`"
    )
    official: bool = Field(default=True, description="false: not an administrative division")
    lon: Number | None = Field(default=None, ge=115, le=118, description="degrees east, WGS84")
    lat: Number | None = Field(default=None, ge=22, le=25, description="degrees north, WGS84")
    note: Text | None = Field(default=None, description="remark for readers of the catalogue")


class Department(Entry):
    """A unit that owns figures or handles events."""

    key: Key = Field(description="what other entries call it; never changed once in use")
    name: Text = Field(description="full name")
    short: Annotated[str, Field(min_length=1, max_length=6)] = Field(description="at most 6 characters, for tiles")
    contact: Text | None = Field(default=None, description="duty telephone or mailbox; filled in on site")


class Cadence(Entry):
    """What a source promises. Exactly one of `every` and `release`."""

    every: Length | None = Field(default=None, description="streams: 1m, 5m, 1h")
    release: Literal["yearly", "quarterly", "monthly", "daily", "hourly"] | None = Field(
        default=None, description="publications: which period they are for"
    )
    month: int | None = Field(default=None, ge=1, le=12, description="yearly: month of the following year")
    day: int | None = Field(default=None, ge=1, le=31, description="yearly, quarterly, monthly: day of the month after")
    at: str | None = Field(
        default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="clock time; hourly: minute after the hour"
    )


class Source(Entry):
    """Where figures come from: who owns them, how they arrive and what was promised."""

    key: Key = Field(description="what indicators and senders call it: city/<key>/readings; never changed once in use")
    name: Text = Field(description="the system or publication, as its owner calls it")
    owner: Key = Field(description="department that answers for it")
    kind: Key = Field(description="file name in datasources/: file, sql, http_json, mqtt, push, published, replay")
    provenance: Provenance = Field(
        description="published: statistics; live: from a running system; manual: entered by hand"
    )
    cadence: Cadence = Field(description="when new figures are promised")
    grace: Length | None = Field(
        default=None, description="how late is still late, not stale; half a cadence if missing"
    )
    connected: bool = Field(default=True, description="false: agreed but not yet linked up; shown as 未接入")
    planned: Text | None = Field(default=None, description="when it will be linked up, in the plan's words")
    contact: Text | None = Field(default=None, description="who to call when nothing comes; filled in on site")
    options: dict[str, Any] = Field(default_factory=dict, description="settings of the kind; checked by its Spec")


class Target(Entry):
    """A promise of the plan: `value` with `op`, or words where the plan gives no number."""

    op: Literal[">=", "<="] | None = Field(default=None, description="at least or at most; together with value")
    value: Number | None = Field(default=None, description="in the indicator's unit")
    words: Text | None = Field(default=None, description="the promise where it has no number; none is invented")
    place: Place = Field(description="where the plan or standard says so; begins with 提案 if it is our proposal")
    due: Due | None = Field(default=None, description="by when it is to hold: year, month or day, in quotes")


class YearGoal(Entry):
    """What one year is to bring: an amount or rate in the indicator's unit, or growth over the year before."""

    year: Annotated[str, Field(pattern=r"^\d{4}$")] = Field(description="calendar year, in quotes")
    value: Number | None = Field(default=None, description="for the whole year, in the indicator's unit")
    region: RegionCode | None = Field(
        default=None, description="the region it was set for; required with an amount, a rate holds everywhere without"
    )
    growth: Number | None = Field(
        default=None, gt=-100, le=1000, description="per cent more than the year before; amounts only"
    )
    place: Place = Field(description="where it was set; begins with 提案 if it is our proposal")


class Baseline(Entry):
    """A published starting point."""

    value: Number = Field(description="in the indicator's unit")
    date: Due = Field(description="of when it is: year, month or day, in quotes")
    place: Place | None = Field(default=None, description="where it is printed")
    approximate: bool = Field(default=False, description="the plan says 约, 近, 超 or 多")


class Bands(Entry):
    """Where a value stops being normal. Each edge has an author and a reason."""

    attention_above: Number | None = Field(default=None, description="values above call for attention")
    attention_below: Number | None = Field(default=None, description="values below call for attention")
    reason: Text = Field(description="standard, plan or, beginning with 提案, our proposal")
    owner: Key = Field(description="department that answers for the edge")


class Arrival(Entry):
    """What may arrive. Values outside go to quarantine until a person decides."""

    low: Number | None = Field(default=None, description="smallest possible value")
    high: Number | None = Field(default=None, description="largest possible value")
    jump: Number = Field(default=8.0, gt=0, description="allowed step in robust spreads of the recent steps")
    stuck_after: int | None = Field(default=None, ge=3, description="so many equal readings in a row are suspect")


class Indicator(Entry):
    """One figure of the city."""

    code: Code = Field(description="three letters of the theme and a number; never changed or used again")
    theme: Key = Field(description="id of its theme")
    name: Text = Field(description="as printed on tiles and in reports")
    definition: Text = Field(description="what is counted, in one sentence")
    formula: Text | None = Field(default=None, description="how value follows from numerator and denominator or parts")
    unit: Annotated[str, Field(min_length=1, max_length=16)] = Field(description="'-' for a bare number")
    decimals: int = Field(default=1, ge=0, le=4, description="digits after the point on screen")
    frequency: Frequency = Field(description="how often a figure is made")
    basis: Literal["period", "ytd", "point"] = Field(
        description="period: of the period; ytd: since 1 January; point: as of an instant"
    )
    direction: Literal["higher_better", "lower_better", "neutral", "target_range"] = Field(
        description="which way is good; target_range: neither too low nor too high"
    )
    aggregation: Literal["sum", "mean", "weighted", "ratio", "last"] = Field(
        description="how counties make the city: sum adds; ratio, mean, weighted divide the sums; last does not add up"
    )
    scale: Number = Field(default=1.0, gt=0, description="value = scale × numerator / denominator; 100 for %")
    levels: tuple[RegionKind, ...] = Field(
        min_length=1, description="levels at which figures are delivered or rolled up"
    )
    dims: tuple[Name, ...] = Field(default=(), description="further breakdowns: industry, dept, station …")
    owner: Key = Field(description="department that answers for the figure")
    source: Key = Field(description="source it comes from")
    rationale: Text | None = Field(default=None, description="place in the plan or standard that asks for it")
    headline: bool = Field(
        default=False, description="shown on the theme's tile; off track it can turn the theme alone"
    )
    historical: bool = Field(default=False, description="service ended; kept for the record, hidden by default")
    target: Target | None = None
    goals: tuple[YearGoal, ...] = Field(default=(), description="goals of single years, for the pace of the year")
    parts: tuple[Code, ...] = Field(
        default=(), description="indicators that add up to this one; what they leave is shown as the rest"
    )
    baseline: Baseline | None = None
    bands: Bands | None = None
    arrival: Arrival = Arrival()
    note: Text | None = Field(default=None, description="caution shown beside the definition")


class DrillStep(Entry):
    """One step of a guided drill path through a theme."""

    words: Annotated[str, Field(min_length=2, max_length=24)] = Field(description="the question this step answers")
    indicator: Code = Field(description="the figure in view at this step")
    region: Literal["same", "city", "worst"] = Field(
        default="same", description="where to look: as before, the whole city, or the county that drags most"
    )
    page: Literal["theme", "indicator"] = Field(default="theme", description="which page the step opens")


PlanProject = Annotated[int, Field(strict=True, ge=1, le=45)]
"""The plan lists 45 projects."""


class Theme(Entry):
    """One of the 27 subject areas (主题)."""

    id: Key = Field(description="what indicators, addresses and topics call it; never changed once in use")
    name: Text = Field(description="full name")
    short: Annotated[str, Field(min_length=2, max_length=4)] = Field(description="2 to 4 characters, for tiles")
    group: Text = Field(description="产业经济, 城市治理 …: the plan's grouping")
    function: Literal["经济调节", "市场监管", "社会管理", "公共服务", "生态环境保护"] = Field(
        description="one of the five functions of government"
    )
    dimension: Text = Field(description="one of the plan's eight indicator dimensions")
    lead: tuple[Key, ...] = Field(min_length=1, description="lead departments")
    support: tuple[Key, ...] = Field(default=(), description="departments that assist")
    plan_projects: tuple[PlanProject, ...] = Field(
        min_length=1, description="numbers of the projects in the plan's annex"
    )
    description: Text = Field(description="what the theme shows, in one sentence")
    drill: tuple[DrillStep, ...] = Field(
        default=(), max_length=5, description="guided drill path: questions a leader asks, in order"
    )


class StateRule(Entry):
    """The visible rule by which a theme's light follows from its indicators."""

    attention_share: Number = Field(
        gt=0, le=1, description="share of judged indicators off track that turns the theme to 关注"
    )
    headline_counts_alone: bool = Field(description="one headline indicator off track is enough")
    words: Text = Field(description="the same rule in words, shown on screen")


class AlertsInForce(Entry):
    """So many alerts at once of a level or worse."""

    level: int = Field(ge=1, le=4, description="1 red, 2 orange, 3 yellow, 4 blue")
    least: int = Field(default=1, ge=1, description="at least so many of this level or worse are in force")


class Stage(Entry):
    """One of the five operating stages of the city, with what leads to it: any condition is enough."""

    number: Literal[1, 2, 3, 4, 5] = Field(description="1 is calm, 5 is a city-wide emergency")
    name: Annotated[str, Field(min_length=2, max_length=6)] = Field(description="as printed on the wall")
    alerts: tuple[AlertsInForce, ...] = Field(default=(), description="alerts in force, any of these lines")
    attention_share: Number | None = Field(
        default=None, gt=0, le=1, description="so large a share of the judged themes is 关注"
    )
    words: Text = Field(description="what the stage means and what the city does in it, shown on screen")


class StageRule(Entry):
    """The visible rule by which the city's operating stage follows from alerts and the lights of the themes."""

    least_judged: Number = Field(gt=0, le=1, description="share of themes with usable data below which nothing is said")
    stages: tuple[Stage, ...] = Field(min_length=2, description="from the worst down; the last has no condition")
    words: Text = Field(description="the same rule in words, shown on screen")

    @model_validator(mode="after")
    def _falls(self) -> StageRule:
        """From 5 down to 1, each once; only the last holds without a condition."""
        numbers = [stage.number for stage in self.stages]
        free = [stage.number for stage in self.stages if not stage.alerts and stage.attention_share is None]
        if numbers != sorted(set(numbers), reverse=True) or free != numbers[-1:]:
            raise ValueError("等级须从高到低各写一次，且只有最后一级没有条件")
        return self


class Severity(Entry):
    """How much an indicator off track weighs."""

    headline_past_edge: Number = Field(gt=0, description="a headline past its edge of attention")
    headline: Number = Field(gt=0, description="a headline short of its target")
    other: Number = Field(gt=0, description="any other indicator")


class AttentionRule(Entry):
    """The visible rule by which indicators off track are ranked for leaders."""

    severity: Severity
    people: Code | None = Field(
        default=None, description="an indicator whose denominator is the number of people in a region"
    )
    words: Text = Field(description="the same rule in words, shown on screen")


class City(Entry):
    """The city itself."""

    code: RegionCode = Field(description="code of its entry among the regions")
    name: Text = Field(description="full name")
    timezone: Literal["Asia/Shanghai"] = Field(description="civil time of periods and calendars")


class Head(Entry):
    """What stands above the lists of indicators.yaml."""

    version: Literal[1] = Field(description="version of this format")
    city: City
    demo_city: bool = Field(description="true: every source gets a simulated twin 'demo_<key>' feeding the demo city")
    state_rule: StateRule
    stage_rule: StageRule | None = Field(default=None, description="without it no operating stage is shown")
    attention_rule: AttentionRule | None = Field(default=None, description="without it nothing is ranked for leaders")


class CatalogueFile(Head):
    """indicators.yaml: what the city measures."""

    regions: tuple[Region, ...] = Field(description="the city, its counties, zones and towns")
    sources: tuple[Source, ...] = Field(description="where figures come from")
    themes: tuple[Theme, ...] = Field(description="subject areas")
    indicators: tuple[Indicator, ...] = Field(description="figures of the city")


class DepartmentsHead(Entry):
    """What stands above the list of departments.yaml."""

    version: Literal[1] = Field(description="version of this format")


class DepartmentsFile(DepartmentsHead):
    """departments.yaml: who answers for figures."""

    departments: tuple[Department, ...] = Field(description="units that own figures or handle events")
