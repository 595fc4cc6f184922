"""What actor and scope cost a cached panel: the same panel behind the doors, and on a server that knows who asks."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from flask import Flask

from access import sealing
from access.accounts import NewAccount, Place, add, grant
from access.actor import LOOPBACK
from access.gateway import Front
from access.policy import SIGNED_IN
from access.reception import Reception, Visit
from access.rules import Rules
from access.sealing import INTL, Keyring
from access.session import Entrance, install
from access.sessions import Opening, open_session
from access.territory import Territory
from api import guard, mounting
from bench.figure import Figure, cpu_ms
from database.engine import glancing, open_engine, writing
from database.hub import open_hub
from database.migrate import migrate
from database.query_cache import open_cache
from indicators.cockpit import Cockpit
from indicators.live_catalogue import LiveCatalogue
from indicators.roles_file import load as load_roles
from pages import panels

ROOT = Path(__file__).resolve().parent.parent
REGION, NAME, BYTES = "445102", "bench-doors", 37_000
ROUNDS = 5


@dataclass
class _Knowing:
    """A reception that knows who asks without looking."""

    visit: Visit

    def by_session(self, text: str, *, is_act: bool = False) -> Visit:
        return self.visit

    by_token = by_identity = lambda self, *_, **__: None


def measure() -> Iterator[Figure]:
    """One figure, the two servers asked in turns within one run: a busy machine is as busy for both."""
    sealing.use(Keyring(INTL, ("a key of the benchmark, of no use elsewhere",)))
    panels.panel(NAME, topics=["readings:{world}"], right="indicators.view", soft_seconds=600)(lambda view: "x" * BYTES)
    with tempfile.TemporaryDirectory() as folder:
        cockpit = _cockpit(Path(folder))
        shut, known = _servers(cockpit)
        pairs = [(cpu_ms(shut), cpu_ms(known)) for _ in range(ROUNDS)]
        cockpit.hub.stop()
        cockpit.engine.dispose()
    behind, plain = (min(side) for side in zip(*pairs, strict=True))
    yield Figure(
        "doors, actor and scope", round(behind - plain, 4), "ms CPU added to a cached panel", plain,
        "the whole request without them", "<= 0.5", note=f"{behind / plain:.2f} times the request without",
    )  # fmt: skip


def _cockpit(folder: Path) -> Cockpit:
    engine = open_engine(f"sqlite:///{folder / 'bench.db'}")
    migrate(engine)
    live, hub = LiveCatalogue(ROOT), open_hub(engine, None)
    cache = open_cache(
        None, folder=folder / "frames", secret="s" * 40, hub=hub, catalogue_version=lambda: live.current.version
    )
    return Cockpit(engine, live, cache, hub, lambda: datetime.now(UTC))


def _servers(cockpit: Cockpit) -> tuple[Callable[[], object], Callable[[], object]]:
    """A request to each: one guarded, one that takes everybody for the officer."""
    rules = _rules(cockpit)
    text = _session(cockpit, rules)
    reception = Reception(cockpit.engine, lambda: rules, now=cockpit.now, glances=glancing(cockpit.engine))
    visit = reception.by_session(text)
    if visit is None:
        raise AssertionError("the benchmark's officer is not recognised")
    shut, known = Flask("shut", static_folder=None), Flask("known", static_folder=None)
    opened = {"/panel/<name>": SIGNED_IN}
    mounting.shut(shut, Entrance(reception, Front(), False), hosts=guard.names(), opened=opened)
    install(known, Entrance(_Knowing(visit), Front(), False))  # type: ignore[arg-type]
    return tuple(partial(_ask, _client(server, cockpit), text) for server in (shut, known))  # type: ignore[return-value]


def _client(server: Flask, cockpit: Cockpit) -> Any:
    server.secret_key = "a secret of the benchmark only"
    panels.mount(server, cockpit)
    return server.test_client(use_cookies=False)


def _ask(client: Any, text: str) -> None:
    answer = client.get(f"/panel/{NAME}?world=real", headers={"Cookie": f"cockpit_session={text}"})
    if answer.status_code != 200:
        raise AssertionError(f"{answer.status_code}: {answer.text[:200]}")


def _rules(cockpit: Cockpit) -> Rules:
    territory = Territory.of(cockpit.live_catalogue.current)
    return Rules(load_roles(ROOT, territory), territory)


def _session(cockpit: Cockpit, rules: Rules) -> str:
    now = cockpit.now()
    with writing(cockpit.engine) as connection:
        number = add(connection, rules, NewAccount("bench", "测速", REGION), by=LOOPBACK, now=now)
        grant(connection, rules, number, Place("county_officer", REGION), by=LOOPBACK, now=now)
        return open_session(connection, Opening(number, "county_officer"), rules.limits, now).token.text
