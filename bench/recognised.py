"""What it costs each request to know who asks: one look into the database, against reading the account every time."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sqlalchemy import Engine

from access import sealing
from access.account import account_of, actor_of
from access.accounts import NewAccount, Place, add, grant
from access.actor import LOOPBACK
from access.reception import Reception
from access.rules import Rules
from access.sealing import INTL, Keyring
from access.sessions import Opening, open_session
from access.territory import Territory
from bench.figure import Figure, cpu_ms, median_ms
from bench.latest_readings import postgres
from database.engine import glancing, open_engine, reading, writing
from database.migrate import migrate
from indicators.catalogue import load
from indicators.roles_file import load as load_roles

ROOT = Path(__file__).resolve().parent.parent
NOW = datetime(2026, 11, 22, 6, 0, tzinfo=UTC)
GOAL = "<= 0.5 added to a cached panel"


def measure() -> Iterator[Figure]:
    """One figure per database."""
    sealing.use(Keyring(INTL, ("a key of the benchmark, of no use elsewhere",)))
    folder = Path(tempfile.mkdtemp(prefix="cockpit-bench-"))
    try:
        yield _figure("SQLite", open_engine(f"sqlite:///{folder / 'bench.db'}"))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    with postgres() as server:
        if server is not None:
            yield _figure("PostgreSQL", open_engine(server.url))


def _figure(database: str, engine: Engine) -> Figure:
    migrate(engine)
    territory = Territory.of(load(ROOT))
    rules = Rules(load_roles(ROOT, territory), territory)
    with writing(engine) as connection:
        number = add(connection, rules, NewAccount("bench", "测速", "445102"), by=LOOPBACK, now=NOW)
        grant(connection, rules, number, Place("county_officer", "445102"), by=LOOPBACK, now=NOW)
        opened = open_session(connection, Opening(number, "county_officer"), rules.limits, NOW)
    reception = Reception(engine, lambda: rules, now=lambda: NOW, glances=glancing(engine))
    look = partial(reception.by_session, opened.token.text)
    plain = median_ms(partial(_every_time, engine, rules, number))
    note = f"{cpu_ms(look)} ms of CPU"
    figure = Figure(f"who asks, {database}", median_ms(look), "ms p50", plain, "account read anew", GOAL, note=note)
    engine.dispose()
    return figure


def _every_time(engine: Engine, rules: Rules, number: int) -> None:
    with reading(engine) as connection:
        account = account_of(connection, number)
    if account is None:
        raise AssertionError("the benchmark's account is gone")
    actor_of(account, account.hats(rules.roles)[0], rules.roles, rules.territory)
