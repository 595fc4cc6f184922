"""The attack as a test: everything that answers, asked as everybody; each kind of finding must be empty."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "tests" / "attack"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


@pytest.fixture(scope="session")
def planted_data(prepared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A demo city with a canary per county in its text fields."""
    folder = tmp_path_factory.mktemp("planted") / "data"
    shutil.copytree(prepared_data, folder)
    subprocess.run([sys.executable, str(HERE / "planted.py"), str(folder)], cwd=ROOT, check=True)
    return folder


@pytest.fixture(scope="session")
def storm(planted_data: Path) -> dict[str, Any]:
    """What one run of the storm found."""
    environment = {**os.environ, "COCKPIT_DATA": str(planted_data), "STORM_HANDS": "2"}
    done = subprocess.run(
        [sys.executable, str(HERE / "storm.py")], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    found["log"] = done.stderr
    return found


@pytest.mark.feature(109)
@pytest.mark.feature(110)
def test_no_answer_holds_what_is_another_countys(storm) -> None:
    assert storm["canaries seen"] == ["445102", "445103", "445122", "445185"], (
        "a storm that sees no canary proves nothing"
    )
    assert storm["calls"] > 3000
    assert not storm.get("leaks")


@pytest.mark.feature(139)
def test_telephones_inside_texts_are_told_to_nobody(storm) -> None:
    assert not storm.get("personal"), "\n".join(storm["personal"])


@pytest.mark.feature(110)
def test_not_yours_and_not_there_are_one_answer(storm) -> None:
    assert not storm.get("told apart")


@pytest.mark.feature(109)
def test_nobody_changes_rows_of_others(storm) -> None:
    assert not storm.get("written")


@pytest.mark.feature(140)
def test_every_route_page_panel_operation_and_callback_is_listed(storm) -> None:
    assert not storm.get("unlisted")


@pytest.mark.feature(140)
def test_a_stranger_gets_nothing(storm) -> None:
    assert not storm.get("open")


def test_a_panel_is_either_for_somebody_or_not_there(storm) -> None:
    assert not storm.get("half open"), "a panel's own right lets them in, something inside it does not"


def test_a_revoked_token_and_an_ended_session_open_nothing(storm) -> None:
    assert not storm.get("revoked")


def test_nothing_fails_and_nothing_tells_its_insides(storm) -> None:
    assert not storm.get("faults")
    assert not storm.get("traces")
    assert "Traceback" not in storm["log"]
