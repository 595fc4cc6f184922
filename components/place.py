"""Where the viewer is: which world, which region, which day's knowledge; every link keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from indicators.reading import World


@dataclass(frozen=True)
class Place:
    """The part of the address that goes along from page to page. `city` is left out of addresses: it is the default."""

    world: World
    region: str
    city: str
    as_of: str | None = None
    """The moment looked at, as the address writes it; None is the present."""

    def to(self, path: str, **more: str | None) -> str:
        """The address of `path` in this world and region, with further parameters (None leaves one out)."""
        query = {"world": self.world.value, "region": None if self.region == self.city else self.region}
        query = query | ({"as_of": self.as_of} if self.as_of else {}) | more
        kept = {key: value for key, value in query.items() if value}
        return f"{quote(path)}?{urlencode(kept)}" if kept else quote(path)

    def theme(self, theme: str) -> str:
        """The page of one theme."""
        return self.to(f"/theme/{theme}")

    def indicator(self, code: str) -> str:
        """The page of one indicator."""
        return self.to(f"/indicator/{code}")

    def event(self, number: str) -> str:
        """The page of one event."""
        return self.to(f"/event/{number}", region=None)

    def in_region(self, path: str, region: str) -> str:
        """The same path looking at another region."""
        return self.to(path, region=None if region == self.city else region)

    def in_world(self, path: str, world: World) -> str:
        """The same path in the other world."""
        return self.to(path, world=world.value)
