"""What holds for all accounts of this installation, in one value handed to whoever decides about them."""

from __future__ import annotations

from dataclasses import dataclass, field

from access.limits import Limits
from access.password_profile import DENGBAO3, Profile
from access.roles import Roles
from access.territory import Territory


@dataclass(frozen=True)
class Rules:
    """Roles and their laws, the regions they are held in, demands on passwords and the length of sessions."""

    roles: Roles
    territory: Territory
    passwords: Profile = DENGBAO3
    limits: Limits = field(default_factory=Limits)
    ask_second_factor: bool = True
    """False in trials alone: roles that demand a second factor are given without."""
