"""A small path language for JSON answers: `data.items[*]`, `rows[0].value`, `["name.with.dots"]`.

Names are separated by dots, `[n]` takes one element of a list (negative from the end), `[*]` every element; '' or `$`
is the whole answer. There are no filters and no searching: a path either leads there or it is wrong.
"""

from __future__ import annotations

import re
from enum import Enum
from functools import lru_cache
from typing import Any

from datasources.delivery.fields import NoSuchField


class Every(Enum):
    """The step `[*]`."""

    ELEMENT = "[*]"


Step = str | int | Every
_STEP = re.compile(r"""\.?(?P<name>[^.\[\]"$\s]+)|\[(?P<place>-?\d{1,9})\]|(?P<every>\[\*\])|\["(?P<quoted>[^"]+)"\]""")


class BadPath(ValueError):
    """The text is no path; the message shows where it stops making sense."""


@lru_cache(maxsize=1024)
def steps(path: str) -> tuple[Step, ...]:
    """The steps of a path."""
    at = 1 if path.startswith("$") else 0
    found: list[Step] = []
    while at < len(path):
        step = _STEP.match(path, at)
        if step is None or (path[at] == "." and at == 0):
            raise BadPath(f"路径“{path}”从第 {at + 1} 个字符起写法有误；应如 data.items[*] 或 rows[0].value")
        found.append(_step(step))
        at = step.end()
    return tuple(found)


def one(document: Any, path: str) -> Any:
    """What stands at the path; NoSuchField names the step that leads nowhere and what is there instead."""
    for step in steps(path):
        document = _next(document, step, path)
    return document


def every(document: Any, path: str) -> list[Any]:
    """All that stands at a path with `[*]`; of a path that ends at a list its elements, at anything else just that."""
    found = [document]
    for step in steps(path):
        if step is Every.ELEMENT:
            found = [element for owner in found for element in _elements(owner, path)]
        else:
            found = [_next(owner, step, path) for owner in found]
    if Every.ELEMENT not in steps(path) and isinstance(found[0], list):
        return list(found[0])
    return found


def _step(match: re.Match[str]) -> Step:
    if match["every"]:
        return Every.ELEMENT
    return int(match["place"]) if match["place"] else match["name"] or match["quoted"]


def _next(owner: Any, step: Step, path: str) -> Any:
    if isinstance(step, str) and isinstance(owner, dict) and step in owner:
        return owner[step]
    if isinstance(step, int) and isinstance(owner, list) and -len(owner) <= step < len(owner):
        return owner[step]
    if step is Every.ELEMENT:
        raise BadPath(f"路径“{path}”中的 [*] 只能用在记录的位置")
    raise NoSuchField(_shown(step, path), owner if isinstance(owner, dict) else [_kind(owner)])


def _elements(owner: Any, path: str) -> list[Any]:
    if isinstance(owner, list):
        return owner
    raise NoSuchField(_shown(Every.ELEMENT, path), owner if isinstance(owner, dict) else [_kind(owner)])


def _shown(step: Step, path: str) -> str:
    name = step.value if isinstance(step, Every) else step
    return str(name) if str(name) == path else f"{name}（路径 {path}）"


def _kind(value: Any) -> str:
    kinds = {dict: "对象", list: "列表", str: "文本", bool: "真假值", int: "数字", float: "数字", type(None): "空值"}
    size = f"（{len(value)} 项）" if isinstance(value, list) else ""
    return f"此处是{kinds.get(type(value), '其他')}{size}"
