"""Who acts and who reads the record in its tests."""

from __future__ import annotations

import pytest

from access.actor import EVERYWHERE, Actor, Scope
from access.sealing import GM, INTL

with_both = pytest.mark.parametrize("ring", [INTL, GM], ids=["intl", "gm"], indirect=True)
"""Once for each family of algorithms."""

OFFICER = Actor("李明", "city_officer", EVERYWHERE, frozenset({"entries.write", "personal.reveal"}), user="liming")
AUDITOR = Actor("陈静", "auditor", EVERYWHERE, frozenset({"audit.view", "exports.make"}), user="chenjing")
COUNTY_AUDITOR = Actor(
    "吴芳", "auditor", Scope(frozenset({"445102"})), frozenset({"audit.view"}), user="wufang"
)  # fmt: skip
