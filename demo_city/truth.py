"""The answers: what was planted, in the table `demo_truth`, for models that are to find it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, delete, insert

from database.tables import demo_truth
from demo_city.episodes import Episode, episodes
from demo_city.feed import canary_of, places

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

_WHOLE_SOURCES = frozenset({"dead_source", "late_release"})
PAST, FUTURE = timedelta(days=366), timedelta(days=30)
"""Answers are kept for a year back, and a month ahead for the live feed."""


def touched(catalogue: Catalogue, episode: Episode) -> tuple[str, ...]:
    """The codes an episode shows in: for troubles of a source all its figures."""
    known = tuple(code for code in episode.indicators if code in catalogue.indicators)
    if episode.kind not in _WHOLE_SOURCES:
        return known
    sources = dict.fromkeys(catalogue.indicators[code].source for code in known)
    return tuple(indicator.code for source in sources for indicator in catalogue.indicators_from(source))


def rows(catalogue: Catalogue, seed: int, now: datetime, canary: str | None = None) -> Iterator[dict[str, Any]]:
    """One row per episode, indicator and region it shows in; the city stands for city-wide indicators."""
    for episode in episodes(seed, now - PAST, now + FUTURE):
        for code in touched(catalogue, episode):
            for region in _regions(catalogue, code, episode):
                mark = canary_of(canary, region)
                yield {
                    "episode": f"{episode.name} {mark}".strip(),
                    "kind": episode.kind,
                    "indicator": code,
                    "region": region,
                    "starts_at": episode.starts_at,
                    "ends_at": episode.ends_at,
                    "effect": episode.effect,
                    "cause": f"模拟：{episode.cause}{mark}",
                    "detectable": episode.detectable,
                }


def _regions(catalogue: Catalogue, code: str, episode: Episode) -> tuple[str, ...]:
    known = places(catalogue, catalogue.indicators[code])
    if known == [catalogue.city.code]:
        return (catalogue.city.code,)
    return tuple(region for region in episode.regions if region in catalogue.regions)


def keep(connection: Connection, catalogue: Catalogue, seed: int, now: datetime, canary: str | None = None) -> int:
    """Write the answers in place of earlier ones; the number of rows."""
    made = list(rows(catalogue, seed, now, canary))
    connection.execute(delete(demo_truth))
    if made:
        connection.execute(insert(demo_truth), made)
    return len(made)
