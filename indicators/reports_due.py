"""What a region still has to report: its figures past their promise, by source; what stopped coming stands first."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indicators.definition import Indicator, Source
from indicators.reading import Freshness, Reading, World

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

_WORST = (Freshness.DEAD, Freshness.STALE, Freshness.LATE)


@dataclass(frozen=True)
class ReportDue:
    """One source that owes figures of a region. `reason` is the worst figure's; nothing is owed before its day."""

    source: Source
    freshness: Freshness
    reason: str
    newest: str | None
    """Newest period of the figures owed; None if none has ever come."""
    indicators: tuple[Indicator, ...]


def reports_due(catalogue: Catalogue, readings: Mapping[str, Reading], region: str, world: World) -> list[ReportDue]:
    """The sources owing figures of `region`, from its latest `readings`. Figures not made at its level are not owed."""
    owed: dict[str, list[tuple[Indicator, Reading]]] = defaultdict(list)
    kind = catalogue.regions[region].kind
    for code, reading in readings.items():
        indicator = catalogue.indicators[code]
        if kind in indicator.levels and not indicator.historical and _is_owed(catalogue, reading, world):
            owed[catalogue.source_of(code, world).key].append((indicator, reading))
    found = [_due(catalogue.source(key), pairs) for key, pairs in owed.items()]
    return sorted(found, key=_urgency)


def _urgency(due: ReportDue) -> tuple[bool, int, int, str]:
    """What stopped coming before what never came."""
    return due.newest is None, _WORST.index(due.freshness), -len(due.indicators), due.source.key


def _is_owed(catalogue: Catalogue, reading: Reading, world: World) -> bool:
    """True for figures that came once and are late now, and for those that a linked source has never brought."""
    if reading.value is None and reading.observed_at is None:
        return catalogue.source_of(reading.indicator, world).connected
    return reading.freshness in _WORST


def _due(source: Source, pairs: list[tuple[Indicator, Reading]]) -> ReportDue:
    ranked = sorted(pairs, key=lambda pair: _rank(pair[1]))
    worst = ranked[0][1]
    newest = max((reading.period for _, reading in pairs if reading.period), default=None)
    return ReportDue(
        source=source,
        freshness=_late(worst),
        reason=worst.reason or "",
        newest=newest,
        indicators=tuple(indicator for indicator, _ in ranked),
    )


def _late(reading: Reading) -> Freshness:
    return reading.freshness if reading.freshness in _WORST else Freshness.DEAD


def _rank(reading: Reading) -> int:
    return _WORST.index(_late(reading))
