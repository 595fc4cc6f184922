"""What must hold between the entries of the catalogue: a table of checks, each yielding where and what is wrong."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from datasources.delivery.period import Frequency
from indicators import plan_checks
from indicators.definition import Bands, Indicator, Region, RegionKind, Source, Target
from indicators.draft import Draft, E, Placed, Sheet
from indicators.problems import suggestion
from indicators.references import unknown_names
from indicators.source_kinds import kind_problems
from indicators.yaml_text import Path

Finding = tuple[Path, str]
"""Where inside the entry, and what is wrong."""


def check(draft: Draft) -> None:
    """Report everything that makes no sense to the sheets of `draft`."""
    for path, message in unknown_names(draft):
        draft.catalogue.report(path, message)
    _each(draft, draft.regions, _region)
    _each(draft, draft.sources, _source)
    for find in INDICATOR_CHECKS:
        _each(draft, draft.indicators, find)
    _each(draft, draft.themes, plan_checks.drill)
    _report(draft.catalogue, (), _city(draft))


def _each(draft: Draft, entries: Mapping[str, Placed[E]], find: Callable[[Draft, E], Iterable[Finding]]) -> None:
    for placed in entries.values():
        findings = [found for found in find(draft, placed.entry) if not placed.without.intersection(found[0][:1])]
        _report(draft.catalogue, placed.path, findings)


def _report(sheet: Sheet, path: Path, findings: Iterable[Finding]) -> None:
    for inner, message in findings:
        sheet.report((*path, *inner), message)


# Regions

_PARENT_KIND = {RegionKind.COUNTY: RegionKind.CITY, RegionKind.TOWN: RegionKind.COUNTY}


def _city(draft: Draft) -> Iterator[Finding]:
    """Exactly one city, the one named above."""
    if draft.head is None or not draft.regions:
        return
    code = draft.head.city.code
    if code not in draft.names["regions"]:
        yield ("city", "code"), f"regions 中没有“{code}”。{suggestion(code, draft.names['regions'])}"
    for placed in draft.regions.values():
        if (placed.entry.kind is RegionKind.CITY) != (placed.entry.code == code):
            yield (*placed.path, "kind"), f"kind: city 只能是 city.code 所写的那一个（{code}）"


def _region(draft: Draft, region: Region) -> Iterator[Finding]:
    wanted = _PARENT_KIND.get(region.kind)
    if wanted is None and region.parent is not None:
        yield ("parent",), f"{region.kind} 不加总到别处，不写 parent"
    if wanted is not None and region.parent is None:
        yield ("parent",), f"缺少 parent：{region.kind} 必须写明加总到哪个 {wanted}"
    parent = draft.regions.get(region.parent or "")
    if wanted is not None and parent is not None and parent.entry.kind is not wanted:
        yield ("parent",), f"{region.kind} 的 parent 应是 {wanted}，{region.parent} 是 {parent.entry.kind}"
    if (region.lon is None) != (region.lat is None):
        yield (), "lon 和 lat 要么都写，要么都不写"


# Sources

TWIN = "demo_"
_CALENDAR = {
    "yearly": {"month", "day", "at"},
    "quarterly": {"day", "at"},
    "monthly": {"day", "at"},
    "daily": {"at"},
    "hourly": {"at"},
}
"""Which parts of a calendar mean something for which release."""


def _source(draft: Draft, source: Source) -> Iterator[Finding]:
    if source.key.startswith(TWIN):
        yield ("key",), f"不能以 {TWIN} 开头，这是模拟来源的专用前缀"
    yield from _cadence(source)
    yield from kind_problems(source.kind, source.options)


def _cadence(source: Source) -> Iterator[Finding]:
    cadence = source.cadence
    if (cadence.every is None) == (cadence.release is None):
        yield ("cadence",), "every（每隔多久）和 release（按日历发布）必须且只能写一个"
        return
    allowed = _CALENDAR.get(cadence.release or "", set())
    for key in ("month", "day", "at"):
        if getattr(cadence, key) is not None and key not in allowed:
            yield ("cadence", key), f"{cadence.release or 'every'} 不用写 {key}"
    if cadence.release == "hourly" and cadence.at is not None and not cadence.at.startswith("00:"):
        yield ("cadence", "at"), '每小时发布只写整点后的分钟，如 at: "00:15"'


# Indicators

_ORDER = (Frequency.YEARLY, Frequency.QUARTERLY, Frequency.MONTHLY, Frequency.DAILY, Frequency.HOURLY)
_DIVIDED = ("ratio", "mean", "weighted")


def _pace(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    """A monthly publication cannot bring a daily figure; a daily one may bring a yearly figure."""
    source = draft.sources.get(indicator.source)
    release = source.entry.cadence.release if source is not None else None
    if release is None:
        return
    pace = Frequency(release)
    finest = _ORDER.index(pace)
    if indicator.frequency not in _ORDER[: finest + 1]:
        yield ("frequency",), f"{indicator.frequency} 比来源 {indicator.source} 的发布周期 {pace} 还密"


def _arithmetic(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    divided = indicator.aggregation in _DIVIDED
    if divided and indicator.formula is None:
        yield ("formula",), f"缺少 formula：{indicator.aggregation} 要写明分子和分母，县区才能准确汇总到全市"
    if divided and indicator.unit == "%" and indicator.scale != 100:
        yield ("scale",), f"单位是 %，scale 应为 100，现为 {indicator.scale:g}"
    if not divided and indicator.scale != 1:
        yield ("scale",), f"{indicator.aggregation} 不用 scale"
    if indicator.unit == "%" and indicator.aggregation == "sum":
        yield ("aggregation",), "百分比不能相加，请改为 ratio、weighted 或 last"


def _levels(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    levels = indicator.levels
    if len(set(levels)) != len(levels) or len(set(indicator.dims)) != len(indicator.dims):
        yield ("levels",), "levels、dims 中不能有重复"
    if RegionKind.CITY not in levels:
        yield ("levels",), "levels 要包括 city，主题页以全市数为准"
    if RegionKind.TOWN in levels and RegionKind.COUNTY not in levels:
        yield ("levels",), "有 town 就要有 county，镇街先汇总到县区"


def _goal(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    target = indicator.target
    if target is None:
        return
    numbered = target.op is not None and target.value is not None
    if (target.op is None) != (target.value is None) or numbered == (target.words is not None):
        yield ("target",), "有数值写 op 和 value，没有数值写 words，两者必须且只能取一种"
    if target.op == ">=" and indicator.direction == "lower_better":
        yield ("target", "op"), "direction 是 lower_better（越低越好），目标应为 <="
    if target.op == "<=" and indicator.direction == "higher_better":
        yield ("target", "op"), "direction 是 higher_better（越高越好），目标应为 >="


def _range(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    """The edges of what may arrive in order, and every other figure of the entry between them."""
    low, high = indicator.arrival.low, indicator.arrival.high
    if low is not None and high is not None and low >= high:
        yield ("arrival", "low"), f"low {low:g} 应小于 high {high:g}"
        return
    for path, value in _figures(indicator.target, indicator.bands):
        if value is not None and ((low is not None and value < low) or (high is not None and value > high)):
            yield path, f"{value:g} 不在 arrival 的范围（{_edge(low)} 至 {_edge(high)}）之内"


def _figures(target: Target | None, bands: Bands | None) -> Iterator[tuple[Path, float | None]]:
    if target is not None:
        yield ("target", "value"), target.value
    if bands is not None:
        yield ("bands", "attention_below"), bands.attention_below
        yield ("bands", "attention_above"), bands.attention_above


def _edge(value: float | None) -> str:
    return "不限" if value is None else f"{value:g}"


def _bands(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    bands, target = indicator.bands, indicator.target
    if bands is None:
        return
    below, above = bands.attention_below, bands.attention_above
    if below is None and above is None:
        yield ("bands",), "attention_above、attention_below 至少写一个"
    if below is not None and above is not None and below >= above:
        yield ("bands", "attention_below"), f"attention_below {below:g} 应小于 attention_above {above:g}"
    if target is not None and target.value is not None:
        if target.op == "<=" and above is not None and above < target.value:
            yield ("bands", "attention_above"), f"{above:g} 比目标 {target.value:g} 还严，达标也会报关注"
        if target.op == ">=" and below is not None and below > target.value:
            yield ("bands", "attention_below"), f"{below:g} 比目标 {target.value:g} 还严，达标也会报关注"


def _past(draft: Draft, indicator: Indicator) -> Iterator[Finding]:
    if indicator.historical and indicator.headline:
        yield ("headline",), "已停用的历史指标不能作重点指标"


INDICATOR_CHECKS: tuple[Callable[[Draft, Indicator], Iterator[Finding]], ...] = (
    _pace,
    _arithmetic,
    _levels,
    _goal,
    _range,
    _bands,
    _past,
    plan_checks.goals,
    plan_checks.parts,
)
