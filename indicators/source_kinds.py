"""Whether a source's kind exists, and its options are what that kind accepts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from datasources import UnknownKind, kind
from indicators.draft import keys_at
from indicators.problems import in_words
from indicators.yaml_text import Path


def kind_problems(name: str, options: Mapping[str, Any]) -> Iterator[tuple[Path, str]]:
    """Where inside a source entry `kind` or `options` are wrong, and what is."""
    try:
        spec = getattr(kind(name), "Spec", None)
    except UnknownKind as unknown:
        yield ("kind",), str(unknown)
        return
    if not (isinstance(spec, type) and issubclass(spec, BaseModel)):
        yield ("kind",), f"“{name}”不能作为来源类型：它没有可核对的选项说明"
        return
    try:
        spec.model_validate(dict(options))
    except ValidationError as wrong:
        for error in wrong.errors(include_url=False):
            yield ("options", *error["loc"]), in_words(dict(error), keys_at(spec, error["loc"]))
