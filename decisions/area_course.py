"""When a device has entered or left an area, or crossed its bound: exactly once, however its reports jitter."""

from __future__ import annotations

from dataclasses import dataclass

from decisions.watched_area import Way
from geography.areas import Area
from geography.coordinates import Point

MARGIN_METRES = 60.0
"""A device has entered at the edge; it has left only so far outside: positions of vehicles and phones jitter."""
BOUND_MARGIN = 0.03
"""Share of the bound by which a value must fall below it before it counts as back."""


@dataclass(frozen=True)
class Presence:
    """What is known of a device and an area after its last report."""

    is_inside: bool = False
    is_over: bool = False


def advance(area: Area, before: Presence, place: Point, value: float | None, bound: float | None) -> Presence:
    """After one more report. Without a value or bound nothing is known of crossing it: as before."""
    depth = area.depth(place)
    is_inside = depth >= (-MARGIN_METRES if before.is_inside else 0.0)
    if value is None or bound is None:
        return Presence(is_inside, before.is_over and is_inside)
    floor = bound - BOUND_MARGIN * abs(bound) if before.is_over else bound
    return Presence(is_inside, is_inside and value >= floor)


def ways(before: Presence, after: Presence) -> tuple[Way, ...]:
    """What happened between the two. Leaving ends an excess without another word."""
    told: list[Way] = []
    if after.is_inside is not before.is_inside:
        told.append(Way.ENTER if after.is_inside else Way.LEAVE)
    if after.is_inside and after.is_over is not before.is_over:
        told.append(Way.OVER if after.is_over else Way.BACK)
    return tuple(told)
