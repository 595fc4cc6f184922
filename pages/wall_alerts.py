"""Alerts in force in the region in view: warnings by level from the readings, and red and orange events."""

from __future__ import annotations

from components.wall_alerts import MAJOR, Alert
from dispatch.loop import MapPin, pins
from dispatch.stage import STAGE_NAMES
from indicators.reading import Provenance, Reading
from indicators.readings import breakdown
from indicators.states import is_past_promise
from pages.view import View

WARNINGS = "EMG-01"
"""当前生效预警信号数, broken down by level."""
WARNING_THEME, EVENT_THEME = "emergency", "event_command"
_LEVELS = {"红": 1, "橙": 2, "黄": 3, "蓝": 4}


def alerts_in_force(view: View) -> list[Alert]:
    """The gravest first."""
    return sorted([*_warnings(view), *_events(view)], key=lambda one: (one.level, one.since or view.now, one.key))


def worst_level(alerts: list[Alert]) -> int | None:
    """1 for red to 4 for blue; None without any."""
    return min((alert.level for alert in alerts), default=None)


def _warnings(view: View) -> list[Alert]:
    """One alert per level that has signals in force. What is past its promise says nothing about now."""
    found = breakdown(
        view.connection, view.catalogue, view.by, world=view.world, code=WARNINGS, region=view.region, now=view.now
    )
    owner = view.catalogue.departments[view.catalogue.indicators[WARNINGS].owner].short if found else ""
    return [
        _warning(level, dim, reading, owner)
        for dim, reading in found.items()
        if (level := _LEVELS.get(dim.removeprefix("level=")[:1]))
        if reading.value and not is_past_promise(reading)
    ]


def _warning(level: int, dim: str, reading: Reading, owner: str) -> Alert:
    name = dim.removeprefix("level=").removesuffix("色")[:1]
    return Alert(
        key=f"warning-{level}", level=level, title=f"{name}色预警信号 {reading.value:.0f} 条", said=owner,
        theme=WARNING_THEME, simulated=reading.provenance is Provenance.SIMULATED,
    )  # fmt: skip


def _events(view: View) -> list[Alert]:
    found = pins(view.connection, view.by, world=view.world, region=view.region, now=view.now)
    return [_event(view, pin) for pin in found if 1 <= pin.level <= MAJOR]


def _event(view: View, pin: MapPin) -> Alert:
    county = view.catalogue.regions.get(pin.county)
    return Alert(
        key=pin.number, level=pin.level, title=pin.title, theme=EVENT_THEME, since=pin.since,
        said=f"{county.short if county else ''} {STAGE_NAMES[pin.stage]}".strip(), simulated=pin.simulated,
    )  # fmt: skip
