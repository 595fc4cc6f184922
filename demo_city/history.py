"""The demo city's past, handed in through the door of all readings: 36 months, 60 days, all indicators and regions."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine, select

from access.actor import EVERYWHERE, Actor
from database.engine import reading, writing
from database.tables import demo_truth
from datasources.delivery.observation import Delivery, Observation
from datasources.delivery.period import Frequency
from demo_city.axis import local_minutes
from demo_city.city import DemoCity
from demo_city.feed import SPAN, Batch, batches, canary_of, due, observed, places
from demo_city.truth import keep
from indicators.intake import take
from indicators.rare_collections import rare_collections

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

CHUNK = 20_000
"""Observations in one delivery, about."""
DOOR = "demo"
BUILDER = Actor("demo_city", "system", EVERYWHERE)
_SPOTLESS = 10
"""Periods at the beginning of a history without wrong units."""
_ORIGIN = "演示城市（模拟数据）"
_LONG_AGO = SPAN[Frequency.YEARLY] * 366 * 1440
"""Minutes: the longest span; the spans themselves say where each history begins."""


@dataclass(frozen=True)
class Summary:
    """What a load did."""

    deliveries: int
    rows: int
    taken: int
    unchanged: int
    held: int
    answers: int
    seconds: float

    def __str__(self) -> str:
        return (
            f"{self.deliveries} 批 {self.rows} 条，采纳 {self.taken}，未变 {self.unchanged}，"
            f"隔离 {self.held}（预埋的错误），预埋事件答案 {self.answers} 条，用时 {self.seconds:.1f} 秒"
        )


def deliveries(catalogue: Catalogue, seed: int, now: datetime, canary: str | None = None) -> Iterator[Delivery]:
    """Everything up to `now`, source by source, in chunks. With `canary` one county to a delivery, each marked."""
    city = DemoCity(catalogue, seed)
    for batch in batches(catalogue):
        for mark, series in _by_mark(city, batch, local_minutes(now), canary):
            origin = f"{_ORIGIN}{mark}"
            yield from (Delivery(batch.source, origin, now, chunk) for chunk in _chunks(series))


def _by_mark(
    city: DemoCity, batch: Batch, until: int, canary: str | None
) -> Iterator[tuple[str, Iterator[list[Observation]]]]:
    if canary is None:
        yield "", _series(city, batch, until, None, None)
        return
    for region in city.catalogue.regions:
        if city.home(region) == region:
            yield f" {canary_of(canary, region)}", _series(city, batch, until, canary, region)


def _series(
    city: DemoCity, batch: Batch, until: int, canary: str | None, home: str | None
) -> Iterator[list[Observation]]:
    for indicator in batch.indicators:
        axis = due(city.seed, batch, indicator, until - _LONG_AGO, until)
        regions = [r for r in places(city.catalogue, indicator) if home in (None, city.home(r))]
        for region in regions if len(axis) else ():
            yield observed(city, indicator.code, region, axis, canary, _SPOTLESS)


def _chunks(series: Iterator[list[Observation]]) -> Iterator[list[Observation]]:
    chunk: list[Observation] = []
    for rows in series:
        chunk += rows
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def load(engine: Engine, catalogue: Catalogue, seed: int, now: datetime, canary: str | None = None) -> Summary:
    """Hand the past in and keep the answers. Loading again changes nothing; a broken load is simply repeated."""
    begun = time.monotonic()
    with rare_collections():
        receipts = [
            take(engine, catalogue, delivery, door=DOOR, by=BUILDER, now=now)
            for delivery in deliveries(catalogue, seed, now, canary)
        ]
    with writing(engine) as connection:
        answers = keep(connection, catalogue, seed, now, canary)
    return Summary(
        len(receipts),
        sum(receipt.rows for receipt in receipts),
        sum(receipt.taken for receipt in receipts),
        sum(receipt.unchanged for receipt in receipts),
        sum(len(receipt.held) for receipt in receipts),
        answers,
        time.monotonic() - begun,
    )


def is_loaded(engine: Engine) -> bool:
    """True once a load has finished: the answers are written last."""
    with reading(engine) as connection:
        return connection.execute(select(demo_truth.c.id).limit(1)).first() is not None
