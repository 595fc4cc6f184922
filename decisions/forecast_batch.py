"""The night's batch: every indicator with enough history in the city and its counties, forecast and entered.

Imported by the timetable and manage.py alone: numpy stays out of the web. Streams are folded into hours first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import fmean

from sqlalchemy import Connection, Engine, text

from database.bulk import fetch
from database.engine import reading, writing
from datasources.delivery.period import Frequency
from decisions.forecast_ledger import Series, Step, issue, score
from decisions.forecast_periods import Past, PeriodForecast, forecast_periods_many
from decisions.night import FORECASTS
from decisions.warning_book import beat
from indicators.catalogue import Catalogue
from indicators.definition import Indicator
from indicators.reading import World

NIGHT_SECONDS = 86_400.0
HORIZON = {
    Frequency.YEARLY: 2,
    Frequency.QUARTERLY: 4,
    Frequency.MONTHLY: 12,
    Frequency.DAILY: 14,
    Frequency.HOURLY: 24,
    Frequency.MINUTE: 24,
    Frequency.REALTIME: 24,
}
"""Coming periods; streams are forecast by the hour."""
STREAMS = frozenset({Frequency.MINUTE, Frequency.REALTIME})
LONGEST = 1_500
"""Periods of history that are looked at."""
TOGETHER = 400
"""Series of one frequency that are forecast, and written, together."""
_VALUES = text(
    "SELECT o.period, o.value FROM series s JOIN observations o ON o.series_id = s.id "
    "WHERE s.world = :world AND s.region = :region AND s.indicator = :code AND s.dim = '' "
    "ORDER BY o.period, o.known_at"
)


@dataclass(frozen=True)
class Told:
    """What a batch did."""

    series: int
    issued: int
    abstained: int
    scored: int

    def __str__(self) -> str:
        return (
            f"{self.series} 个序列，新出预测 {self.issued}（其中仅列基准 {self.abstained}），核对结果 {self.scored} 期"
        )


@dataclass(frozen=True)
class _Case:
    series: Series
    indicator: Indicator
    known: dict[str, float | None]
    """Values by period, of streams by hour; oldest first."""


def run(
    engine: Engine, catalogue: Catalogue, now: datetime, *, codes: Sequence[str] | None = None,
    rest: Callable[[], object] = lambda: None,
) -> Told:  # fmt: skip
    """Score what became known, forecast what has a new origin; of `codes` alone if given. `rest` between parts."""
    told = [0, 0, 0, 0]
    for cases in _parts(engine, catalogue, codes):
        done = _part(engine, cases, now)
        told = [one + other for one, other in zip(told, done, strict=True)]
        rest()
    if codes is None:
        with writing(engine) as connection:
            beat(connection, FORECASTS, now, NIGHT_SECONDS)
    return Told(*told)


def _parts(engine: Engine, catalogue: Catalogue, codes: Sequence[str] | None) -> Iterator[list[_Case]]:
    """Series of one frequency together, so many at a time."""
    for frequencies in ({Frequency.YEARLY}, {Frequency.QUARTERLY}, {Frequency.MONTHLY}, {Frequency.DAILY},
                        {Frequency.HOURLY, *STREAMS}):  # fmt: skip
        cases: list[_Case] = []
        for case in _cases(engine, catalogue, frequencies, codes):
            cases.append(case)
            if len(cases) == TOGETHER:
                yield cases
                cases = []
        if cases:
            yield cases


def _cases(
    engine: Engine, catalogue: Catalogue, frequencies: set[Frequency], codes: Sequence[str] | None
) -> Iterator[_Case]:
    city = catalogue.city.code
    regions = [city, *(region.code for region in catalogue.children(city))]
    worlds = [World.REAL, World.DEMO] if catalogue.demo_city else [World.REAL]
    wanted = [
        one for code, one in catalogue.indicators.items()
        if one.frequency in frequencies and not one.historical and (codes is None or code in codes)
    ]  # fmt: skip
    for indicator in wanted:
        with reading(engine) as connection:
            for world in worlds:
                for region in regions:
                    known = known_values(connection, (world.value, indicator.code, region), indicator)
                    if known:
                        yield _Case((world.value, indicator.code, region), indicator, known)


def known_values(connection: Connection, series: Series, indicator: Indicator) -> dict[str, float | None]:
    """What is known of a series by period, newest vintage; of a stream by finished hour."""
    world, code, region = series
    rows = fetch(connection, _VALUES, {"world": world, "code": code, "region": region})
    plain = {period: value for period, value in rows if value is not None}
    return _by_hour(plain, indicator) if indicator.frequency in STREAMS else dict(plain)


def _by_hour(plain: dict[str, float], indicator: Indicator) -> dict[str, float | None]:
    """Mean of the hour; of counts since midnight and of states the last value. The running hour is left out."""
    hours: dict[str, list[float]] = {}
    for period, value in plain.items():
        hours.setdefault(period[:13], []).append(value)
    if hours:
        hours.popitem()
    keep_last = indicator.aggregation in ("sum", "last")
    return {hour: values[-1] if keep_last else fmean(values) for hour, values in hours.items()}


def _part(engine: Engine, cases: list[_Case], now: datetime) -> tuple[int, int, int, int]:
    horizon = HORIZON[cases[0].indicator.frequency]
    coming = forecast_periods_many([_past(case) for case in cases], horizon)
    issued = abstained = scored = 0
    with writing(engine) as connection:
        for case, made in zip(cases, coming, strict=True):
            scored += score(connection, case.series, case.known, now=now)
            entered = issue(
                connection, case.series, origin=max(case.known), model=made.forecast.model,
                reason=made.forecast.reason, steps=_steps(made), now=now,
            )  # fmt: skip
            issued += entered
            abstained += entered and made.forecast.abstained
    return len(cases), issued, abstained, scored


def _past(case: _Case) -> Past:
    indicator = case.indicator
    return Past(list(case.known.items())[-LONGEST:], indicator.basis == "ytd" and indicator.aggregation == "sum")


def _steps(made: PeriodForecast) -> list[Step]:
    f = made.forecast
    return [Step(*row) for row in zip(made.labels, f.mean, f.lo80, f.hi80, f.lo95, f.hi95, f.naive, strict=True)]
