"""Brings the database to the newest shape. One look if it is there already; several processes may ask at once."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine, inspect, text
from sqlalchemy.exc import OperationalError, TimeoutError

from database.engine import reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parent / "migrations"
_LOCK = 4451_0001
_log = logging.getLogger(__name__)


class DatabaseNewer(Exception):
    """The database was made by a newer version of the product; starting on it could damage it."""


def migrate(engine: Engine, *, patient: bool = True) -> None:
    """Migrate `engine`. With `patient` False a database that cannot be reached now is left to later requests.

    Raises DatabaseNewer for a shape this version does not know.
    """
    try:
        with reading(engine) as connection:
            if version(connection) == newest():
                return
        with writing(engine) as connection:
            _upgrade(connection)
    except (OperationalError, TimeoutError) as unreachable:
        if patient:
            raise
        _log.warning("database not reachable at start, serving without it: %s", unreachable)


def newest() -> str:
    """The number of the newest migration: '0001' of versions/0001_readings.py."""
    return max(_known())


def version(connection: Connection) -> str | None:
    """The number of the last migration this database has seen; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    if found is not None and found not in _known():
        raise DatabaseNewer(f"数据库版本 {found} 比本程序（{newest()}）新：请升级程序，或恢复旧版本的备份")
    return found


def _known() -> set[str]:
    return {file.name[:4] for file in (FOLDER / "versions").glob("[0-9]*.py")}


def _upgrade(connection: Connection) -> None:
    from alembic import command

    if connection.dialect.name == "postgresql":
        connection.execute(text("SET LOCAL lock_timeout = '60s'"))
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if version(connection) != newest():  # another process may have been faster
        command.upgrade(_config(connection), "head")


def _config(connection: Connection) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
