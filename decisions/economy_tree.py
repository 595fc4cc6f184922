"""The configuration of the economy's models: tree, monitoring set, edges to test; checked against the catalogue."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

from indicators.catalogue import Catalogue

FILE = Path(__file__).with_suffix(".yaml")
Code = Annotated[str, Field(pattern=r"^[A-Z]{3}-\d{2}$")]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Node(_Entry):
    """A figure of the tree. `identity`: the children make up the parent; `proxy`: they drive or announce it."""

    key: Annotated[str, Field(pattern=r"^[a-z_]+$")]
    name: str
    level: Code | None = None
    growth: Code | None = None
    parent: str | None = None
    edge: Literal["identity", "proxy"] = "identity"

    @model_validator(mode="after")
    def _shows_something(self) -> Node:
        if self.level is None and self.growth is None:
            raise ValueError(f"{self.key}: level or growth must be given")
        return self


class Measured(_Entry):
    """A component of the composite index; `rate`: already a percentage."""

    indicator: Code
    name: str
    rate: bool


class Monitoring(_Entry):
    """What the composite index is made of, and the series it is compared with."""

    reference: Code
    base_months: int = Field(ge=6, le=36)
    components: tuple[Measured, ...] = Field(min_length=2)


class Theory(_Entry):
    """An edge that theory expects; the data decide whether it is drawn solid."""

    cause: Code
    effect: Code
    sign: Literal[-1, 1]
    lags: tuple[Annotated[int, Field(ge=0, le=12)], Annotated[int, Field(ge=0, le=12)]]
    reason: str


class EconomyTree(_Entry):
    """The whole file."""

    version: Literal[1]
    tree: tuple[Node, ...] = Field(min_length=1)
    monitoring: Monitoring
    edges: tuple[Theory, ...]

    def node(self, key: str) -> Node:
        """KeyError if there is none."""
        return next(node for node in self.tree if node.key == key) if key in self.keys else _missing(key)

    @property
    def keys(self) -> frozenset[str]:
        """Of all nodes."""
        return frozenset(node.key for node in self.tree)

    def children(self, key: str) -> tuple[Node, ...]:
        """In the order of the file."""
        return tuple(node for node in self.tree if node.parent == key)

    def problems(self, catalogue: Catalogue) -> Iterator[str]:
        """What does not fit the catalogue or hangs in the air."""
        for node in self.tree:
            if node.parent is not None and node.parent not in self.keys:
                yield f"tree.{node.key}: no node '{node.parent}'"
        codes = [code for node in self.tree for code in (node.level, node.growth) if code]
        codes += [self.monitoring.reference, *(one.indicator for one in self.monitoring.components)]
        codes += [code for edge in self.edges for code in (edge.cause, edge.effect)]
        yield from (f"no indicator '{code}'" for code in dict.fromkeys(codes) if code not in catalogue.indicators)


def _missing(key: str) -> Node:
    raise KeyError(key)


@lru_cache(maxsize=4)
def load(file: Path = FILE) -> EconomyTree:
    """The configuration shipped with the product; pydantic's error if it is wrong."""
    return EconomyTree.model_validate(yaml.safe_load(file.read_text(encoding="utf-8")))
