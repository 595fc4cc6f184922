"""Troubles of the sources themselves, put over the true figures: wrong units and sensors that stick."""

from __future__ import annotations

import numpy as np

from demo_city.axis import DAY, Axis, index_at
from demo_city.city import DemoCity, Figures
from demo_city.episodes import Episode, between, kinds
from demo_city.noise import Floats

_SLIP_REACH = DAY
"""A wrong unit is in the first figure of a period that ends within a day after its episode."""


def planted(city: DemoCity, code: str, region: str, axis: Axis, spotless: int = 0) -> Figures:
    """The figures of a series as its source sends them.

    The first `spotless` periods have no wrong unit: where a history begins nobody could tell.
    """
    figures = city.figures(code, region, axis)
    if not len(axis):
        return figures
    for episode in _hits(city, "unit_slip", code, region, int(axis.ends.min()) - _SLIP_REACH, int(axis.ends.max()) + 1):
        figures = _slipped(figures, axis, episode, spotless)
    for episode in _hits(city, "stuck_sensor", code, region, int(axis.starts.min()), int(axis.starts.max()) + 1):
        figures = _stuck(city, code, region, figures, axis, episode)
    return figures


def _hits(city: DemoCity, kind: str, code: str, region: str, first: int, last: int) -> list[Episode]:
    """Episodes of a kind that strike this series."""
    if code not in kinds()[kind].indicators:
        return []
    found = between(city.seed, kind, first, last)
    return [one for one in found if one.indicators == (code,) and region in one.regions]


def _slipped(figures: Figures, axis: Axis, episode: Episode, spotless: int) -> Figures:
    late = axis.ends - episode.begin
    wrong = (late > 0) & (late <= np.minimum(axis.ends - axis.starts, _SLIP_REACH))
    wrong[:spotless] = False
    value = np.where(wrong, np.round(figures.value * episode.effect, 2), figures.value)
    return Figures(value, figures.numerator, figures.denominator)


def _stuck(city: DemoCity, code: str, region: str, figures: Figures, axis: Axis, episode: Episode) -> Figures:
    """From the start of the episode to its end the sensor repeats what it last read."""
    inside = (axis.starts >= episode.begin) & (axis.starts < episode.finish)
    last_good = axis.at(index_at(axis.frequency, np.array([episode.begin], dtype=np.int64)))
    frozen = city.figures(code, region, last_good)

    def held(values: Floats | None, at: Floats | None) -> Floats | None:
        return None if values is None or at is None else np.where(inside, at[0], values)

    value = np.where(inside, frozen.value[0], figures.value)
    return Figures(value, held(figures.numerator, frozen.numerator), held(figures.denominator, frozen.denominator))
