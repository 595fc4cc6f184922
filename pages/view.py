"""A view: who looks at which world and region, at what moment, with an open connection; and what it sees there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection

from access.actor import Actor
from components.event_name import EventWay
from components.place import Place
from components.shown import Shown
from components.tile import Lit
from components.times import CITY_TIME
from database.changes import readings_of
from database.engine import reading
from indicators.catalogue import Catalogue
from indicators.cockpit import Cockpit
from indicators.comparison import change, progress, trend
from indicators.definition import Indicator
from indicators.live_catalogue import LiveCatalogue
from indicators.past import as_known
from indicators.problems import Problem
from indicators.reading import Reading, World
from indicators.readings import latest
from indicators.states import theme_state, track


class Refused(Exception):
    """The address asks for something that does not exist or may not be seen; the message is for the viewer."""


@dataclass(frozen=True)
class Address:
    """Where the viewer wants to look, checked against the catalogue and the viewer's scope."""

    world: World
    region: str
    by: Actor

    def shown(self) -> dict[str, str]:
        """As it stands in the address, defaults filled in."""
        return {"world": self.world.value, "region": self.region}


@dataclass(frozen=True)
class View:
    """What a panel is drawn from. `params` are the panel's own parameters, still the viewer's text."""

    connection: Connection
    catalogue: Catalogue
    by: Actor
    place: Place
    now: datetime
    params: Mapping[str, str]
    problems: Sequence[Problem] = ()
    """What is wrong with the catalogue's files; the last good version stays in use."""
    live: LiveCatalogue | None = None
    """Where the catalogue is from: the rules of warnings lie beside it."""
    as_of: datetime | None = None
    """The earlier moment that is shown; then `now` is that moment, and `connection` tells what was known at it."""

    @property
    def world(self) -> World:
        """The world in view."""
        return self.place.world

    @property
    def region(self) -> str:
        """The region in view."""
        return self.place.region


def view_address(cockpit: Cockpit, given: Mapping[str, str], by: Actor) -> Address:
    """Check the address; raises Refused. Without a world it is the demo city as soon as that has data, without a
    region the widest one the viewer may see."""
    catalogue = cockpit.live_catalogue.current
    world = given.get("world") or _usual_world(cockpit)
    region = given.get("region") or usual_region(catalogue, by)
    if world not in set(World):
        raise Refused(f"没有“{world}”这个数据范围，应为 demo 或 real")
    if region not in catalogue.regions or not by.scope.allows(region):
        raise Refused("没有这个区域，或无权查看")
    return Address(World(world), region, by)


def usual_region(catalogue: Catalogue, by: Actor) -> str:
    """Where the viewer looks without a word about it: the city, else his own county or town."""
    if by.scope.allows(catalogue.city.code):
        return catalogue.city.code
    if by.home in catalogue.regions and by.scope.allows(by.home):
        return by.home
    return next((code for code in catalogue.regions if by.scope.allows(code)), catalogue.city.code)


@contextmanager
def open_view(cockpit: Cockpit, given: Mapping[str, str], by: Actor) -> Iterator[View]:
    """A view with a read-only connection of its own."""
    catalogue = cockpit.live_catalogue.current
    address = view_address(cockpit, given, by)
    as_of = moment_of(given.get("as_of"), cockpit.now())
    place = Place(address.world, address.region, usual_region(catalogue, by), given.get("as_of") if as_of else None)
    params = {key: value for key, value in given.items() if key not in {"world", "region", "as_of"}}
    with reading(cockpit.engine) as connection:
        live = cockpit.live_catalogue
        seen = connection if as_of is None else as_known(connection, as_of)
        yield View(seen, catalogue, address.by, place, as_of or cockpit.now(), params, live.problems, live, as_of)


def moment_of(text: str | None, now: datetime) -> datetime | None:
    """The moment in `as_of`, in city time unless it says otherwise; None without one. Refused for what is none, and
    for what is yet to come."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text.replace(" ", "T"))
    except ValueError:
        raise Refused(f"“{text}”不是时刻，应写作 2026-11-20T08:00") from None
    moment = (found if found.tzinfo else found.replace(tzinfo=CITY_TIME)).astimezone(UTC)
    if moment > now:
        raise Refused("截至的时刻还没有到")
    return moment


def readings_in_view(view: View, codes: Iterable[str] | None = None, region: str | None = None) -> dict[str, Reading]:
    """The latest readings by code, of the region in view or another."""
    wanted = None if codes is None else list(codes)
    return latest(
        view.connection,
        view.catalogue,
        view.by,
        world=view.world,
        region=region or view.region,
        codes=wanted,
        now=view.now,
    )


def show(view: View, indicator: Indicator, found: Reading | None) -> Shown:
    """`indicator` with its reading and what the domain says about the two."""
    return Shown(
        indicator=indicator,
        reading=found,
        track=track(indicator, found),
        owner=view.catalogue.departments[indicator.owner].short,
        change=change(indicator, found) if found else None,
        progress=progress(indicator, found) if found else None,
        trend=trend(indicator, found) if found else (),
    )


def event_way(view: View) -> EventWay | None:
    """Where the name of an event leads; on a wall nobody can press it, and no wall may open it."""
    return None if view.by.kind == "screen" else view.place.event


def lit_themes(view: View, region: str | None = None) -> list[Lit]:
    """All themes with their light, in the order of the catalogue."""
    found = readings_in_view(view, region=region)
    return [_lit(view, theme, found) for theme in view.catalogue.themes]


def lit_theme(view: View, theme: str) -> Lit:
    """One theme with its light."""
    codes = [indicator.code for indicator in view.catalogue.indicators_of(theme)]
    return _lit(view, theme, readings_in_view(view, codes))


def _lit(view: View, theme: str, found: Mapping[str, Reading]) -> Lit:
    state = theme_state(theme, view.catalogue.indicators_of(theme), found, view.catalogue.state_rule)
    headline = view.catalogue.indicators[state.headline] if state.headline else None
    return Lit(
        theme=view.catalogue.themes[theme],
        state=state,
        headline=show(view, headline, found.get(headline.code)) if headline else None,
    )


def _usual_world(cockpit: Cockpit) -> str:
    has_demo = cockpit.hub.versions.get(readings_of(World.DEMO), 0) > 0
    return (World.DEMO if has_demo else World.REAL).value
