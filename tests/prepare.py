"""Installs the Debian packages the full test run needs, where it may; says what is missing where it may not."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

PACKAGES = {
    "postgresql": lambda: any(Path("/usr/lib/postgresql").glob("*/bin/initdb")),
    "redis-server": lambda: shutil.which("redis-server") is not None,
    "mosquitto": lambda: shutil.which("mosquitto") is not None or Path("/usr/sbin/mosquitto").exists(),
    "nodejs": lambda: shutil.which("node") is not None,
    "chromium": lambda: shutil.which("chromium") is not None,
    "fonts-noto-cjk": lambda: Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc").exists(),
}


def absent() -> list[str]:
    """Packages whose programs are not on this machine."""
    return [package for package, is_there in PACKAGES.items() if not is_there()]


def main() -> int:
    """Install what is absent; exit 1 only where REQUIRE_ALL=1 and something is still absent."""
    if absent() and os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {"DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1", **os.environ}
        keep_stopped = Path("/usr/sbin/policy-rc.d")
        placed = not keep_stopped.exists()
        if placed:  # Debian's packages would start their own servers; the tests start theirs
            keep_stopped.write_text("#!/bin/sh\nexit 101\n")
            keep_stopped.chmod(0o755)
        subprocess.run(["apt-get", "update", "-qq"], env=quiet, check=False)
        subprocess.run(
            ["apt-get", "install", "-y", "-qq", "--no-install-recommends", *absent()],
            env=quiet, check=False, stdout=subprocess.DEVNULL,
        )  # fmt: skip
        if placed:
            keep_stopped.unlink()
    for package in absent():
        print(f"missing: {package}; its tests are {'failed' if os.environ.get('REQUIRE_ALL') == '1' else 'skipped'}")
    return 1 if absent() and os.environ.get("REQUIRE_ALL") == "1" else 0


if __name__ == "__main__":
    sys.exit(main())
