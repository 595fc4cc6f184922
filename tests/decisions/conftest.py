"""Fixtures of what decides over messages: a desk on an embedded database, sealed columns that can be written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from access import sealing
from small_city import new_database

sys.path.insert(0, str(Path(__file__).parent))

from message_city import MessageCity

RING = sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",))


@pytest.fixture
def messages(catalogue, tmp_path: Path) -> Iterator[MessageCity]:
    """A city whose events a test makes up; its tables hold nothing yet."""
    from dispatch.rulebook import rulebook

    before = sealing.keyring()
    sealing.use(RING)
    engine = new_database(tmp_path / "messages.db")
    yield MessageCity(engine, rulebook(catalogue))
    engine.dispose()
    sealing.forget()
    if before is not None:
        sealing.use(before)
