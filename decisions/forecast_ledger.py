"""The ledger of forecasts: issued once, never changed, scored when the outcome is known; a model that loses is off.

Without numpy: pages read it. What is shown while a model is switched off is the naive forecast with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import Connection, select

from access.actor import Actor
from database.foresight_tables import forecast_models, forecast_scores, forecasts

LAST = 8
"""First-lead outcomes over which a model must not lose to the naive forecast."""
OFF = f"近 {LAST} 期误差高于基准，模型停用，仅列出基准值"


@dataclass(frozen=True)
class Step:
    """One coming period, in the indicator's unit. `naive` is the baseline that is always drawn beside the model."""

    period: str
    mean: float
    lo80: float
    hi80: float
    lo95: float
    hi95: float
    naive: float


@dataclass(frozen=True)
class Issued:
    """A forecast as it was issued. `reason` set: only the naive values speak, in words why."""

    id: int
    indicator: str
    region: str
    origin: str
    issued_at: datetime
    model: str
    reason: str | None
    steps: tuple[Step, ...]
    scored: int


@dataclass(frozen=True)
class Score:
    """Errors of all outcomes so far at one lead. `skill` > 0: better than the naive forecast."""

    lead: int
    outcomes: int
    error: float
    naive_error: float
    smape: float
    naive_smape: float
    inside80: float
    inside95: float

    @property
    def skill(self) -> float | None:
        """Share of the naive error that is saved; None where the naive forecast never erred."""
        return 1 - self.error / self.naive_error if self.naive_error > 0 else None


@dataclass(frozen=True)
class Standing:
    """If a model is switched off, since when, and its last first-lead errors beside the naive ones."""

    switched_off: bool
    since: datetime | None
    recent: tuple[tuple[str, float, float], ...]


Series = tuple[str, str, str]
"""World, indicator, region."""


def newest(connection: Connection, by: Actor, series: Series) -> Issued | None:
    """The last forecast of a series; None if there is none or it is another's."""
    found = issued(connection, by, series, at_most=1)
    return found[0] if found else None


def issued(connection: Connection, by: Actor, series: Series, *, at_most: int = 50) -> list[Issued]:
    """The forecasts of a series, newest first."""
    if not by.scope.allows(series[2]):
        return []
    rows = connection.execute(_of(series).order_by(forecasts.c.issued_at.desc()).limit(at_most))
    return [issued_of(row) for row in rows]


def scores(connection: Connection, by: Actor, series: Series) -> list[Score]:
    """The record of a series by lead."""
    if not by.scope.allows(series[2]):
        return []
    table = forecast_scores
    rows = connection.execute(
        select(table)
        .where(table.c.world == series[0], table.c.indicator == series[1], table.c.region == series[2])
        .order_by(table.c.lead)
    )
    return [
        Score(
            row.lead, row.outcomes, row.error / row.outcomes, row.naive_error / row.outcomes,
            row.smape / row.outcomes, row.naive_smape / row.outcomes,
            row.inside80 / row.outcomes, row.inside95 / row.outcomes,
        )
        for row in rows
    ]  # fmt: skip


def standing(connection: Connection, by: Actor, series: Series) -> Standing:
    """How the model of a series stands; a model without a record is on."""
    if not by.scope.allows(series[2]):
        return Standing(False, None, ())
    row = _standing_row(connection, series)
    if row is None:
        return Standing(False, None, ())
    return Standing(bool(row.switched_off), row.since, tuple(tuple(one) for one in orjson.loads(row.recent)))


# Writing: by the timetable alone


def issue(
    connection: Connection, series: Series, *, origin: str, model: str, reason: str | None, steps: Sequence[Step],
    now: datetime,
) -> bool:  # fmt: skip
    """Enter a forecast; False if one with this origin was issued before: the first word counts."""
    if connection.execute(_of(series).where(forecasts.c.origin == origin)).first() is not None:
        return False
    off = standing_of(connection, series).switched_off
    world, indicator, region = series
    connection.execute(
        forecasts.insert().values(
            world=world, indicator=indicator, region=region, origin=origin, issued_at=now, model=model,
            reason=reason or (OFF if off else None),
            steps=orjson.dumps([list(vars(step).values()) for step in steps]).decode(),
        )
    )  # fmt: skip
    return True


def score(connection: Connection, series: Series, known: Mapping[str, float | None], *, now: datetime) -> int:
    """Enter the outcomes that became known since last time; how many. `known`: values by period."""
    waiting = connection.execute(_of(series).order_by(forecasts.c.issued_at))
    newest_known = max((period for period, value in known.items() if value is not None), default="")
    entered = 0
    for row in [issued_of(one) for one in waiting if one.scored < len(orjson.loads(one.steps))]:
        place = row.scored
        while place < len(row.steps) and row.steps[place].period <= newest_known:
            outcome = known.get(row.steps[place].period)
            if outcome is not None:
                _enter(connection, series, row, place, outcome, now)
                entered += 1
            place += 1
        if place != row.scored:
            connection.execute(forecasts.update().where(forecasts.c.id == row.id).values(scored=place))
    return entered


def standing_of(connection: Connection, series: Series) -> Standing:
    """As `standing`, for the timetable."""
    row = _standing_row(connection, series)
    if row is None:
        return Standing(False, None, ())
    return Standing(bool(row.switched_off), row.since, tuple(tuple(one) for one in orjson.loads(row.recent)))


def _enter(connection: Connection, series: Series, row: Issued, place: int, outcome: float, now: datetime) -> None:
    step = row.steps[place]
    model_error, naive_error = abs(outcome - step.mean), abs(outcome - step.naive)
    spoke = row.reason is None
    error, told = (model_error, step.mean) if spoke else (naive_error, step.naive)
    table = forecast_scores
    added = {
        "outcomes": 1, "error": error, "naive_error": naive_error, "smape": _smape(outcome, told),
        "naive_smape": _smape(outcome, step.naive), "inside80": int(step.lo80 <= outcome <= step.hi80),
        "inside95": int(step.lo95 <= outcome <= step.hi95), "abstained": int(not spoke),
    }  # fmt: skip
    key = {**_key(series), "lead": place + 1}
    grown = table.update().filter_by(**key).values({name: table.c[name] + value for name, value in added.items()})
    if connection.execute(grown).rowcount == 0:
        connection.execute(table.insert().values(**key, **added))
    if place == 0 and row.model != "naive":
        _remember(connection, series, (step.period, model_error, naive_error), now)


def _remember(connection: Connection, series: Series, outcome: tuple[str, float, float], now: datetime) -> None:
    """Keep the last first-lead errors; switch the model off or on again by them."""
    before = standing_of(connection, series)
    recent = (*before.recent, outcome)[-LAST:]
    loses = len(recent) == LAST and sum(one[1] for one in recent) > sum(one[2] for one in recent)
    row: dict[str, Any] = {"recent": orjson.dumps(recent).decode(), "switched_off": loses}
    if loses != before.switched_off:
        row["since"] = now
    table = forecast_models
    if connection.execute(table.update().filter_by(**_key(series)).values(row)).rowcount == 0:
        connection.execute(table.insert().values(**_key(series), **row))


def _smape(actual: float, told: float) -> float:
    """Symmetric per cent error of the M competitions, 0 to 200; 0 where both are 0."""
    size = abs(actual) + abs(told)
    return 200 * abs(actual - told) / size if size else 0.0


def _key(series: Series) -> dict[str, str]:
    return dict(zip(("world", "indicator", "region"), series, strict=True))


def _of(series: Series) -> Any:
    return select(forecasts).filter_by(**_key(series))


def _standing_row(connection: Connection, series: Series) -> Any:
    return connection.execute(select(forecast_models).filter_by(**_key(series))).first()


def issued_of(row: Any) -> Issued:
    """A row of the table as a forecast."""
    return Issued(
        row.id, row.indicator, row.region, row.origin, row.issued_at, row.model, row.reason,
        tuple(Step(*step) for step in orjson.loads(row.steps)), row.scored,
    )  # fmt: skip
