"""Runs the tests of the browser's scripts with node, where node is."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

NODE = shutil.which("node")
TESTS = sorted(Path(__file__).parent.glob("*.test.mjs"))


@pytest.mark.skipif(not NODE and not os.environ.get("REQUIRE_ALL"), reason="node is not installed")
def test_scripts_of_the_browser() -> None:
    assert NODE, "REQUIRE_ALL=1 and no node: install it or leave REQUIRE_ALL unset"
    ran = subprocess.run(
        [NODE, "--expose-internals", "--test", *map(str, TESTS)],
        capture_output=True,
        check=False,
        text=True,
        timeout=60,
        env=os.environ | {"TZ": "America/New_York"},
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
