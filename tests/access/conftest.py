"""People with accounts in a database of each kind."""

from __future__ import annotations

import pytest

from access import sealing
from small_people import People, rules, use_keys


@pytest.fixture
def people(engine):
    """An empty house: add accounts, let time go by."""
    use_keys()
    yield People(engine, rules())
    sealing.forget()
