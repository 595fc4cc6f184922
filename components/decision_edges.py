"""The transmission model as a drawn graph: solid where the data prove an edge, dashed grey where only theory speaks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.markup import Markup, element
from components.numbers import plain
from components.table import number, table

BOX, HIGH, ACROSS, DOWN = 236, 34, 400, 56
LONGEST = 14
"""Characters of a name that find room in its box."""
MOST = 12
"""Columns beyond which a circle is assumed and the drawing stops."""
COLUMNS = ("关系", "结论", "滞后→", "相关系数→", "随机波动带→", "q 值→", "稳定性→", "理由或未过的检验")


@dataclass(frozen=True)
class EdgeLine:
    """One relation with its evidence; `lag` in months, `q` after correction for many tests."""

    cause: str
    effect: str
    is_proven: bool
    lag: int | None
    correlation: float | None
    band: float | None
    q: float | None
    steady: float | None
    reason: str
    failings: Sequence[str]


def edge_graph(lines: Sequence[EdgeLine]) -> Markup:
    """Causes left, effects right."""
    places = _places(lines)
    width = max(x for x, _ in places.values()) + BOX + 2
    height = max(y for _, y in places.values()) + HIGH + 2
    arrow = element(
        "marker", element("path", d="M0 0L8 4L0 8z", class_="tip"), id="edge-tip", markerWidth="8", markerHeight="8",
        refX="7", refY="4", orient="auto", markerUnits="userSpaceOnUse",
    )  # fmt: skip
    drawn = [_edge(one, places) for one in sorted(lines, key=lambda one: one.is_proven)]
    boxes = [_box(name, place) for name, place in places.items()]
    said = f"{len(lines)} 条传导关系，{sum(one.is_proven for one in lines)} 条已证实"
    return element(
        "svg", [element("defs", arrow), *drawn, *boxes], class_="edges", viewBox=f"0 0 {width} {height}", role="img",
        aria_label=said,
    )  # fmt: skip


def edge_table(lines: Sequence[EdgeLine]) -> Component:
    """The evidence of every edge, proven ones first."""
    ranked = sorted(lines, key=lambda one: not one.is_proven)
    return table(COLUMNS, [_row(one) for one in ranked], "传导关系检验", "edged")


def _places(lines: Sequence[EdgeLine]) -> Mapping[str, tuple[int, int]]:
    depth = _depths(lines)
    columns: dict[int, list[str]] = defaultdict(list)
    for name in depth:
        columns[depth[name]].append(name)
    tallest = max(len(names) for names in columns.values())
    return {
        name: (1 + column * ACROSS, 1 + int((place + (tallest - len(names)) / 2) * DOWN))
        for column, names in columns.items()
        for place, name in enumerate(_ordered(names, column, lines, columns))
    }


def _ordered(
    names: Sequence[str], column: int, lines: Sequence[EdgeLine], columns: Mapping[int, Sequence[str]]
) -> list[str]:
    """Beside what they come from or lead to, so that fewer edges cross."""
    after = list(columns.get(column + 1, ()))

    def place(name: str) -> float:
        reached = [after.index(one.effect) for one in lines if one.cause == name and one.effect in after]
        return sum(reached) / len(reached) if reached else len(after)

    return sorted(names, key=place)


def _depths(lines: Sequence[EdgeLine]) -> dict[str, int]:
    """Column of each name: one right of its farthest cause."""
    depth = dict.fromkeys([name for one in lines for name in (one.cause, one.effect)], 0)
    for _ in range(MOST):
        moved = False
        for one in lines:
            if depth[one.effect] <= depth[one.cause] < MOST:
                depth[one.effect] = depth[one.cause] + 1
                moved = True
        if not moved:
            break
    return depth


def _edge(one: EdgeLine, places: Mapping[str, tuple[int, int]]) -> Markup:
    (x1, y1), (x2, y2) = places[one.cause], places[one.effect]
    ax, ay, bx, by = x1 + BOX, y1 + HIGH / 2, x2 - 2, y2 + HIGH / 2
    bend = (bx - ax) / 2
    path = element(
        "path", class_="ed" if one.is_proven else "ed un", d=f"M{ax} {ay}C{ax + bend} {ay} {bx - bend} {by} {bx} {by}",
        marker_end="url(#edge-tip)",
    )  # fmt: skip
    if not one.is_proven:
        return path
    words = f"{one.lag} 个月" if one.lag else "同月"
    label = element("text", words, class_="el", x=round(ax + 0.3 * (bx - ax)), y=round(ay + 0.22 * (by - ay) - 5))
    return element("g", [path, label])


def _box(name: str, place: tuple[int, int]) -> Markup:
    x, y = place
    shown = name if len(name) <= LONGEST else f"{name[: LONGEST - 1]}…"
    return element(
        "g",
        [
            element("title", name),
            element("rect", class_="eb", x=x, y=y, width=BOX, height=HIGH, rx=4),
            element("text", shown, class_="en zh", x=x + BOX / 2, y=y + 22),
        ],
    )


def _row(one: EdgeLine) -> Component:
    words = one.reason if one.is_proven else "；".join(one.failings)
    return html.Tr(
        [
            html.Th(f"{one.cause} → {one.effect}", scope="row"),
            html.Td("已证实" if one.is_proven else "理论关系，数据未证实"),
            number("—" if one.lag is None else f"{one.lag} 个月"),
            number(plain(one.correlation, 2)),
            number("—" if one.band is None else f"±{plain(one.band, 2)}"),
            number(plain(one.q, 3)),
            number("—" if one.steady is None else f"{plain(100 * one.steady, 0)}%"),
            html.Td(words),
        ],
        className="" if one.is_proven else "un",
    )
