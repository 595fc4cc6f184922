"""The folder is the registry of kinds: every file has a Spec and a verb, none knows a sibling."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from pydantic import BaseModel, ValidationError

import datasources

FOLDER = Path(datasources.__file__).parent


@pytest.mark.parametrize("name", datasources.kinds())
def test_every_file_in_the_folder_is_a_whole_kind(name: str) -> None:
    module = datasources.kind(name)
    assert issubclass(module.Spec, BaseModel)
    assert module.Spec.model_config.get("frozen") is True
    assert module.Spec.model_config.get("extra") == "forbid"
    assert datasources.verb(module) in datasources.VERBS


@pytest.mark.parametrize("name", datasources.kinds())
def test_a_misspelt_option_is_refused(name: str) -> None:
    with pytest.raises(ValidationError, match="misspelt_option"):
        datasources.kind(name).Spec.model_validate({"misspelt_option": 1})


def test_a_misspelt_kind_names_the_nearest() -> None:
    with pytest.raises(datasources.UnknownKind, match="http_json") as caught:
        datasources.kind("http-json")
    assert caught.value.nearest == "http_json"


def test_a_kind_like_nothing_lists_what_there_is() -> None:
    with pytest.raises(datasources.UnknownKind, match="sql"):
        datasources.kind("fax")


@pytest.mark.parametrize("name", ["../settings", "delivery", "__init__", "os.path", ""])
def test_only_files_of_the_folder_can_be_named(name: str) -> None:
    with pytest.raises(datasources.UnknownKind):
        datasources.kind(name)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.py")), ids=lambda path: path.name)
def test_siblings_do_not_import_each_other(path: Path) -> None:
    siblings = {f"datasources.{name}" for name in datasources.kinds()} | {"datasources"}
    imported = {name for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))) for name in _imported(node)}
    assert imported & siblings == set()


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or "."]
    return []
