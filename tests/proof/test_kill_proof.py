"""Twenty kills for each database lose and double nothing, and the proof would see it if they did."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def prove(*arguments: str) -> tuple[int, dict, str]:
    """Exit code, figures and everything said."""
    command = [sys.executable, "-m", "bench.proof", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr[-3000:]
    return done.returncode, json.loads(done.stdout.splitlines()[0]), done.stdout + done.stderr[-3000:]


@pytest.mark.feature(164)
@pytest.mark.parametrize("database", ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def test_no_acknowledged_event_or_move_is_lost_or_doubled_by_twenty_kills(database: str) -> None:
    code, figures, said = prove("--kills", "20", "--database", database)
    assert (code, figures["wrong"]) == (0, 0), said
    assert sum(figures["kills"].values()) == 20
    assert figures["events"] > 3
    assert figures["retries"] > 0, "kills that nobody noticed prove nothing"


def test_a_server_that_answers_before_it_commits_is_caught() -> None:
    code, _, said = prove("--kills", "12", "--database", "sqlite", "--mutant", "ack-first")
    assert code == 1, said
