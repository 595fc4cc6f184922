"""The small seals beside a number: 发 published, 实 live, 模 simulated, 填 entered by hand, 过期 past its promise."""

from __future__ import annotations

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components import times
from components.attributes import attributes
from components.shown import PROVENANCE, Shown, as_of
from indicators.reading import Freshness, Provenance, Reading, World
from indicators.states import Light, Track

_SEAL = {
    Provenance.PUBLISHED: ("f", "发"),
    Provenance.LIVE: ("s", "实"),
    Provenance.SIMULATED: ("m", "模"),
    Provenance.MANUAL: ("f", "填"),
}
_LATENESS = {Freshness.LATE: ("late", "迟"), Freshness.STALE: ("x", "过期"), Freshness.DEAD: ("x", "中断")}
TRACK = {
    Track.ON: "正常",
    Track.OFF: "关注",
    Track.WITHOUT_YARDSTICK: "未设界限",
    Track.STALE: "过期",
    Track.MISSING: "无数据",
}
LIGHT = {Light.NORMAL: "正常", Light.ATTENTION: "关注", Light.STALE: "过期", Light.UNCONNECTED: "未接入"}


def seal(provenance: Provenance) -> Component:
    """The one-character mark of where a value is from."""
    look, character = _SEAL[provenance]
    return html.I(character, className=f"pv {look}", title=PROVENANCE[provenance])


def lateness(freshness: Freshness, reason: str | None = None) -> Component | None:
    """The mark of a value that is not fresh; None for one that is."""
    if freshness is Freshness.FRESH:
        return None
    look, word = _LATENESS[freshness]
    return html.I(word, className=f"pv {look}", title=reason or "")


def seals(reading: Reading) -> list[Component]:
    """Lateness first, then provenance: a simulated value stays marked when it is late as well."""
    late = lateness(reading.freshness, reading.reason)
    kept = late is None or reading.provenance is Provenance.SIMULATED or reading.freshness is Freshness.LATE
    return [mark for mark in (late, seal(reading.provenance) if kept else None) if mark is not None]


def origin(shown: Shown, now: datetime) -> list[Component | str]:
    """Second line of every number: seal, time, unit that answers for it."""
    reading = shown.reading
    if reading is None or reading.value is None:
        return [f"{shown.short_absence} {shown.owner}"]
    time = f"{times.age(now - reading.observed_at)}前" if shown.is_grey and reading.observed_at else as_of(reading, now)
    return [*seals(reading), f"{time} {shown.owner}"]


def sample_label(world: World) -> Component | None:
    """The hatched label every screen of the demo city carries."""
    return html.Span("演示数据 · 模拟", className="sample", role="note") if world is World.DEMO else None


def light(found: Light) -> Component:
    """The dot, diamond or dashed ring of a state, for lists."""
    return html.I(className=f"lt {found.value}", **attributes(aria_hidden="true"))


def track_mark(found: Track) -> list[Component | str]:
    """Mark and word of how an indicator stands."""
    look = {Track.OFF: Light.ATTENTION, Track.STALE: Light.STALE, Track.MISSING: Light.UNCONNECTED}
    return [light(look.get(found, Light.NORMAL)), TRACK[found]]
