"""Every page with the sizes it is made for and who looks at it: one table for pictures, sizes, axe and the house tests.

`tests/pages/test_every_page_is_looked_at.py` turns red for a page that is missing here.
"""

from __future__ import annotations

import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

Size = tuple[int, int]
WALLS: tuple[Size, ...] = ((1920, 1080), (3840, 2160), (5760, 1080), (7680, 2160))
DESKS: tuple[Size, ...] = ((1920, 1080), (1440, 900), (1366, 768))
TABLET: Size = (834, 1112)
PHONE: Size = (390, 844)


@dataclass(frozen=True)
class Screen:
    """A page with the sizes it is made for and who may open it; `{event}` in its path: one that runs."""

    path: str
    sizes: tuple[Size, ...] = DESKS
    role: str = "city_commander"
    region: str = ""
    department: str = ""
    in_gate: bool = True
    """Looked at in every gate, not only when pictures are made."""

    @property
    def name(self) -> str:
        """For file names."""
        words = re.sub(r"[^a-z0-9]+", "-", self.path.lower()).strip("-") or "overview"
        return words if self.role == "city_commander" else f"{words}-{self.role.replace('_', '-')}"

    def address(self, event: str) -> str:
        """The path with the number of an event that runs."""
        return self.path.replace("{event}", event)


SCREENS = (
    Screen("/", (*WALLS, (1440, 900), (1366, 768), TABLET)),
    Screen("/wall", (*WALLS, (1440, 900), TABLET)),
    Screen("/theme/environment", (*DESKS, (3840, 2160))),
    Screen("/theme/macro_economy"),
    Screen("/theme/event_command", in_gate=False),
    Screen("/theme/water_affairs", in_gate=False),
    Screen("/theme/health", in_gate=False),
    Screen("/indicator/GOV-01"),
    Screen("/indicator/ECO-01", in_gate=False),
    Screen("/indicator/ENV-01", in_gate=False),
    Screen("/indicator/IND-13", in_gate=False),
    Screen("/attention"),
    Screen("/digest", (*DESKS, PHONE)),
    Screen("/warnings"),
    Screen("/warnings?view=rules", in_gate=False),
    Screen("/warnings?view=past", in_gate=False),
    Screen("/decisions"),
    Screen("/patterns", ((1440, 900),)),
    Screen("/screens", ((1440, 900),), "system_admin"),
    Screen("/audit", ((1440, 900),), "auditor"),
    Screen("/map", (*DESKS, (3840, 2160), PHONE)),
    Screen("/desk", DESKS, "city_officer"),
    Screen("/desk", ((1440, 900),), "county_officer", "445102", in_gate=False),
    Screen("/desk", ((1440, 900),), "town_officer", "445102100", in_gate=False),
    Screen("/desk", ((1440, 900),), "department_handler", in_gate=False),
    Screen("/event/{event}", ((1440, 900), (1366, 768))),
    Screen("/evaluation"),
    Screen("/review/{event}", ((1440, 900), (1366, 768))),
    Screen("/county/445102", (*DESKS, TABLET, PHONE)),
    Screen("/county/445103", ((1366, 768),)),
    Screen("/county/445122", ((1366, 768),), in_gate=False),
    Screen("/county/445185", ((1366, 768),), in_gate=False),
    Screen("/county/445102100", ((1440, 900), PHONE)),
    Screen("/messages"),
    Screen("/sources"),
    Screen("/entry", DESKS, "data_manager"),
    Screen("/snapshots", ((1440, 900), (1366, 768)), "city_officer"),
    Screen("/report", ((1440, 900), PHONE)),
    Screen("/duty", (*DESKS, PHONE), "city_officer"),
    Screen("/response", ((1440, 900), (1366, 768), PHONE)),
    Screen("/m", (PHONE,)),
    Screen("/m?tab=themes", (PHONE,)),
    Screen("/m?tab=map", (PHONE,)),
    Screen("/m?tab=events", (PHONE,)),
    Screen("/m?tab=decisions", (PHONE,), in_gate=False),
    Screen("/m?theme=environment", (PHONE,)),
    Screen("/account", ((1440, 900), PHONE), in_gate=False),
    Screen("/admin/accounts", ((1440, 900),), "system_admin", in_gate=False),
    Screen("/admin/screens", ((1440, 900),), "system_admin", in_gate=False),
    Screen("/sign-in", ((1440, 900), PHONE), "", in_gate=False),
    Screen("/nowhere", ((1440, 900),), in_gate=False),
    Screen("/indicator/XXX-99", ((1440, 900),), in_gate=False),
    Screen("/audit", ((1440, 900),), "town_officer", "445102100", in_gate=False),
)
GATE = tuple(screen for screen in SCREENS if screen.in_gate)


def running_event(folder: Path) -> str:
    """The number of the event with most words in its ledger, in the database of a data folder."""
    with sqlite3.connect(f"file:{folder / 'cockpit.db'}?mode=ro", uri=True) as database:
        row = database.execute(
            "SELECT events.number FROM events JOIN ledger ON ledger.event_id = events.id"
            " WHERE events.world = 'demo' AND events.closed_at IS NULL"
            " GROUP BY events.id ORDER BY count(*) DESC, events.id LIMIT 1"
        ).fetchone()
    return str(row[0]) if row else ""
