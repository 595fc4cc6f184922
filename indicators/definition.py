"""The shapes of `indicators.yaml` and `departments.yaml`: frozen, no unknown keys, every key described.

Shape only. What must hold between entries (known sources, one parent per town, bounds in order …) is checked in
`checks.py`; where in the file a problem stands is told by `catalogue.py`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from datasources.delivery.period import Frequency

Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,62}$")]
Code = Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{2,3}$")]
Text = Annotated[str, Field(min_length=1, max_length=600)]
RegionCode = Annotated[str, Field(pattern=r"^[0-9A-Z-]{6,16}$")]


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

    code: RegionCode = Field(description="NBS code, or our own for functional areas and zones")
    name: Text = Field(description="full name")
    short: Text = Field(description="name without 区/县/镇 for narrow places")
    kind: RegionKind
    parent: RegionCode | None = Field(default=None, description="the region it adds up to; none for the city")
    division: RegionCode | None = Field(default=None, description="administrative parent where it differs from `parent`")
    official: bool = Field(default=True, description="false: not an administrative division")
    lon: float | None = Field(default=None, ge=115, le=118, description="WGS84")
    lat: float | None = Field(default=None, ge=22, le=25, description="WGS84")
    note: str | None = None


class Department(Entry):
    """A unit that owns figures or handles events."""

    key: Key
    name: Text
    short: Text = Field(description="at most 6 characters, for tiles")
    contact: str | None = Field(default=None, description="duty telephone or mailbox; filled in on site")


class Cadence(Entry):
    """What a source promises. Exactly one of `every` and `release`."""

    every: str | None = Field(default=None, pattern=r"^\d+(s|m|h|d)$", description="streams: 1m, 5m, 1h")
    release: Literal["yearly", "quarterly", "monthly", "daily", "hourly"] | None = Field(
        default=None, description="publications: which period they are for"
    )
    month: int | None = Field(default=None, ge=1, le=12, description="yearly: month of the following year")
    day: int | None = Field(default=None, ge=1, le=31, description="yearly, quarterly, monthly: day of the month after")
    at: str | None = Field(default=None, pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="clock time; hourly: minute after the hour")


class Source(Entry):
    """Where figures come from: who owns them, how they arrive and what was promised."""

    key: Key
    name: Text
    owner: Key = Field(description="department that answers for it")
    kind: Key = Field(description="file name in datasources/: file, sql, http_json, mqtt, push, published, replay")
    provenance: Literal["published", "live", "manual"]
    cadence: Cadence
    grace: str | None = Field(default=None, pattern=r"^\d+(s|m|h|d)$", description="how late is still late, not stale; half a cadence if missing")
    connected: bool = Field(default=True, description="false: agreed but not yet linked up; shown as 未接入")
    planned: str | None = Field(default=None, description="when it will be linked up, in the plan's words")
    contact: str | None = None
    options: dict[str, Any] = Field(default_factory=dict, description="settings of the kind; checked by its Spec")


class Target(Entry):
    """A promise of the plan: `value` with `op`, or words where the plan gives no number."""

    op: Literal[">=", "<="] | None = None
    value: float | None = None
    words: str | None = None
    place: Text = Field(description="where the plan or standard says so")
    due: str | None = Field(default=None, description="year or date")


class Baseline(Entry):
    """A published starting point."""

    value: float
    date: str
    place: str | None = None
    approximate: bool = Field(default=False, description="the plan says 约, 近, 超 or 多")


class Bands(Entry):
    """Where a value stops being normal. Each edge has an author and a reason."""

    attention_above: float | None = None
    attention_below: float | None = None
    reason: Text
    owner: Key


class Arrival(Entry):
    """What may arrive. Values outside go to quarantine until a person decides."""

    low: float | None = Field(default=None, description="smallest possible value")
    high: float | None = Field(default=None, description="largest possible value")
    jump: float = Field(default=8.0, gt=0, description="allowed step in robust spreads of the recent steps")
    stuck_after: int | None = Field(default=None, ge=3, description="so many equal readings in a row are suspect")


class Indicator(Entry):
    """One figure of the city."""

    code: Code
    theme: Key
    name: Text
    definition: Text = Field(description="what is counted, in one sentence")
    formula: str | None = Field(default=None, description="how value follows from numerator and denominator or parts")
    unit: Text
    decimals: int = Field(default=1, ge=0, le=4)
    frequency: Frequency
    basis: Literal["period", "ytd", "point"] = Field(description="period: of the period; ytd: since 1 January; point: as of an instant")
    direction: Literal["higher_better", "lower_better", "neutral", "target_range"]
    aggregation: Literal["sum", "mean", "weighted", "ratio", "last"]
    scale: float = Field(default=1.0, gt=0, description="value = scale × numerator / denominator; 100 for %")
    levels: tuple[RegionKind, ...] = Field(description="levels at which figures are delivered or rolled up")
    dims: tuple[str, ...] = Field(default=(), description="further breakdowns: industry, dept, station …")
    owner: Key
    source: Key
    rationale: str | None = Field(default=None, description="place in the plan or standard that asks for it")
    headline: bool = False
    historical: bool = Field(default=False, description="service ended; kept for the record, hidden by default")
    target: Target | None = None
    baseline: Baseline | None = None
    bands: Bands | None = None
    arrival: Arrival = Arrival()


class Theme(Entry):
    """One of the 27 subject areas (主题)."""

    id: Key
    name: Text
    short: Annotated[str, Field(min_length=2, max_length=4)]
    group: Text = Field(description="产业经济, 城市治理 …: the plan's grouping")
    function: Literal["经济调节", "市场监管", "社会管理", "公共服务", "生态环境保护"]
    dimension: Text = Field(description="one of the plan's eight indicator dimensions")
    lead: tuple[Key, ...] = Field(min_length=1, description="lead departments")
    support: tuple[Text, ...] = ()
    plan_projects: tuple[int, ...] = Field(min_length=1)
    description: Text


class StateRule(Entry):
    """The visible rule by which a theme's light follows from its indicators."""

    attention_share: float = Field(gt=0, le=1, description="share of judged indicators off track that turns the theme to 关注")
    headline_counts_alone: bool = Field(description="one headline indicator off track is enough")
    words: Text = Field(description="the same rule in words, shown on screen")


class City(Entry):
    code: RegionCode
    name: Text
    timezone: Literal["Asia/Shanghai"]


class CatalogueFile(Entry):
    """indicators.yaml"""

    version: Literal[1]
    city: City
    demo_city: bool = Field(description="true: every source gets a simulated twin 'demo_<key>' feeding the demo city")
    state_rule: StateRule
    regions: tuple[Region, ...]
    sources: tuple[Source, ...]
    themes: tuple[Theme, ...]
    indicators: tuple[Indicator, ...]


class DepartmentsFile(Entry):
    """departments.yaml"""

    version: Literal[1]
    departments: tuple[Department, ...]
