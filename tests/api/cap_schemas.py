"""Both schema files of CAP 1.2, where they are at hand; they are not ours to hand on."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import pytest
from xmlschema import XMLSchema

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cap"
NAMES = ("CAP-v1.2.xsd", "CAP-v1.2-schema.xsd")


@lru_cache(maxsize=1)
def _read() -> tuple[XMLSchema, ...]:
    return tuple(XMLSchema(str(SHARED / name)) for name in NAMES)


def schemas() -> tuple[XMLSchema, ...]:
    """Of the specification, and as published beside it; a skip with the reason without them."""
    if not SHARED.exists():
        pytest.skip("the schemas of CAP 1.2 are not at hand (../shared/data/cap)")
    return _read()
