"""One entry of the table of operations: address, parameters, answer and the function that gives it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from pydantic import BaseModel, ConfigDict

from access.actor import Actor
from api.problem import Problem, unknown
from indicators.cockpit import Cockpit
from indicators.reading import World

if TYPE_CHECKING:
    from indicators.catalogue import Catalogue

JSON = "application/json"
WRITTEN = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)
"""Shape of bodies a person answers for: who that is says the session, never the body."""


class Nothing(BaseModel):
    """For operations without parameters: naming any is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


@dataclass(frozen=True)
class Ask:
    """One request, taken apart: who asks, for what, when. `query` and `body` are of the operation's models."""

    cockpit: Cockpit
    catalogue: Catalogue
    by: Actor
    now: datetime
    path: Mapping[str, str] = field(default_factory=dict)
    query: Any = None
    body: Any = None
    key: str | None = None
    """The Idempotency-Key header."""

    @property
    def worlds(self) -> tuple[World, ...]:
        """The world named in the query, or all there are. They are always asked for one by one."""
        wanted: World | None = getattr(self.query, "world", None)
        if wanted is World.DEMO and not self.catalogue.demo_city:
            raise Problem(404, "没有启用演示城市。", kind="unknown")
        if wanted:
            return (wanted,)
        return tuple(World) if self.catalogue.demo_city else (World.REAL,)

    def known_region(self, code: str | None) -> str | None:
        """`code`, or Problem 404 with the nearest one. A region out of scope is as unknown as one that is none."""
        seen = {key: region for key, region in self.catalogue.regions.items() if self.by.scope.allows(key)}
        if code is not None and code not in seen:
            byname = {region.name: key for key, region in seen.items()} | {r.short: k for k, r in seen.items()}
            if code in byname:
                raise Problem(404, f"没有区域代码“{code}”。您是否想填 {byname[code]}？", kind="unknown")
            raise unknown("区域代码", code, seen)
        return code

    def number(self, name: str) -> int:
        """The number in the path, or Problem 404."""
        given = self.path[name]
        if not (given.isascii() and given.isdigit() and len(given) < 19):
            raise Problem(404, f"没有编号“{given[:30]}”。", kind="unknown")
        return int(given)

    def known(self, what: str, code: str, entries: Mapping[str, object]) -> str:
        """`code`, or Problem 404 with the nearest known one."""
        if code not in entries:
            raise unknown(what, code, entries)
        return code


@dataclass(frozen=True)
class File:
    """An answer that is no JSON: shown by browsers only where `mime` cannot run anything."""

    content: bytes
    mime: str
    name: str = ""
    """Of the file to be saved; '' to show it."""


@dataclass(frozen=True)
class Operation:
    """What stands at `method path` below /api/v1.

    Reading operations give `topics`: their answers are kept as bytes until one of these moves or `soft_seconds` pass.
    `check` looks at the request with the catalogue alone, before the cache and the database are asked.
    """

    method: Literal["GET", "POST"]
    path: str
    summary: str
    answer: type[BaseModel]
    act: Callable[[Ask], BaseModel]
    tag: str
    right: str = ""
    """What the caller must be allowed; '' is nobody."""
    query: type[BaseModel] = Nothing
    body: type[BaseModel] | None = None
    body_shape: type[BaseModel] | None = None
    """What the document says of the body, where rows are judged one by one and `body` takes anything."""
    check: Callable[[Ask], object] | None = None
    topics: Callable[[Ask], Collection[str]] | None = None
    soft_seconds: float = 15.0
    status: int = 200
    largest_body: int = 1_000_000
    problems: tuple[int, ...] = ()
    tables: Callable[[Ask, str], bytes] | None = None
    """Gives the same answer as a file, for `format=csv` and `format=xlsx`."""
    file_right: str = "exports.make"
    """What taking the file asks for besides `right`. The auditor takes the record's without a right that acts."""

    media: str = JSON
    """What a successful answer is."""
    file: Callable[[Ask], File] | None = None
    """Gives the answer where `media` is not JSON; `act` is not asked then."""
    body_media: str = JSON
    read_body: Callable[[], object] | None = None
    """Takes the body of the present request apart where it is no JSON."""
    header: str = ""
    """A header the operation needs: Idempotency-Key."""
    status_of: Callable[[BaseModel], int] | None = None
    """The status where it depends on what was done: 200 in place of `status` if it was there already."""

    version: Callable[[Ask], str | None] | None = None
    """Where the query's `v` is this, the answer never changes and browsers may keep it for ever."""

    @property
    def name(self) -> str:
        """Its name in the OpenAPI document: get_indicators_code_readings."""
        words = self.path.replace("{", "").replace("}", "").strip("/").replace("/", "_").replace(".", "_")
        return f"{self.method.lower()}_{words}"

    @property
    def all_problems(self) -> tuple[int, ...]:
        """Every status other than success it may answer with."""
        own = {400, 413, 415, 422, 429, 503} if self.method == "POST" else {400, 422, 503}
        lost = {404} if "{" in self.path else set()
        return tuple(sorted({*own, *lost, *self.problems, 401, 403, 405, 421, 500}))
