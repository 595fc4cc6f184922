"""What a night of foresight costs: every series of the demo city forecast and entered; one look at all rules."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.figure import Figure
from database.engine import open_engine
from database.migrate import migrate
from decisions.forecast_batch import run
from decisions.warning_engine import WarningEngine
from decisions.warning_rules import load as load_rules
from demo_city import SEED
from demo_city.history import load as load_demo
from indicators.catalogue import load

ROOT = Path(__file__).resolve().parent.parent


def measure() -> Iterator[Figure]:
    """Seconds of processor time of the batch, milliseconds of a look that finds nothing new."""
    catalogue, now = load(ROOT), datetime.now(UTC)
    with tempfile.TemporaryDirectory(prefix="cockpit-bench-") as folder:
        engine = open_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        migrate(engine)
        load_demo(engine, catalogue, seed=SEED, now=now)
        begun = time.process_time()
        told = run(engine, catalogue, now)
        seconds = round(time.process_time() - begun, 1)
        yield Figure("night's batch of forecasts", seconds, "s CPU", goal="<= 600 for 1,705 series",
                     note=f"{told.series:,} series that have a history")  # fmt: skip
        rules = load_rules(ROOT, catalogue)
        moment = [now]
        warner = WarningEngine(engine, lambda: catalogue, lambda: rules, lambda: moment[0])
        warner.run()
        moment[0] += timedelta(seconds=15)
        begun = time.process_time()
        warner.run()
        yield Figure("one look at all rules of early warning", round(1000 * (time.process_time() - begun), 1), "ms CPU",
                     note=f"{len(rules.rules)} rules, every 15 s")  # fmt: skip
        engine.dispose()
