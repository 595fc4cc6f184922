"""Kinds of sources: the folder is the registry, `kind: sql` in the catalogue means `datasources/sql.py`."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from datetime import datetime
from difflib import get_close_matches
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

from pydantic import BaseModel, ValidationError

from datasources.delivery.observation import Delivery, SourceFailed

VERBS = ("read", "listen", "accept")
"""What a kind does: fetch when asked, wait at a stream, or turn what was handed in into a delivery."""


class UnknownKind(ValueError):
    """No file of that name in `datasources/`. `nearest` is the likeliest spelling, or None."""

    def __init__(self, name: str, nearest: str | None) -> None:
        hint = f"您是否想填“{nearest}”？" if nearest else f"可用的类型：{'、'.join(kinds())}"
        super().__init__(f"没有“{name}”这种数据来源类型。{hint}")
        self.name = name
        self.nearest = nearest


@cache
def kinds() -> tuple[str, ...]:
    """The names that may stand at `kind:` in the catalogue, sorted."""
    return tuple(sorted(found.name for found in iter_modules(__path__) if not found.ispkg))


def kind(name: str) -> ModuleType:
    """The module of a kind, with its `Spec` and verb; UnknownKind with the nearest name otherwise."""
    if name not in kinds():
        raise UnknownKind(name, next(iter(get_close_matches(name, kinds(), n=1, cutoff=0.5)), None))
    return import_module(f"{__name__}.{name}")


def verb(module: ModuleType) -> str:
    """Which of VERBS the kind has; ValueError for a file that is no kind."""
    for name in VERBS:
        if callable(getattr(module, name, None)):
            return name
    raise ValueError(f"{module.__name__} has none of the verbs {', '.join(VERBS)}")


def spec(name: str, options: Mapping[str, object]) -> BaseModel:
    """The Spec of a kind from the `options` of a catalogue entry; SourceFailed tells every option that is wrong."""
    try:
        return kind(name).Spec.model_validate(dict(options))
    except ValidationError as wrong:
        told = "；".join(f"options.{'.'.join(map(str, e['loc']))}：{e['msg']}" for e in wrong.errors())
        raise SourceFailed(f"来源设置有误：{told}", permanent=True) from wrong


def read(name: str, options: Mapping[str, object], *, source: str, now: datetime, **known: object) -> Delivery:
    """One fetch from a source of kind `name`. Of `known` (frequencies, regions …) a kind is told what it asks for."""
    reader = kind(name).read
    asked = inspect.signature(reader).parameters
    told = {key: value for key, value in known.items() if key in asked}
    return reader(spec(name, options), source=source, now=now, **told)
