"""Warnings in words: what was measured, against which bound, with the rule's measure spelled out; from figures only."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from decisions.warning import Warning
from decisions.warning_rule import CHARACTERS, Rule

CITY_TIME = ZoneInfo("Asia/Shanghai")
MEASURES = {
    "value": "现值",
    "rate": "每小时变化",
    "forecast": "预计",
    "departure": "偏离常态",
    "drift": "累计偏离",
    "stuck": "连续相同读数",
    "anomaly": "异常程度",
}
"""How each measure is called."""
OWN_UNITS = {"departure": "倍波幅", "drift": "倍波幅", "stuck": "次", "anomaly": ""}
"""Units of measures that do not have the indicator's own."""
TURNS = {
    "raised": "升级",
    "lowered": "降级",
    "lifted": "解除",
    "late": "补录",
    "quiet": "转为静默",
    "speaks": "恢复提示",
    "acknowledged": "确认接手",
    "judged": "结论",
    "event": "转为事件",
    "expired": "确认到期",
}
PROVENANCES = {"published": "公开发布", "live": "实时", "simulated": "模拟", "manual": "人工填报"}


def number(value: float | None) -> str:
    """At most four significant digits, thousands commas, never in powers of ten."""
    if value is None:
        return "—"
    size = abs(value)
    decimals = 0 if size >= 1000 else 1 if size >= 100 else 2
    text = f"{value:,.{decimals}f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text).replace("-", "\u2212")


def unit_of(measure: str, unit: str) -> str:
    """The unit of what a rule compares."""
    if measure in OWN_UNITS:
        return OWN_UNITS[measure]
    written = "" if unit == "-" else unit
    return f"{written}/小时" if measure == "rate" else written


def measured(measure: str, value: float | None, unit: str) -> str:
    """预计 10.7 米, 偏离常态 12.3 倍波幅."""
    written = unit_of(measure, unit)
    joint = "" if written.startswith("%") else " "
    return f"{MEASURES[measure]} {number(value)}{joint}{written}".rstrip()


def bound_words(one: Warning | Rule, bound: float | None, unit: str) -> str:
    """界限 10.5 米."""
    written = unit_of(one.measure, unit)
    return f"界限 {number(bound)}{'' if written.startswith('%') else ' '}{written}".rstrip()


def colour(one: Warning) -> str:
    """黄色, of the level in force or the worst it had."""
    return f"{CHARACTERS[one.level or one.peak_level]}色"


def title_of(one: Warning, region: str) -> str:
    """What an event opened from it is called: 潮安区城区内涝点积水橙色预警."""
    return f"{region}{one.name}{colour(one)}预警"


def account_of(one: Warning, region: str, indicator: str) -> str:
    """The evidence in sentences, as an event carries it."""
    seen = one.evidence
    unit = str(seen.get("unit") or "")
    parts = [
        f"{region}“{one.name}”于 {_stamp(one.began_at)} 触发{colour(one)}预警",
        f"指标 {one.indicator} {indicator}，{measured(one.measure, one.peak, unit)}，"
        f"{bound_words(one, one.bound, unit)}",
        f"界限来源：{seen.get('bounds_source') or '未写明'}",
        f"数据性质：{PROVENANCES.get(str(seen.get('provenance')), '未知')}，来源 {seen.get('source') or '未知'}，"
        f"时期 {seen.get('period') or '未知'}",
        *_points(seen),
    ]
    advice = seen.get("advice")
    return "；".join([*parts, *([f"处置建议：{advice}"] if advice else [])]).rstrip("。") + "。"


def _points(seen: dict[str, Any] | Any) -> list[str]:
    """The last known values, oldest first."""
    known = [f"{period[-5:]} {number(value)}" for period, value in seen.get("history", ())[-6:] if value is not None]
    return [f"此前读数：{'、'.join(known)}"] if known else []


def _stamp(moment: datetime) -> str:
    return moment.astimezone(CITY_TIME).strftime("%Y-%m-%d %H:%M")
