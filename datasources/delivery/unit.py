"""Units as departments write them: how many of one make the other, exactly, or that they do not compare."""

from __future__ import annotations

import math
import re
import unicodedata
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple


class Unit(NamedTuple):
    """`factor` × the base unit `base`; units with the same base convert into each other."""

    base: str
    factor: Fraction


class UnitsDiffer(ValueError):
    """No conversion between the two units is known."""


_MAGNITUDES = {
    "百": 2,
    "千": 3,
    "万": 4,
    "十万": 5,
    "百万": 6,
    "千万": 7,
    "亿": 8,
    "十亿": 9,
    "百亿": 10,
    "千亿": 11,
    "万亿": 12,
}
_RATIO, _MONEY, _MASS, _LENGTH, _AREA, _TIME = "1", "元", "克", "米", "平方米", "秒"
_TABLE: dict[str, tuple[str, Fraction]] = {
    "": (_RATIO, Fraction(1)), "-": (_RATIO, Fraction(1)), "小数": (_RATIO, Fraction(1)), "倍": (_RATIO, Fraction(1)),
    "%": (_RATIO, Fraction(1, 100)), "百分点": (_RATIO, Fraction(1, 100)), "个百分点": (_RATIO, Fraction(1, 100)),
    "±%": (_RATIO, Fraction(1, 100)), "+-%": (_RATIO, Fraction(1, 100)), "‰": (_RATIO, Fraction(1, 1000)),
    "元": (_MONEY, Fraction(1)), "人民币": (_MONEY, Fraction(1)), "元人民币": (_MONEY, Fraction(1)),
    "微克": (_MASS, Fraction(1, 10**6)), "毫克": (_MASS, Fraction(1, 1000)), "克": (_MASS, Fraction(1)),
    "千克": (_MASS, Fraction(1000)), "公斤": (_MASS, Fraction(1000)), "吨": (_MASS, Fraction(10**6)),
    "毫米": (_LENGTH, Fraction(1, 1000)), "厘米": (_LENGTH, Fraction(1, 100)), "米": (_LENGTH, Fraction(1)),
    "千米": (_LENGTH, Fraction(1000)), "公里": (_LENGTH, Fraction(1000)),
    "平方米": (_AREA, Fraction(1)), "亩": (_AREA, Fraction(2000, 3)), "公顷": (_AREA, Fraction(10**4)),
    "平方千米": (_AREA, Fraction(10**6)), "平方公里": (_AREA, Fraction(10**6)),
    "立方米": ("立方米", Fraction(1)), "升": ("立方米", Fraction(1, 1000)),
    "秒": (_TIME, Fraction(1)), "分钟": (_TIME, Fraction(60)), "小时": (_TIME, Fraction(3600)),
    "天": (_TIME, Fraction(86400)), "日": (_TIME, Fraction(86400)),
    "瓦": ("瓦", Fraction(1)), "千瓦": ("瓦", Fraction(1000)), "兆瓦": ("瓦", Fraction(10**6)),
    "千瓦时": ("千瓦时", Fraction(1)), "度": ("千瓦时", Fraction(1)), "兆瓦时": ("千瓦时", Fraction(1000)),
    "宗": ("件", Fraction(1)), "起": ("件", Fraction(1)), "件": ("件", Fraction(1)),
    "名": ("人", Fraction(1)), "人": ("人", Fraction(1)), "标箱": ("标箱", Fraction(1)),
}  # fmt: skip
_SYMBOLS = {
    "kg": "千克", "g": "克", "mg": "毫克", "ug": "微克", "μg": "微克", "t": "吨", "km": "千米", "m": "米", "cm": "厘米",
    "mm": "毫米", "m2": "平方米", "km2": "平方千米", "m3": "立方米", "l": "升", "h": "小时", "min": "分钟",
    "s": "秒", "d": "天", "w": "瓦", "kw": "千瓦", "mw": "兆瓦", "kwh": "千瓦时", "kw·h": "千瓦时", "mwh": "兆瓦时",
    "teu": "标箱", "db": "分贝", "rmb": "元",
}  # fmt: skip
_MAGNITUDE = re.compile(r"(万亿|千亿|百亿|十亿|亿|千万|百万|十万|万|千|百)(.*)")


@lru_cache(maxsize=4096)
def parse_unit(text: str) -> Unit:
    """The unit a text names; a word that is in no table is a unit of its own (家, 座), equal only to itself."""
    shown = _tidy(text)
    over, slash, under = shown.partition("/")
    if slash and over and under:
        top, bottom = parse_unit(over), parse_unit(under)
        base = top.base if bottom.base == _RATIO else f"{top.base}/{bottom.base}"
        return Unit(base, top.factor / bottom.factor)
    if shown in _TABLE:
        return Unit(*_TABLE[shown])
    if re.fullmatch(r"[0-9]{1,9}", shown):
        return Unit(_RATIO, Fraction(int(shown)) or Fraction(1))
    return _magnified(shown) or Unit(shown, Fraction(1))


def _magnified(shown: str) -> Unit | None:
    counted = re.fullmatch(r"([0-9]{1,6})(\D.*)", shown)
    if counted and int(counted[1]):
        rest = parse_unit(counted[2])
        return Unit(rest.base, rest.factor * int(counted[1]))
    found = _MAGNITUDE.fullmatch(shown)
    if found is None:
        return None
    rest = parse_unit(found[2])
    return Unit(rest.base, rest.factor * 10 ** _MAGNITUDES[found[1]])


def _tidy(text: str) -> str:
    shown = unicodedata.normalize("NFKC", text.strip()).replace(" ", "").removeprefix("单位:")
    return "/".join(_SYMBOLS.get(part.lower(), part) for part in shown.split("/"))


def is_known(text: str) -> bool:
    """True if the text is certainly a unit: in the table, or a magnitude or quotient of such."""
    shown = _tidy(text)
    parts = shown.split("/")
    return bool(shown) and all(_is_known_part(part) for part in parts)


def _is_known_part(part: str) -> bool:
    found = _MAGNITUDE.fullmatch(part)
    return (
        part in _TABLE
        or bool(re.fullmatch(r"[0-9]{1,9}万?", part))
        or bool(found and (found[2] in _TABLE or not found[2]))
    )


def is_magnitude(text: str) -> bool:
    """True for 万 and 亿 alone: how many, but not of what."""
    return text in _MAGNITUDES


def of_magnitude(magnitude: str, unit: str) -> str:
    """`万` of what is counted in `unit`: 万 + 亿元 -> 万元, 万 + 人次 -> 万人次."""
    over, slash, under = _tidy(unit).partition("/")
    found = _MAGNITUDE.fullmatch(over)
    bare = found[2] if found and over not in _TABLE else over
    return f"{magnitude}{bare}{slash}{under}"


@lru_cache(maxsize=4096)
def factor(given: str, wanted: str) -> Fraction:
    """How many `wanted` one `given` is; UnitsDiffer if they measure different things."""
    source, target = parse_unit(given), parse_unit(wanted)
    if source.base != target.base:
        raise UnitsDiffer(f"单位“{given}”不能换算成“{wanted}”")
    return source.factor / target.factor


def scaled(digits: str, by: Fraction) -> float:
    """The decimal text `digits` times `by`, rounded once (12345.6 万元 is 1.23456 亿元); OverflowError if too large."""
    value = float(digits) if by.numerator == by.denominator else float(Decimal(digits) * by.numerator / by.denominator)
    if not math.isfinite(value):
        raise OverflowError(digits)
    return value
