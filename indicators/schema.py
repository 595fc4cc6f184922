"""JSON Schemas of the catalogue's files for editors: `python -m indicators.schema` writes them, `--check` compares."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema

from access.role import RolesFile
from datasources import kind, kinds
from indicators.definition import CatalogueFile
from indicators.duties import DutiesFile

DOCS = Path(__file__).resolve().parent.parent / "docs"
FILES: dict[str, type[BaseModel]] = {
    "catalogue.schema.json": CatalogueFile,
    "departments.schema.json": DutiesFile,
    "roles.schema.json": RolesFile,
}


def schema_of(name: str) -> str:
    """The text of one schema, with the options of every kind of source where sources are described."""
    found = FILES[name].model_json_schema()
    if "Source" in found.get("$defs", {}):
        _add_options(found)
    return json.dumps({"$schema": GenerateJsonSchema.schema_dialect, **found}, ensure_ascii=False, indent=2) + "\n"


def _add_options(schema: dict[str, Any]) -> None:
    """Let the kind of a source decide what its options may be."""
    choices = dict(_specs())
    source = schema["$defs"]["Source"]
    source["properties"]["kind"] = {**source["properties"]["kind"], "enum": list(choices)}
    source["allOf"] = [_options_of(name, spec, schema["$defs"]) for name, spec in choices.items()]


def _specs() -> Iterator[tuple[str, type[BaseModel]]]:
    for name in kinds():
        spec = getattr(kind(name), "Spec", None)
        if isinstance(spec, type) and issubclass(spec, BaseModel):
            yield name, spec


def _options_of(name: str, spec: type[BaseModel], definitions: dict[str, Any]) -> dict[str, Any]:
    options = spec.model_json_schema(ref_template=f"#/$defs/{name}.{{model}}")
    for inner, definition in options.pop("$defs", {}).items():
        definitions[f"{name}.{inner}"] = definition
    return {"if": {"properties": {"kind": {"const": name}}}, "then": {"properties": {"options": options}}}


def outdated(folder: Path = DOCS) -> list[str]:
    """The schemas in `folder` that do not say what the models say."""
    return [name for name in FILES if _text(folder / name) != schema_of(name)]


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8") if path.exists() else ""


def main(arguments: list[str]) -> int:
    """Write the schemas, or with --check only say which are outdated (exit 1)."""
    old = outdated()
    if "--check" in arguments:
        for name in old:
            print(f"docs/{name} is outdated: run python -m indicators.schema")
        return 1 if old else 0
    for name in old:
        (DOCS / name).write_text(schema_of(name), encoding="utf-8")
        print(f"wrote docs/{name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
