"""Why figures moved: pulls of the attribution tree, parts, counties; and where nothing of that exists: unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache

from decisions.digest import Fact, Item, Section
from decisions.digest_changes import MOST, RIGHT, is_far
from decisions.digest_ground import Ground
from decisions.digest_words import listed, measured, named, period
from decisions.economy_pulls import Branch, filled
from decisions.economy_tree import EconomyTree, load
from indicators.contribution import Fraction, of_ratio
from indicators.definition import Indicator
from indicators.digest import Move
from indicators.reading import Reading
from indicators.vintages import history

Pair = tuple[Reading, Reading]
"""A part at both ends of a step."""
_RATIOS = frozenset({"ratio", "mean", "weighted"})

PARTS = 3
"""So many parts are named, the largest first; the sentence says of which change."""


def reasons(on: Ground, told: Sequence[Move]) -> list[Item]:
    """The tree where its root moved or is the theme's own, then one sentence for each move that has parts."""
    moves = told[:MOST]
    made = [_pulled(on), *(_made_by(on, one) for one in moves)]
    found = [one for one in made if one is not None]
    explained = {one.key.partition(":")[2] for one in found}
    unknown = [one.indicator.name for one in moves if is_far(one) and one.indicator.code not in explained]
    return [*found, *([_unknown(on, unknown)] if unknown else [])]


def _unknown(on: Ground, names: list[str]) -> Item:
    facts = {"names": Fact("指标", listed(names), nature=on.nature)}
    return Item(Section.WHY, "unknown", "unknown", RIGHT, facts)


@cache
def _tree() -> EconomyTree:
    return load()


def _pulled(on: Ground) -> Item | None:
    """What pulls the root of the tree; in a region's text only when its figure is new."""
    root = _tree().tree[0]
    code = root.growth or root.level or ""
    indicator, reading = on.catalogue.indicators.get(code), on.readings.get(code)
    if indicator is None or reading is None or not on.concerns(indicator):
        return None
    if not on.subject.theme and code not in on.moved.newer:
        return None
    source = (on.connection, on.catalogue, on.by)
    tree = filled(source, _tree(), world=on.world, region=on.region, now=on.now)
    whole = tree.branches[root.key]
    parts = [one for one in tree.branches.values() if one.node.parent == root.key and one.pull is not None]
    if whole.growth is None or not parts:
        return None
    ranked = sorted(parts, key=lambda one: (-abs(one.pull or 0.0), one.node.key))[:PARTS]
    facts = {
        "name": named("指标", root.name, f"indicator:{code}"),
        "growth": _growth(on, whole),
        **{f"part{place}": _pull(one) for place, one in enumerate(ranked)},
    }
    if whole.residual is not None:
        facts["residual"] = measured("误差项", whole.residual, "个百分点", 2)
    return Item(Section.WHY, "pulled", f"pulled:{code}", "warnings.view", facts)


def _growth(on: Ground, whole: Branch) -> Fact:
    reading = whole.rate or whole.level
    rounded = measured("增长", whole.growth or 0.0, "%", 1)
    if reading is None:
        return rounded
    source = on.catalogue.source(reading.source).name if on.catalogue.has_source(reading.source) else reading.source
    return Fact(
        "增长", rounded.shown, whole.growth, "%", when=period(reading.period, reading.basis),
        nature=reading.provenance.value, standing=reading.freshness.value, source=source,
        ref=f"indicator:{reading.indicator}",
    )  # fmt: skip


def _pull(one: Branch) -> Fact:
    code = one.node.growth or one.node.level
    made = measured(one.node.name, one.pull or 0.0, "个百分点", 2)
    return Fact(made.name, made.shown, made.value, made.unit, ref=f"indicator:{code}" if code else "")


def _made_by(on: Ground, move: Move) -> Item | None:
    """The very step that is told, taken apart exactly: by the figure's parts, else by the regions below."""
    indicator = move.indicator
    children = on.catalogue.children(on.region)
    if indicator.parts:
        places = {on.catalogue.indicators[code].name: (code, on.region) for code in indicator.parts}
    elif children and children[0].kind in indicator.levels:
        places = {child.short: (indicator.code, child.code) for child in children}
    else:
        return None
    pairs = {name: _pair(on, code, region, move) for name, (code, region) in places.items()}
    known = {name: pair for name, pair in pairs.items() if pair is not None}
    points = _points(on, move, known) if len(known) == len(places) else None
    if points is None:
        return None
    ranked = sorted(points, key=lambda one: (-abs(one.value or 0.0), one.name))[:PARTS]
    basis = move.after.basis
    span = f"{period(move.before.period, basis)}至{period(move.after.period, basis)}"
    facts = {
        "name": named("指标", indicator.name, f"indicator:{indicator.code}"),
        "span": named("口径", span),
        **{f"part{place}": one for place, one in enumerate(ranked)},
    }
    return Item(Section.WHY, "made_by", f"made_by:{indicator.code}", RIGHT, facts)


def _pair(on: Ground, code: str, region: str, move: Move) -> Pair | None:
    """The readings of a part at both ends of the step."""
    found = {
        one.period: one
        for one in history(
            on.connection, on.catalogue, on.by, world=on.subject.world, code=code, region=region,
            start=move.before.period, end=move.after.period, now=on.now,
        )
        if one.value is not None
    }  # fmt: skip
    before, after = found.get(move.before.period), found.get(move.after.period)
    return None if before is None or after is None else (before, after)


def _points(on: Ground, move: Move, parts: Mapping[str, Pair]) -> list[Fact] | None:
    """What each part made of the step; None where they do not add up to it."""
    indicator = move.indicator
    whole = (move.after.value or 0.0) - (move.before.value or 0.0)
    if indicator.aggregation == "sum":
        steps = {name: (after.value or 0.0) - (before.value or 0.0) for name, (before, after) in parts.items()}
        unit, decimals = indicator.unit, indicator.decimals
    elif indicator.aggregation in _RATIOS and not indicator.parts:
        worked = _of_ratio(indicator, move, parts)
        if worked is None:
            return None
        steps = worked
        unit, decimals = ("个百分点", 2) if indicator.unit == "%" else (indicator.unit, indicator.decimals + 1)
    else:
        return None
    if abs(sum(steps.values()) - whole) > 0.6 * 10.0**-decimals * max(len(steps), 2):
        return None
    return [_signed(name, step, unit, decimals, on.nature) for name, step in steps.items()]


def _of_ratio(indicator: Indicator, move: Move, parts: Mapping[str, Pair]) -> dict[str, float] | None:
    """Bennet's midpoint between the two ends; None where numerators or denominators are missing."""
    ends = _fraction(move.before), _fraction(move.after)
    known = {name: (_fraction(before), _fraction(after)) for name, (before, after) in parts.items()}
    whole = {name: (one, other) for name, (one, other) in known.items() if one and other}
    if ends[0] is None or ends[1] is None or len(whole) < len(known):
        return None
    found = of_ratio(indicator.scale, ends[0], ends[1], whole)
    return {one.key: one.points for one in found.parts}


def _fraction(reading: Reading) -> Fraction | None:
    if reading.numerator is None or not reading.denominator:
        return None
    return Fraction(reading.numerator, reading.denominator)


def _signed(name: str, value: float, unit: str, decimals: int, nature: str) -> Fact:
    made = measured(name, value, unit, decimals)
    shown = f"+{made.shown}" if value > 0 and any(sign in "123456789" for sign in made.shown) else made.shown
    return Fact(name, shown, value, unit, nature=nature)
