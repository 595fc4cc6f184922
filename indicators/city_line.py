"""The city's own values beside those of a part: what a county is measured against.

Whoever may see a part of the city may see the city's total of the same figure, and nothing of the other parts
(docs/decisions/037). Figures that are added up are compared as a share, all others as a difference.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from access.actor import Actor, Scope
from indicators.definition import Indicator
from indicators.reading import Reading
from indicators.readings import latest
from indicators.states import is_past_promise

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue


class Stands(StrEnum):
    """How a part stands beside the city, by the indicator's own direction."""

    BETTER = "better"
    WORSE = "worse"
    LEVEL = "level"
    UNJUDGED = "unjudged"  # neutral figures, shares, other periods


@dataclass(frozen=True)
class Beside:
    """A part's value beside the city's. `share` (0 to 1) of a total, else `difference` in the indicator's unit."""

    indicator: Indicator
    own: Reading
    city: Reading
    share: float | None
    difference: float | None
    stands: Stands


def city_values(
    connection: Connection, catalogue: Catalogue, by: Actor, *, world: str, codes: Collection[str], now: datetime
) -> dict[str, Reading]:
    """The latest city-wide readings by code; none for an actor who may see no region at all."""
    if by.scope.regions is not None and not by.scope.regions:
        return {}
    city = catalogue.city.code
    onlooker = replace(by, scope=Scope(regions=frozenset({city})))
    return latest(connection, catalogue, onlooker, world=world, region=city, codes=codes, now=now)


def beside(indicator: Indicator, own: Reading | None, city: Reading | None) -> Beside | None:
    """The two side by side; None unless both have a current value of the same period."""
    if own is None or city is None or own.value is None or city.value is None:
        return None
    if own.period != city.period or is_past_promise(own) or is_past_promise(city):
        return None
    if indicator.aggregation == "sum":
        share = own.value / city.value if city.value > 0 else None
        return Beside(indicator, own, city, share, None, Stands.UNJUDGED)
    difference = own.value - city.value
    return Beside(indicator, own, city, None, difference, _stands(indicator, difference))


def _stands(indicator: Indicator, difference: float) -> Stands:
    if round(difference, indicator.decimals) == 0:
        return Stands.LEVEL
    better = {"higher_better": difference > 0, "lower_better": difference < 0}.get(indicator.direction)
    return Stands.UNJUDGED if better is None else Stands.BETTER if better else Stands.WORSE
