"""Planted troubles: always some of them near, found in the figures, with the answers kept."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from datasources.delivery.period import Frequency
from demo_city import SEED
from demo_city.axis import Axis, index_at, stretch
from demo_city.city import DemoCity
from demo_city.episodes import Episode, episodes, kinds
from demo_city.feed import batches, due
from demo_city.planted import planted

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def recent() -> dict[str, list[Episode]]:
    """Everything of the last 300 days, by kind."""
    found: dict[str, list[Episode]] = {kind: [] for kind in kinds()}
    for episode in episodes(SEED, NOW - timedelta(days=300), NOW):
        found[episode.kind].append(episode)
    return found


@pytest.mark.parametrize("days", range(0, 700, 7))
def test_the_last_three_days_always_hold_something(days: int) -> None:
    now = NOW + timedelta(days=days)
    found = {episode.kind for episode in episodes(SEED, now - timedelta(hours=72), now)}
    assert len(found) >= 2


def test_every_kind_comes_back(recent: dict[str, list[Episode]]) -> None:
    assert all(len(found) >= 5 for found in recent.values())


def test_asking_for_a_part_gives_the_same_episodes_as_asking_for_all() -> None:
    start, end = NOW - timedelta(days=20), NOW
    middle = start + timedelta(days=9)
    whole = episodes(SEED, start, end)
    parts = {one.name for one in (*episodes(SEED, start, middle), *episodes(SEED, middle, end))}
    assert parts == {one.name for one in whole}


def test_answers_name_known_indicators_and_say_the_cause(catalogue, recent: dict[str, list[Episode]]) -> None:
    for kind, found in recent.items():
        for one in found:
            assert set(one.indicators) <= set(catalogue.indicators), kind
            assert one.cause and one.starts_at <= one.ends_at and set(one.regions) <= set(catalogue.regions)


def test_a_dead_source_sends_nothing_and_does_not_make_up_for_it(catalogue, recent) -> None:
    for episode in recent["dead_source"][-10:]:
        code = episode.indicators[0]
        batch = next(b for b in batches(catalogue) if code in {i.code for i in b.indicators})
        axis = due(SEED, batch, catalogue.indicators[code], episode.begin - 120, episode.finish + 600)
        inside = (axis.starts >= episode.begin) & (axis.starts < episode.finish)
        assert len(axis) > 0 and not inside.any()


def test_a_late_report_comes_at_the_end_of_its_episode(catalogue, recent) -> None:
    episode = recent["late_release"][-2]
    indicator = catalogue.indicators[episode.indicators[0]]
    batch = next(b for b in batches(catalogue) if indicator in b.indicators)
    assert not len(due(SEED, batch, indicator, episode.begin - 60, episode.finish - 1))
    assert len(due(SEED, batch, indicator, episode.finish - 1, episode.finish)) == 1


def test_a_wrong_unit_is_a_hundredfold_and_hits_one_county_once(catalogue, demo: DemoCity, recent) -> None:
    for episode in recent["unit_slip"][-8:]:
        code = episode.indicators[0]
        day = int(index_at(Frequency.DAILY, np.array([episode.begin]))[0])
        axis = stretch(Frequency.DAILY, day, day)
        for county in ("445102", "445103", "445122", "445185"):
            true, sent = demo.figures(code, county, axis).value[0], planted(demo, code, county, axis).value[0]
            assert sent == pytest.approx(100 * true if county in episode.regions else true)


def test_a_stuck_sensor_repeats_one_reading(catalogue, demo: DemoCity, recent) -> None:
    for episode in recent["stuck_sensor"][-6:]:
        code, county = episode.indicators[0], episode.regions[0]
        frequency = catalogue.indicators[code].frequency
        step = 60 if frequency is Frequency.HOURLY else 10
        minutes = np.arange(episode.begin - 300, episode.finish + 300, step, dtype=np.int64)
        axis = Axis(frequency, np.unique(index_at(frequency, minutes)))
        values = planted(demo, code, county, axis).value
        inside = (axis.starts >= episode.begin) & (axis.starts < episode.finish)
        assert len(set(values[inside].tolist())) == 1
        assert len(set(values[~inside].tolist())) > 2


def test_a_power_cut_shows_in_the_electricity_of_the_day(demo: DemoCity, recent) -> None:
    drops = []
    for episode in recent["kiln_cut"]:
        if episode.finish - episode.begin < 20 * 60:
            continue
        day = (episode.begin + episode.finish) // 2 // 1440
        values = demo.figures("ENG-02", "445103", stretch(Frequency.DAILY, day - 7, day)).value
        drops.append(values[-1] / values[0])
    assert drops and np.median(drops) < 0.95


def test_a_hotspot_raises_calls_and_overdue_cases_in_its_county(demo: DemoCity, recent) -> None:
    for episode in recent["hotspot"][-6:]:
        county = episode.regions[0]
        middle = np.array([(episode.begin + episode.finish) // 2], dtype=np.int64)
        assert demo.figures("EVT-03", county, Axis(Frequency.REALTIME, middle)).value[0] >= 1


def test_most_of_the_time_few_cases_are_overdue(demo: DemoCity) -> None:
    axis = Axis(Frequency.REALTIME, np.arange(20_600 * 1440, 20_700 * 1440, 60, dtype=np.int64))
    overdue = sum(demo.figures("EVT-03", county, axis).value for county in ("445102", "445103", "445122", "445185"))
    assert (overdue <= 4).mean() > 0.4 and overdue.max() > 12
