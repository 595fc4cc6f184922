"""Warnings and response levels reach who subscribed, by unit and level, once; nothing quiet, expected or simulated."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from database.dispatch_tables import outbox
from database.engine import open_engine, reading, writing
from database.foresight_tables import warning_steps, warnings
from database.migrate import migrate
from database.readiness_tables import response_steps
from decisions.notices import NoticeRound
from dispatch.rulebook import Rulebook, rulebook
from indicators.catalogue import load
from indicators.duties import Channel

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
pytestmark = pytest.mark.feature(83)


@pytest.fixture
def engine(tmp_path: Path):
    made = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}")
    migrate(made)
    yield made
    made.dispose()


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    """The water bureau hears of its own, the emergency bureau of all red and orange, the ecology bureau of nothing."""
    base = rulebook(load(Path(__file__).resolve().parents[2]))

    def way(department: str, **options: Any) -> Channel:
        return Channel(department=department, kind="wecom", options={"secret": "ROBOT"} | options)

    ways = (
        way("water_bureau", notices="own"), way("emergency_bureau", notices="all", levels=[1, 2]),
        way("ecology_bureau"),
    )  # fmt: skip
    duties = base.catalogue.duties
    own = replace(duties, rules=duties.rules.model_copy(update={"channels": ways}))
    return replace(base, catalogue=replace(base.catalogue, duties=own))


def warned(engine: Engine, level: int, *, owner: str = "water_bureau", act: str = "raised", **more: Any) -> int:
    row = {
        "world": "real", "rule": "r", "name": "韩江水位超警", "indicator": "WAT-01", "theme": "water_affairs",
        "region": "445102", "family": "", "measure": "value", "level": level, "peak_level": level, "peak": 13.6,
        "bound": 13.5, "began_at": NOW, "known_at": NOW, "turned_at": NOW, "is_late": False, "evidence": "{}",
        "owner": owner,
    } | more  # fmt: skip
    with writing(engine) as connection:
        number = connection.execute(warnings.insert().values(row)).inserted_primary_key[0]
        connection.execute(warning_steps.insert().values(warning=number, at=NOW, act=act, level=level, by="引擎"))
    return int(number)


def told(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as connection:
        rows = connection.execute(select(outbox).order_by(outbox.c.id)).all()
    return [(row.department, row.payload["title"]) for row in rows]


def test_a_warning_goes_to_its_unit_and_to_who_asked_for_all_of_that_level_once(engine, rules) -> None:
    warned(engine, 1)
    warned(engine, 3)
    warned(engine, 1, owner="ecology_bureau")
    rounds = NoticeRound(engine, lambda: rules)
    assert [rounds.tick(NOW), rounds.tick(NOW + timedelta(minutes=1))] == [4, 0]
    found = told(engine)
    assert [unit for unit, _ in found] == ["water_bureau", "emergency_bureau", "water_bureau", "emergency_bureau"]
    assert found[0][1] == "湘桥区韩江水位超警红色预警"


@pytest.mark.parametrize("more", [{"world": "demo"}, {"quiet": "静默"}, {"measure": "forecast"}, {"is_late": True}])
def test_what_alarms_nobody_is_told_to_nobody(engine, rules, more) -> None:
    warned(engine, 1, **more)
    assert NoticeRound(engine, lambda: rules).tick(NOW) == 0


def test_what_is_old_or_only_acknowledged_is_no_news(engine, rules) -> None:
    warned(engine, 1, act="acknowledged")
    assert NoticeRound(engine, lambda: rules).tick(NOW) == 0
    warned(engine, 1)
    assert NoticeRound(engine, lambda: rules).tick(NOW + timedelta(hours=2)) == 0


def test_a_response_level_is_told_and_a_proposal_is_not(engine, rules) -> None:
    row = {
        "world": "real", "plan": rules.rules.responses[0].key, "region": "445100", "level": 2, "at": NOW,
        "recorded_at": NOW, "reason": "水位超警", "basis_kind": "warning", "basis_ref": "1", "basis_words": "预警",
        "actor": "林敏", "account": "lin", "role": "city_commander",
    }  # fmt: skip
    with writing(engine) as connection:
        connection.execute(response_steps.insert().values(row | {"seq": 1, "act": "ask"}))
        connection.execute(response_steps.insert().values(row | {"seq": 2, "act": "start"}))
    assert NoticeRound(engine, lambda: rules).tick(NOW) >= 1
    assert all("启动Ⅱ级应急响应" in title and "林敏" not in title for _, title in told(engine))


def test_nobody_subscribed_costs_nothing(engine) -> None:
    warned(engine, 1)
    base = rulebook(load(Path(__file__).resolve().parents[2]))
    assert NoticeRound(engine, lambda: base).tick(NOW) == 0
