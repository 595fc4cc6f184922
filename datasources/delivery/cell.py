"""What a cell says: an amount as departments write it, nothing at all, or something that is no number."""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

MISSING = frozenset(
    {"", "-", "--", "---", "----", "/", "//", "\\", "..", "...", "....", "......", "。。。", "─", "──", "━", "━━"}
    | {"无", "暂无", "无数据", "空", "缺", "缺测", "缺报", "未报", "未统计", "暂缺", "不详"}
    | {"n/a", "na", "#n/a", "null", "none", "nan", "nil"}
)
"""Ways of saying "no figure", after `plain` and in lower case. None of them is zero."""

FORMULA_ERRORS = ("#DIV/0!", "#REF!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!", "#SPILL!", "#CALC!")
NOT_CALCULATED = "#公式无结果"
"""What the workbook reader writes for a formula that was stored without its result."""

_FAST = re.compile(r"[+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?")
_NOTE = r"(?:注\s*[0-9０-９一二三四五六七八九十]{0,2})"
_FOOTNOTE = re.compile(
    rf"\s*(?:[①-⓿❶-➓*＊※†‡]|(?<![A-Za-z米])[¹²³⁰-⁹]|\[{_NOTE}?[0-9]{{0,2}}\]|[(（]{_NOTE}[)）]|{_NOTE})+$"
)
_ALIKE = {
    "−": "-",
    "﹣": "-",
    "‐": "-",
    "‑": "-",
    "‒": "-",
    "–": "-",
    "—": "-",
    "―": "-",
    "﹘": "-",
    "\u200b": "",
    "\ufeff": "",
}
_ALIKE_TABLE = str.maketrans(_ALIKE)
_AMOUNT = re.compile(
    r"(?P<digits>[+-]?(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?"
    r"|[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]+))"
    r" ?(?P<unit>(?!/)(?:[^\W\d_]|[%‰°/·]|(?<=[mM米])[23]|(?<=/)[0-9]{1,6}){1,12})?"
)
LONGEST = 80
"""Characters; longer cells are prose."""


class Amount(NamedTuple):
    """A number as written: plain decimal `digits` and the unit beside them (`万`, `亿元`, `%` or nothing)."""

    digits: str
    unit: str


class NotANumber(ValueError):
    """The text is neither a number nor a way of saying "no figure"; the message says what to do."""


def plain(text: str) -> str:
    """Half-width text with ordinary minus signs and spaces; footnote marks stay."""
    if text.isascii():
        return text.strip()
    return unicodedata.normalize("NFKC", text.translate(_ALIKE_TABLE)).strip()


def without_footnote(text: str) -> str:
    """The text without the marks that point to a note: ①, ², *, [1], （注2）."""
    return _FOOTNOTE.sub("", text).strip()


def is_missing(text: str) -> bool:
    """True for an empty cell and for every usual way of saying that there is no figure."""
    shown = text.strip()
    if not shown:
        return True
    if len(shown) > 8 or _FAST.fullmatch(shown):
        return False
    return plain(shown).replace(" ", "").lower() in MISSING or shown in {"*", "**", "***", "※"}


def amount_or_nothing(text: str) -> Amount | None:
    """The amount in a cell, None if it says that there is none; NotANumber as `read_amount`."""
    if _FAST.fullmatch(text):
        return Amount(text, "")
    return None if is_missing(text) else read_amount(text)


def read_amount(text: str) -> Amount:
    """The amount in a cell that is not missing; NotANumber tells the reader what is wrong with it."""
    if _FAST.fullmatch(text):
        return Amount(text, "")
    if len(text) > LONGEST:
        raise NotANumber("单元格内容过长，不是一个数。请只填数值。")
    found = _AMOUNT.fullmatch(plain(without_footnote(text.strip().removeprefix("'"))))
    if found is None:
        raise NotANumber(_why(text))
    return Amount(found["digits"].replace(",", "").replace(" ", ""), found["unit"] or "")


def _why(text: str) -> str:
    """What is wrong with a cell that is no number, by its look."""
    shown = text.strip()[:40]
    if shown == NOT_CALCULATED:
        return "公式没有保存计算结果。请在 Excel 中打开、计算并另存后再导入，或改填数值。"
    if shown.upper().startswith(FORMULA_ERRORS):
        return f"公式出错（{shown}）。请改正公式或改填数值。"
    if re.search(r"[0-9],[0-9]", plain(shown)):
        return f"“{shown}”的千位逗号位置不对，无法确定数值。请去掉逗号后重填。"
    if re.search(r"[0-9]", plain(shown)):
        return f"“{shown}”不是单一的数。请只填数值，说明写在备注列。"
    return f"“{shown}”不是数。没有数据请留空或填“—”。"
