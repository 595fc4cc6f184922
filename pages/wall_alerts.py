"""Alerts in force in the region in view: warnings of the rules, delivered signals by level, red and orange events."""

from __future__ import annotations

from components.wall_alerts import MAJOR, Alert
from decisions.warning import Warning
from decisions.warnings import families, in_force
from dispatch.loop import MapPin, pins
from dispatch.stage import STAGE_NAMES
from indicators.reading import Provenance, Reading, World
from indicators.readings import breakdown
from indicators.states import is_past_promise
from pages.view import View

SIGNALS = "EMG-01"
"""当前生效预警信号数, broken down by level."""
SIGNAL_THEME, EVENT_THEME = "emergency", "event_command"
WARNINGS = "warnings:{world}"
"""Topic of the warnings."""
_LEVELS = {"红": 1, "橙": 2, "黄": 3, "蓝": 4}


def alerts_in_force(view: View) -> list[Alert]:
    """The gravest first; what is only expected comes last. Of warnings and events only for who may see such."""
    found = _signals(view)
    found += _warnings(view) if view.by.may("warnings.view") else []
    found += _events(view) if view.by.may("events.view") else []
    return sorted(found, key=lambda one: (one.is_expected, one.level, one.since or view.now, one.key))


def official(alerts: list[Alert]) -> list[Alert]:
    """Those in force now: they colour tiles and count; an expected one does neither."""
    return [alert for alert in alerts if not alert.is_expected]


def worst_by_theme(alerts: list[Alert]) -> dict[str, Alert]:
    """The gravest alert in force of each theme that has one; `alerts` as `alerts_in_force` orders them."""
    return {alert.theme: alert for alert in reversed(official(alerts))}


def _warnings(view: View) -> list[Alert]:
    """One alert per family of warnings that are not quiet, in the region in view and all below it."""
    city = view.region == view.catalogue.city.code
    below = {view.region, *(region.code for region in view.catalogue.within(view.region))}
    found = in_force(view.connection, view.by, world=view.world, regions=None if city else below)
    spoken = [one for one in found if one.quiet is None and one.level is not None]
    return [_warning(view, family[0], len(family)) for family in families(spoken)]


def _warning(view: View, worst: Warning, count: int) -> Alert:
    region, owner = view.catalogue.regions.get(worst.region), view.catalogue.departments.get(worst.owner)
    where = "" if region is None or region.code == view.catalogue.city.code else region.short
    said = [where, owner.short if owner else "", f"同类 {count} 条" if count > 1 else ""]
    return Alert(
        key=f"warning-{worst.id}",
        level=int(worst.level or worst.peak_level),
        title=worst.name,
        said=" ".join(part for part in said if part),
        theme=worst.theme,
        since=worst.began_at,
        simulated=view.world is World.DEMO,
        is_expected=worst.is_forecast,
    )


def _signals(view: View) -> list[Alert]:
    """One alert per level that has signals in force. What is past its promise says nothing about now."""
    found = breakdown(
        view.connection, view.catalogue, view.by, world=view.world, code=SIGNALS, region=view.region, now=view.now
    )
    owner = view.catalogue.departments[view.catalogue.indicators[SIGNALS].owner].short if found else ""
    return [
        _signal(level, reading, owner)
        for dim, reading in found.items()
        if (level := _LEVELS.get(dim.removeprefix("level=")[:1]))
        if reading.value and not is_past_promise(reading)
    ]


def _signal(level: int, reading: Reading, owner: str) -> Alert:
    name = next(character for character, found in _LEVELS.items() if found == level)
    return Alert(
        key=f"signal-{level}",
        level=level,
        title=f"{name}色预警信号 {reading.value:.0f} 条",
        said=owner,
        theme=SIGNAL_THEME,
        simulated=reading.provenance is Provenance.SIMULATED,
    )


def _events(view: View) -> list[Alert]:
    found = pins(view.connection, view.by, world=view.world, region=view.region, now=view.now)
    return [_event(view, pin) for pin in found if 1 <= pin.level <= MAJOR]


def _event(view: View, pin: MapPin) -> Alert:
    county = view.catalogue.regions.get(pin.county)
    return Alert(
        key=pin.number,
        level=pin.level,
        title=pin.title,
        said=f"{county.short if county else ''} {STAGE_NAMES[pin.stage]}".strip(),
        theme=EVENT_THEME,
        since=pin.since,
        simulated=pin.simulated,
    )
