"""Prints what draws, as the application registers it: the names of all panels, as JSON.

A program of its own: Dash registers pages and panels once per process, and the browser's tests have no application.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def panels() -> set[str]:
    """The names of all panels there are now."""
    done = subprocess.run(
        [sys.executable, str(Path(__file__))], cwd=ROOT, capture_output=True, text=True, timeout=120, check=True
    )
    return set(json.loads(done.stdout.splitlines()[-1]))


def main() -> None:
    """Register the pages without a database and tell what they drew themselves in with."""
    sys.path.insert(0, str(ROOT))
    from dash import Dash

    Dash("cockpit", use_pages=True, pages_folder=str(ROOT / "pages"), suppress_callback_exceptions=True)
    from pages.panels import PANELS

    print(json.dumps(sorted(PANELS)))


if __name__ == "__main__":
    main()
