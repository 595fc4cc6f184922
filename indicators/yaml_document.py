"""YAML as plain values that remember their lines; refuses what a catalogue has no use for and attackers do.

Built from the parser's events, not with PyYAML's constructors: those recurse in C (200,000 nested lists end the
process), let a later duplicate key win silently, and read `no`, `12:30` and `2021-10-31` as false, 750 and a date.
Only null, true, false and numbers are more than text here. Tags, anchors that multiply and a second document are
problems, each with its line.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.cyaml import CParser
from yaml.reader import Reader, ReaderError

from indicators.yaml_words import syntax_in_words

LARGEST_FILE = 4_000_000
"""Bytes; the shipped catalogue has a tenth of it."""
DEEPEST = 20
MOST_ALIASES = 20
MOST_ALIASED_VALUES = 2_000
MOST_VALUES = 200_000

Path = tuple[str | int, ...]


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


@dataclass(frozen=True)
class Fault:
    """Something wrong in the text itself, at `line` (from 1), inside `path`."""

    line: int
    path: Path
    message: str


@dataclass
class Document:
    """The values of a file. `root` is None if the text could not be read to its end."""

    root: Any
    faults: list[Fault] = field(default_factory=list)

    def line_of(self, path: Path) -> int:
        """The line of the value at `path`, or of the nearest thing around it that exists."""
        line, value = 1, self.root
        for step in path:
            if not isinstance(value, (Block, Items)):
                return line
            line = value.lines.get(step, line)
            try:
                value = value[step]  # type: ignore[index, call-overload]
            except (KeyError, IndexError, TypeError):
                return line
        return line


def read_document(content: bytes) -> Document:
    """The values in `content`; whatever is wrong is among the faults, nothing is raised."""
    text, fault = _decoded(content)
    if fault is not None:
        return Document(None, [fault])
    builder = _Builder()
    try:
        builder.build(text)
    except yaml.MarkedYAMLError as error:
        return Document(None, [*builder.faults, _syntax_fault(error)])
    except ReaderError as error:
        return Document(None, [*builder.faults, Fault(_line_at(text, error.position), (), "有不能识别的字符")])
    except _TooMuch as error:
        return Document(None, [*builder.faults, error.fault])
    return Document(builder.root, builder.faults)


# Text


def _decoded(content: bytes) -> tuple[str, Fault | None]:
    if len(content) > LARGEST_FILE:
        return "", Fault(1, (), f"文件有 {len(content)} 字节，超过 {LARGEST_FILE} 字节的上限")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "", Fault(1, (), "文件是 UTF-16 编码，请另存为 UTF-8")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return "", Fault(content.count(b"\n", 0, error.start) + 1, (), _encoding_in_words(content, error))
    odd = Reader.NON_PRINTABLE.search(text)
    if odd is not None:
        code = f"U+{ord(odd[0]):04X}"
        return "", Fault(_line_at(text, odd.start()), (), f"有不可见字符 {code}，文件可能已损坏，请恢复后重试")
    if text and not text.endswith("\n"):
        return "", Fault(text.count("\n") + 1, (), "文件末尾没有换行，可能没有写完；若内容完整，请在末尾加一个空行")
    return text, None


def _encoding_in_words(content: bytes, error: UnicodeDecodeError) -> str:
    if error.end == len(content) and error.reason.startswith("unexpected end"):
        return "文件在一个汉字中间断开，可能没有写完"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return "有不是 UTF-8 编码的内容，文件可能已损坏；请另存为 UTF-8"
    return "文件像是 GBK 编码，请另存为 UTF-8"


def _line_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    return Fault(mark.line + 1 if mark else 1, (), syntax_in_words(error.problem or "", error.context or ""))


# Values


class _TooMuch(Exception):  # noqa: N818 -- stops the reading, not an error of ours
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


class _Builder:
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
        line = event.start_mark.line + 1
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
        line = event.start_mark.line + 1
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
            parent.lines[len(parent)] = event.start_mark.line + 1
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
            self._fault(event.start_mark.line + 1, f"不接受类型标签 {tag}，请删去", None)

    def _fault(self, line: int, message: str, key: str | None) -> None:
        if len(self.faults) < MOST_FAULTS:
            self.faults.append(Fault(line, self._path(key), message))

    def _stop(self, event: Any, message: str) -> _TooMuch:
        return _TooMuch(Fault(event.start_mark.line + 1, self._path(None), message))

    def _path(self, key: str | None) -> Path:
        steps: list[str | int] = []
        for index, (value, current) in enumerate(zip(self._open, self._keys, strict=True)):
            step: str | int | None = current
            if isinstance(value, Items):
                step = len(value) - (index + 1 < len(self._open))
            if step is not None:
                steps.append(step)
        return (*steps, key) if key is not None else tuple(steps)


MOST_FAULTS = 500

_ACTS: dict[type, Any] = {
    yaml.DocumentStartEvent: _Builder.document,
    yaml.ScalarEvent: _Builder.scalar,
    yaml.MappingStartEvent: _Builder.opened,
    yaml.SequenceStartEvent: _Builder.opened,
    yaml.MappingEndEvent: _Builder.closed,
    yaml.SequenceEndEvent: _Builder.closed,
    yaml.AliasEvent: _Builder.alias,
}
