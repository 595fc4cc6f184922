"""What an indicator is: definition, formula, owner, source, targets and their place, edges of attention and why."""

from __future__ import annotations

from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components import numbers, times
from indicators.definition import Baseline, Department, Indicator, Source, Target, Theme

FREQUENCY = {
    "yearly": "每年",
    "quarterly": "每季",
    "monthly": "每月",
    "daily": "每日",
    "hourly": "每小时",
    "minute": "每分钟",
    "realtime": "实时",
}
BASIS = {"period": "当期", "ytd": "年初至今累计", "point": "时点"}
DIRECTION = {
    "higher_better": "越高越好",
    "lower_better": "越低越好",
    "neutral": "不分高低",
    "target_range": "在区间内为好",
}
AGGREGATION = {
    "sum": "县区相加",
    "mean": "分子分母分别相加后相除（均值）",
    "weighted": "按权重加权",
    "ratio": "分子分母分别相加后相除",
    "last": "不汇总，以来源报送的全市数为准",
}


@dataclass(frozen=True)
class Described:
    """An indicator with the entries its own entry names."""

    indicator: Indicator
    theme: Theme
    owner: Department
    source: Source
    band_owner: Department | None


def facts(described: Described) -> Component:
    """Term and description, one line each; lines without content are left out."""
    lines = [(term, words) for term, words in _lines(described) if words]
    return html.Dl(
        [part for term, words in lines for part in (html.Dt(term), html.Dd(words))],
        className="facts",
    )


def _lines(described: Described) -> list[tuple[str, str]]:
    indicator, source = described.indicator, described.source
    cadence = source.cadence
    promise = times.promise(cadence.every, cadence.release, cadence.month, cadence.day, cadence.at)
    return [
        ("定义", indicator.definition),
        ("公式", indicator.formula or ""),
        ("单位", numbers.unit_words(indicator.unit)),
        ("频率与口径", f"{FREQUENCY[indicator.frequency.value]}，{BASIS[indicator.basis]}"),
        ("方向", DIRECTION[indicator.direction]),
        ("汇总", AGGREGATION[indicator.aggregation]),
        ("责任单位", f"{described.owner.name}{_contact(described.owner.contact)}"),
        ("数据源", f"{source.name}，{promise}{_contact(source.contact)}"),
        ("规划依据", indicator.rationale or ""),
        ("目标", _target(indicator, indicator.target)),
        ("基期", _baseline(indicator, indicator.baseline)),
        ("关注界限", _bands(described)),
        ("所属主题", f"{described.theme.name}（规划项目 {'、'.join(map(str, described.theme.plan_projects))}）"),
    ]


def _contact(contact: str | None) -> str:
    return f"，联系 {contact}" if contact else ""


def _target(indicator: Indicator, target: Target | None) -> str:
    if target is None:
        return ""
    words = target.words or ""
    if target.op and target.value is not None:
        sign = {">=": "不低于", "<=": "不高于"}[target.op]
        words = f"{sign} {numbers.figure(target.value, indicator.unit, indicator.decimals).spoken}"
    due = f"，{target.due}" if target.due else ""
    return f"{words}{due}（{target.place}）"


def _baseline(indicator: Indicator, baseline: Baseline | None) -> str:
    if baseline is None:
        return ""
    about = "约 " if baseline.approximate else ""
    place = f"（{baseline.place}）" if baseline.place else ""
    value = numbers.figure(baseline.value, indicator.unit, indicator.decimals).spoken
    return f"{baseline.date}：{about}{value}{place}"


def _bands(described: Described) -> str:
    bands, indicator = described.indicator.bands, described.indicator
    if bands is None:
        return ""
    edges = [
        f"{sign} {numbers.figure(edge, indicator.unit, indicator.decimals).spoken}"
        for sign, edge in (("高于", bands.attention_above), ("低于", bands.attention_below))
        if edge is not None
    ]
    owner = f"，{described.band_owner.name}设定" if described.band_owner else ""
    return f"{' 或 '.join(edges)} 时关注：{bands.reason}{owner}"
