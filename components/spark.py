"""A line of the last dozen values, drawn as SVG in the colours of the page."""

from __future__ import annotations

from collections.abc import Sequence

import dash_svg as svg
from dash.development.base_component import Component

POINTS = 12
_PAD = 3.0


def spark(values: Sequence[float | None], target: float | None = None, width: int = 92, height: int = 30) -> Component:
    """The last twelve known values as a line with its last point marked; a dashed line at `target` if it is near."""
    known = [value for value in values if value is not None][-POINTS:]
    box = svg.Svg(children=_marks(known, target, width, height), className="sv", viewBox=f"0 0 {width} {height}")
    box.__setattr__("aria-hidden", "true")
    return box


def _marks(known: Sequence[float], target: float | None, width: int, height: int) -> list[Component]:
    if len(known) < 2:
        return []
    low, high = min(known), max(known)
    reach = (high - low) or abs(high) or 1.0
    near = target is not None and low - reach <= target <= high + reach
    if near and target is not None:
        low, high = min(low, target), max(high, target)
    spread = (high - low) or 1.0

    def y(value: float) -> float:
        return round(height - _PAD - (value - low) / spread * (height - 2 * _PAD), 1)

    step = (width - 2 * _PAD) / (len(known) - 1)
    points = [(round(_PAD + index * step, 1), y(value)) for index, value in enumerate(known)]
    line = "M" + "L".join(f"{px} {py}" for px, py in points)
    marks = [svg.Path(className="ln", d=line), svg.Circle(className="dot", r="2.6", cx=points[-1][0], cy=points[-1][1])]
    if near and target is not None:
        marks.insert(0, svg.Path(className="tg", d=f"M0 {y(target)}H{width}"))
    return marks
