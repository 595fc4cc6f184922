"""Rounding, quotients in the catalogue's scale, and the index of air quality."""

from __future__ import annotations

import numpy as np

from demo_city.city import DemoCity, Figures
from demo_city.noise import Floats
from demo_city.recipe import Recipe

_INDEX = (0.0, 50.0, 100.0, 150.0, 200.0, 300.0)
_PM25 = (0.0, 35.0, 75.0, 115.0, 150.0, 250.0)
_OZONE = (0.0, 100.0, 160.0, 215.0, 265.0, 800.0)
"""Breakpoints of HJ 633-2012, table 1, as far as the demo city's air gets."""


def quotient(city: DemoCity, recipe: Recipe, above: Floats, below: Floats) -> Figures:
    """The value that follows from numerator and denominator, in the catalogue's scale and digits."""
    indicator = city.indicator(recipe.code)
    scale = 1.0 if indicator is None else indicator.scale
    return Figures(np.round(scale * above / below, city.decimals(recipe.code)), above, below)


def whole(amount: Floats, decimals: int = 0) -> Floats:
    """Rounded, and never minus zero."""
    return np.asarray(np.round(amount, decimals) + 0.0, dtype=np.float64)


def air_index(fine: Floats, ozone: Floats) -> Floats:
    """The larger index of PM2.5 and ozone (8-hour mean), both in µg/m³, rounded up."""
    return np.ceil(np.maximum(np.interp(fine, _PM25, _INDEX), np.interp(ozone, _OZONE, _INDEX)))
