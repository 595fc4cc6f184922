"""What one server process works with, handed from `app.py` to pages and API in one frozen value."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from database.hub import Hub
    from database.query_cache import QueryCache
    from indicators.live_catalogue import LiveCatalogue


def product_version() -> str:
    """As pyproject.toml says."""
    told = tomllib.loads((Path(__file__).resolve().parent.parent / "pyproject.toml").read_text(encoding="utf-8"))
    return str(told["project"]["version"])


@dataclass(frozen=True)
class Cockpit:
    """Database, catalogue, cache, change notices and the clock; kept in `flask_app.extensions["cockpit"]`."""

    engine: Engine
    live_catalogue: LiveCatalogue
    cache: QueryCache
    hub: Hub
    now: Callable[[], datetime]
    mqtt_url: str | None = None
    """Broker the timetable listens to; only asked whether it answers."""
    map_tiles: str | None = None
    """Address of a base map; None draws outlines alone and asks nobody."""
    map_review: str = "待补"
    """审图号 as printed on the map."""
    attachments: Path = Path("data/attachments")
    """Folder of the photos and papers of events."""
    version: str = field(default_factory=product_version)
    """The product's own version, shown at /version."""


def clock(offset_seconds: float = 0.0) -> Callable[[], datetime]:
    """A clock giving aware UTC instants, shifted by COCKPIT_CLOCK_OFFSET for drills and tests."""
    shift = timedelta(seconds=offset_seconds)
    return lambda: datetime.now(UTC) + shift
