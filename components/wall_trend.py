"""Trend of the wall as SVG: history solid, forecast dashed with its interval, one line for the yardstick."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from components.markup import Markup, element
from components.numbers import plain

_WIDTH, _HEIGHT = 600.0, 300.0
_LEFT, _RIGHT, _TOP, _BOTTOM = 50.0, 96.0, 18.0, 30.0
_GRIDLINES = 4


@dataclass(frozen=True)
class Course:
    """What is drawn: values oldest first, and what is expected after them with its 80 % interval."""

    values: Sequence[float]
    labels: Sequence[str]
    """One per value and per step ahead."""
    decimals: int
    unit: str
    yardstick: float | None = None
    yardstick_name: str = ""
    ahead: Sequence[float] = ()
    low: Sequence[float] = ()
    high: Sequence[float] = ()


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    steps: int

    def x(self, index: float) -> float:
        return round(_LEFT + index * (_WIDTH - _LEFT - _RIGHT) / max(self.steps - 1, 1), 1)

    def y(self, value: float) -> float:
        share = (value - self.low) / ((self.high - self.low) or 1.0)
        return round(_HEIGHT - _BOTTOM - share * (_HEIGHT - _TOP - _BOTTOM), 1)


def course(shown: Course) -> Markup:
    """The drawing; the last value and the yardstick are written beside their lines."""
    scale = _scale(shown)
    parts = [*_grid(shown, scale), *_yardstick(shown, scale), *_expected(shown, scale), *_past(shown, scale)]
    spoken = f"最新 {plain(shown.values[-1], shown.decimals)} {shown.unit}"
    return element(
        "svg", parts, class_="cht", viewBox=f"0 0 {_WIDTH:g} {_HEIGHT:g}", role="img", aria_label=spoken,
        preserveAspectRatio="xMidYMid meet",
    )  # fmt: skip


def _scale(shown: Course) -> _Scale:
    all_values = [*shown.values, *shown.low, *shown.high]
    low, high = min(all_values), max(all_values)
    reach = (high - low) or abs(high) or 1.0
    if shown.yardstick is not None and low - 1.5 * reach <= shown.yardstick <= high + 1.5 * reach:
        low, high = min(low, shown.yardstick), max(high, shown.yardstick)
    room = 0.08 * ((high - low) or 1.0)
    return _Scale(low - room, high + room, len(shown.values) + len(shown.ahead))


def _grid(shown: Course, scale: _Scale) -> list[Markup]:
    lines: list[Markup] = []
    for value in _round_values(scale.low, scale.high):
        y = scale.y(value)
        lines.append(element("path", class_="gr", d=f"M{_LEFT:g} {y}H{_WIDTH - _RIGHT:g}"))
        lines.append(element("text", _axis(value), class_="ax", x=_LEFT - 6, y=y + 5, text_anchor="end"))
    last = len(shown.labels) - 1
    for index in sorted({0, last // 3, 2 * last // 3, last}):
        label = element(
            "text", shown.labels[index], class_="ax zh", x=scale.x(index), y=_HEIGHT - 6, text_anchor="middle"
        )
        lines.append(label)
    return lines


def _axis(value: float) -> str:
    """Without zeros behind the point."""
    text = plain(value, 2)
    return text.rstrip("0").rstrip(".") if "." in text else text


def _round_values(low: float, high: float) -> list[float]:
    """At most four values a person would choose, inside the scale."""
    rough = (high - low) / _GRIDLINES
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in (1, 2, 2.5, 5, 10) if factor * magnitude >= rough)
    first = -(-low // step)
    found: list[float] = []
    while (value := round(first * step, 10)) <= high and len(found) < _GRIDLINES + 1:
        found.append(value)
        first += 1
    return found


def _yardstick(shown: Course, scale: _Scale) -> list[Markup]:
    line = shown.yardstick
    if line is None or not scale.low <= line <= scale.high:
        return []
    y, end = scale.y(line), _WIDTH - _RIGHT
    words = f"{shown.yardstick_name} {plain(line, shown.decimals)}"
    return [
        element("path", class_="tg", d=f"M{_LEFT:g} {y}H{end:g}"),
        element("text", words, class_="zh ax hi", x=end + 6, y=y + 5),
    ]


def _past(shown: Course, scale: _Scale) -> list[Markup]:
    x, y = scale.x(len(shown.values) - 1), scale.y(shown.values[-1])
    words = f"{plain(shown.values[-1], shown.decimals)}{shown.unit}"
    near = [scale.y(value) for value in (*shown.values[-4:], *shown.high[:1], *shown.low[:1])]
    above = min(near) > _TOP + 40
    place = {
        "x": x,
        "y": min(near) - 14 if above else max(near) + 28,
        "text_anchor": "middle" if shown.ahead else "end",
    }
    return [
        element("path", class_="ln b", d=_path(shown.values, scale, 0)),
        element("circle", class_="dot", r="4", cx=x, cy=y),
        element("text", words, class_="now", **place),
    ]


def _expected(shown: Course, scale: _Scale) -> list[Markup]:
    if not shown.ahead:
        return []
    start, last = len(shown.values) - 1, shown.values[-1]
    up = _path([last, *shown.high], scale, start)
    down = _path([last, *shown.low], scale, start, backwards=True).replace("M", "L", 1)
    end = scale.y(shown.ahead[-1])
    words = f"预测 {plain(shown.ahead[-1], shown.decimals)}"
    return [
        element("path", class_="fan", d=f"{up}{down}Z"),
        element("path", class_="ln b f", d=_path([last, *shown.ahead], scale, start)),
        element("text", words, class_="zh ax", x=_WIDTH - _RIGHT + 6, y=_beside(end, shown, scale)),
    ]


def _beside(y: float, shown: Course, scale: _Scale) -> float:
    """Below or above the words of the yardstick, never on them."""
    if shown.yardstick is None or not scale.low <= shown.yardstick <= scale.high:
        return y + 5
    line = scale.y(shown.yardstick)
    return y + 5 if abs(line - y) > 20 else line + (25 if y >= line else -15)


def _path(values: Sequence[float], scale: _Scale, start: int, *, backwards: bool = False) -> str:
    points = [f"{scale.x(start + index)} {scale.y(value)}" for index, value in enumerate(values)]
    return f"M{'L'.join(reversed(points) if backwards else points)}"
