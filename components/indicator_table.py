"""IndicatorTable: the indicators of a theme sorted by how they stand: attention, past promise, normal, without data."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.marks import origin, track_mark
from components.place import Place
from components.shown import Shown, change_words, gap_words, short_name, spoken
from components.spark import spark
from components.table import number, table
from components.target_bar import target_bar
from indicators.states import Track

COLUMNS = ("指标", "现值→", "变化→", "近 12 期", "目标完成｜时序", "差距", "来源 · 更新", "状态")
_ORDER = [Track.OFF, Track.STALE, Track.ON, Track.WITHOUT_YARDSTICK, Track.MISSING]


def indicator_table(
    rows: Sequence[Shown], place: Place, now: datetime, focus: Callable[[str], str] | None = None
) -> Component:
    """One line per indicator, its name leading to its page, its line to the trend above (`focus`: address by code)."""
    ordered = sorted(rows, key=lambda shown: _ORDER.index(shown.track))
    return table(COLUMNS, [_row(shown, place, now, focus) for shown in ordered], "指标一览", "wide")


def _row(shown: Shown, place: Place, now: datetime, focus: Callable[[str], str] | None) -> Component:
    indicator = shown.indicator
    behind = shown.progress is not None and shown.progress.behind
    return html.Tr(
        [
            html.Th(
                html.A(short_name(indicator), href=place.indicator(indicator.code), title=spoken(shown, now)),
                scope="row",
            ),
            html.Td(
                [
                    html.B(shown.figure.text, className="n", **attributes(data_live=indicator.code)),
                    html.U(shown.figure.unit),
                ],
                className="r val",
                title=shown.figure.exact,
            ),
            number(change_words(shown)),
            html.Td(_line(shown, focus) if shown.has_value else ""),
            html.Td(target_bar(shown.progress, "mb t") if shown.progress else ""),
            html.Td(gap_words(shown), className="bad" if behind else ""),
            html.Td(origin(shown, now), className="mt"),
            html.Td(track_mark(shown.track), className="st"),
        ],
        className=" ".join(
            name for name, holds in {"stale": shown.is_grey, "sim": shown.is_simulated}.items() if holds
        ),
    )


def _line(shown: Shown, focus: Callable[[str], str] | None) -> Component | str:
    drawn = spark(shown.trend)
    if focus is None:
        return drawn
    words = f"{short_name(shown.indicator)}：在上方看走势、分区域和归因"
    return html.A(drawn, href=focus(shown.indicator.code), title=words, **attributes(aria_label=words))
