"""A line of the last dozen values, drawn as SVG in the colours of the page."""

from __future__ import annotations

from collections.abc import Sequence

from components.markup import Markup, element

POINTS = 12
_PAD = 3.0


def spark(values: Sequence[float | None], target: float | None = None, width: int = 92, height: int = 30) -> Markup:
    """The last twelve known values as a line with its last point marked; a dashed line at `target` if it is near."""
    known = [value for value in values if value is not None][-POINTS:]
    return element(
        "svg", _marks(known, target, width, height), class_="sv", viewBox=f"0 0 {width} {height}", aria_hidden="true"
    )


def _marks(known: Sequence[float], target: float | None, width: int, height: int) -> list[Markup]:
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
    x, last = points[-1]
    marks = [element("path", class_="ln", d=line), element("circle", class_="dot", r="2.6", cx=x, cy=last)]
    if near and target is not None:
        marks.insert(0, element("path", class_="tg", d=f"M0 {y(target)}H{width}"))
    return marks
