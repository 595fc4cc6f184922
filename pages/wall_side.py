"""Further panels of wide walls: important events, hours, how counties keep time, hotline, duty, video, sources."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from components.duty import wall_duty
from components.faces import empty, panel_head
from components.marks import seal, seals
from components.markup import Tree
from components.notices import source_notices
from components.numbers import figure
from components.shown import as_of
from components.times import CITY_TIME, clock
from components.wall_compare import Load, event_table, hours, load_table
from components.wall_side import hot_list, missing, video_wall
from decisions.findings import topic_of
from decisions.issues import hot_issues
from dispatch.loop import pins
from geography.layers import spots
from indicators.definition import RegionKind, Source
from indicators.places import layers_of
from indicators.reading import Provenance, Reading, World
from indicators.readings import breakdown, history, latest_in
from pages import sources_view
from pages.duty_view import DUTY as DUTY_TOPIC
from pages.duty_view import is_simulated, rules_in_view, standings
from pages.panels import panel
from pages.view import View, readings_in_view
from pages.wall_figures import EVENTS, READINGS
from pages.wall_trends import county_cell

FINDINGS = topic_of("{world}")
ON_TIME, RECEIVED, CALLS, VIDEO, DUTY = "EVT-06", "EVT-01", "HOT-04", "INF-11", "EMG-03"
FIRST_CALLED = 4
"""Departments of the roster whose duty rooms the command centre calls first, after the counties'."""
FRAMES = 6
HOTTEST, HOT_SPAN = 8, timedelta(days=7)


@panel("wall-events", topics=[EVENTS], right="events.view")
def draw_events(view: View) -> Tree:
    """Open events above the everyday, and late ones."""
    found = pins(view.connection, view.by, world=view.world, region=view.region, now=view.now)
    great = sorted((pin for pin in found if pin.level or pin.overdue), key=lambda pin: (pin.level or 9, pin.since))
    head = panel_head("重点事件", f"{len(great)} 件 · 按级别、历时排序")
    if not great:
        return [head, empty("没有在办的重点事件", "红、橙、黄、蓝级和超期事件在此列出")]
    names = {code: region.short for code, region in view.catalogue.regions.items()}
    return [head, event_table(great, names, view.now)]


@panel("wall-hours", topics=[READINGS], right="indicators.view", soft_seconds=120)
def draw_hours(view: View) -> Tree:
    """Events received in every hour of the day so far."""
    received = _per_hour(view, RECEIVED)
    head = html.H3(["分时受理 ", html.I(className="ha"), html.Small(f"今日 {sum(v or 0 for v in received):,.0f} 件")])
    return [head, hours(received, "受理")] if any(received) else [head, empty("今日尚无受理", "每小时更新")]


def _per_hour(view: View, code: str) -> list[float | None]:
    """How much a count that starts at zero each day grew in each hour."""
    now = view.now.astimezone(CITY_TIME)
    found = history(
        view.connection, view.catalogue, view.by, world=view.world, code=code, region=view.region,
        start=f"{now:%Y-%m-%d}T00:00", now=view.now,
    )  # fmt: skip
    last = {reading.period[11:13]: reading.value for reading in found if reading.value is not None}
    grown: list[float | None] = []
    before = 0.0
    for hour in range(now.hour + 1):
        value = last.get(f"{hour:02}")
        grown.append(None if value is None else max(value - before, 0.0))
        before = before if value is None else value
    return grown


@panel("wall-departments", topics=[EVENTS, READINGS], right="events.view")
def draw_departments(view: View) -> Tree:
    """How each county keeps the time limits: in hand, closed in time, late."""
    counties = [code for code, one in view.catalogue.regions.items() if one.kind is RegionKind.COUNTY]
    found = pins(view.connection, view.by, world=view.world, region=view.catalogue.city.code, now=view.now)
    open_in, late_in = Counter(pin.county for pin in found), Counter(pin.county for pin in found if pin.overdue)
    rates = latest_in(
        view.connection, view.catalogue, view.by, world=view.world, code=ON_TIME, regions=counties, now=view.now
    )
    loads = [
        Load(
            view.catalogue.regions[code].name,
            code,
            open_in[code],
            late_in[code],
            county_cell(view, ON_TIME, rates.get(code)),
        )
        for code in counties
    ]
    ranked = sorted(loads, key=lambda load: -((reading.value or 0.0) if (reading := rates.get(load.code)) else 0.0))
    return [panel_head("承办效能", _speaks_of(view, list(rates.values()))), load_table(ranked, view.place)]


def _speaks_of(view: View, rates: list[Reading]) -> Component:
    """What day the rates are of, beside counts of this moment."""
    days = dict.fromkeys(as_of(one, view.now) for one in sorted(rates, key=lambda one: one.period))
    words = f"在办为现在 · 按期办结率 {'、'.join(days)} " if days else "按期办结率由高到低"
    return html.Span([words, *(seals(rates[0]) if rates else ())])


@panel("wall-hot", topics=[READINGS, FINDINGS], right="indicators.view")
def draw_hot(view: View) -> Tree:
    """What people call about: as the hotline sorts its calls; until it does, what their reports are found to share."""
    found = breakdown(
        view.connection, view.catalogue, view.by, world=view.world, code=CALLS, region=view.region, now=view.now
    )
    given = {dim.partition("=")[2]: reading for dim, reading in found.items() if reading.value}
    if given:
        rows = sorted(((name, reading.value or 0.0) for name, reading in given.items()), key=lambda row: -row[1])
        total = f"今日 {sum(count for _, count in rows):,.0f} 件 "
        return hot_list("12345 诉求热点", rows[:HOTTEST], [total, seal(next(iter(given.values())).provenance)])
    rows = _shared(view)
    if rows:
        mark = seal(Provenance.SIMULATED) if view.world is World.DEMO else None
        return hot_list("群众诉求热点", rows, [f"近 {HOT_SPAN.days} 天同一事由，件 ", mark])
    source, owner = _source(view, CALLS)
    return missing("12345 诉求热点", "诉求分类明细", source, owner)


def _shared(view: View) -> list[tuple[str, float]]:
    """The hot issues by their reports: place and matter, how many; for whoever may see events."""
    if not view.by.may("events.view"):
        return []
    rules = rules_in_view(view)
    found = hot_issues(
        view.connection, rules, view.by, world=view.world.value, region=view.region,
        since=view.now - HOT_SPAN, until=view.now,
    )  # fmt: skip
    count: Counter[str] = Counter()
    for one in found.found:
        matter = rules.category_name(one.category) if one.category else "未分类"
        count[f"{one.place} {matter}"] += len(one.members)
    return [(name, float(number)) for name, number in count.most_common(HOTTEST)]


@panel("wall-duty", topics=[DUTY_TOPIC, "sources"], right="events.view", soft_seconds=60)
def draw_duty(view: View) -> Tree:
    """Who keeps duty in the rooms the command centre calls first: names for the hall, never a number."""
    counties = [one.code for one in view.catalogue.children(view.catalogue.city.code)]
    rooms = [view.catalogue.city.code, *counties, *rules_in_view(view).rules.duty.departments[:FIRST_CALLED]]
    found = [one for one in standings(view, rooms) if one.now]
    if found:
        return wall_duty(found, view.now, f"{clock(view.now)} 在班", is_simulated(view))
    source, owner = _source(view, DUTY)
    return missing("值守", "值班表", source, owner)


@panel("wall-video", topics=[READINGS], right="indicators.view")
def draw_video(view: View) -> Tree:
    """How many cameras are on line; pictures come with the city's video platform."""
    source, owner = _source(view, VIDEO)
    reading = readings_in_view(view, [VIDEO]).get(VIDEO)
    online = figure(reading.value if reading else None, "%", 1).compact
    names = [spot.name for spot in spots("cameras")[:FRAMES]] if "cameras" in layers_of(view.world) else []
    mark = seal(reading.provenance) if reading and reading.value is not None else None
    note = html.Span(["在线率 ", html.B(online, className="n"), mark])
    return video_wall(note, source, owner, names or [f"点位 {number}" for number in range(1, FRAMES + 1)])


@panel("wall-notices", topics=["sources", READINGS], right="sources.view")
def draw_notices(view: View) -> Tree:
    """Sources past their promise: one line per source, never one per indicator."""
    return source_notices(sources_view.listed(view), view.place, view.now, at_most=4)


def _source(view: View, code: str) -> tuple[Source | None, str]:
    """The source of an indicator as written, and who answers for it."""
    indicator = view.catalogue.indicators.get(code)
    source = view.catalogue.sources.get(indicator.source) if indicator else None
    return source, view.catalogue.departments[source.owner].short if source else "待定"
