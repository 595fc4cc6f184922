"""A YAML file as plain values that remember their lines; what is wrong with its text comes as faults, never raised."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.reader import ReaderError

from indicators.yaml_builder import Block, Builder, Items, TooMuch
from indicators.yaml_text import Fault, Path, decoded, line_at
from indicators.yaml_words import syntax_in_words


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
                value = value[step]  # type: ignore[index]
            except (KeyError, IndexError, TypeError):
                return line
        return line


def read_document(content: bytes) -> Document:
    """The values in `content`; whatever is wrong is among the faults, nothing is raised."""
    text, fault = decoded(content)
    if fault is not None:
        return Document(None, [fault])
    builder = Builder()
    try:
        builder.build(text)
    except yaml.MarkedYAMLError as error:
        return Document(None, [*builder.faults, _syntax_fault(error)])
    except ReaderError as error:
        return Document(None, [*builder.faults, Fault(line_at(text, error.position), (), "有不能识别的字符")])
    except TooMuch as error:
        return Document(None, [*builder.faults, error.fault])
    return Document(builder.root, builder.faults)


def _syntax_fault(error: yaml.MarkedYAMLError) -> Fault:
    mark = error.problem_mark or error.context_mark
    return Fault(mark.line + 1 if mark else 1, (), syntax_in_words(error.problem or "", error.context or ""))
