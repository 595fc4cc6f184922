"""What officers write about warnings, figures and silences is read with telephones masked, wherever it is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, insert

from access.actor import EVERYWHERE, LOOPBACK, Actor
from access.rights import ALL_RIGHTS
from database.area_tables import area_crossings
from database.area_tables import watched_areas as areas_table
from database.engine import open_engine, reading, writing
from database.foresight_tables import warning_silences, warning_steps
from database.migrate import migrate
from decisions import warnings, watched_areas
from indicators import entries
from raised_warnings import raise_warning

pytestmark = pytest.mark.feature(139)

SECRET, SHOWN = "13800138000", "138****8000"
WORDS = f"已电话联系业主{SECRET}，半小时内到场"
READER = Actor("林敏", "city_officer", EVERYWHERE, ALL_RIGHTS, user="lin")


@pytest.fixture
def engine(tmp_path) -> Engine:
    made = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}")
    migrate(made)
    return made


def test_of_warnings_their_steps_and_silences(engine: Engine) -> None:
    now = datetime.now(UTC)
    with writing(engine) as connection:
        number = raise_warning(
            connection, acknowledged_by="林敏", acknowledged_at=now, comment=WORDS, keep_until=now + timedelta(days=1),
            verdict="confirmed", verdict_by="林敏", verdict_at=now, verdict_note=WORDS,
        )  # fmt: skip
        step = {"warning": number, "at": now, "act": "acknowledged", "by": "林敏", "note": WORDS}
        connection.execute(insert(warning_steps).values(step))
        connection.execute(
            insert(warning_silences).values(
                world="demo", rule="rain_hour", region="445102", reason=WORDS, by="林敏", begins_at=now,
                ends_at=now + timedelta(hours=1),
            )
        )  # fmt: skip
    with reading(engine) as connection:
        one = warnings.warning(connection, READER, number)
        told = [*warnings.steps(connection, number), *warnings.silences(connection, READER, world="demo", now=now)]
    assert one and one.comment and one.verdict_note
    for text in (one.comment, one.verdict_note, repr(told)):
        assert SECRET not in text and SHOWN in text


def test_of_figures_entered_by_hand(engine: Engine, catalogue) -> None:
    now = datetime.now(UTC)
    figure = entries.Figure("IND-13", "445102", "2026-11-01", 88.0, f"口径见函，联系人{SECRET}")
    made = entries.submit(engine, catalogue, figure, by=LOOPBACK, now=now)
    with reading(engine) as connection:
        (found,) = [one for one in entries.kept(connection, READER) if one.id == made.id]
    assert SECRET not in found.note and SHOWN in found.note


def test_of_watched_areas_and_what_happened_there(engine: Engine) -> None:
    now = datetime.now(UTC)
    wants = {"events": False, "category": None, "warnings": False, "devices": ["enter"], "bounds": False}
    with writing(engine) as connection:
        number = connection.execute(
            insert(areas_table).values(
                world="demo", name=f"码头{SECRET}", shape="circle:116.64,23.66,500", ground=[["445102"]], wants=wants,
                owner="lin", owner_name="林敏", quiet_minutes=0, made_at=now, since=now,
                ends_at=now + timedelta(days=1),
            ).returning(areas_table.c.id)
        ).scalar_one()  # fmt: skip
        connection.execute(
            insert(area_crossings).values(
                area=number, world="demo", way="enter", subject="vehicles/01", name=WORDS, region="445102", at=now,
                known_at=now, evidence={}, comment=WORDS,
            )
        )  # fmt: skip
    with reading(engine) as connection:
        one = watched_areas.area(connection, READER, number, city="445100")
        assert one
        (found,) = watched_areas.crossings(connection, READER, [one])
    for text in (one.name, found.name, found.comment):
        assert text and SECRET not in text and SHOWN in text
