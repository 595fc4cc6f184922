"""All rules of early warning: `warnings.yaml`, every problem told with its line, and the changes made on screen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

import orjson
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from sqlalchemy import Connection, select

from database.foresight_tables import warning_edits
from decisions.warning_rule import Rule
from indicators.catalogue import Catalogue, CatalogueErrors, content_of
from indicators.definition import RegionKind
from indicators.draft import Placed, Sheet, entries_of, head_of, names_of
from indicators.problems import Problem, in_words, suggestion

WARNINGS = "warnings.yaml"
PRODUCT = Path(__file__).resolve().parent.parent
EDITABLE = ("red", "orange", "yellow", "blue", "hysteresis", "lasting", "calm", "lead", "no_data", "event", "advice")
"""What may be changed on screen; what a rule looks at is a matter of the file."""


class _Head(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = Field(description="version of this format")


class EditRefused(ValueError):
    """A change that makes no sense; the message is for people."""


@dataclass(frozen=True)
class Rules:
    """The rules in force by key, in the order of the file. `edited` names those changed on screen."""

    version: str
    rules: Mapping[str, Rule]
    edited: frozenset[str] = frozenset()

    def causes(self, rule: Rule) -> Iterator[Rule]:
        """The rules whose warnings keep this one quiet."""
        return (self.rules[key] for key in rule.inhibited_by if key in self.rules)


def load(place: Path, catalogue: Catalogue) -> Rules:
    """The rules of a folder (the product's own if it has none); CatalogueErrors tells all problems at once."""
    file = place / WARNINGS if place.is_dir() else place
    content = content_of(file)
    return parse(content_of(PRODUCT / WARNINGS) or b"" if content is None else content, catalogue)


def parse(content: bytes, catalogue: Catalogue) -> Rules:
    """The rules written in these bytes."""
    sheet = Sheet.read(WARNINGS, content)
    head_of(sheet, _Head, ("warnings",))
    names_of(sheet, "warnings")
    found = entries_of(sheet, "warnings", Rule)
    for placed in found.values():
        for key, message in _problems(placed, found, catalogue):
            sheet.report((*placed.path, *key), message)
    if sheet.problems:
        raise CatalogueErrors(sheet.problems)
    return Rules(
        sha256(content).hexdigest()[:12], MappingProxyType({key: placed.entry for key, placed in found.items()})
    )


def _problems(
    placed: Placed[Rule], rules: Mapping[str, Any], catalogue: Catalogue
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """What makes no sense in view of the catalogue and the other rules."""
    rule = placed.entry
    indicator = catalogue.indicators.get(rule.indicator)
    if indicator is None:
        yield ("indicator",), f"没有指标“{rule.indicator}”。{suggestion(rule.indicator, catalogue.indicators)}"
    elif rule.regions != "city" and RegionKind.COUNTY not in indicator.levels:
        yield ("regions",), f"{rule.indicator} 没有县（区）数据，只能写 city"
    if rule.owner not in catalogue.departments:
        yield ("owner",), f"没有名为“{rule.owner}”的单位。{suggestion(rule.owner, catalogue.departments)}"
    if rule.category is not None and rule.category not in catalogue.duties.categories:
        yield ("category",), f"没有事件类别“{rule.category}”"
    for place, cause in enumerate(rule.inhibited_by):
        if cause == rule.key or cause not in rules:
            yield ("inhibited_by", place), f"没有规则“{cause}”可作原因。{suggestion(cause, rules)}"


def in_force(connection: Connection, written: Rules) -> Rules:
    """The rules with the changes made on screen; a change that no longer fits the file is left out."""
    edits = latest_edits(connection)
    changed = {key: rule for key in edits if key in written.rules and (rule := _tried(written.rules[key], edits[key]))}
    if not changed:
        return written
    stamp = sha256(written.version.encode() + orjson.dumps(edits, option=orjson.OPT_SORT_KEYS)).hexdigest()[:12]
    return Rules(stamp, MappingProxyType({**written.rules, **changed}), frozenset(changed))


def latest_edits(connection: Connection) -> dict[str, dict[str, Any]]:
    """The changes in force by rule; one taken back is not among them."""
    rows = connection.execute(select(warning_edits.c.rule, warning_edits.c.changes).order_by(warning_edits.c.id))
    found = {row.rule: orjson.loads(row.changes) for row in rows}
    return {key: changes for key, changes in found.items() if changes}


def edited(rule: Rule, changes: Mapping[str, Any]) -> Rule:
    """`rule` with `changes`; EditRefused says what is wrong with them."""
    strange = [key for key in changes if key not in EDITABLE]
    if strange:
        raise EditRefused(f"“{strange[0]}”不能在界面上修改，请改 {WARNINGS}")
    try:
        return Rule.model_validate(rule.model_dump() | dict(changes))
    except ValidationError as wrong:
        error = wrong.errors(include_url=False)[0]
        raise EditRefused(in_words(dict(error), EDITABLE)) from wrong


def as_file(rules: Rules) -> str:
    """The rules in force as the text of a `warnings.yaml`, to be reviewed and kept with the other files."""
    entries = [rule.model_dump(exclude_defaults=True, mode="json") for rule in rules.rules.values()]
    return yaml.safe_dump({"version": 1, "warnings": entries}, allow_unicode=True, sort_keys=False, width=120)


def _tried(rule: Rule, changes: Mapping[str, Any]) -> Rule | None:
    try:
        return edited(rule, changes)
    except EditRefused:
        return None


def problems_of(place: Path, catalogue: Catalogue) -> list[Problem]:
    """What is wrong with the file; nothing if it may be used."""
    try:
        load(place, catalogue)
    except CatalogueErrors as errors:
        return errors.problems
    return []
