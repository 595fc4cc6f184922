"""The worst warning that speaks, by theme and by region: what colours a light, a county or a row."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from sqlalchemy import Connection

from access.actor import Actor
from decisions.warning import Warning
from decisions.warning_rule import Level
from decisions.warnings import in_force


def speaking(connection: Connection, by: Actor, *, world: str, regions: Collection[str] | None = None) -> list[Warning]:
    """Warnings in force that are neither quiet nor only expected, the worst first; of `regions` alone if given."""
    if not by.may("warnings.view"):
        return []
    found = in_force(connection, by, world=world, regions=regions)
    return [one for one in found if one.quiet is None and not one.is_forecast and one.level is not None]


def worst_by_theme(found: Collection[Warning]) -> Mapping[str, Level]:
    """The worst level of each theme that has one."""
    return _worst(found, lambda one: one.theme)


def worst_by_region(found: Collection[Warning]) -> Mapping[str, Level]:
    """The worst level of each region that has one; a region's own warnings, not those of the one around it."""
    return _worst(found, lambda one: one.region)


def _worst(found: Collection[Warning], key: Callable[[Warning], str]) -> dict[str, Level]:
    worst: dict[str, Level] = {}
    for one in found:
        if one.level is not None:
            worst[key(one)] = min(one.level, worst.get(key(one), one.level))
    return worst
