"""What rests in memory all day loads what it uses: no library of numbers in a web worker, no pages in the timetable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HEAVY = {
    "app": "numpy scipy pandas openpyxl alembic redis ldap3 authlib httpx rich",
    "schedule": "scipy pandas openpyxl alembic redis ldap3 authlib dash flask plotly",
}
"""By the program: what it must not have loaded before anybody needed it."""


@pytest.mark.parametrize("program", sorted(HEAVY))
def test_a_process_at_rest_has_loaded_nothing_it_may_never_need(program: str) -> None:
    code = f"import sys, {program}; print([name for name in {HEAVY[program].split()!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"
