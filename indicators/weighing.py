"""What becomes of a recognised row: taken, unchanged or held. Pure: it looks at the series and decides."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum

from database.moments import to_ms
from datasources.delivery.observation import Observation
from indicators.arrival import Reason, inspect
from indicators.checks import TWIN
from indicators.definition import Indicator
from indicators.series import REVISED, ROLLED_UP, ZERO_DENOMINATOR, Series, SeriesKey, Vintage, end_ms

_WITH_PARTS = frozenset({"ratio", "weighted", "mean"})
_LONGEST_QUALITY = 120


class Outcome(StrEnum):
    """What became of one delivered row."""

    TAKEN = "taken"
    UNCHANGED = "unchanged"
    QUARANTINED = "quarantined"


@dataclass(frozen=True, slots=True)
class Claim:
    """Who says so: the delivering source and how far it may replace what others said."""

    source: str
    provenance: str
    released: bool = False
    """A person has looked at the row and let it in: no checks any more."""

    def made(self, known: Vintage) -> bool:
        """True if a kept value is an earlier word of the same source; what people entered for it is not its word."""
        return known.source == self.source and known.provenance == self.provenance


@dataclass(slots=True)
class Candidate:
    """A row that names a known figure. `objection` is what speaks against it from the delivery as a whole."""

    index: int
    row: Observation
    indicator: Indicator
    objection: Reason | None = None
    key: SeriesKey = field(init=False)
    """The series it belongs to."""

    def __post_init__(self) -> None:
        self.key = self.row.region, self.row.indicator, self.row.dim


def settled(indicator: Indicator, row: Observation) -> Observation:
    """The row with the value that follows from numerator and denominator, where only these were delivered."""
    if row.value is not None or row.numerator is None or row.denominator is None:
        return row
    if indicator.aggregation not in _WITH_PARTS:
        return row
    if row.denominator == 0:
        return replace(row, quality=(*row.quality, ZERO_DENOMINATOR))
    return replace(row, value=indicator.scale * row.numerator / row.denominator)


def weigh(candidate: Candidate, series: Series, claim: Claim, now: datetime) -> Outcome | list[Reason]:
    """TAKEN, UNCHANGED, or the reasons to hold the row. The series is not changed."""
    row = candidate.row
    known = series.current(row.period)
    if known is not None and is_known(row, known, series, claim, candidate.indicator):
        return Outcome.UNCHANGED
    if claim.released:
        return Outcome.TAKEN
    reasons = inspect(candidate.indicator, row, series.history, now)
    if candidate.objection is not None:
        reasons = [*reasons, candidate.objection]
    if known is not None and (conflict := _conflict(row, known, claim, candidate.indicator)) is not None:
        reasons = [*reasons, conflict]
    return reasons or Outcome.TAKEN


def is_known(row: Observation, known: Vintage, series: Series, claim: Claim, indicator: Indicator) -> bool:
    """True if the row says nothing new: the same, a gap where there is a value, an older reading, said before."""
    if known.has(ROLLED_UP):
        return row.value is None  # what is delivered replaces what was added up, even if equal
    if _says_the_same(row, known):
        return True
    if row.value is None:
        return known.value is not None  # a gap never erases a value
    if claim.released or known.value is None:
        return False
    if _is_older(row, known):
        return True
    if claim.made(known):
        return False
    said_before = series.last_of(row.period, claim.source, claim.provenance)
    return (said_before is not None and _says_the_same(row, said_before)) or _rounds_alike(row, known, indicator)


def _says_the_same(row: Observation, known: Vintage) -> bool:
    return row.value == known.value and row.numerator == known.numerator and row.denominator == known.denominator


def _rounds_alike(row: Observation, known: Vintage, indicator: Indicator) -> bool:
    """Another source prints the same figure with fewer digits."""
    if row.value is None or known.value is None:
        return False
    return abs(row.value - known.value) <= 0.5 * 10.0**-indicator.decimals * (1 + 1e-9)


def _is_older(row: Observation, known: Vintage) -> bool:
    """An earlier reading of the same period; only where both tell their instant."""
    return row.observed_at is not None and _tells_instant(known) and to_ms(row.observed_at) < known.observed_at


def is_newer(row: Observation, known: Vintage) -> bool:
    """A later reading within the same period: progress, not a revision."""
    return row.observed_at is not None and _tells_instant(known) and to_ms(row.observed_at) > known.observed_at


def _tells_instant(known: Vintage) -> bool:
    return known.observed_at not in (end_ms(known.period), known.known_at)


def _conflict(row: Observation, known: Vintage, claim: Claim, indicator: Indicator) -> Reason | None:
    """A source that does not answer for the indicator contradicts another one: a person decides."""
    if claim.made(known) or known.value is None or known.has(ROLLED_UP):
        return None
    if claim.source.removeprefix(TWIN) == indicator.source:
        return None
    return Reason("conflict", f"来源“{known.source}”已报 {row.period} 为 {known.value:g}，与本次 {row.value:g} 不一致")


def vintage_of(candidate: Candidate, series: Series, claim: Claim, *, known_at: int, call_id: int) -> Vintage:
    """The value as it is kept; flagged `revised` if it replaces another value of the same period."""
    row = candidate.row
    observed_at = min(end_ms(row.period), known_at) if row.observed_at is None else to_ms(row.observed_at)
    known = series.current(row.period)
    flags = row.quality
    if known is not None and known.value is not None and not known.has(ROLLED_UP) and not is_newer(row, known):
        flags = (*flags, REVISED)
    return Vintage(
        row.period,
        known_at,
        observed_at,
        None if row.value is None else float(row.value),
        None if row.numerator is None else float(row.numerator),
        None if row.denominator is None else float(row.denominator),
        row.basis or candidate.indicator.basis,
        claim.provenance,
        joined(flags) if flags else "",
        claim.source,
        call_id,
        row.line,
    )


def joined(flags: tuple[str, ...]) -> str:
    """Quality flags as one text: each once, no blanks inside, whole flags only."""
    kept = ""
    for flag in dict.fromkeys("_".join(flag.split()) for flag in flags):
        longer = f"{kept} {flag}" if kept else flag
        if flag and len(longer) <= _LONGEST_QUALITY:
            kept = longer
    return kept
