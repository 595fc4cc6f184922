"""Plants each county's canary into a loaded demo city: in events, in figures entered by hand, in rows held back, in
names of accounts and screens, in handovers, scenarios, silences and warnings, in areas, devices, rosters, responses,
snapshots.

`python tests/attack/planted.py FOLDER`: the database of a data folder as `manage.py prepare` leaves it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests"), str(ROOT / "tests" / "attack")]

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
        _name(engine, catalogue, county, canary_of(SEED, county), now)
        _note(engine, county, canary_of(SEED, county), now)
    _confide(engine)
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


def _name(engine, catalogue, county: str, canary: str, now: datetime) -> None:
    """An account and a screen of the county."""
    from access import accounts, tokens
    from access.actor import LOOPBACK
    from access.rules import Rules
    from access.territory import Territory
    from database.engine import writing
    from indicators.roles_file import load as load_roles

    territory = Territory.of(catalogue)
    rules = Rules(load_roles(ROOT, territory), territory)
    with writing(engine) as connection:
        accounts.add(connection, rules, accounts.NewAccount(f"planted-{county}", canary, county), by=LOOPBACK, now=now)
        screen = tokens.NewToken("screen", canary, (county,), timedelta(days=9), frozenset())
        tokens.issue(connection, rules, screen, by=LOOPBACK, now=now)


def _note(engine, county: str, canary: str, now: datetime) -> None:
    """What people of the county wrote to each other: straight into the tables, where it costs nothing to make."""
    from database.engine import writing
    from database.schema import metadata
    from raised_warnings import raise_warning

    here, at = {"world": "demo", "region": county}, now + timedelta(days=1)
    with writing(engine) as connection:
        raise_warning(
            connection, region=county, comment=canary, acknowledged_by=canary, acknowledged_at=now, keep_until=at,
            verdict="confirmed", verdict_by=canary, verdict_at=now, verdict_note=canary,
        )  # fmt: skip
        number = int(county)
        for table, row in (
            ("handovers", {"id": number, "from_actor": canary, "drafted_at": now, **here}),
            ("handover_items", {"handover_id": number, "position": 1, "kind": "note", "words": canary}),
            ("scenarios", {"name": canary, "supposed": "{}", "by": canary, "at": now, **here}),
            ("warning_silences", {"rule": "rain_hour", "reason": canary, "by": canary, "begins_at": now,
                                  "ends_at": at, **here}),
        ):  # fmt: skip
            connection.execute(metadata.tables[table].insert().values(row))
        for table, row in _kept_by(county, canary, now):
            connection.execute(metadata.tables[table].insert().values(row))


def _kept_by(county: str, canary: str, now: datetime) -> Iterator[tuple[str, dict[str, Any]]]:
    """What a county's centre keeps: a watched area, what happened there, a device, a shift, a response, a snapshot."""
    here, number, at = {"world": "demo", "region": county}, int(county), now + timedelta(days=1)
    yield "watched_areas", {
        "id": number, "world": "demo", "name": canary, "shape": "circle:116.63,23.66,900", "ground": [[county]],
        "wants": {"events": 0, "warnings": 2, "devices": [], "bounds": True, "category": ""}, "owner": canary,
        "owner_name": canary, "centre": county, "quiet_minutes": 5, "made_at": now, "since": now, "ends_at": at,
    }  # fmt: skip
    for way in ("warning", "enter"):
        yield "area_crossings", {
            "area": number, "way": way, "subject": canary, "name": canary, "at": now, "known_at": now, "evidence": {},
            "acknowledged_by": canary, "acknowledged_at": now, "comment": canary, **here,
        }  # fmt: skip
    yield "devices", {
        "key": f"d{county}", "kind": "vehicle", "name": canary, "lon": 116.63, "lat": 23.66, "at": now,
        "received_at": now, "provenance": "simulated", **here,
    }  # fmt: skip
    yield "duty_shifts", {
        "ref": f"s{county}", "unit": county, "post": "officer", "begins_at": now, "ends_at": at, "name": canary,
        "office": canary, "mobile": canary, "origin": "swap", "said": canary, "allowed_by": canary, "known_at": now,
        "entered_by": canary, **here,
    }  # fmt: skip
    yield "duty_files", {
        "unit": county, "name": canary, "digest": "0", "rows": 1, "taken": 0, "unchanged": 0, "held": [[2, canary]],
        "at": now, "by": canary, **here,
    }  # fmt: skip
    yield "response_steps", {
        "plan": "general", "seq": 900, "act": "start", "level": 4, "at": now, "recorded_at": now, "reason": canary,
        "basis_kind": "document", "basis_ref": canary, "basis_words": canary, "actor": canary, "account": canary,
        "role": "county_leader", **here,
    }  # fmt: skip
    yield "snapshots", {
        "id": f"snap{county}", "world": "demo", "title": canary, "path": "/wall", "look": "dark", "parts": [],
        "body": f"<p>{canary}</p>", "sha256": "0" * 64, "size": 1, "made_at": now, "account": canary,
        "made_by": canary, "role_name": "", "regions": [county], "rights": [], "release": "x", "keep_until": at,
    }  # fmt: skip


def _confide(engine) -> None:
    """Somebody's telephone behind the words of every field people write in: it may be read by nobody unasked."""
    from findings import PHONES
    from sqlalchemy import select, update

    from database.engine import writing
    from database.schema import metadata

    with writing(engine) as connection:
        for name, phone in PHONES.items():
            table, column = metadata.tables[name.partition(".")[0]], name.partition(".")[2]
            keys = list(table.primary_key.columns)
            for row in connection.execute(select(table).where(table.c[column].is_not(None))).mappings().all():
                words = f"{str(row[column])[:80]} 电话{phone}"
                where = [key == row[key] for key in keys]
                connection.execute(update(table).where(*where).values({column: words}))


if __name__ == "__main__":
    plant(Path(sys.argv[1]))
