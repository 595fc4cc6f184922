"""From a value handed in at the push door to the pixels of the wall: real product, real browser, real clock.

The river gauge of a catalogue's copy is linked up as a pushed source; values are posted one after the other, and the
wall's tile notes by a MutationObserver when it shows each of them.
"""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bench.figure import Figure

ROOT = Path(__file__).resolve().parent.parent
INDICATOR, SOURCE, CITY = "WAT-01", "water_level_telemetry", "445100"
TILE = "a.t[href*='/theme/water_affairs']"
SAMPLES = 24
WATCH = """selector => {
  window.shownAt = {};
  const note = () => {
    const said = (document.querySelector(selector) || {}).innerText || "", found = said.match(/\\d+\\.\\d+/);
    if (found && !window.shownAt[found[0]]) requestAnimationFrame(() => { window.shownAt[found[0]] = Date.now(); });
  };
  new MutationObserver(note).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""


def linked_catalogue(folder: Path) -> Path:
    """A copy of the catalogue in which the river gauge is pushed every minute."""
    folder.mkdir(parents=True)
    for name in ("indicators.yaml", "departments.yaml", "warnings.yaml"):
        shutil.copy(ROOT / name, folder / name)
    file = folder / "indicators.yaml"
    text = file.read_text(encoding="utf-8")
    entry = re.search(rf"  - key: {SOURCE}\n(?:    .*\n)+", text)
    if entry is None:
        raise LookupError(f"no source {SOURCE} in {file}")
    patient = re.sub(r"grace: \S+", "grace: 3600s", entry[0])  # a late value would be shown as late, not as a number
    linked = patient.replace("connected: false", "connected: true").replace("kind: mqtt", "kind: push")
    file.write_text(text.replace(entry[0], re.sub(r"    options:.*\n(?:      .*\n)*", "", linked)), encoding="utf-8")
    return folder


def measure(page: Any, product: Any, until: Callable[..., None]) -> Iterator[Figure]:
    """`page` shows the wall of the real world; `until` waits for an expression there."""
    begun = datetime.now(UTC) - timedelta(minutes=SAMPLES + 1)
    spent = []
    page.evaluate(WATCH, TILE)
    for number in range(SAMPLES + 1):
        value = round(3.01 + number / 100, 2)
        posted = time.time()
        _push(product, begun + timedelta(minutes=number), value)
        until(page, f"window.shownAt['{value:.2f}']")
        spent.append(page.evaluate(f"window.shownAt['{value:.2f}']") / 1000 - posted)
        page.wait_for_timeout(700)
    told = sorted(spent[1:])  # the first one opens connections
    note = f"{len(told)} values posted to /api/v1/readings, shown in the tile's next frame"
    yield Figure(
        "source to pixel on the wall, p95", round(told[int(0.95 * len(told)) - 1], 3), "s", goal="<= 1", note=note
    )
    yield Figure("source to pixel on the wall, p50", round(told[len(told) // 2], 3), "s")


def _push(product: Any, moment: datetime, value: float) -> None:
    row = {"indicator": INDICATOR, "region": CITY, "value": value, "observed_at": moment.isoformat()}
    status, told = product.post("/api/v1/readings", {"source": SOURCE, "readings": [row]})
    if told.get("taken") != 1:
        raise RuntimeError(f"not taken: {status} {told}")
