"""How figures, periods and moments are written in the digest, after the house's rules for administrative texts."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from decisions.digest import Fact
from decisions.sentences import number
from indicators.definition import Indicator
from indicators.freshness import label_in_words
from indicators.reading import Reading

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

CITY_TIME = ZoneInfo("Asia/Shanghai")
_BARE = {"-": "", "上年同期=100": "", "1/10万": "/10万"}
_RATES = frozenset({"%", "‰", "个百分点"})
"""Units whose decimals are always written."""
_SO_FAR = {"1": "一季度", "2": "上半年", "3": "前三季度", "4": "全年"}
_QUARTERS = {"1": "一季度", "2": "二季度", "3": "三季度", "4": "四季度"}
_WAN, _YI = 1e4, 1e8
_YUAN = ("元", "人", "人次", "件", "户", "吨", "平方米")
"""Units that take 万 and 亿."""


def amount(value: float, unit: str, decimals: int) -> str:
    """'986.4亿元', '95.1%', '12件': a value as running text writes it, in 万 or 亿 where usual."""
    written = _BARE.get(unit, unit)
    if unit in _YUAN and abs(value) >= _WAN:
        step, name = (_YI, "亿") if abs(value) >= _YI else (_WAN, "万")
        return f"{_grouped(value / step, 2)}{name}{written}"
    return f"{_grouped(value, decimals, keep=unit in _RATES)}{written}"


def _grouped(value: float, decimals: int, *, keep: bool = False) -> str:
    """Thousands commas, proper minus; no empty decimals but in rates, where 4.0% is written."""
    text = number(value, decimals)
    sign, digits = ("\u2212", text[1:]) if text.startswith("\u2212") else ("", text)
    whole, dot, rest = digits.partition(".")
    rest = rest if keep else rest.rstrip("0")
    return f"{sign}{int(whole):,}{dot if rest else ''}{rest}"


def named(name: str, shown: str, ref: str = "") -> Fact:
    """A name that stands in a sentence."""
    return Fact(name, shown, ref=ref)


def counted(name: str, count: int, unit: str, ref: str = "", *, nature: str = "") -> Fact:
    """A count of our own."""
    return Fact(name, f"{count:,}{unit}", float(count), unit, nature=nature, ref=ref)


def figure(catalogue: Catalogue, name: str, reading: Reading) -> Fact:
    """A reading as it stands in a sentence; for one that has a value."""
    indicator = catalogue.indicators[reading.indicator]
    if reading.value is None:
        raise ValueError(f"{reading.indicator}: a sentence needs a value")
    return Fact(
        name, amount(reading.value, indicator.unit, indicator.decimals), reading.value, indicator.unit,
        when=period(reading.period, reading.basis), nature=reading.provenance.value,
        standing=reading.freshness.value, source=source_name(catalogue, reading.source),
        ref=f"indicator:{reading.indicator}",
    )  # fmt: skip


def sized(name: str, value: float, indicator: Indicator, *, when: str = "", nature: str = "") -> Fact:
    """A value that is no reading: a bound, a target, a forecast."""
    shown = amount(value, indicator.unit, indicator.decimals)
    return Fact(name, shown, value, indicator.unit, when=when, nature=nature, ref=f"indicator:{indicator.code}")


def measured(name: str, value: float, unit: str, decimals: int = 1) -> Fact:
    """A number of our own arithmetic with its unit."""
    return Fact(name, amount(value, unit, decimals), value, unit)


def said(fact: Fact) -> str:
    """The figure as a sentence says it: with its period, and that it is late or stale if it is."""
    if fact.is_past_promise:
        return f"{fact.shown}（{fact.when}，数据已过期）"
    if fact.standing == "late":
        return f"{fact.shown}（{fact.when}，迟报）"
    return f"{fact.shown}（{fact.when}）" if fact.when else fact.shown


def period(label: str, basis: str = "period") -> str:
    """'2026年10月', '2026年1—10月', '2026年前三季度', '11月22日14时', '11月22日14时35分'."""
    if len(label) >= 16:
        return f"{label_in_words(label[:13]).replace(' ', '')}{label[14:16]}分"
    if label[5:6] == "Q":
        return f"{label[:4]}年{(_SO_FAR if basis == 'ytd' else _QUARTERS)[label[6:]]}"
    words = label_in_words(label).replace(" ", "")
    if len(label) in (13, 10) or len(label) == 4:
        return words
    if basis == "ytd" and label[5:7].isdigit() and int(label[5:7]) > 1:
        return f"{label[:4]}年1—{int(label[5:7])}月"
    return f"{label[:4]}年{words}"


def moment(at: datetime) -> str:
    """'11月22日6时20分', '11月21日0时', in city time."""
    local = at.astimezone(CITY_TIME)
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{local.month}月{local.day}日{local.hour}时{minutes}"


def day(label: str) -> str:
    """'2026年11月22日' of 2026-11-22."""
    return f"{label[:4]}年{int(label[5:7])}月{int(label[8:10])}日"


def listed(names: list[str], most: int = 5) -> str:
    """'甲、乙、丙等'."""
    return "、".join(names[:most]) + ("等" if len(names) > most else "")


def source_name(catalogue: Catalogue, key: str) -> str:
    """What its owner calls it; the key of one no longer known."""
    return catalogue.source(key).name if catalogue.has_source(key) else key
