"""The chain behind one number: value, formula, the rows it is made of, the call that brought it, who and when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, select, text

from access.actor import Actor
from database.moments import to_ms
from database.tables import call_rows, published_figures
from indicators import entries, quarantine
from indicators.calls import Call, call_of
from indicators.definition import Indicator
from indicators.reading import Reading
from indicators.series import ROLLED_UP
from indicators.vintages import history, revisions

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

_DIVIDED = frozenset({"ratio", "weighted", "mean"})


@dataclass(frozen=True)
class Printed:
    """Where a published figure stands in print."""

    title: str
    publisher: str
    source_title: str
    source_url: str
    fragment: str


@dataclass(frozen=True)
class Proof:
    """What stands behind one reading. `parts` are the readings it was added up from, as known when that was done."""

    reading: Reading
    formula: str
    calculation: str | None
    """The formula with its numbers; None for a figure that was delivered as it is."""
    parts: tuple[Reading, ...]
    line: int | None
    raw: str | None
    """The delivered line as it arrived, where it was kept."""
    call: Call | None
    released: quarantine.Entry | None
    """The decision that let it in, if it had been held."""
    entered: entries.Entry | None
    """Who entered and who reviewed it, if it was entered by hand."""
    printed: Printed | None
    vintages: tuple[Reading, ...]
    """Everything ever known of the period, in the order it was learned."""


def proof(
    connection: Connection,
    catalogue: Catalogue,
    by: Actor,
    *,
    world: str,
    code: str,
    region: str,
    period: str | None = None,
    dim: str = "",
    known_at: datetime | None = None,
    now: datetime | None = None,
) -> Proof | None:
    """The chain behind the value of `period` (the newest if None), as known at `known_at`; None if there is no value.

    Parts outside the actor's scope are left out, and then the calculation too.
    """
    known = history(
        connection, catalogue, by, world=world, code=code, region=region, start=period, end=period,
        known_at=known_at, dim=dim, now=now,
    )  # fmt: skip
    if not known:
        return None
    reading, indicator = known[-1], catalogue.indicators[code]
    is_total = ROLLED_UP in reading.quality
    parts = _parts(connection, catalogue, by, reading) if is_total else ()
    is_whole = not is_total or len(parts) == len(catalogue.children(region))
    call = None if reading.call_id is None else call_of(connection, reading.call_id)
    line = None if is_total else _line(connection, reading)
    return Proof(
        reading=reading,
        formula=_formula(catalogue, indicator, reading, is_total),
        calculation=_calculation(catalogue, indicator, reading, parts) if is_whole else None,
        parts=parts,
        line=line,
        raw=_raw(connection, reading.call_id, line),
        call=call,
        released=_released(connection, by, call),
        entered=_entered(connection, by, call),
        printed=_printed(connection, call, line),
        vintages=tuple(
            revisions(
                connection,
                catalogue,
                by,
                world=world,
                code=code,
                region=region,
                period=reading.period,
                dim=dim,
                now=now,
            )
        ),
    )


def _parts(connection: Connection, catalogue: Catalogue, by: Actor, total: Reading) -> tuple[Reading, ...]:
    """The parts as known when the total was made."""
    found = (
        history(
            connection, catalogue, by, world=total.world, code=total.indicator, region=part.code,
            start=total.period, end=total.period, known_at=total.known_at, dim=total.dim,
        )
        for part in catalogue.children(total.region)
    )  # fmt: skip
    return tuple(one for readings in found for one in readings)


# Words


def _formula(catalogue: Catalogue, indicator: Indicator, reading: Reading, is_total: bool) -> str:
    own = indicator.formula or ("按来源填报" if indicator.aggregation not in _DIVIDED else _division(indicator))
    if not is_total:
        return own
    parts = "、".join(part.short for part in catalogue.children(reading.region))
    rule = "各地分子之和 ÷ 各地分母之和" if indicator.aggregation in _DIVIDED else "各地之和"
    return f"{own}；由{parts}汇总：{rule}"


def _division(indicator: Indicator) -> str:
    return "分子 ÷ 分母" if indicator.scale == 1 else f"{indicator.scale:g} × 分子 ÷ 分母"


def _calculation(
    catalogue: Catalogue, indicator: Indicator, reading: Reading, parts: tuple[Reading, ...]
) -> str | None:
    if reading.value is None:
        return None
    if indicator.aggregation in _DIVIDED and reading.numerator is not None and reading.denominator is not None:
        numerator = _sum_in_words([part.numerator for part in parts] or [reading.numerator])
        denominator = _sum_in_words([part.denominator for part in parts] or [reading.denominator])
        factor = "" if indicator.scale == 1 else f"{indicator.scale:g} × "
        return f"{factor}{numerator} ÷ {denominator} = {reading.value:.10g}"
    if not parts:
        return None
    named = " + ".join(f"{catalogue.regions[part.region].short} {_exact(part.value)}" for part in parts)
    return f"{named} = {_exact(reading.value)}"


def _sum_in_words(numbers: list[float | None]) -> str:
    told = " + ".join(_exact(number) for number in numbers)
    return told if len(numbers) == 1 else f"({told})"


def _exact(number: float | None) -> str:
    return "-" if number is None else f"{number:.15g}"


# Rows and people

_LINE = text(
    "SELECT o.line FROM series s JOIN observations o ON o.series_id = s.id WHERE s.world = :world AND "
    "s.region = :region AND s.indicator = :code AND s.dim = :dim AND o.period = :period AND o.known_at = :known_at"
)


def _line(connection: Connection, reading: Reading) -> int | None:
    asked = {
        "world": reading.world.value,
        "region": reading.region,
        "code": reading.indicator,
        "dim": reading.dim,
        "period": reading.period,
        "known_at": None if reading.known_at is None else to_ms(reading.known_at),
    }
    return connection.execute(_LINE, asked).scalar_one_or_none()


def _raw(connection: Connection, call_id: int | None, line: int | None) -> str | None:
    if call_id is None or line is None:
        return None
    query = select(call_rows.c.raw).where(call_rows.c.call_id == call_id, call_rows.c.line == line)
    return connection.execute(query).scalar_one_or_none()


def _released(connection: Connection, by: Actor, call: Call | None) -> quarantine.Entry | None:
    number = _number(call, "release", "quarantine ")
    return None if number is None else quarantine.entry(connection, by, number)


def _entered(connection: Connection, by: Actor, call: Call | None) -> entries.Entry | None:
    number = _number(call, "manual", "entry ")
    return None if number is None else entries.entry(connection, by, number)


def _number(call: Call | None, door: str, prefix: str) -> int | None:
    if call is None or call.door != door or not call.origin.startswith(prefix):
        return None
    return int(call.origin.removeprefix(prefix))


def _printed(connection: Connection, call: Call | None, line: int | None) -> Printed | None:
    if call is None or line is None:
        return None
    figure = published_figures.c
    columns = (figure.title, figure.publisher, figure.source_title, figure.source_url, figure.fragment)
    row = connection.execute(select(*columns).where(figure.file == call.origin, figure.line == line)).first()
    return None if row is None else Printed(*row)
