"""The rules for accounts of a running process: roles as read at the start, regions as the catalogue has them now."""

from __future__ import annotations

from dataclasses import replace

from access.rules import Rules
from access.territory import Territory
from indicators.live_catalogue import LiveCatalogue


class LiveRules:
    """`current` is one and the same value until the catalogue changes: what was worked out under it may be kept."""

    def __init__(self, live_catalogue: LiveCatalogue, rules: Rules) -> None:
        self._live_catalogue = live_catalogue
        self._rules = rules

    @property
    def current(self) -> Rules:
        """The rules with the territory of the catalogue in force."""
        catalogue = self._live_catalogue.current
        if self._rules.territory.version != catalogue.version:
            self._rules = replace(self._rules, territory=Territory.of(catalogue))
        return self._rules
