"""Plants each county's canary into a loaded demo city: in events, in figures entered by hand, in rows held back.

`python tests/attack/planted.py FOLDER`: the database of a data folder as `manage.py prepare` leaves it.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "attack")]

SEED = "attack"


def plant(folder: Path) -> None:
    """Everything, by the domain's own ways in."""
    from crowd import COUNTIES

    from access import sealing
    from access.sealing import Keyring, provider
    from database.engine import open_engine
    from demo_city import events
    from demo_city.feed import canary_of
    from indicators.catalogue import load

    sealing.use(Keyring(provider("intl"), ((folder / "secret_key").read_text().strip(),)))
    engine, catalogue, now = open_engine(f"sqlite:///{folder / 'cockpit.db'}"), load(ROOT), datetime.now(UTC)
    events.load(engine, catalogue, 777, now, SEED)
    for county in COUNTIES:
        _enter(engine, catalogue, county, canary_of(SEED, county), now)
        _hold(engine, catalogue, county, canary_of(SEED, county), now)
    engine.dispose()


def _enter(engine, catalogue, county: str, canary: str, now: datetime) -> None:
    from access.actor import LOOPBACK
    from indicators.entries import Figure, submit

    submit(engine, catalogue, Figure("IND-13", county, "2026-11-01", 88.0, canary), by=LOOPBACK, now=now)


def _hold(engine, catalogue, county: str, canary: str, now: datetime) -> None:
    from access.actor import LOOPBACK
    from datasources.delivery.observation import Delivery, Observation
    from indicators.intake import take

    row = Observation("IND-13", county, "2026-11-02", 450.0, numerator=225.0, denominator=50.0, line=1, raw=canary)
    delivery = Delivery("enterprise_requests", f"file {canary}", now, [row])
    take(engine, catalogue, delivery, door="push", by=LOOPBACK, now=now)


if __name__ == "__main__":
    plant(Path(sys.argv[1]))
