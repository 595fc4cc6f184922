"""Waterfall: from one total to the next by its parts, from zero; what drags is solid, what lifts is hollow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from dash.development.base_component import Component

from components import numbers
from components.chart_axis import axis
from components.chart_frame import Sheet, framed


@dataclass(frozen=True)
class Part:
    """A total, or what one part adds (negative: takes away). `href` leads to where it is explained."""

    name: str
    value: float
    href: str | None = None


REST = "其他"


def waterfall(
    title: str,
    unit: str,
    start: Part,
    parts: Sequence[Part],
    end: Part,
    *,
    decimals: int = 1,
    lower_is_better: bool = False,
    look: str = "",
) -> Component:
    """What is left between the parts and `end` becomes a part of its own, 其他, so that the picture always adds up."""
    scale = numbers.scale([start.value, end.value, *(part.value for part in parts)], unit)
    whole = _complete(start, parts, end, 0.5 * scale.divisor * 10.0**-decimals)
    levels = list(accumulate((part.value for part in whole), initial=start.value))
    steps = [
        _total(start, scale, decimals),
        *(_step(part, level, scale, decimals, lower_is_better) for part, level in zip(whole, levels, strict=False)),
        _total(end, scale, decimals),
    ]
    spec = {
        "kind": "waterfall",
        "unit": scale.unit,
        "axis": axis([level / scale.divisor for level in (*levels, end.value)], zero=True).data(),
        "steps": steps,
    }
    sheet = Sheet(
        ["项目", f"数值（{scale.unit}）"],
        [
            ((str(step["name"]), part.href), [str(step["words"])])
            for step, part in zip(steps, (start, *whole, end), strict=True)
        ],
    )
    return framed(title, "；".join(f"{step['name']} {step['words']}" for step in steps), spec, sheet, look=look)


def _complete(start: Part, parts: Sequence[Part], end: Part, least: float) -> list[Part]:
    """The parts and what they leave, unless that is too little to be written."""
    rest = end.value - start.value - sum(part.value for part in parts)
    return [*parts, Part(REST, rest)] if abs(rest) >= least else list(parts)


def _total(part: Part, scale: numbers.Scale, decimals: int) -> dict[str, object]:
    words = scale.plain(part.value, decimals)
    return {"name": part.name, "sort": "total", "from": 0.0, "to": scale.sized(part.value), "words": words}


def _step(part: Part, level: float, scale: numbers.Scale, decimals: int, lower_is_better: bool) -> dict[str, object]:
    sort = "level" if part.value == 0 else "drag" if (part.value < 0) != lower_is_better else "lift"
    text = scale.plain(part.value, decimals)
    return {
        "name": part.name,
        "sort": sort,
        "from": scale.sized(level),
        "to": scale.sized(level + part.value),
        "words": f"+{text}" if part.value > 0 and text.strip("0.") else text,
        "href": part.href,
    }
