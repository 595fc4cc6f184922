"""Puts the entrance of a server together: rules, reception, what stands in front."""

from __future__ import annotations

from pathlib import Path

from access.gateway import Front
from access.limits import Limits
from access.password_profile import Profile
from access.reception import Reception
from access.rules import Rules
from access.session import Entrance
from access.territory import Territory
from database.engine import glancing
from indicators.cockpit import Cockpit
from indicators.live_rules import LiveRules
from indicators.roles_file import load


def open_entrance(
    cockpit: Cockpit,
    folder: Path,
    *,
    passwords: Profile,
    limits: Limits,
    ask_second_factor: bool,
    front: Front,
    secure: bool,
    tells_whence: bool = False,
) -> Entrance:
    """The entrance by the roles.yaml in `folder`; CatalogueErrors if that file is wrong."""
    territory = Territory.of(cockpit.live_catalogue.current)
    rules = Rules(load(folder, territory), territory, passwords, limits, ask_second_factor)
    live_rules = LiveRules(cockpit.live_catalogue, rules)
    reception = Reception(
        cockpit.engine,
        lambda: live_rules.current,
        now=cockpit.now,
        is_blind=lambda: cockpit.hub.is_blind,
        glances=glancing(cockpit.engine),
    )
    return Entrance(reception, front, secure, tells_whence)
