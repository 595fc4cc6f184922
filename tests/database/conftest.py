"""Fixtures of the cache and hub tests."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from query_cache_parts import World


@pytest.fixture
def world() -> Iterator[World]:
    made = World()
    yield made
    made.end()
