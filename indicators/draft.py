"""The entries of the files as written: those whose shape is right, the names of all, and the line of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from indicators.definition import Department, DepartmentsHead, Head, Indicator, Region, Source, Theme
from indicators.problems import Problem, in_words
from indicators.yaml_builder import Block, Items
from indicators.yaml_document import Document, read_document
from indicators.yaml_text import Path

E = TypeVar("E", bound=BaseModel)

NAMED_BY = {
    "regions": "code",
    "sources": "key",
    "themes": "id",
    "indicators": "code",
    "departments": "key",
    "roles": "key",
    "categories": "code",
    "separations": "key",
    "warnings": "key",
}
"""The lists of the files, and which key names an entry."""
DUTIES = ("categories", "rules")
"""Parts of departments.yaml read in `duties.py`; they may be missing."""


@dataclass(frozen=True)
class Placed(Generic[E]):
    """An entry with the place it was written at. `without`: keys whose shape was wrong, left out of it."""

    entry: E
    path: Path
    without: frozenset[str | int] = frozenset()


@dataclass
class Sheet:
    """One file: its values, and problems told with their line and the name of their entry."""

    file: str
    document: Document
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def read(cls, file: str, content: bytes) -> Sheet:
        """The file with what is wrong in its text already among the problems."""
        document = read_document(content)
        sheet = cls(file, document)
        sheet.problems = [
            Problem(file, fault.line, sheet.label(fault.path), fault.message) for fault in document.faults
        ]
        if document.root is None and not document.faults:
            sheet.problems.append(Problem(file, 1, "", "文件是空的"))
        return sheet

    def report(self, path: Path, message: str) -> None:
        """Add a problem at `path`."""
        self.problems.append(Problem(self.file, self.document.line_of(path), self.label(path), message))

    def label(self, path: Path) -> str:
        """'ENV-03.target' for an indicator, 'sources.air_stations.cadence' for others, 'city.code' for the rest."""
        if len(path) < 2 or path[0] not in NAMED_BY or not isinstance(path[1], int):
            return _joined(path)
        section = str(path[0])
        name = self.name_of(section, path[1])
        if name is None:
            return _joined(path)
        return _joined((name, *path[2:]) if section == "indicators" else (section, name, *path[2:]))

    def name_of(self, section: str, index: int) -> str | None:
        """What the entry calls itself, if it does."""
        entries = self.section(section)
        entry = entries[index] if index < len(entries) else None
        name = entry.get(NAMED_BY[section]) if isinstance(entry, Block) else None
        return name if isinstance(name, str) and name else None

    def section(self, name: str) -> Sequence[Any]:
        """The entries of a list as written; none if it is missing or no list."""
        entries = self.document.root.get(name) if isinstance(self.document.root, Block) else None
        return entries if isinstance(entries, Items) else ()

    def shaped(self, model: type[E], value: Any, path: Path, beside: tuple[str, ...] = ()) -> Placed[E] | None:
        """`value` as `model`, with all that is wrong about its shape reported.

        A wrong entry is still looked at without its wrong keys, so that one pass tells everything; None if that is
        not enough. `beside`: further keys of the same block, read elsewhere.
        """
        try:
            return Placed(model.model_validate(value), path)
        except ValidationError as wrong:
            errors = wrong.errors(include_url=False)
        for error in errors:
            known = [*keys_at(model, error["loc"]), *beside]
            self.report((*path, *error["loc"]), in_words(dict(error), known))
        wrong_keys = frozenset(error["loc"][0] for error in errors if error["loc"])
        rest = _without(model, value, wrong_keys)
        return None if rest is None else Placed(rest, path, wrong_keys)


def _without(model: type[E], value: Any, wrong_keys: frozenset[str | int]) -> E | None:
    if not isinstance(value, dict):
        return None
    try:
        return model.model_validate({key: inner for key, inner in value.items() if key not in wrong_keys})
    except ValidationError:
        return None


def _joined(path: Path) -> str:
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{step}" if text else str(step)
    return text


def keys_at(model: type[BaseModel], location: tuple[str | int, ...]) -> list[str]:
    """The keys allowed beside the last step of `location`."""
    current: type[BaseModel] | None = model
    for step in location[:-1]:
        if current is not None and isinstance(step, str):
            current = _model_in(current.model_fields[step].annotation) if step in current.model_fields else None
    return list(current.model_fields) if current is not None else []


def _model_in(annotation: Any) -> type[BaseModel] | None:
    for part in (annotation, *getattr(annotation, "__args__", ())):
        if isinstance(part, type) and issubclass(part, BaseModel):
            return part
    return None


@dataclass
class Draft:
    """Everything written, before it is known to make sense. `names` includes entries whose shape is wrong."""

    catalogue: Sheet
    departments: Sheet
    head: Head | None
    regions: dict[str, Placed[Region]]
    sources: dict[str, Placed[Source]]
    themes: dict[str, Placed[Theme]]
    indicators: dict[str, Placed[Indicator]]
    units: dict[str, Placed[Department]]
    names: Mapping[str, Mapping[str, Path]]

    @property
    def problems(self) -> list[Problem]:
        """Of both files."""
        return self.catalogue.problems + self.departments.problems


def draft(catalogue: Sheet, departments: Sheet) -> Draft:
    """Shape every entry on its own, so that one wrong entry hides nothing about the others."""
    lists = ("regions", "sources", "themes", "indicators")
    head = head_of(catalogue, Head, lists)
    head_of(departments, DepartmentsHead, ("departments",), DUTIES)
    names = {section: names_of(catalogue, section) for section in lists}
    return Draft(
        catalogue,
        departments,
        head,
        entries_of(catalogue, "regions", Region),
        entries_of(catalogue, "sources", Source),
        entries_of(catalogue, "themes", Theme),
        entries_of(catalogue, "indicators", Indicator),
        entries_of(departments, "departments", Department),
        names | {"departments": names_of(departments, "departments")},
    )


def head_of(sheet: Sheet, model: type[E], lists: tuple[str, ...], elsewhere: tuple[str, ...] = ()) -> E | None:
    """What stands above the lists of a file; missing lists are reported."""
    root = sheet.document.root
    if root is None:
        return None
    if not isinstance(root, Block):
        sheet.report((), "文件开头应为若干“键: 值”")
        return None
    for section in lists:
        if section not in root:
            sheet.report((), f"缺少 {section} 这一部分")
        elif not isinstance(root[section], Items):
            sheet.report((section,), "应为列表，每项一行以“- ”开头")
    beside = (*lists, *elsewhere)
    placed = sheet.shaped(model, {key: value for key, value in root.items() if key not in beside}, (), beside)
    return None if placed is None else placed.entry


def entries_of(sheet: Sheet, section: str, model: type[E]) -> dict[str, Placed[E]]:
    """The entries of the right shape by name; the first of two with one name."""
    found: dict[str, Placed[E]] = {}
    for index, value in enumerate(sheet.section(section)):
        placed = sheet.shaped(model, value, (section, index))
        if placed is not None:
            found.setdefault(str(getattr(placed.entry, NAMED_BY[section])), placed)
    return found


def names_of(sheet: Sheet, section: str) -> dict[str, Path]:
    """Every name with its first place; a second one is a problem."""
    first: dict[str, Path] = {}
    for index in range(len(sheet.section(section))):
        name = sheet.name_of(section, index)
        path: Path = (section, index, NAMED_BY[section])
        if name is not None and first.setdefault(name, path) != path:
            sheet.report(path, f"“{name}”重复，第 {sheet.document.line_of(first[name])} 行已有这一条")
    return first
