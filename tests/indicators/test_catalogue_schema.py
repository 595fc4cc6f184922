"""The schemas editors use say what the models say, and the shipped files obey them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from indicators.schema import DOCS, FILES, main, outdated
from indicators.yaml_document import read_document

ROOT = Path(__file__).resolve().parents[2]
PAIRS = {"catalogue.schema.json": "indicators.yaml", "departments.schema.json": "departments.yaml"}


@pytest.mark.feature(25)
def test_schemas_are_what_the_models_say() -> None:
    assert not outdated(), "run: make schema"
    assert main(["--check"]) == 0


def test_an_outdated_schema_is_noticed(tmp_path: Path) -> None:
    for name in FILES:
        (tmp_path / name).write_text(
            (DOCS / name).read_text(encoding="utf-8").replace("string", "strings", 1), encoding="utf-8"
        )
    assert outdated(tmp_path) == list(FILES)


@pytest.mark.parametrize("name", PAIRS)
def test_shipped_files_obey_their_schema(name: str) -> None:
    assert not list(_validator(name).iter_errors(_plain(read_document((ROOT / PAIRS[name]).read_bytes()).root)))


def test_the_schema_refuses_what_the_loader_refuses() -> None:
    good = _plain(read_document((ROOT / "indicators.yaml").read_bytes()).root)
    validator = _validator("catalogue.schema.json")
    for change in (
        lambda file: file["indicators"][0].update(unitt="x"),
        lambda file: file["indicators"][0].update(aggregation="sums"),
        lambda file: file["sources"][0].update(kind="mqt"),
        lambda file: next(s for s in file["sources"] if s["kind"] == "file")["options"].update(layout="long-ish"),
        lambda file: file["sources"][0].update(provenance="simulated"),
        lambda file: file["themes"][0].update(short="太长的简称"),
    ):
        bad = json.loads(json.dumps(good))
        change(bad)
        assert list(validator.iter_errors(bad))


@pytest.mark.parametrize("name", FILES)
def test_every_key_explains_itself_to_the_editor(name: str) -> None:
    schema = json.loads((DOCS / name).read_text(encoding="utf-8"))
    ours = {key: part for key, part in schema.get("$defs", {}).items() if "." not in key}
    silent = [
        f"{model}.{key}"
        for model, part in {**ours, "file": schema}.items()
        for key, value in part.get("properties", {}).items()
        if "description" not in value
        and "$ref" not in value
        and not any("$ref" in one for one in value.get("anyOf", []))
    ]
    assert silent == []


def _validator(name: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(json.loads((DOCS / name).read_text(encoding="utf-8")))


def _plain(value: Any) -> Any:
    """Blocks and Items as the dicts and lists jsonschema knows."""
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
