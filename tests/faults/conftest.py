"""The fault tests use the same parts as the cache tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "database"))

from query_cache_parts import World


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.end()
