"""Small multiples: the same series of many regions, each in its own cell, all on one scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash.development.base_component import Component

from components import numbers
from components.chart_axis import axis, ceiling_of, shortened
from components.chart_frame import Goal, Sheet, framed, goal_data, nothing
from components.times import period


@dataclass(frozen=True)
class Cell:
    """One region's series; `values` by the labels all cells share."""

    name: str
    values: Sequence[float | None]
    href: str | None = None

    @property
    def last(self) -> float | None:
        """The newest known value."""
        return next((value for value in reversed(self.values) if numbers.is_number(value)), None)


def small_multiples(
    title: str,
    unit: str,
    labels: Sequence[str],
    cells: Sequence[Cell],
    *,
    goal: Goal | None = None,
    decimals: int = 1,
    basis: str = "period",
    look: str = "",
) -> Component:
    """Cells in the order given, each with its name and its newest value."""
    if any(len(cell.values) != len(labels) for cell in cells):
        raise ValueError(f"{title}: every cell has one value for every period")
    if all(cell.last is None for cell in cells):
        return nothing(title)
    known = [value for cell in cells for value in cell.values] + ([goal.value] if goal else [])
    scale = numbers.scale(known, unit)
    spec = {
        "kind": "multiples",
        "unit": scale.unit,
        "names": [period(label, basis) for label in labels],
        "ticks": shortened(labels, 2),
        "axis": axis([scale.sized(value) for value in known], most=3, ceiling=ceiling_of(scale.unit)).data(),
        "goal": goal_data(goal, scale, decimals),
        "cells": [
            {
                "name": cell.name,
                "values": [scale.sized(value) for value in cell.values],
                "texts": [scale.words(value, decimals) for value in cell.values],
                "words": scale.plain(cell.last, decimals),
                "href": cell.href,
            }
            for cell in cells
        ],
    }
    said = "；".join(f"{cell.name} {scale.words(cell.last, decimals)}" for cell in cells) or "尚无数据"
    return framed(title, said, spec, _sheet(labels, cells, scale, decimals, basis), look=look)


def _sheet(labels: Sequence[str], cells: Sequence[Cell], scale: numbers.Scale, decimals: int, basis: str) -> Sheet:
    """A line per region; the newest period first."""
    columns = ["区域", *(period(label, basis) for label in reversed(labels))]
    rows = [
        ((cell.name, cell.href), [scale.plain(value, decimals) for value in reversed(cell.values)]) for cell in cells
    ]
    return Sheet(columns, rows)
