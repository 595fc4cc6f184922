"""What is wrong with the catalogue: problems with file, line and path, in words a data administrator can act on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache
from heapq import nlargest
from typing import Any

MOST_PROBLEMS = 200
"""More are counted, not listed: the first cause usually explains the rest."""


@dataclass(frozen=True, order=True)
class Problem:
    """One thing to correct. `path` is the entry and key, such as ENV-03.target; '' for the file as a whole."""

    file: str
    line: int
    path: str
    message: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.path + ': ' if self.path else ''}{self.message}"


class CatalogueErrors(Exception):
    """The files cannot be used. `problems` holds everything found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = in_order(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


def in_order(problems: Iterable[Problem]) -> list[Problem]:
    """Each problem once, by file and line; beyond MOST_PROBLEMS only their number."""
    found = sorted(set(problems))
    if len(found) <= MOST_PROBLEMS:
        return found
    last = found[MOST_PROBLEMS - 1]
    rest = Problem(last.file, last.line, "", f"还有 {len(found) - MOST_PROBLEMS} 个问题未列出，请先改正以上各条")
    return [*found[:MOST_PROBLEMS], rest]


def suggestion(written: str, known: Iterable[str]) -> str:
    """'您是否想写 …？' with the nearest known word, or '' if none is near."""
    pairs = _pairs(written[:_LONGEST_WORD])
    likely = nlargest(_COMPARED, known, key=lambda word: len(pairs & _pairs(word)))
    near = get_close_matches(written[:_LONGEST_WORD], likely, n=1, cutoff=0.6)
    return f"您是否想写“{near[0]}”？" if near else ""


_LONGEST_WORD = 64
_COMPARED = 8
"""Words compared letter by letter; comparing all took 1.8 s when every source had been renamed."""


@lru_cache(maxsize=2048)
def _pairs(word: str) -> frozenset[str]:
    """The pairs of neighbouring letters of `word`."""
    return frozenset(word[at : at + 2] for at in range(max(len(word) - 1, 1)))


def in_words(error: dict[str, Any], known_keys: Iterable[str]) -> str:
    """A pydantic error in Chinese; `known_keys` are those allowed where an unknown one was found."""
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        name = str(error["loc"][-1])
        return f"没有“{name}”这一项。{suggestion(name, known_keys) or '可写的有：' + '、'.join(known_keys)}"
    if kind in ("enum", "literal_error"):
        return _choice(error["input"], context["expected"])
    if kind == "value_error":
        return str(context["error"])
    wording = _WORDINGS.get(kind)
    return wording.format(input=_short(error["input"]), **context) if wording else f"填写有误：{error['msg']}"


_WORDINGS = {
    "missing": "缺少这一项，必须填写",
    "string_type": "应为文字，写的是 {input}；代码、日期、年份请加引号",
    "string_too_short": "不能为空",
    "string_too_long": "过长，至多 {max_length} 个字",
    "string_pattern_mismatch": "“{input}”不合格式 {pattern}",
    "float_type": "应为数字，写的是 {input}",
    "finite_number": "应为有限的数字，写的是 {input}",
    "float_parsing": "应为数字，写的是 {input}",
    "int_type": "应为整数，写的是 {input}",
    "int_parsing": "应为整数，写的是 {input}",
    "int_from_float": "应为整数，写的是 {input}",
    "int_parsing_size": "数字过大：{input}",
    "bool_type": "应为 true 或 false，写的是 {input}",
    "bool_parsing": "应为 true 或 false，写的是 {input}",
    "greater_than": "应大于 {gt:g}，写的是 {input}",
    "greater_than_equal": "应不小于 {ge:g}，写的是 {input}",
    "less_than": "应小于 {lt:g}，写的是 {input}",
    "less_than_equal": "应不大于 {le:g}，写的是 {input}",
    "tuple_type": "应为列表，写的是 {input}；每项一行以“- ”开头，或写成 [甲, 乙]",
    "list_type": "应为列表，写的是 {input}；每项一行以“- ”开头，或写成 [甲, 乙]",
    "too_short": "至少要有 {min_length} 项",
    "dict_type": "应为若干“键: 值”，写的是 {input}",
    "model_type": "应为若干“键: 值”，写的是 {input}",
    "model_attributes_type": "应为若干“键: 值”，写的是 {input}",
}


def _choice(written: Any, expected: str) -> str:
    choices = expected.replace("'", "").replace(" or ", ", ").split(", ")
    return f"不能写 {_short(written)}，应为 {'、'.join(choices)} 之一。{suggestion(str(written), choices)}"


def _short(value: Any) -> str:
    if isinstance(value, dict):
        return "一组键值"
    if isinstance(value, list):
        return "一个列表"
    text = {None: "空", True: "true", False: "false"}.get(value, str(value)) if _is_plain(value) else str(value)
    return text if len(text) <= 60 else text[:60] + "…"


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool)
