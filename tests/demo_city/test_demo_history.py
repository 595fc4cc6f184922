"""The past of the demo city enters by the door of all readings: complete, marked, added up, fast, and clean but for
what was planted."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from sqlalchemy import func, select

from access.actor import LOOPBACK
from database.engine import open_engine, reading
from database.migrate import migrate
from database.tables import calls, demo_truth, latest, observations, quarantine, series
from datasources.delivery.period import Frequency
from demo_city import SEED
from demo_city.axis import axis_of
from demo_city.city import DemoCity
from demo_city.episodes import CITY, COUNTIES, episodes
from demo_city.feed import canary_of, places
from demo_city.history import deliveries, is_loaded, load
from demo_city.planted import planted
from indicators.reading import Freshness, Provenance, World
from indicators.readings import latest as latest_readings
from indicators.states import Light, theme_state

LOADED_AT = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
TOUCHED = ("unit_slip", "stuck_sensor")
"""Kinds whose figures may wait in quarantine."""


@pytest.fixture(scope="module")
def delivered(catalogue) -> list:
    """Everything the sources of the demo city ever said."""
    return list(deliveries(catalogue, SEED, LOADED_AT))


# What is said


def test_every_indicator_is_there_for_every_region_it_is_for(catalogue, delivered) -> None:
    seen = {(one.indicator, one.region) for delivery in delivered for one in delivery.observations}
    wanted = {(code, region) for code, one in catalogue.indicators.items() for region in places(catalogue, one)}
    assert len(catalogue.indicators) == 355
    assert seen == wanted


def test_the_history_is_as_long_as_promised_and_ends_in_the_present(catalogue, delivered) -> None:
    labels: dict[str, set[str]] = {}
    for delivery in delivered:
        for one in delivery.observations:
            labels.setdefault(one.indicator, set()).add(one.period)
    for code, indicator in catalogue.indicators.items():
        found = sorted(labels[code])
        match indicator.frequency:
            case Frequency.MONTHLY:
                assert len(found) >= 33 and found[-1] in ("2026-10", "2026-09"), code  # January comes with February
            case Frequency.QUARTERLY:
                assert len(found) == 12 and found[-1] == "2026-Q3", code
            case Frequency.YEARLY:
                assert len(found) >= 5 and found[-1] == "2025", code
            case Frequency.DAILY:
                assert len(found) == 60 and found[-1] == "2026-11-21", code
            case Frequency.HOURLY:
                assert len(found) >= 1400 and found[-1] >= "2026-11-22T12", code
            case _:
                assert len(found) > 1500 and found[0] < "2026-09-25", code


def test_no_reading_is_said_twice_and_none_from_the_future(delivered) -> None:
    seen = Counter((o.indicator, o.region, o.period) for delivery in delivered for o in delivery.observations)
    assert max(seen.values()) == 1
    assert max(period for _, _, period in seen if len(period) == 16) <= "2026-11-22T14:32"


def test_the_volume_stays_small_in_chunks_of_twin_sources(catalogue, delivered) -> None:
    assert sum(len(delivery.observations) for delivery in delivered) <= 700_000
    assert max(len(delivery.observations) for delivery in delivered) <= 25_000
    assert all(catalogue.provenance_of(delivery.source) is Provenance.SIMULATED for delivery in delivered)
    assert all("模拟" in delivery.origin for delivery in delivered)


# What is stored


@pytest.mark.slow
@pytest.mark.feature(135)
def test_every_row_of_the_whole_city_is_accounted_for(loaded) -> None:
    summary = loaded.summary
    assert summary.rows == summary.taken + summary.unchanged + summary.held
    assert is_loaded(loaded.engine)


@pytest.mark.slow
def test_only_planted_troubles_wait_in_quarantine(loaded) -> None:
    engine = loaded.engine
    planted_ones = {
        (code, region)
        for episode in episodes(SEED, LOADED_AT - timedelta(days=62), LOADED_AT)
        if episode.kind in TOUCHED
        for code in episode.indicators
        for region in episode.regions
    }
    with reading(engine) as connection:
        rows = connection.execute(select(quarantine.c.indicator, quarantine.c.region, quarantine.c.period)).all()
    assert rows, "the wrong units must be caught"
    strays = [row for row in rows if (row.indicator, row.region) not in planted_ones]
    assert len(strays) <= 2, strays


@pytest.mark.slow
def test_every_wrong_unit_of_the_last_sixty_days_is_caught(loaded) -> None:
    engine = loaded.engine
    slips = [
        (episode.indicators[0], episode.regions[0], f"{episode.starts_at:%Y-%m-%d}")
        for episode in episodes(SEED, LOADED_AT - timedelta(days=49), LOADED_AT - timedelta(days=2))
        if episode.kind == "unit_slip"
    ]
    with reading(engine) as connection:
        held = {(r.indicator, r.region, r.period) for r in connection.execute(select(quarantine)).all()}
    assert slips and set(slips) <= held


@pytest.mark.slow
@pytest.mark.parametrize(
    ("code", "period"),
    [("ECO-07", "2026-10"), ("ECO-02", "2026-Q3"), ("IND-01", "2026-10"), ("EVT-06", "2026-11-20"),
     ("GOV-07", "2026-11-20"), ("HOT-01", "2026-11-22T10:00"), ("TRF-01", "2026-11-22T14:00"), ("SOC-10", "2025")],
)  # fmt: skip
def test_the_rolled_up_city_equals_the_citys_own_figure(loaded, catalogue, demo: DemoCity, code, period) -> None:
    engine = loaded.engine
    indicator = catalogue.indicators[code]
    axis = axis_of(indicator.frequency, [period])
    zones = {code for code, region in catalogue.regions.items() if region.kind == "zone"}
    parts = [planted(demo, code, region, axis) for region in places(catalogue, indicator) if region not in zones]
    if indicator.aggregation == "sum":
        own = sum(part.value[0] for part in parts)
    else:
        own = indicator.scale * sum(p.numerator[0] for p in parts) / sum(p.denominator[0] for p in parts)
    with reading(engine) as connection:
        stored = connection.execute(
            select(observations.c.value, observations.c.quality)
            .join(series, series.c.id == observations.c.series_id)
            .where(series.c.world == "demo", series.c.indicator == code, series.c.region == CITY)
            .where(observations.c.period == period)
        ).one()
    assert stored.value == pytest.approx(own, rel=1e-9)
    assert "rolled_up" in stored.quality


@pytest.mark.slow
@pytest.mark.feature(48)
def test_everything_is_marked_simulated_and_lives_in_the_demo_world(loaded) -> None:
    engine = loaded.engine
    with reading(engine) as connection:
        for table in (observations, latest):
            marks = connection.execute(select(table.c.provenance, func.count()).group_by(table.c.provenance)).all()
            assert [mark for mark, _ in marks] == ["simulated"]
        assert connection.execute(select(series.c.world).distinct()).scalars().all() == ["demo"]
        assert all(source.startswith("demo_") for source in connection.execute(select(calls.c.source)).scalars())
        assert all(cause.startswith("模拟") for cause in connection.execute(select(demo_truth.c.cause)).scalars())


@pytest.mark.slow
def test_most_tiles_are_calm_and_nearly_all_figures_fresh(loaded, catalogue) -> None:
    engine = loaded.engine
    with reading(engine) as connection:
        found = latest_readings(connection, catalogue, LOOPBACK, world=World.DEMO, region=CITY, now=LOADED_AT)
    assert set(found) == set(catalogue.indicators)
    assert sum(one.freshness is Freshness.FRESH for one in found.values()) > 320
    assert not [one.indicator for one in found.values() if one.value is None]
    lights = Counter(
        theme_state(key, catalogue.indicators_of(key), found, catalogue.state_rule).light for key in catalogue.themes
    )
    assert 1 <= lights[Light.ATTENTION] <= 6 and lights[Light.NORMAL] >= 20


@pytest.mark.slow
def test_the_answers_are_kept_with_cause_and_place(loaded, catalogue) -> None:
    engine, summary = loaded.engine, loaded.summary
    with reading(engine) as connection:
        rows = connection.execute(select(demo_truth)).all()
    assert len(rows) == summary.answers > 1000
    assert {row.kind for row in rows} >= {"storm", "kiln_cut", "dead_source", "unit_slip", "late_release", "drift"}
    assert {row.region for row in rows} <= {CITY, *COUNTIES}
    dead = [row for row in rows if row.kind == "dead_source"]
    assert len({row.indicator for row in dead}) > 10, "a dead source silences all its indicators"


# Canaries


@pytest.mark.slow
def test_a_canary_is_in_every_text_and_never_in_another_countys(small_demo, tmp_path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'canary.db'}")
    migrate(engine)
    load(engine, small_demo, SEED, LOADED_AT, canary="K7")
    marks = {region: canary_of("K7", region) for region in small_demo.regions}
    assert len(set(marks.values())) == len(marks)
    with reading(engine) as connection:
        origins = set(connection.execute(select(calls.c.origin)).scalars())
        held = connection.execute(select(quarantine.c.region, quarantine.c.raw)).all()
        causes = connection.execute(select(demo_truth.c.region, demo_truth.c.cause, demo_truth.c.episode)).all()
    assert {mark for mark in marks.values() if any(mark in origin for origin in origins)} >= {
        marks[county] for county in COUNTIES
    }
    assert all(origin.count("canary-") == 1 for origin in origins)
    assert held and all(marks[row.region] in row.raw for row in held)
    assert causes and all(marks[row.region] in row.cause and marks[row.region] in row.episode for row in causes)
    engine.dispose()


@pytest.fixture
def small_demo(catalogue):
    """The shipped catalogue with three sources only: quick to load."""
    from dataclasses import replace

    kept = {catalogue.indicators[code].source for code in ("HLT-01", "ENG-02", "ECO-01", "EVT-06")}
    few = {code: one for code, one in catalogue.indicators.items() if one.source in kept}
    return replace(catalogue, indicators=few, sources={key: catalogue.sources[key] for key in kept})


def test_loading_again_changes_nothing(small_demo, tmp_path) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'again.db'}")
    migrate(engine)
    assert not is_loaded(engine)
    first, second = (load(engine, small_demo, SEED, LOADED_AT) for _ in range(2))
    assert first.taken > 0 and second.taken == 0
    assert second.unchanged == first.taken and second.held == first.held
    assert first.answers == second.answers
    engine.dispose()


def test_a_load_broken_off_is_not_taken_for_done(small_demo, tmp_path, monkeypatch) -> None:
    engine = open_engine(f"sqlite:///{tmp_path / 'broken.db'}")
    migrate(engine)

    def fails(*_: object, **__: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr("demo_city.history.keep", fails)
    with pytest.raises(RuntimeError):
        load(engine, small_demo, SEED, LOADED_AT)
    assert not is_loaded(engine)
    engine.dispose()


def test_figures_are_plain_numbers(delivered) -> None:
    for delivery in delivered[:40]:
        for one in delivery.observations[:5]:
            assert type(one.value) is float and (one.numerator is None or type(one.numerator) is float)
            assert not isinstance(one.value, np.floating)
