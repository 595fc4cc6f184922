"""What a leader should look at first: indicators off track, ranked by severity × deviation × people affected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indicators.comparison import Progress, progress
from indicators.definition import AttentionRule, Indicator
from indicators.reading import Reading
from indicators.states import Track, track

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

TEN_THOUSAND = 10_000
ByRegion = Mapping[str, Mapping[str, Reading]]
"""Readings by region, then by indicator code."""


@dataclass(frozen=True)
class Concern:
    """One indicator off track where it weighs most. `people` is None where nobody knows how many live there."""

    indicator: Indicator
    region: str
    reading: Reading
    severity: float
    deviation: float
    """Share of what should be reached by now, 0 to 1."""
    people: float | None
    due: float | None = None
    """What should be reached by now, or the edge that is past; None where only words say so."""
    elsewhere: tuple[str, ...] = ()
    """Other regions where it is off track as well."""

    @property
    def score(self) -> float:
        """Severity × deviation × ten thousands of people; unknown numbers of people count as one ten thousand."""
        return self.severity * self.deviation * (1.0 if self.people is None else self.people / TEN_THOUSAND)


def concerns(catalogue: Catalogue, readings: ByRegion, rule: AttentionRule) -> list[Concern]:
    """Every indicator that is off track in one of the regions, the weightiest first, each once."""
    people = {region: _people(found, rule) for region, found in readings.items()}
    found = [
        concern
        for indicator in catalogue.indicators.values()
        if not indicator.historical
        if (concern := _weightiest(_of(indicator, readings, people, rule)))
    ]
    return sorted(found, key=lambda one: (-one.score, one.indicator.code))


def deviation(stands: Progress | None, value: float) -> float:
    """How far `value` is from what should be reached by now, as a share of it; at most 1. 0 without a yardstick."""
    if stands is None:
        return 0.0
    due = stands.yardstick * stands.mark
    return min(abs(value - due) / abs(due), 1.0) if due else 1.0


def _of(
    indicator: Indicator, readings: ByRegion, people: Mapping[str, float | None], rule: AttentionRule
) -> Iterable[Concern]:
    for region, found in readings.items():
        reading = found.get(indicator.code)
        if reading is None or reading.value is None or track(indicator, reading) is not Track.OFF:
            continue
        stands = progress(indicator, reading)
        away = deviation(stands, reading.value)
        due = stands.yardstick * stands.mark if stands else None
        severity = _severity(indicator, reading.value, rule)
        yield Concern(indicator, region, reading, severity, away, people[region], due)


def _weightiest(found: Iterable[Concern]) -> Concern | None:
    """The heaviest of one indicator's concerns, naming the other regions."""
    ranked = sorted(found, key=lambda one: (-one.score, one.region))
    if not ranked:
        return None
    first, *others = ranked
    return replace(first, elsewhere=tuple(other.region for other in others))


def _severity(indicator: Indicator, value: float, rule: AttentionRule) -> float:
    if not indicator.headline:
        return rule.severity.other
    return rule.severity.headline_past_edge if _is_past_edge(indicator, value) else rule.severity.headline


def _is_past_edge(indicator: Indicator, value: float) -> bool:
    bands = indicator.bands
    if bands is None:
        return False
    below, above = bands.attention_below, bands.attention_above
    return (below is not None and value < below) or (above is not None and value > above)


def _people(found: Mapping[str, Reading], rule: AttentionRule) -> float | None:
    reading = found.get(rule.people or "")
    return reading.denominator if reading else None
