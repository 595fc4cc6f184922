"""The sources of the world in view with their records: for the page of sources, its counts and its notices."""

from __future__ import annotations

from components.header import SourceCount
from components.source_line import SourceLine
from indicators.sources import Health, health
from pages.view import View


def listed(view: View) -> list[SourceLine]:
    """Every source that feeds the world in view, with how it stands now."""
    return [_line(view, one) for one in health(view.connection, view.catalogue, view.by, view.world, view.now)]


def count(view: View) -> SourceCount:
    """How many of them keep their promise."""
    lines = listed(view)
    connected = [line for line in lines if line.is_connected]
    on_time = sum(line.is_on_time for line in connected)
    return SourceCount(on_time, len(connected), len(connected) - on_time, len(lines) - len(connected))


def _line(view: View, one: Health) -> SourceLine:
    record = one.record
    return SourceLine(
        key=one.source.key,
        source=one.source,
        owner=view.catalogue.departments[one.source.owner],
        world=one.world,
        standing=one.standing,
        indicators=one.indicators,
        held=one.held,
        since=record.since,
        last_success_at=record.last_success_at,
        last_failure_at=record.last_failure_at,
        last_error=record.last_error,
        failures_in_row=record.failures_in_row,
        newest_period=record.newest_period,
    )
