"""The shape of the database: made once, checked quickly, refused when it is newer than the program."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import event, inspect, text

from database.engine import open_engine, reading, writing
from database.migrate import DatabaseNewer, migrate, newest, version
from database.schema import metadata


def test_the_migrations_make_exactly_the_tables_the_queries_use(engine):
    with reading(engine) as connection:
        difference = compare_metadata(MigrationContext.configure(connection), metadata)
    assert difference == []


def test_an_up_to_date_database_is_only_looked_at(engine):
    asked = []
    event.listen(engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    migrate(engine)
    assert not [statement for statement in asked if statement.startswith(("CREATE", "ALTER", "BEGIN IMMEDIATE"))]


def test_four_processes_start_at_once_on_an_empty_database(database_url):
    engines = [open_engine(database_url) for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(migrate, engines))
    with reading(engines[0]) as connection:
        assert version(connection) == newest()
        assert inspect(connection).has_table("observations")
    for engine in engines:
        engine.dispose()


def test_a_database_of_a_newer_program_is_refused(engine):
    with writing(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseNewer, match="升级程序"):
        migrate(engine)


def test_a_failing_migration_leaves_nothing_half_made(database_url, monkeypatch):
    engine = open_engine(database_url)

    def half_done(connection):
        connection.execute(text("CREATE TABLE half_made (a INTEGER)"))
        raise RuntimeError("power cut")

    monkeypatch.setattr("database.migrate._upgrade", half_done)
    with pytest.raises(RuntimeError):
        migrate(engine)
    with reading(engine) as connection:
        assert inspect(connection).get_table_names() == []
    engine.dispose()


def test_the_database_is_down_at_start_and_the_server_starts_all_the_same():
    engine = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    migrate(engine, patient=False)
    with pytest.raises(Exception, match="connection"):
        migrate(engine)
