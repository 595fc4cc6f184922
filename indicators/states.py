"""The light of a theme, from its indicators, by the rule the catalogue shows to everybody.

An indicator is *judged* if it has a yardstick (a target in numbers or an edge of attention) and its value is fresh or
late. It is off track past an edge, or short of what the target asks for by now. Stale values judge nothing; they are
counted apart, so that a dead source never looks like a calm city nor like an alarm.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from indicators.comparison import progress
from indicators.definition import Indicator, StateRule
from indicators.reading import Freshness, Reading


class Light(StrEnum):
    """What a theme's tile shows. Warning levels come with warnings, not from here."""

    NORMAL = "ok"
    ATTENTION = "at"
    STALE = "st"  # its headline figures are past their promise
    UNCONNECTED = "off"  # nothing has ever arrived


class Track(StrEnum):
    """How one indicator stands."""

    ON = "on"
    OFF = "off"
    WITHOUT_YARDSTICK = "none"
    STALE = "stale"
    MISSING = "missing"


@dataclass(frozen=True)
class ThemeState:
    """One theme's light and the counts it follows from. `headline` is the indicator its tile names."""

    theme: str
    light: Light
    reason: str
    headline: str | None
    off_track: tuple[str, ...]
    judged: int
    current: int
    """Indicators with a fresh or late value."""
    stale: int
    missing: int


def track(indicator: Indicator, reading: Reading | None) -> Track:
    """How `reading` stands to the yardsticks of its indicator."""
    if reading is None or reading.value is None:
        return Track.MISSING
    if is_past_promise(reading):
        return Track.STALE
    return _against_yardsticks(indicator, reading, reading.value)


def is_past_promise(reading: Reading) -> bool:
    """True for stale and dead values: shown grey, judged nowhere."""
    return reading.freshness in {Freshness.STALE, Freshness.DEAD}


def theme_state(
    theme: str, indicators: Sequence[Indicator], readings: Mapping[str, Reading], rule: StateRule
) -> ThemeState:
    """The light of `theme` from `indicators` (catalogue order) and their `readings` by code."""
    current = [i for i in indicators if not i.historical]
    tracks = {i.code: track(i, readings.get(i.code)) for i in current}
    light, reason = _light(current, tracks, rule)
    count = Counter(tracks.values())
    return ThemeState(
        theme=theme,
        light=light,
        reason=reason,
        headline=_headline(current, tracks),
        off_track=tuple(code for code, found in tracks.items() if found is Track.OFF),
        judged=count[Track.ON] + count[Track.OFF],
        current=count[Track.ON] + count[Track.OFF] + count[Track.WITHOUT_YARDSTICK],
        stale=count[Track.STALE],
        missing=count[Track.MISSING],
    )


def tally(states: Iterable[ThemeState]) -> dict[Light, int]:
    """How many themes show each light; every light is named, and the counts add up to the number of states."""
    count = Counter(state.light for state in states)
    return {light: count[light] for light in Light}


def _against_yardsticks(indicator: Indicator, reading: Reading, value: float) -> Track:
    stands = progress(indicator, reading)
    bands = indicator.bands
    if bands is None and stands is None:
        return Track.WITHOUT_YARDSTICK
    if bands is not None and _is_outside(value, bands.attention_below, bands.attention_above):
        return Track.OFF
    return Track.OFF if stands is not None and stands.behind else Track.ON


def _is_outside(value: float, low: float | None, high: float | None) -> bool:
    return (low is not None and value < low) or (high is not None and value > high)


def _light(indicators: Sequence[Indicator], tracks: Mapping[str, Track], rule: StateRule) -> tuple[Light, str]:
    """The first line of the rule that applies."""
    if all(found is Track.MISSING for found in tracks.values()):
        return Light.UNCONNECTED, "尚无数据接入"
    leading = [i for i in indicators if i.headline and tracks[i.code] is not Track.MISSING] or [
        i for i in indicators if tracks[i.code] is not Track.MISSING
    ]
    if all(tracks[i.code] is Track.STALE for i in leading):
        return Light.STALE, f"{_names(leading)}数据过期，不参与判定"
    off_headlines = [i for i in indicators if i.headline and tracks[i.code] is Track.OFF]
    if rule.headline_counts_alone and off_headlines:
        return Light.ATTENTION, f"重点指标偏离：{_names(off_headlines)}"
    return _by_share(indicators, tracks, rule)


def _by_share(indicators: Sequence[Indicator], tracks: Mapping[str, Track], rule: StateRule) -> tuple[Light, str]:
    off = [i for i in indicators if tracks[i.code] is Track.OFF]
    judged = len(off) + sum(found is Track.ON for found in tracks.values())
    if judged and len(off) / judged >= rule.attention_share:
        return Light.ATTENTION, f"{judged} 项参与判定，{len(off)} 项偏离：{_names(off)}"
    if not judged:
        return Light.NORMAL, "各项指标未设目标或界限，数据按约更新"
    return Light.NORMAL, f"{judged} 项参与判定，{len(off)} 项偏离，未达关注比例"


def _headline(indicators: Sequence[Indicator], tracks: Mapping[str, Track]) -> str | None:
    """What the tile names: a headline off track, else the first current headline, else any that has a value."""
    orders = (
        lambda i: i.headline and tracks[i.code] is Track.OFF,
        lambda i: i.headline and tracks[i.code] in {Track.ON, Track.WITHOUT_YARDSTICK},
        lambda i: tracks[i.code] is Track.OFF,
        lambda i: i.headline and tracks[i.code] is Track.STALE,
        lambda i: tracks[i.code] is not Track.MISSING,
    )
    return next((i.code for order in orders for i in indicators if order(i)), None)


def _names(indicators: Sequence[Indicator]) -> str:
    shown = "、".join(i.name for i in indicators[:3])
    return f"{shown}等 {len(indicators)} 项" if len(indicators) > 3 else shown
