"""What changed in a day: lights, and the figures that moved furthest by their own usual scatter."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from statistics import median

from datasources.delivery.period import Frequency, frequency_of
from decisions.digest import Fact, Item, Section
from decisions.digest_ground import NOTED, SPAN, Ground
from decisions.digest_words import counted, figure, measured, named
from indicators.digest import FAR, FEWEST_STEPS, LightChange, Move
from indicators.states import Light, is_past_promise
from indicators.vintages import history

MOST, FEW, LOOKED_AT = 5, 3, 60
WEEKS = timedelta(weeks=16)
"""How far back daily figures are looked at for what is usual."""
RIGHT = "indicators.view"
LIGHTS = {
    Light.NORMAL: "正常",
    Light.ATTENTION: "关注",
    Light.STALE: "数据过期",
    Light.UNCONNECTED: "未接入",
}


def changes(on: Ground, moves: Sequence[Move]) -> list[Item]:
    """How much arrived, then lights, then `moves`."""
    lights = [one for one in on.moved.lights if on.subject.theme in ("", one.theme.id)]
    told = [_light(on, one) for one in sorted(lights, key=lambda one: one.theme.id)]
    return [_arrived(on, sum(is_far(one) for one in moves)), *told, *(_moved(on, one) for one in moves[:MOST])]


def moves_of(on: Ground) -> list[Move]:
    """The moves beyond their usual scatter, the furthest first; filled up to a few with the largest usual ones."""
    own = sorted((one for one in on.moved.moves if on.concerns(one.indicator)), key=_order)[:LOOKED_AT]
    judged = sorted((usual_of_weekday(on, one) for one in own), key=_order)
    far = [one for one in judged if is_far(one)]
    usual = [one for one in judged if not is_far(one) and one.spreads >= NOTED and _shows(on, one)]
    return [*far, *usual[: max(FEW - len(far), 0)]]


def is_far(move: Move) -> bool:
    """True if it lies beyond the figure's own usual scatter."""
    return move.spreads > FAR


def _shows(on: Ground, move: Move) -> bool:
    """True if the two figures differ as they are printed."""
    return figure(on.catalogue, "", move.before).shown != figure(on.catalogue, "", move.after).shown


def _order(one: Move) -> tuple[float, str]:
    return -one.spreads, one.indicator.code


def usual_of_weekday(on: Ground, move: Move) -> Move:
    """A daily figure goes by what is usual from this day of the week to the next: Saturdays are no news."""
    if frequency_of(move.after.period) is not Frequency.DAILY:
        return move
    first = (date.fromisoformat(move.after.period) - WEEKS).isoformat()
    known = history(
        on.connection, on.catalogue, on.by, world=on.subject.world, code=move.indicator.code, region=on.region,
        start=first, end=move.after.period, now=on.now,
    )  # fmt: skip
    values = {one.period: one.value for one in known if one.value is not None}
    return replace(move, spreads=spreads_on_weekday(values, move.before.period, move.after.period))


def spreads_on_weekday(values: Mapping[str, float], before: str, after: str) -> float:
    """How many robust spreads the step lies off the steps that ended on the same day of earlier weeks; 0 if those are
    too few or all alike."""
    span = date.fromisoformat(after) - date.fromisoformat(before)
    steps = []
    for back in range(1, WEEKS.days // 7):
        end = date.fromisoformat(after) - timedelta(weeks=back)
        pair = values.get((end - span).isoformat()), values.get(end.isoformat())
        if pair[0] is not None and pair[1] is not None:
            steps.append(pair[1] - pair[0])
    if len(steps) < FEWEST_STEPS or before not in values or after not in values:
        return 0.0
    middle = median(steps)
    spread = 1.4826 * median(abs(step - middle) for step in steps)
    return abs(values[after] - values[before] - middle) / spread if spread > 0 else 0.0


def _arrived(on: Ground, far: int) -> Item:
    count = sum(1 for code in on.moved.newer if on.concerns(on.catalogue.indicators[code]))
    kind = "nothing" if not count else "arrived" if far else "calm"
    facts = {"span": measured("时段", SPAN.total_seconds() / 3600, "小时", 0)}
    if count:
        facts["count"] = counted("更新指标", count, "项", nature=on.nature)
    if far:
        facts["far"] = counted("超出常态", far, "项", nature=on.nature)
    return Item(Section.CHANGED, kind, "arrived", RIGHT, facts)


def _light(on: Ground, one: LightChange) -> Item:
    ref = f"theme:{one.theme.id}"
    facts = {
        "theme": named("主题", one.theme.name, ref),
        "before": named("原状态", LIGHTS[one.before]),
        "after": Fact("现状态", LIGHTS[one.after], nature=on.nature, ref=ref),
        "reason": named("依据", one.reason),
    }
    return Item(Section.CHANGED, "light", ref, RIGHT, facts)


def _moved(on: Ground, one: Move) -> Item:
    facts = {
        "name": named("指标", one.indicator.name, f"indicator:{one.indicator.code}"),
        "before": figure(on.catalogue, "此前", one.before),
        "after": figure(on.catalogue, "最新", one.after),
        "spreads": measured("偏离", one.spreads, "倍"),
    }
    kind = "moved" if is_far(one) else "moved_usually"
    return Item(Section.CHANGED, kind, f"moved:{one.indicator.code}", RIGHT, facts)


def gaps(on: Ground) -> list[Item]:
    """Figures the text could not judge: past their promise, or without a value; the headline ones by name."""
    own = [(on.catalogue.indicators[code], found) for code, found in on.readings.items()]
    own = [(indicator, found) for indicator, found in own if on.concerns(indicator)]
    stale = [one.name for one, found in own if found.value is not None and is_past_promise(found)]
    missing = [one.name for one, found in own if found.value is None]
    first = sorted(own, key=lambda pair: not pair[0].headline)
    order = [one.name for one, _ in first]
    made = []
    for kind, names in (("stale", stale), ("missing", missing)):
        if names:
            facts = {
                "names": named("指标", _some([name for name in order if name in set(names)])),
                "count": counted("项数", len(names), "项", nature=on.nature),
            }
            made.append(Item(Section.MISSING, kind, kind, RIGHT, facts))
    return made


def _some(names: list[str], most: int = 3) -> str:
    return "、".join(names[:most]) + ("等" if len(names) > most else "")
