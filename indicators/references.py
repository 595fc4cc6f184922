"""Which entry names which: every name must exist, also in entries whose shape is wrong elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from indicators.draft import Draft
from indicators.problems import suggestion
from indicators.yaml_builder import Block, Items
from indicators.yaml_text import Path


@dataclass(frozen=True)
class Reference:
    """The value at `keys` of an entry in `section` (or each item of it) names an entry of `target`."""

    section: str
    keys: tuple[str, ...]
    target: str


REFERENCES = (
    Reference("regions", ("parent",), "regions"),
    Reference("regions", ("division",), "regions"),
    Reference("sources", ("owner",), "departments"),
    Reference("themes", ("lead",), "departments"),
    Reference("themes", ("support",), "departments"),
    Reference("indicators", ("theme",), "themes"),
    Reference("indicators", ("source",), "sources"),
    Reference("indicators", ("owner",), "departments"),
    Reference("indicators", ("bands", "owner"), "departments"),
    Reference("indicators", ("parts",), "indicators"),
)

_CALLED = {"regions": "区域", "departments": "单位", "themes": "主题", "sources": "来源", "indicators": "指标"}


def unknown_names(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Where a name stands that no entry has, and what to do about it."""
    for reference in REFERENCES:
        known = draft.names[reference.target]
        for index, entry in enumerate(draft.catalogue.section(reference.section)):
            for path, name in _names(entry, reference.keys):
                if name not in known:
                    message = f"没有名为“{name}”的{_CALLED[reference.target]}。{suggestion(name, known)}"
                    yield (reference.section, index, *path), message


def _names(entry: Any, keys: tuple[str, ...]) -> Iterator[tuple[Path, str]]:
    value = entry
    for key in keys:
        value = value.get(key) if isinstance(value, Block) else None
    if isinstance(value, str):
        yield keys, value
    if isinstance(value, Items):
        for index, item in enumerate(value):
            if isinstance(item, str):
                yield (*keys, index), item
