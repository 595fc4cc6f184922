"""/metrics: the product about itself, as Prometheus text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import orjson
from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import func, select

from access.actor import TIMETABLE as PRODUCT
from database.changes import QUARANTINE, SOURCES
from database.engine import reading
from database.query_cache import Unavailable
from database.tables import dead_letters, quarantine
from indicators.cockpit import Cockpit
from indicators.reading import Freshness, World
from indicators.sources import Health, health


class CityCollector(Collector):
    """What the database knows, asked for through the cache: at most once in 10 s whoever scrapes, and never waiting."""

    def __init__(self, cockpit: Cockpit) -> None:
        self._cockpit = cockpit

    def collect(self) -> Iterator[Metric]:
        yield from self._of_process()
        try:
            cached = self._cockpit.cache.get(
                "metrics", scope="*", topics=[SOURCES, QUARANTINE], build=self._facts, soft_seconds=10
            )
        except Unavailable:
            return
        facts: dict[str, list[list[object]]] = orjson.loads(cached.body)
        for name, words, labels in _SERIES:
            yield _family(name, words, labels, facts[name])

    def _of_process(self) -> Iterator[Metric]:
        hub = self._cockpit.hub
        topics = GaugeMetricFamily("cockpit_topic_version", "Version of each topic of change", labels=["topic"])
        for topic, version in sorted(hub.versions.items()):
            topics.add_metric([topic], version)
        yield topics
        silent = GaugeMetricFamily("cockpit_database_silent_seconds", "Seconds since the database last answered")
        silent.add_metric([], -1.0 if hub.silent_seconds is None else hub.silent_seconds)
        yield silent

    def _facts(self) -> bytes:
        cockpit = self._cockpit
        with reading(cockpit.engine) as connection:
            found = [
                one
                for world in World
                for one in health(connection, cockpit.live_catalogue.current, PRODUCT, world, cockpit.now())
            ]
            held = connection.execute(
                select(func.count()).select_from(quarantine).where(quarantine.c.state == "held")
            ).scalar_one()
            dead = connection.execute(select(func.count()).select_from(dead_letters)).scalar_one()
        return orjson.dumps(
            {
                "cockpit_source_age_seconds": list(_ages(found, cockpit)),
                "cockpit_source_failures_in_row": [[one.source.key, one.record.failures_in_row] for one in found],
                "cockpit_sources": list(_counts(found)),
                "cockpit_quarantine_rows": [[held]],
                "cockpit_dead_letters": [[dead]],
            }
        )


_SERIES: tuple[tuple[str, str, list[str]], ...] = (
    ("cockpit_source_age_seconds", "Age of the newest data of each source", ["source"]),
    ("cockpit_source_failures_in_row", "Calls that failed since the last success", ["source"]),
    ("cockpit_sources", "Connected sources by freshness", ["world", "freshness"]),
    ("cockpit_quarantine_rows", "Rows waiting for a person", []),
    ("cockpit_dead_letters", "Messages that could not be read", []),
)


def _ages(found: Iterable[Health], cockpit: Cockpit) -> Iterator[list[object]]:
    for one in found:
        if one.record.newest_observed_at is not None:
            yield [one.source.key, (cockpit.now() - one.record.newest_observed_at).total_seconds()]


def _counts(found: list[Health]) -> Iterator[list[object]]:
    for world in World:
        for freshness in Freshness:
            fitting = [
                one
                for one in found
                if one.source.connected and (one.world, one.standing.freshness) == (world, freshness)
            ]
            yield [world.value, freshness.value, len(fitting)]


def _family(name: str, words: str, labels: list[str], facts: list[list[object]]) -> GaugeMetricFamily:
    """`facts`: rows of label values with the number last."""
    family = GaugeMetricFamily(name, words, labels=labels)
    for *values, number in facts:
        family.add_metric([str(value) for value in values], float(str(number)))
    return family


def blueprint(cockpit: Cockpit) -> Blueprint:
    """The route."""
    made = Blueprint("metrics", __name__)
    city = CityCollector(cockpit)

    @made.get("/metrics")
    def metrics() -> Response:
        text = generate_latest(_counters()) + generate_latest(_only(city))
        return Response(text, content_type=CONTENT_TYPE_LATEST, headers={"Cache-Control": "no-store"})

    return made


def _counters() -> CollectorRegistry:
    """The counters of all worker processes where they share a folder (PROMETHEUS_MULTIPROC_DIR), else of this one."""
    shared = CollectorRegistry()
    try:
        MultiProcessCollector(shared)
    except ValueError:
        return REGISTRY
    return shared


def _only(collector: Collector) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(collector)
    return registry
