"""The attribution tree filled in: value and growth of every node, and the points each part pulls of its parent.

Solid edges add up: pulls of the parts and the residual are the parent's growth. Dashed edges only drive or announce it
and pull nothing. Growth rates at comparable prices are used as published (`attribution_growth`), amounts by their own
growth (`indicators/contributions`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from decisions.attribution_growth import Attribution, Part, attribute
from decisions.economy_tree import EconomyTree, Node
from indicators.comparison import Measure, change
from indicators.contributions import Attribution as Worked
from indicators.contributions import Source, by_parts
from indicators.reading import Reading, World
from indicators.readings import latest


@dataclass(frozen=True)
class Branch:
    """A node as it stands. `growth` in per cent over the year before; `pull` in points of the parent's growth."""

    node: Node
    level: Reading | None
    rate: Reading | None
    growth: float | None
    pull: float | None = None
    residual: float | None = None
    """Of its own growth, what its solid parts leave unexplained."""
    period: str = ""


@dataclass(frozen=True)
class Filled:
    """The whole tree by key, in the order of the file; `offsets` are pairs of pulls that hide each other, by parent."""

    branches: Mapping[str, Branch]
    offsets: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def strongest(self) -> Branch | None:
        """The part with the largest pull in either direction, directly below the root."""
        pulled = [one for one in self.branches.values() if one.pull is not None]
        return max(pulled, key=lambda one: abs(one.pull or 0.0), default=None)


def filled(source: Source, tree: EconomyTree, *, world: World, region: str, now: datetime) -> Filled:
    """The tree of one region from its newest figures."""
    connection, catalogue, by = source
    codes = {code for node in tree.tree for code in (node.level, node.growth) if code}
    found = latest(connection, catalogue, by, world=world.value, region=region, codes=codes, now=now)
    made = {node.key: _branch(source, node, found) for node in tree.tree}
    offsets: dict[str, tuple[str, str]] = {}
    for node in tree.tree:
        parts = [made[child.key] for child in tree.children(node.key) if child.edge == "identity"]
        split = _split(source, made[node.key], parts, world, region, now) if parts else None
        if split is None:
            continue
        pulls = {pull.key: pull.points for pull in split.pulls}
        for part in parts:
            made[part.node.key] = _with(made[part.node.key], pull=pulls.get(part.node.key))
        made[node.key] = _with(made[node.key], residual=split.residual)
        if split.offsets:
            offsets[node.key] = (split.offsets[0].key, split.offsets[1].key)
    return Filled(made, offsets)


def _branch(source: Source, node: Node, found: Mapping[str, Reading]) -> Branch:
    level, rate = (found.get(code) if code else None for code in (node.level, node.growth))
    growth = rate.value if rate is not None else None
    if growth is None and level is not None and node.level is not None:
        moved = change(source[1].indicators[node.level], level)
        growth = moved.amount if moved is not None and moved.measure is Measure.PERCENT else None
    newest = next((one for one in (rate, level) if one is not None and one.value is not None), None)
    return Branch(node, level, rate, growth, period=newest.period if newest else "")


def _split(
    source: Source, parent: Branch, parts: list[Branch], world: World, region: str, now: datetime
) -> Attribution | None:
    return _by_rates(parent, parts) or _by_amounts(source, parent, parts, world, region, now)


def _by_rates(parent: Branch, parts: list[Branch]) -> Attribution | None:
    """Growth rates made of increment over base: base-period shares are their denominators."""
    whole = parent.rate
    if whole is None or whole.value is None or not whole.denominator:
        return None
    made = [
        Part(one.node.key, one.rate.denominator / whole.denominator, one.rate.value)
        for one in parts
        if one.rate is not None and one.rate.value is not None and one.rate.denominator
        if one.rate.period == whole.period
    ]
    return attribute(made, whole.value) if len(made) == len(parts) else None


def _by_amounts(
    source: Source, parent: Branch, parts: list[Branch], world: World, region: str, now: datetime
) -> Attribution | None:
    if parent.node.level is None or any(one.node.level is None for one in parts):
        return None
    found = by_parts(source, world=world, code=parent.node.level, region=region, now=now)
    if not isinstance(found, Worked):
        return None
    worked = {part.key: part for part in found.breakdown.parts}
    if not all(one.node.level in worked for one in parts):
        return None
    made = [
        Part(one.node.key, part.weight, 100 * (part.now / part.before - 1))
        for one in parts
        if (part := worked[one.node.level or ""]).before
    ]
    return attribute(made, found.breakdown.change) if len(made) == len(parts) else None


def _with(one: Branch, **changes: float | None) -> Branch:
    return Branch(**{**vars(one), **changes})
