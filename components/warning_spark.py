"""The evidence of a warning as a line: the last values with the bounds they were held against, drawn as SVG."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from components.markup import Markup, element
from decisions.warning_words import number

WIDTH, HEIGHT, RIGHT, PAD = 560, 170, 92, 14
INKS = {"红": "r1", "橙": "r2", "黄": "r3", "蓝": "r4"}


def warning_spark(points: Sequence[tuple[str, float | None]], bounds: Mapping[str, float], words: str) -> Markup:
    """Values from left to right, the newest marked; a bound is drawn if it lies within reach, labelled at its end."""
    known = [(label, value) for label, value in points if value is not None]
    values = [value for _, value in known]
    if len(values) < 2:
        return element("p", "依据只有一个读数，不画走势", class_="sub")
    low, high = min(values), max(values)
    reach = (high - low) or abs(high) or 1.0
    near = {name: bound for name, bound in bounds.items() if low - reach <= bound <= high + reach}
    low, high = min([low, *near.values()]), max([high, *near.values()])
    spread = (high - low) or 1.0

    def y(value: float) -> float:
        return round(HEIGHT - PAD - 8 - (value - low) / spread * (HEIGHT - 2 * PAD - 8), 1)

    step = (WIDTH - RIGHT - PAD) / (len(values) - 1)
    marks = [(round(PAD + index * step, 1), y(value)) for index, value in enumerate(values)]
    x, last = marks[-1]
    drawn = [
        *(_bound(name, bound, y(bound)) for name, bound in near.items()),
        element("path", class_="ln", d="M" + "L".join(f"{px} {py}" for px, py in marks)),
        element("circle", class_="dot", r="3.5", cx=x, cy=last),
        element("text", known[0][0][-5:], class_="ax", x=PAD, y=HEIGHT - 2),
        element("text", known[-1][0][-5:], class_="ax end", x=x, y=HEIGHT - 2),
    ]
    return element("svg", drawn, class_="wsv", viewBox=f"0 0 {WIDTH} {HEIGHT}", role="img", aria_label=words)


def _bound(name: str, bound: float, y: float) -> Markup:
    line = element("path", class_=f"bd {INKS[name]}", d=f"M{PAD} {y}H{WIDTH - RIGHT}")
    return element("g", [line, element("text", f"{name} {number(bound)}", class_="bt", x=WIDTH - RIGHT + 6, y=y + 5)])
