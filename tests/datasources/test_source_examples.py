"""The examples of the how-to page are accepted as they stand."""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import datasources
from datasources.delivery.observation import SourceFailed

PAGE = Path(__file__).resolve().parents[2] / "docs" / "sources-database-and-interface.md"
EXAMPLES = [yaml.safe_load(text) for text in re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.S)]


@pytest.mark.parametrize("entry", EXAMPLES, ids=lambda entry: entry["kind"])
def test_an_example_is_a_whole_spec(entry: dict[str, Any]) -> None:
    assert datasources.spec(entry["kind"], entry["options"])


def test_there_is_an_example_of_each_kind() -> None:
    assert [entry["kind"] for entry in EXAMPLES] == ["sql", "http_json"]


def test_every_wrong_option_is_told_at_once() -> None:
    with pytest.raises(SourceFailed, match=r"options\.url_env.*options\.query.*options\.fields") as caught:
        datasources.spec("sql", {"url_env": "lower", "query": "", "colour": "red"})
    assert "options.colour" in str(caught.value)
    assert caught.value.permanent


def test_a_kind_is_told_only_what_it_asks_for(now: datetime) -> None:
    delivery = datasources.read("published", {}, source="bulletins", now=now, frequencies={}, regions={})
    assert (delivery.source, delivery.fetched_at, len(delivery.observations)) == ("bulletins", now, 86)
