"""The catalogue: what the city measures, as `indicators.yaml` and `departments.yaml` say, checked as a whole."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from indicators.checks import TWIN, check
from indicators.definition import (
    AttentionRule,
    City,
    Department,
    Head,
    Indicator,
    Region,
    RegionKind,
    Source,
    StageRule,
    StateRule,
    Theme,
)
from indicators.draft import Draft, Sheet, draft
from indicators.duties import Duties, duties_of
from indicators.problems import CatalogueErrors, Problem
from indicators.reading import Provenance, World

__all__ = ["Catalogue", "CatalogueErrors", "Problem", "digest_of", "load"]

INDICATORS = "indicators.yaml"
DEPARTMENTS = "departments.yaml"
PRODUCT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Catalogue:
    """Everything the two files say, by code or key. `sources` are those written; `source` also knows their twins."""

    version: str
    city: City
    demo_city: bool
    state_rule: StateRule
    regions: Mapping[str, Region]
    sources: Mapping[str, Source]
    themes: Mapping[str, Theme]
    indicators: Mapping[str, Indicator]
    departments: Mapping[str, Department]
    stage_rule: StageRule | None = None
    attention_rule: AttentionRule | None = None
    duties: Duties = field(default_factory=Duties)

    def source(self, key: str) -> Source:
        """The source of that key, written or 'demo_…'; KeyError if there is none."""
        found = self.sources.get(key)
        return found if found is not None else self.twins[key]

    def has_source(self, key: str) -> bool:
        """True if figures may come under that key."""
        return key in self.sources or key in self.twins

    def sources_of(self, world: World) -> Iterator[Source]:
        """All sources that feed `world`, in the order of the file."""
        return iter((self.twins if world is World.DEMO else self.sources).values())

    def source_of(self, code: str, world: World) -> Source:
        """The source an indicator comes from in `world`; KeyError without an indicator or a demo city."""
        written = self.sources[self.indicators[code].source]
        return written if world is World.REAL else self.twins[TWIN + written.key]

    def world_of(self, source_key: str) -> World:
        """Which city a source speaks of; KeyError if there is no such source."""
        return World.DEMO if self.provenance_of(source_key) is Provenance.SIMULATED else World.REAL

    def provenance_of(self, source_key: str) -> Provenance:
        """What the figures of a source are; KeyError if there is no such source."""
        return self._provenances[source_key]

    def children(self, code: str) -> tuple[Region, ...]:
        """The regions that add up to `code`: counties of the city, towns of a county, else none."""
        return self._children.get(code, ())

    def within(self, code: str) -> tuple[Region, ...]:
        """The region itself and all that add up to it, the region first."""
        inner = (place for child in self.children(code) for place in self.within(child.code))
        return (self.regions[code], *inner)

    def indicators_of(self, theme_id: str) -> tuple[Indicator, ...]:
        """The indicators of a theme in the order of the file."""
        return self._by_theme.get(theme_id, ())

    def indicators_from(self, source_key: str) -> tuple[Indicator, ...]:
        """The indicators a source feeds; a twin feeds what its model feeds."""
        return self._by_source.get(source_key.removeprefix(TWIN), ())

    @cached_property
    def twins(self) -> Mapping[str, Source]:
        """Simulated sources of the demo city by key 'demo_…'. Published figures have none: they are only printed."""
        if not self.demo_city:
            return {}
        fed = {indicator.source for indicator in self.indicators.values()}
        return {TWIN + key: _twin(source) for key, source in self.sources.items() if key in fed}

    @cached_property
    def _provenances(self) -> Mapping[str, Provenance]:
        sources = [*self.sources.values(), *self.twins.values()]
        return {source.key: Provenance(source.provenance) for source in sources}

    @cached_property
    def _children(self) -> Mapping[str, tuple[Region, ...]]:
        inside = [region for region in self.regions.values() if region.kind is not RegionKind.ZONE]
        return {code: tuple(r for r in inside if r.parent == code) for code in {r.parent for r in inside if r.parent}}

    @cached_property
    def _by_theme(self) -> Mapping[str, tuple[Indicator, ...]]:
        return {key: tuple(i for i in self.indicators.values() if i.theme == key) for key in self.themes}

    @cached_property
    def _by_source(self) -> Mapping[str, tuple[Indicator, ...]]:
        return {key: tuple(i for i in self.indicators.values() if i.source == key) for key in self.sources}


def _twin(source: Source) -> Source:
    """The same promise under another key, simulated and linked up."""
    changed = {
        "key": TWIN + source.key,
        "name": f"{source.name}（模拟）",
        "provenance": "simulated",
        "connected": True,
        "planned": None,
        "contact": None,
    }
    return source.model_copy(update=changed)


def load(place: Path) -> Catalogue:
    """The catalogue in a folder, or in one file with the departments beside it (else the product's own).

    CatalogueErrors tells all problems at once, each with its file and line.
    """
    indicators, departments = files_of(place)
    return parse(content_of(indicators), content_of(departments), name=indicators.name)


def files_of(place: Path) -> tuple[Path, Path]:
    """Where the two files of a folder, or beside a single file, are."""
    if place.is_dir() or not place.suffix:
        return place / INDICATORS, place / DEPARTMENTS
    beside = place.parent / DEPARTMENTS
    if place.name == DEPARTMENTS:
        return place.parent / INDICATORS, place
    return place, beside if beside.exists() else PRODUCT / DEPARTMENTS


def content_of(path: Path) -> bytes | None:
    """The bytes of a file; None if it cannot be read."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def parse(indicators: bytes | None, departments: bytes | None, *, name: str = INDICATORS) -> Catalogue:
    """The catalogue written in these bytes; CatalogueErrors for anything wrong in them."""
    entries = draft(_sheet(name, indicators), _sheet(DEPARTMENTS, departments))
    check(entries)
    duties = duties_of(entries.departments, entries.names["departments"])
    if entries.problems or entries.head is None:
        raise CatalogueErrors(entries.problems)
    return _catalogue(entries, entries.head, duties, digest_of(indicators, departments))


def _sheet(file: str, content: bytes | None) -> Sheet:
    sheet = Sheet.read(file, content or b"")
    if content is None:
        sheet.problems = [Problem(file, 1, "", "找不到或读不了这个文件")]
    return sheet


def digest_of(indicators: bytes | None, departments: bytes | None) -> str:
    """The version of the catalogue: short, and different whenever a byte of either file is."""
    digest = sha256(indicators or b"")
    digest.update(b"\0" + (departments or b""))
    return digest.hexdigest()[:12]


def _catalogue(entries: Draft, head: Head, duties: Duties, version: str) -> Catalogue:
    return Catalogue(
        version=version,
        city=head.city,
        demo_city=head.demo_city,
        state_rule=head.state_rule,
        stage_rule=head.stage_rule,
        attention_rule=head.attention_rule,
        regions={name: placed.entry for name, placed in entries.regions.items()},
        sources={name: placed.entry for name, placed in entries.sources.items()},
        themes={name: placed.entry for name, placed in entries.themes.items()},
        indicators={name: placed.entry for name, placed in entries.indicators.items()},
        departments={name: placed.entry for name, placed in entries.units.items()},
        duties=duties,
    )
