"""Every text column of the database is either shown somewhere, and tried there with 25 scripts, or says why never."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from text_fields import NEVER, SHOWN, name_of, text_columns

pytestmark = pytest.mark.feature(141)


def test_every_text_column_says_where_it_is_shown_or_why_never() -> None:
    found = {name_of(column) for column in text_columns()}
    new, gone = sorted(found - set(SHOWN) - set(NEVER)), sorted((set(SHOWN) | set(NEVER)) - found)
    assert new == [], "list them in text_fields.py: on which page they are shown, or why never"
    assert gone == [], "take them off the lists of text_fields.py"
    assert not set(SHOWN) & set(NEVER)
