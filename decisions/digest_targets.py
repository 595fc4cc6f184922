"""Promises of the plan that fall due or are past due, and goals of this year that are behind their pace."""

from __future__ import annotations

from datetime import date, datetime

from decisions.digest import Fact, Item, Section
from decisions.digest_ground import Ground
from decisions.digest_words import CITY_TIME, counted, figure, named, sized
from indicators.comparison import Progress, progress
from indicators.definition import Indicator, Target
from indicators.reading import Reading
from indicators.states import is_past_promise

SOON_DAYS = 120
MOST_AHEAD, MOST_MISSED, MOST_BEHIND = 3, 2, 2
RIGHT = "indicators.view"
_RATES = frozenset({"ratio", "weighted", "mean"})


def targets(on: Ground) -> list[Item]:
    """Falling due soon, missed, behind this year's pace; the worst few of each by name."""
    ahead: list[tuple[int, Item]] = []
    missed: list[tuple[float, Item]] = []
    behind: list[tuple[float, Item]] = []
    for indicator, reading, stands in _short(on):
        due = _last_day(indicator.target)
        gap = abs(stands.completion - 1)
        if due is None:
            behind.append((-gap, _behind(on, indicator, reading, stands)))
        elif 0 <= (left := (due - _today(on.now)).days) <= SOON_DAYS:
            ahead.append((left, _due(on, indicator, reading, "target_ahead", due, left)))
        elif left < 0:
            missed.append((-gap, _due(on, indicator, reading, "target_missed", due, left)))
    told = [one for found, most in ((ahead, MOST_AHEAD), (missed, MOST_MISSED), (behind, MOST_BEHIND))
            for _, one in sorted(found, key=lambda pair: (pair[0], pair[1].key))[:most]]  # fmt: skip
    if len(missed) > MOST_MISSED:
        more = counted("其余目标", len(missed) - MOST_MISSED, "项", nature=on.nature)
        told.append(Item(Section.WATCH, "more_targets", "more_targets", RIGHT, {"count": more}))
    return told


def _short(on: Ground) -> list[tuple[Indicator, Reading, Progress]]:
    """Figures short of a target of the plan (due or not) or of the goal of their year; stale ones judge nothing."""
    found = []
    for code, reading in on.readings.items():
        indicator = on.catalogue.indicators[code]
        if reading.value is None or not on.concerns(indicator) or is_past_promise(reading):
            continue
        stands = progress(indicator, reading)
        if stands is not None and _is_short(indicator, reading, stands, on.catalogue.city.code):
            found.append((indicator, reading, stands))
    return found


def _is_short(indicator: Indicator, reading: Reading, stands: Progress, city: str) -> bool:
    """Amounts the plan promises are the city's; a rate holds in every region."""
    target = indicator.target
    if target is not None and target.op and target.value is not None:
        if reading.region != city and indicator.aggregation not in _RATES:
            return False
        value = reading.value or 0.0
        misses = value < target.value if target.op == ">=" else value > target.value
        return misses and target.due is not None
    return bool(indicator.goals) and stands.behind


def _due(on: Ground, indicator: Indicator, reading: Reading, kind: str, due: date, left: int) -> Item:
    target = indicator.target
    if target is None or target.value is None:
        raise ValueError(f"{indicator.code} has no target in numbers")
    value = figure(on.catalogue, "现值", reading)
    facts = {
        "name": named("指标", indicator.name, f"indicator:{indicator.code}"),
        "due": Fact("期限", _due_words(target.due or ""), ref=f"indicator:{indicator.code}"),
        "goal": sized("目标", target.value, indicator),
        "place": named("出处", target.place),
        "value": value,
        "gap": sized("差距", abs((reading.value or 0.0) - target.value), indicator),
    }
    if left >= 0:
        facts["days"] = Fact("剩余", f"{left}天", float(left), "天")
    return Item(Section.WATCH, kind, f"target:{indicator.code}", RIGHT, facts)


def _behind(on: Ground, indicator: Indicator, reading: Reading, stands: Progress) -> Item:
    facts = {
        "name": named("指标", indicator.name, f"indicator:{indicator.code}"),
        "goal": sized("目标", stands.yardstick, indicator),
        "place": named("出处", stands.place),
        "value": figure(on.catalogue, "现值", reading),
    }
    return Item(Section.WATCH, "target_behind", f"target:{indicator.code}", RIGHT, facts)


def _last_day(target: Target | None) -> date | None:
    """The last day on which the target may be reached: 31 December of 2025, 30 June of 2025-06."""
    if target is None or target.due is None:
        return None
    year, month, day = (*map(int, target.due.split("-")), 0, 0)[:3]
    if day:
        return date(year, month, day)
    following = date(year + 1, 1, 1) if month in (0, 12) else date(year, month + 1, 1)
    return date.fromordinal(following.toordinal() - 1)


def _due_words(due: str) -> str:
    year, _, rest = due.partition("-")
    if not rest:
        return f"{year}年底"
    month, _, day = rest.partition("-")
    return f"{year}年{int(month)}月{f'{int(day)}日' if day else '底'}"


def _today(now: datetime) -> date:
    return now.astimezone(CITY_TIME).date()
