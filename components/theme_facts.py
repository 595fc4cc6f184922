"""What stands beside the main trend in words: the pace of the year, the comparisons and which periods they used."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components import numbers
from indicators.beside import Beside
from indicators.comparison import Measure
from indicators.definition import Indicator
from indicators.pacing import Pace, Pacing, RatePacing, TooShort

FEWEST = 4
"""Values of which highest and lowest are worth a word."""
PACE = {Pace.DONE: "已完成", Pace.AHEAD: "快于往年", Pace.USUAL: "与往年相当", Pace.BEHIND: "慢于往年"}


def fact(term: str, value: str, remark: str = "", *, strong: bool = False) -> Component:
    """A term, its value, a remark below."""
    return html.Div(
        [
            html.Dt(term),
            html.Dd(value, className="n bad" if strong else "n"),
            html.Dd(remark, className="sub") if remark else None,
        ]
    )


def pacing_facts(found: Pacing | TooShort, indicator: Indicator) -> list[Component]:
    """Done, usual share, gap, required growth and outlook; or why nothing can be said."""
    if isinstance(found, TooShort):
        return [fact("时序进度", "不推算", found.reason)]
    unit = indicator.unit
    shares = f"往年此时 {_percent(found.lowest)}–{_percent(found.highest)}（{found.years[0]}–{found.years[-1]} 年）"
    gap = numbers.figure(abs(found.gap), unit, indicator.decimals).compact
    low, high = (numbers.scale([found.goal], unit).plain(value, 1) for value in found.outlook)
    ahead = "达到" if found.outlook[0] >= found.goal else "有望达到" if found.outlook[1] >= found.goal else "达不到"
    return [
        fact("全年完成", f"{_percent(found.done)}", shares, strong=found.pace is Pace.BEHIND),
        fact(
            "对往年节奏",
            f"{'超' if found.gap >= 0 else '差'} {gap}",
            f"{PACE[found.pace]}，此时应有 {numbers.figure(found.expected, unit, indicator.decimals).compact}",
        ),
        fact(
            "后期须增长",
            _signed(found.required) if found.required is not None else "—",
            f"至今增长 {_signed(found.growth)}" if found.growth is not None else "目标已完成或上年数据不全",
        ),
        fact("照往年节奏", f"{low}–{high}", f"{numbers.scale([found.goal], unit).unit}，{ahead}年度目标"),
    ]


def rate_facts(found: RatePacing) -> list[Component]:
    """For a growth goal: how much the rest of the year must grow."""
    gap = found.now - found.goal
    return [
        fact("年度目标", f"{numbers.plain(found.goal, 1)}%", found.place),
        fact(
            "现距目标",
            f"{'超' if gap >= 0 else '差'} {numbers.plain(abs(gap), 1)}pp",
            f"上年此时已占全年 {_percent(found.weight)}",
            strong=gap < 0,
        ),
        fact("余下各月须增", f"{numbers.plain(found.required, 1)}%", "按上年各期总量加权推算"),
    ]


def beside_facts(found: Sequence[Beside], indicator: Indicator) -> list[Component]:
    """同比, 环比 … each with the pair of periods it compares."""
    return [fact(one.name, _amount(one, indicator), one.reason or one.pair.words) for one in found]


def span_facts(found: Sequence[tuple[str, float | None]], indicator: Indicator) -> list[Component]:
    """The highest and the lowest of a series of (period in words, value), and between them the mean."""
    known = [(value, words) for words, value in found if value is not None]
    if len(known) < FEWEST:
        return []
    scale = numbers.scale([value for value, _ in known], indicator.unit)
    mean = sum(value for value, _ in known) / len(known)
    extremes = [("最高", max(known)), ("最低", min(known))]
    return [
        *(
            fact(f"近 {len(known)} 期{name}", scale.words(value, indicator.decimals), at)
            for name, (value, at) in extremes
        ),
        fact(f"近 {len(known)} 期平均", scale.words(mean, indicator.decimals)),
    ]


def _amount(one: Beside, indicator: Indicator) -> str:
    unit = {Measure.PERCENT: "%", Measure.POINTS: "pp", Measure.UNITS: ""}[one.measure]
    decimals = indicator.decimals if one.measure is Measure.UNITS else 1
    return numbers.change(one.amount, decimals, unit)


def _percent(share: float) -> str:
    return f"{numbers.plain(100 * share, 1)}%"


def _signed(share: float | None) -> str:
    return f"{numbers.plain(100 * share, 1)}%" if share is not None else "—"
