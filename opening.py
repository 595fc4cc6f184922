"""Opens what every request needs: database, catalogue, change hub, cache, entrance."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from access import sealing
from access.session import Entrance
from api.entrance import open_entrance
from api.guard import LOOPBACK_NAMES
from database.engine import open_engine
from database.hub import open_hub
from database.migrate import migrate
from database.query_cache import open_cache
from indicators.cockpit import Cockpit
from indicators.live_catalogue import LiveCatalogue
from settings import VERSION, Settings

if TYPE_CHECKING:
    from database.redis_link import RedisLink


def open_cockpit(settings: Settings) -> Cockpit:
    """Connect what every request needs. A database that is down now is tried again by each request."""
    sealing.use(settings.keyring())
    engine = open_engine(settings.database_url)
    migrate(engine, patient=False)
    live_catalogue = LiveCatalogue(settings.catalogue_folder)
    link = _link(settings)
    hub = open_hub(engine, link, meanwhile=live_catalogue.refresh)
    cache = open_cache(
        link,
        folder=settings.data_folder / "frames",
        secret=settings.secret_key,
        hub=hub,
        catalogue_version=lambda: live_catalogue.current.version,
        now=settings.now,
    )
    return Cockpit(
        engine,
        live_catalogue,
        cache,
        hub,
        settings.now,
        mqtt_url=settings.mqtt_url,
        map_tiles=settings.map_tiles,
        map_review=settings.map_review,
        attachments=settings.data_folder / "attachments",
        version=VERSION,
    )


def _link(settings: Settings) -> RedisLink | None:
    """Redis, where there is one; elsewhere its program is not even loaded."""
    if not settings.redis_url:
        return None
    from database.redis_link import RedisLink

    return RedisLink(settings.redis_url)


def entrance_of(settings: Settings, cockpit: Cockpit) -> Entrance:
    """How requests are recognised: accounts and tokens in the database, by the roles of this installation."""
    people, address = settings.people, urlsplit(settings.public_url)
    return open_entrance(
        cockpit,
        settings.catalogue_folder,
        passwords=people.passwords,
        limits=people.limits,
        ask_second_factor=people.ask_second_factor,
        front=people.front,
        secure=address.scheme == "https",
        tells_whence=address.scheme == "https" or address.hostname in LOOPBACK_NAMES,
    )
