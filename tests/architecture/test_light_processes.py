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


def test_a_layout_written_for_dash_brings_no_library_of_numbers_along() -> None:
    write = "import sys, app; app.spare_numbers(); from dash import html; from dash._utils import to_json"
    code = f"{write}; print(to_json(html.Div('x')), 'numpy' in sys.modules)"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert '"children":"x"' in told.stdout and told.stdout.strip().endswith("False")
