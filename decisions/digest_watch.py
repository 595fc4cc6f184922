"""What to watch today: warnings, forecasts that cross an edge, sources late, events overdue, targets falling due."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from decisions.digest import Fact, Item, Section
from decisions.digest_crossings import crossings
from decisions.digest_ground import Ground
from decisions.digest_targets import targets
from decisions.digest_words import CITY_TIME, counted, moment, named, period, source_name
from decisions.warning import Warning
from decisions.warning_words import bound_words, colour, measured, unit_of
from decisions.warnings import engine_trouble, in_force
from dispatch.loop import loop
from indicators.freshness import judge
from indicators.reading import Freshness
from indicators.readings import latest_in
from indicators.reports_due import reports_due
from indicators.states import is_past_promise

MOST_WARNINGS, MOST_SOURCES = 5, 4
WARNINGS, EVENTS, INDICATORS = "warnings.view", "events.view", "indicators.view"


def to_watch(on: Ground) -> list[Item]:
    """Worst first; if there is nothing at all, that is said."""
    found = [*_warnings(on), *crossings(on), *_overdue(on), *_late(on), *targets(on)]
    if found:
        return found
    return [Item(Section.WATCH, "no_watch", "no_watch", INDICATORS, {"here": named("范围", on.here)})]


def _warnings(on: Ground) -> list[Item]:
    inside = {region.code for region in on.catalogue.within(on.region)}
    found = in_force(on.connection, on.by, world=on.subject.world, regions=inside)
    own = [one for one in found if on.subject.theme in ("", one.theme) and one.level is not None and one.quiet is None]
    own.sort(key=lambda one: (one.level or 4, one.is_forecast, one.began_at, one.rule, one.region))
    told = [_expected(on, one) if one.is_forecast else _warning(on, one) for one in own[:MOST_WARNINGS]]
    if len(own) > MOST_WARNINGS:
        more = counted("其余预警", len(own) - MOST_WARNINGS, "条", "warnings:", nature=on.nature)
        told.append(Item(Section.WATCH, "more_warnings", "more_warnings", WARNINGS, {"count": more}))
    trouble = engine_trouble(on.connection, on.now)
    if trouble is not None:
        facts = {"trouble": Fact("引擎", trouble, nature=on.nature)}
        told.append(Item(Section.WATCH, "silent_engine", "silent_engine", WARNINGS, facts))
    return told


def _warning(on: Ground, one: Warning) -> Item:
    began = Fact("生效", moment(one.began_at), when="", ref=f"warning:{one.id}")
    facts = _common(on, one) | {"since": began, "measured": _seen(on, one)}
    return Item(Section.WATCH, "warning", f"warning:{one.id}", WARNINGS, facts)


def _expected(on: Ground, one: Warning) -> Item:
    step = one.evidence.get("step") or [one.evidence.get("period")]
    label = str(step[0] or "")
    ahead = Fact("提前", f"预计时间{period(label)}" if label else "未注明预计时间")
    facts = _common(on, one) | {"measured": _seen(on, one), "ahead": ahead}
    return Item(Section.WATCH, "expected", f"warning:{one.id}", WARNINGS, facts)


def _common(on: Ground, one: Warning) -> dict[str, Fact]:
    unit = str(one.evidence.get("unit") or "")
    measured_in = unit_of(one.measure, unit)
    return {
        "region": named("区域", on.catalogue.regions[one.region].name if one.region in on.catalogue.regions else ""),
        "name": named("预警", one.name, f"warning:{one.id}"),
        "colour": named("等级", colour(one)),
        "bound": Fact("界限", bound_words(one, one.bound, unit), one.bound, measured_in),
    }


def _seen(on: Ground, one: Warning) -> Fact:
    """The worst value so far; marked if the figure behind it has since become stale."""
    unit = str(one.evidence.get("unit") or "")
    now = latest_in(
        on.connection, on.catalogue, on.by, world=on.subject.world, code=one.indicator, regions=[one.region], now=on.now
    ).get(one.region)  # fmt: skip
    is_stale = now is not None and is_past_promise(now)
    return Fact(
        "实测", measured(one.measure, one.peak, unit), one.peak, unit_of(one.measure, unit),
        when=f"最近数据{period(now.period)}" if now is not None and is_stale else "",
        nature=str(one.evidence.get("provenance") or ""), standing=now.freshness.value if now and is_stale else "",
        source=source_name(on.catalogue, str(one.evidence.get("source") or "")), ref=f"indicator:{one.indicator}",
    )  # fmt: skip


def _overdue(on: Ground) -> list[Item]:
    """Open events of a region past their limit; a theme has none of its own."""
    if on.subject.theme:
        return []
    found = loop(on.connection, on.by, world=on.subject.world, region=on.region, now=on.now)
    if not found.overdue and not found.due_soon:
        return []
    facts = {
        "open": counted("在办", found.open, "件", "events:", nature=on.nature),
        "late": counted("超期", found.overdue, "件", "events:overdue", nature=on.nature),
        "soon": counted("临期", found.due_soon, "件", "events:", nature=on.nature),
    }
    return [Item(Section.WATCH, "overdue", "overdue", EVENTS, facts)]


def _late(on: Ground) -> Iterable[Item]:
    """Sources that came once and are late now, with what they owe the subject."""
    own = {code: found for code, found in on.readings.items() if on.concerns(on.catalogue.indicators[code])}
    owed = [one for one in reports_due(on.catalogue, own, on.region, on.world) if one.newest is not None]
    for one in owed[:MOST_SOURCES]:
        ref = f"source:{one.source.key}"
        facts = {
            "name": named("来源", one.source.name, ref),
            "reason": Fact("情况", one.reason or "迟报", nature=on.nature, source=one.source.name, ref=ref),
        }
        yield Item(Section.WATCH, "late_source", ref, INDICATORS, facts)


def is_late(on: Ground, source: str, newest: datetime | None) -> bool:
    """True if the source is past its promise at this moment."""
    if not on.catalogue.has_source(source):
        return False
    judged = judge(on.catalogue.source(source), newest_period=None, newest_observed_at=newest, now=on.now)
    return judged.freshness is not Freshness.FRESH


def civil_day(now: datetime, back: int = 0) -> str:
    """The civil day of the city, so many days back."""
    return (now.astimezone(CITY_TIME) - timedelta(days=back)).date().isoformat()
