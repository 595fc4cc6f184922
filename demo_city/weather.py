"""The demo city's sky and rivers: rain, waterlogging, the 韩江, warmth, haze, as functions of local minutes.

Storms are planted episodes; everyday rain is drawn per day from the month's rain chance (subtropical monsoon, wet April
to September). Units: mm/h, metres, °C, and plain shares where nothing is said.
"""

from __future__ import annotations

import numpy as np

from demo_city import almanac
from demo_city.axis import DAY
from demo_city.episodes import between
from demo_city.noise import Floats, Ints, normal, uniform, wander

_RAIN_CHANCE = (0.16, 0.24, 0.32, 0.38, 0.46, 0.5, 0.4, 0.42, 0.32, 0.16, 0.12, 0.12)
_WARMTH = (14.0, 15.0, 18.0, 22.0, 25.5, 28.0, 29.2, 29.0, 27.6, 24.4, 20.2, 15.8)
"""Monthly means of Chaozhou, °C, rounded from the climate normals of 广东."""
_STORM_MM_PER_HOUR = 38.0
_RIVER_DELAY, _RIVER_SPREAD = 360.0, 660.0
"""Minutes: rain reaches 潮安 station after six hours and crests eleven hours later."""
_RIVER_MEMORY = 5 * DAY


def months(time: Ints) -> Ints:
    """0 January to 11 December."""
    return time.astype("datetime64[m]").astype("datetime64[M]").astype(np.int64) % 12


def bump(time: Ints, begin: int, finish: int) -> Floats:
    """0 outside [begin, finish], smoothly up to 1 in its middle."""
    part = (time - begin) / max(finish - begin, 1)
    return np.where((part > 0.0) & (part < 1.0), np.sin(np.pi * np.clip(part, 0.0, 1.0)) ** 2, 0.0)


def storm(seed: int, region: str, time: Ints) -> Floats:
    """Strength of a planted storm over the region: 0 calm, about 1 at its height; weaker in winter."""
    total = np.zeros(len(time))
    if not len(time):
        return total
    for episode in between(seed, "storm", int(time.min()), int(time.max()) + 1):
        month = int(months(np.array([episode.begin]))[0])
        season = 1.0 if 3 <= month <= 9 else 0.6
        total += season * episode.local_weight(region, seed) * bump(time, episode.begin, episode.finish)
    return total


def storm_alert(seed: int, region: str, time: Ints) -> Floats:
    """1 while a warning for a storm is in force: from two hours before it to its end."""
    total = np.zeros(len(time))
    for episode in between(seed, "storm", int(time.min()) - DAY, int(time.max()) + DAY):
        total[(time >= episode.begin - 120) & (time <= episode.finish)] = 1.0
    return total


def _everyday(seed: int, time: Ints, back: int) -> tuple[Ints, Ints, Floats]:
    """Begin, finish and mm/h at the height of the everyday rain `back` days before each instant; 0 mm/h if dry."""
    day = time // DAY - back
    chance = np.array(_RAIN_CHANCE)[months(day * DAY)]
    wet = uniform(seed, "rain?", day) < chance
    begin = day * DAY + (uniform(seed, "rain at", day) * DAY).astype(np.int64)
    length = 60 + (uniform(seed, "rain for", day) * 300).astype(np.int64)
    peak = -np.log(uniform(seed, "rain", day)) * 2.4
    return begin, begin + length, np.where(wet, np.minimum(peak, 12.0), 0.0)


def rain(seed: int, region: str, time: Ints) -> Floats:
    """Rain over the region in mm/h."""
    total = _STORM_MM_PER_HOUR * storm(seed, region, time)
    for back in (0, 1):
        begin, finish, peak = _everyday(seed, time, back)
        part = np.clip((time - begin) / (finish - begin), 0.0, 1.0)
        total += peak * np.sin(np.pi * part) ** 2
    return total


def wet(seed: int, region: str, time: Ints) -> Floats:
    """How deep low places stand under water, 0 to about 1: only what drains cannot take, more than 12 mm/h."""
    return np.maximum(rain(seed, region, time) - 12.0, 0.0) / (_STORM_MM_PER_HOUR - 12.0)


def river(seed: int, region: str, time: Ints) -> Floats:
    """Rise of the 韩江 in metres above its seasonal level: storms come down over hours and drain over days."""
    total = 0.12 * wander(seed, "river", time / (2.0 * DAY))
    for episode in between(seed, "storm", int(time.min()) - _RIVER_MEMORY, int(time.max()) + 1):
        month = int(months(np.array([episode.begin]))[0])
        since = np.maximum(time - episode.begin - _RIVER_DELAY, 0.0) / _RIVER_SPREAD
        fade = np.clip((episode.begin + _RIVER_MEMORY - time) / DAY, 0.0, 1.0)
        total += (1.5 if 3 <= month <= 9 else 0.8) * episode.strength * since * np.exp(1.0 - since) * fade
    return total


def warmth(seed: int, region: str, time: Ints) -> Floats:
    """Air temperature in °C: month, hour and a few days' weather."""
    place = time / (DAY * 30.4375) - 0.5
    left = np.floor(place).astype(np.int64)
    means = np.array(_WARMTH)
    season = means[left % 12] + (place - left) * (means[(left + 1) % 12] - means[left % 12])
    hour = 3.2 * np.cos(2.0 * np.pi * (time % DAY - 870) / DAY)
    return season + hour + 1.6 * wander(seed, "warmth", time / (4.0 * DAY))


def heat(seed: int, region: str, time: Ints) -> Floats:
    """0 below 26 °C, 1 at 34 °C."""
    return np.maximum(warmth(seed, region, time) - 26.0, 0.0) / 8.0


def cold(seed: int, region: str, time: Ints) -> Floats:
    """0 above 14 °C, 1 at 6 °C."""
    return np.maximum(14.0 - warmth(seed, region, time), 0.0) / 8.0


def sun(seed: int, region: str, time: Ints) -> Floats:
    """0 at night to 1 at midday, dimmed by rain: makes ozone, whose eight-hour mean lags it by three hours."""
    shape = np.maximum(np.cos(2.0 * np.pi * (time % DAY - 900) / DAY), -0.4) * 0.5 + 0.3
    return shape / (1.0 + 0.3 * rain(seed, region, time))


def smog(seed: int, region: str, time: Ints) -> Floats:
    """Stagnant air, about -1 to 2: a curve of three days, one part shared by all counties."""
    shared = wander(seed, "smog", time / (3.0 * DAY))
    return np.clip(0.85 * shared + 0.3 * wander(seed, f"smog/{region}", time / (1.5 * DAY)), -1.3, 2.2)


def summer(seed: int, region: str, time: Ints) -> Floats:
    """1 in mid-July, -1 in mid-January."""
    return np.cos(2.0 * np.pi * (almanac.year_part(time // DAY) - 0.54))


def winter(seed: int, region: str, time: Ints) -> Floats:
    """The opposite of summer."""
    return -summer(seed, region, time)


def wetday(seed: int, region: str, time: Ints) -> Floats:
    """1 on days with rain in the forecast."""
    return (_everyday(seed, time, 0)[2] > 0.0).astype(np.float64)


def typhoon(seed: int, region: str, time: Ints) -> Floats:
    """The typhoon season: rises in June, full from July to September, gone in November."""
    return np.interp(almanac.year_part(time // DAY) * 12.0, [5.0, 6.0, 9.0, 10.5], [0.0, 1.0, 1.0, 0.0])


def flu(seed: int, region: str, time: Ints) -> Floats:
    """The winter wave of influenza, different each year."""
    day = time // DAY
    season = np.maximum(winter(seed, region, time), 0.0)
    return season * (1.0 + 0.3 * normal(seed, "flu", day // 182)) + 0.1 * wander(seed, "flu", time / (10.0 * DAY))
