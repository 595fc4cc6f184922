"""Values from the events of the YAML parser, each with its line, on a stack of our own.

PyYAML's constructors recurse in C (200,000 nested lists end the process), let a later duplicate key win silently, and
read `no`, `12:30` and `2021-10-31` as false, 750 and a date. Here only null, true, false and numbers are more than
text; tags, anchors that multiply and a second document are faults.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from typing import Any

import yaml
from yaml._yaml import CParser

from indicators.yaml_text import Fault, Path

DEEPEST = 20
MOST_ALIASES = 20
MOST_ALIASED_VALUES = 2_000
MOST_VALUES = 60_000
"""The shipped catalogue has a fifth of it; so many are read and checked well within 2 s."""
MOST_FAULTS = 500


class Block(dict[str, Any]):
    """A YAML mapping with the line of each key."""

    __slots__ = ("line", "lines", "weight")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Hashable, int] = {}
        self.weight = 1


class Items(list[Any]):
    """A YAML sequence with the line of each item."""

    __slots__ = ("line", "lines", "weight")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[Hashable, int] = {}
        self.weight = 1


class TooMuch(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_WHOLE = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})")
_DECIMAL = re.compile(r"[-+]?([0-9]{1,18}(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]{1,3})?")


def plain_value(text: str) -> Any:
    """The meaning of an unquoted scalar: null, true, false, a number, else the text itself."""
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _WHOLE.fullmatch(text):
        return int(text)
    if _DECIMAL.fullmatch(text) and not re.fullmatch(r"[-+]?0[0-9]+", text):
        return float(text)
    return text


class Builder:
    """Turns events into Blocks and Items on a stack of its own, so depth costs nothing but its limit."""

    def __init__(self) -> None:
        self.root: Any = None
        self.faults: list[Fault] = []
        self._open: list[Block | Items] = []
        self._keys: list[str | None] = []
        self._anchors: dict[str, Any] = {}
        self._named: list[str | None] = []
        self._values = 0
        self._aliases = 0
        self._aliased = 0
        self._documents = 0

    def build(self, text: str) -> None:
        """Read all events of `text`; yaml.YAMLError for bad syntax."""
        parser = CParser(text)
        while not isinstance(event := parser.get_event(), yaml.StreamEndEvent):
            act = _ACTS.get(type(event))
            if act is not None:
                act(self, event)

    def document(self, event: yaml.DocumentStartEvent) -> None:
        self._documents += 1
        if self._documents > 1:
            raise self._stop(event, "文件里有第二份文档（---），请只留一份")

    def scalar(self, event: yaml.ScalarEvent) -> None:
        self._check_tag(event)
        if self._waits_for_key():
            self._key(event, event.value)
            return
        value = plain_value(event.value) if event.implicit[0] else event.value
        if event.anchor:
            self._anchors[event.anchor] = value
        self._place(event, value)

    def opened(self, event: yaml.MappingStartEvent | yaml.SequenceStartEvent) -> None:
        self._check_tag(event)
        if self._waits_for_key():
            raise self._stop(event, "键应为一个词，不能是列表或一组键值")
        if len(self._open) >= DEEPEST:
            raise self._stop(event, f"嵌套超过 {DEEPEST} 层")
        line = _line(event)
        value = Block(line) if isinstance(event, yaml.MappingStartEvent) else Items(line)
        self._place(event, value)
        self._open.append(value)
        self._keys.append(None)
        self._named.append(event.anchor)

    def closed(self, event: yaml.Event) -> None:
        value = self._open.pop()
        self._keys.pop()
        anchor = self._named.pop()
        if anchor:
            self._anchors[anchor] = value
        if self._open:
            self._open[-1].weight += value.weight
        self._advance()

    def alias(self, event: yaml.AliasEvent) -> None:
        if self._waits_for_key():
            raise self._stop(event, "键不能用别名")
        if event.anchor not in self._anchors:
            raise self._stop(event, f"别名 *{event.anchor} 没有对应的 &{event.anchor}")
        value = self._anchors[event.anchor]
        weight = value.weight if isinstance(value, (Block, Items)) else 1
        self._aliases += 1
        self._aliased += weight
        if self._aliases > MOST_ALIASES or self._aliased > MOST_ALIASED_VALUES:
            raise self._stop(event, f"别名过多（至多 {MOST_ALIASES} 处），请直接写出内容")
        if self._open:
            self._open[-1].weight += weight
        self._place(event, value)
        if isinstance(value, (Block, Items)):
            self._advance()

    # The pieces of these acts

    def _waits_for_key(self) -> bool:
        return bool(self._open) and isinstance(self._open[-1], Block) and self._keys[-1] is None

    def _key(self, event: yaml.ScalarEvent, key: str) -> None:
        block = self._open[-1]
        line = _line(event)
        if key in block.lines:
            self._fault(line, f"“{key}”重复，第 {block.lines[key]} 行已写过", key)
        block.lines[key] = line
        self._keys[-1] = key

    def _place(self, event: Any, value: Any) -> None:
        self._values += 1
        if self._values > MOST_VALUES:
            raise self._stop(event, f"内容过多，超过 {MOST_VALUES} 个值")
        if not self._open:
            self.root = value
            return
        parent = self._open[-1]
        if isinstance(parent, Block):
            parent[self._keys[-1] or ""] = value
        else:
            parent.lines[len(parent)] = _line(event)
            parent.append(value)
        if not isinstance(value, (Block, Items)):
            parent.weight += 1
            self._advance()

    def _advance(self) -> None:
        """The value of the current key is complete; the next scalar is a key again."""
        if self._keys:
            self._keys[-1] = None

    def _check_tag(self, event: Any) -> None:
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            self._fault(_line(event), f"不接受类型标签 {tag}，请删去", None)

    def _fault(self, line: int, message: str, key: str | None) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(line, self._path(key), message))

    def _stop(self, event: Any, message: str) -> TooMuch:
        return TooMuch(Fault(_line(event), self._path(None), message))

    def _path(self, key: str | None) -> Path:
        steps: list[str | int] = []
        for index, (value, current) in enumerate(zip(self._open, self._keys, strict=True)):
            step: str | int | None = current
            if isinstance(value, Items):
                step = len(value) - (index + 1 < len(self._open))
            if step is not None:
                steps.append(step)
        return (*steps, key) if key is not None else tuple(steps)


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1


_ACTS: dict[type, Any] = {
    yaml.DocumentStartEvent: Builder.document,
    yaml.ScalarEvent: Builder.scalar,
    yaml.MappingStartEvent: Builder.opened,
    yaml.SequenceStartEvent: Builder.opened,
    yaml.MappingEndEvent: Builder.closed,
    yaml.SequenceEndEvent: Builder.closed,
    yaml.AliasEvent: Builder.alias,
}
