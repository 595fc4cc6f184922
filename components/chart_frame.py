"""What every chart stands in: its data for the browser without a colour in it, its message, and a table of the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from dash import html
from dash.development.base_component import Component

from components import numbers
from components.attributes import attributes
from components.faces import empty
from components.table import table


@dataclass(frozen=True)
class Goal:
    """The one line of a chart: a target or a threshold. `words` stand before its value: 目标, 警戒."""

    value: float
    words: str = "目标"


@dataclass(frozen=True)
class Sheet:
    """The table that says the same as a chart. A row's first cell is its name, or the name and where it leads."""

    columns: Sequence[str]
    rows: Sequence[tuple[str | tuple[str, str | None], Sequence[str]]]


def framed(title: str, said: str, spec: Mapping[str, object], sheet: Sheet, *, look: str = "") -> Component:
    """A figure: `said` is its message in one sentence, `spec` what the browser draws, `sheet` the table beside it."""
    return html.Figure(
        [
            html.Figcaption(f"{title}：{said}", className="unseen"),
            html.Div(className="plot", **attributes(data_own="true", aria_hidden="true")),
            html.Details([html.Summary("数据表"), _table(title, sheet)], className="alt"),
        ],
        className=f"chart of-{spec['kind']} {look}".strip(),
        **attributes(data_chart=orjson.dumps(spec).decode()),
    )


def nothing(title: str) -> Component:
    """In place of a chart without a single known value."""
    return html.Figure(empty("尚无数据", f"{title}：来源还没有送来可画的数值"), className="chart")


def goal_data(goal: Goal | None, scale: numbers.Scale, decimals: int) -> dict[str, object] | None:
    """A goal as the browser reads it, on the scale of its chart."""
    if goal is None:
        return None
    return {"value": scale.sized(goal.value), "words": f"{goal.words} {scale.plain(goal.value, decimals)}"}


def _table(title: str, sheet: Sheet) -> Component:
    rows = [html.Tr([_name(name), *(html.Td(cell, className="n r") for cell in cells)]) for name, cells in sheet.rows]
    return table([sheet.columns[0], *(f"{name}→" for name in sheet.columns[1:])], rows, title)


def _name(name: str | tuple[str, str | None]) -> Component:
    words, href = (name, None) if isinstance(name, str) else name
    return html.Th(html.A(words, href=href) if href else words, scope="row")
