"""What the panels of `/evaluation` share: what the address asks for, the evaluation itself, where links lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import cast

from components.theme_head import Choice
from datasources.delivery.period import CITY_TIME
from dispatch.evaluation import By, Evaluation, Standing, evaluate
from dispatch.evaluation_span import NoSpan, span
from dispatch.measures import BY_KEY, Period
from dispatch.rulebook import Rulebook, rulebook
from pages.view import Refused, View

PATH = "/evaluation"
RIGHT = "events.view"
TOPIC = "events:{world}"
GROUPS = {"county": "按县区", "department": "按单位", "category": "按类别"}
HEADS = {"county": "县区", "department": "单位", "category": "类别"}
PARTS = {"of": "分母", "good": "分子", "rest": "不在分子"}
FILTERS = ("from", "to", "asof", "by", "department", "category")
SHOWN = ("measure", "row", "part", "page", "event")
PARAMS = (*FILTERS, *SHOWN)
USUAL_MEASURE = "closed_on_time_rate"


@dataclass(frozen=True)
class Asked:
    """The address taken apart. `region` None is the whole city."""

    period: Period
    first: date
    last: date
    as_of: date | None
    group: By
    region: str | None
    department: str | None
    category: str | None
    measure: str
    row: str | None
    part: str
    page: int


def asked(view: View) -> Asked:
    """Refused for what does not exist."""
    given = {name: view.params.get(name) or None for name in PARAMS}
    first, last, as_of = (_day(given[name]) for name in ("from", "to", "asof"))
    try:
        period = span(first, last, as_of, view.now.replace(second=0, microsecond=0))
    except NoSpan as wrong:
        raise Refused(str(wrong)) from wrong
    rules = rules_in(view)
    group, part, measure = given["by"] or "county", given["part"] or "of", given["measure"] or USUAL_MEASURE
    if group not in GROUPS or part not in PARTS or measure not in BY_KEY:
        raise Refused("没有这种分组或这个指标")
    if given["department"] not in (None, *view.catalogue.departments):
        raise Refused("没有这个单位")
    if given["category"] not in (None, *rules.categories):
        raise Refused("没有这个类别")
    days = [moment.astimezone(CITY_TIME).date() for moment in (period.start, period.end)]
    return Asked(
        period, days[0], date.fromordinal(days[1].toordinal() - 1), as_of, cast("By", group), _region(view),
        given["department"], given["category"], measure, given["row"], part, _page(given["page"]),
    )  # fmt: skip


def rules_in(view: View) -> Rulebook:
    """The rules in force."""
    return rulebook(view.catalogue, view.live.folder if view.live is not None else None)


def evaluation(view: View, ask: Asked, group: By, period: Period | None = None) -> Evaluation:
    """The table of what is asked for, by another grouping or over another period."""
    return evaluate(
        view.connection, view.by, rules_in(view), period or ask.period, world=view.world.value, group=group,
        region=ask.region, department=ask.department, category=ask.category,
    )  # fmt: skip


def whole(view: View, ask: Asked, period: Period | None = None) -> Standing:
    """All cases asked for as one."""
    return evaluation(view, ask, "all", period).standings[0]


def before(ask: Asked) -> Period:
    """The stretch of the same length before, as known at its own end or the chosen day, whichever is earlier."""
    length = ask.period.end - ask.period.start
    return Period(ask.period.start - length, ask.period.start, min(ask.period.start, ask.period.as_of))


def link(view: View, /, **more: str | None) -> str:
    """This page with the same choices and other parts of the address."""
    kept = {name: view.params.get(name) for name in FILTERS}
    return view.place.to(PATH, **(kept | more))


def presets(view: View, ask: Asked) -> list[Choice]:
    """Usual stretches that end today."""
    today = view.now.astimezone(CITY_TIME).date()
    found = []
    for words, days in (("近 7 天", 7), ("近 30 天", 30), ("近 90 天", 90)):
        first = date.fromordinal(today.toordinal() - days + 1)
        is_here = (ask.first, ask.last) == (first, today)
        found.append(Choice(words, link(view, **{"from": first.isoformat(), "to": today.isoformat()}), is_here))
    first = today.replace(day=1)
    to_month = link(view, **{"from": first.isoformat(), "to": today.isoformat()})
    return [*found, Choice("本月", to_month, (ask.first, ask.last) == (first, today))]


def _region(view: View) -> str | None:
    return None if view.region == view.catalogue.city.code else view.region


def _page(text: str | None) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and 0 < int(text) < 10_000 else 1


def _day(text: str | None) -> date | None:
    try:
        return None if text is None else date.fromisoformat(text)
    except ValueError as error:
        raise Refused(f"“{text}”不是日期") from error
