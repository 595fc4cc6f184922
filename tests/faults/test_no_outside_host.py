"""Nothing outside this machine is asked at run time, neither by the server nor by the timetable."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from product import ROOT, Product
from servers import wait_until

GUARD = ROOT / "tests" / "no_outside"
PATHS = ("/", "/map", "/sources", "/entry", "/theme/environment", "/indicator/ENV-01", "/api/v1/docs", "/metrics")


@pytest.mark.slow
@pytest.mark.feature(144)
def test_the_running_product_asks_no_outside_host(product: Product) -> None:
    attempts = product.folder / "attempts"
    product.settings |= {"PYTHONPATH": str(GUARD), "COCKPIT_TEST_ATTEMPTS": str(attempts)}
    product.start(60)
    somebody = product.sign_in("data_manager")
    for path in PATHS:
        assert product.get(path, **somebody)[0] == 200, path
    wait_until(lambda: product.json("/readyz")["dependencies"]["timetable"]["ok"], 20, "the timetable")
    assert product.manage("refresh").returncode == 0
    assert not attempts.exists(), attempts.read_text()


def test_the_guard_sees_an_attempt(tmp_path: Path) -> None:
    """The check checked: a look-up and a connection are both refused and written down."""
    attempts = tmp_path / "attempts"
    tries = (
        "import socket\n"
        "for attempt in (lambda: socket.getaddrinfo('tiles.example', 80),"
        " lambda: socket.create_connection(('192.0.2.1', 80), 1)):\n"
        "    try: attempt()\n"
        "    except OSError: pass\n"
    )
    subprocess.run(
        [sys.executable, "-c", tries],
        env={"PYTHONPATH": str(GUARD), "COCKPIT_TEST_ATTEMPTS": str(attempts), "PATH": ""}, check=True,
    )  # fmt: skip
    assert [line.split()[1] for line in attempts.read_text().splitlines()] == ["tiles.example", "192.0.2.1"]
