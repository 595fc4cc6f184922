"""The values of one series period by period, each with when it became known and what it replaced."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.attributes import attributes
from components.marks import lateness, seal
from components.place import Place
from components.shown import FRESHNESS
from components.table import clipped, number, table
from components.times import period, stamp
from indicators.definition import Indicator, Region
from indicators.reading import Reading

COLUMNS = ("时期", "数值→", "来源性质", "获知时间", "修订", "质量标记", "取数记录")
REGION_COLUMNS = ("区域", "数值→", "时点", "来源性质", "时效", "说明")
QUALITY = {
    "rolled_up": "县区汇总",
    "released": "隔离放行",
    "revised": "已修订",
    "estimated": "估算",
    "inferred_year": "年份为推断",
}


def history_table(
    indicator: Indicator, readings: Sequence[Reading], vintages: Mapping[str, int], opened: str | None, place: Place
) -> Component:
    """Newest first. `vintages`: how many values each period has had; a row leads to its proof."""
    path = f"/indicator/{indicator.code}"
    rows = [
        html.Tr(
            [
                html.Th(
                    html.A(period(one.period, one.basis), href=place.to(path, period=one.period, known_at=None)),
                    scope="row",
                ),
                number(_value(indicator, one.value), _exact(one)),
                html.Td(seal(one.provenance)),
                html.Td(stamp(one.known_at)),
                html.Td(_revised(vintages.get(one.period, 1))),
                html.Td(_remark(one)),
                html.Td(f"№ {one.call_id}" if one.call_id else ""),
            ],
            className="chosen" if one.period == opened else "",
        )
        for one in reversed(readings)
    ]
    return table(COLUMNS, rows, f"{indicator.name}历史")


def region_table(
    indicator: Indicator, readings: Mapping[str, Reading], regions: Mapping[str, Region], place: Place
) -> Component:
    """The newest value of each region; towns under their county by the order given."""
    rows = [_region(indicator, regions[code], one, place) for code, one in readings.items()]
    return table(REGION_COLUMNS, rows, f"{indicator.name}分区域")


def known_days(days: Sequence[date], chosen: date | None, path: str, place: Place) -> Component:
    """As known on which day: the latest, or the end of one of the days on which something became known."""
    links = [("最新", None), *((day.isoformat(), day) for day in days)]
    return html.Div(
        [
            html.Span("截至所知", className="sub"),
            *(
                html.A(
                    words,
                    href=place.to(path, known_at=day.isoformat() if day else None),
                    **attributes(aria_current="true" if day == chosen else None),
                )
                for words, day in links
            ),
        ],
        className="seg days",
        role="group",
        **attributes(aria_label="按哪一天所知显示"),
    )


def _region(indicator: Indicator, region: Region, one: Reading, place: Place) -> Component:
    late = lateness(one.freshness, one.reason) if one.value is not None else None
    return html.Tr(
        [
            html.Th(
                html.A(region.name, href=place.in_region(f"/indicator/{indicator.code}", region.code)), scope="row"
            ),
            number(_value(indicator, one.value), _exact(one)),
            html.Td(period(one.period, one.basis)),
            html.Td(seal(one.provenance) if one.value is not None else ""),
            html.Td(late or (FRESHNESS[one.freshness] if one.value is not None else "")),
            clipped(one.reason or ""),
        ],
        className=" ".join(
            name for name, holds in {"chosen": region.code == place.region, "stale": late is not None}.items() if holds
        ),
    )


def _value(indicator: Indicator, value: float | None) -> str:
    return numbers.figure(value, indicator.unit, indicator.decimals).compact


def _exact(one: Reading) -> str:
    if one.numerator is None or one.denominator is None:
        return numbers.figure(one.value, one.unit, 4).exact
    return f"分子 {numbers.plain(one.numerator, 4)} ÷ 分母 {numbers.plain(one.denominator, 4)}"


def _remark(one: Reading) -> str:
    """Its quality flags in words; without a value the reason."""
    flags = "、".join(QUALITY.get(flag, flag) for flag in one.quality)
    return flags or ((one.reason or "") if one.value is None else "")


def _revised(count: int) -> str:
    return f"共 {count} 版" if count > 1 else ""
