"""Warnings that flap, that start by silence, that forget how long something lasted, or that look ahead."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from decisions.warning_course import Course, Turn, advance, level_of, replay, silence
from decisions.warning_rule import Level, Rule

START = datetime(2026, 9, 1, tzinfo=UTC)
RIVER = {
    "key": "river", "name": "韩江水位超警戒", "indicator": "WAT-01", "owner": "water_bureau",
    "source": "提案：待责任单位确认",
    "red": 18.0, "orange": 17.0, "yellow": 16.0, "blue": 15.0, "hysteresis": 0.2,
}  # fmt: skip


def rule(**changes: object) -> Rule:
    return Rule.model_validate(RIVER | changes)


def run(using: Rule, *values: float, step: timedelta = timedelta(minutes=10)) -> list[tuple[Turn, Level | None]]:
    return [(one.turn, one.level) for one in replay(using, [(START + n * step, v) for n, v in enumerate(values)])]


@pytest.mark.feature(76)
def test_levels_rise_and_fall_with_the_river():
    assert run(rule(), 14, 15.1, 16.5, 18.2, 17.1, 14.0) == [
        (Turn.RAISED, Level.BLUE), (Turn.RAISED, Level.YELLOW), (Turn.RAISED, Level.RED),
        (Turn.LOWERED, Level.ORANGE), (Turn.LIFTED, None),
    ]  # fmt: skip


@pytest.mark.feature(72)
def test_a_value_that_trembles_on_the_bound_warns_once():
    assert run(rule(), *[15.05, 14.95] * 20) == [(Turn.RAISED, Level.BLUE)]
    assert len(run(rule(hysteresis=0.0), *[15.05, 14.95] * 20)) == 40


@pytest.mark.feature(72)
def test_a_peak_shorter_than_asked_for_is_no_warning():
    using = rule(lasting="30m")
    assert run(using, 14, 16, 16, 14, 16, 16, 14) == []
    assert run(using, 14, 16, 16, 16, 16) == [(Turn.RAISED, Level.YELLOW)]


def test_a_stretch_partly_milder_is_raised_to_what_lasted():
    assert run(rule(lasting="30m"), 14, 15.5, 15.5, 18.5, 18.5)[0] == (Turn.RAISED, Level.BLUE)
    assert run(rule(lasting="30m"), 14, 15.5, *[18.5] * 8)[-1] == (Turn.RAISED, Level.RED)


def test_calm_must_last_before_it_is_believed():
    assert run(rule(calm="30m"), 16, 14, 16, 14, 14) == [(Turn.RAISED, Level.YELLOW)]
    assert run(rule(calm="30m"), 16, 14, 14, 14, 14)[-1] == (Turn.LIFTED, None)


@pytest.mark.feature(75)
def test_silence_starts_nothing_and_ends_only_what_may_end():
    firing, _ = advance(rule(), Course(), 16.2, START)
    later = START + timedelta(hours=5)
    assert silence(rule(), firing, later) == (firing, None)
    lifted, step = silence(rule(no_data="lift"), firing, later)
    assert lifted.level is None and step is not None and step.turn is Turn.LIFTED
    waiting, _ = advance(rule(lasting="1h"), Course(), 18.5, START)
    quiet, step = silence(rule(lasting="1h"), waiting, later)
    assert step is None and quiet.waiting is None


def test_a_gap_is_not_taken_for_time_that_lasted():
    using = rule(lasting="1h")
    waiting, _ = advance(using, Course(), 18.5, START)
    quiet, _ = silence(using, waiting, START + timedelta(hours=3))
    _, step = advance(using, quiet, 18.5, START + timedelta(hours=4))
    assert step is None


@pytest.mark.feature(47)
def test_an_old_value_that_comes_late_changes_nothing():
    firing, _ = advance(rule(), Course(), 16.2, START)
    assert advance(rule(), firing, 25.0, START - timedelta(hours=1)) == (firing, None)


values = st.lists(st.floats(10, 20), max_size=60)


@given(values, values)
def test_what_was_told_does_not_change_when_more_comes(first, second):
    using = rule(lasting="20m", calm="20m")
    assert run(using, *first, *second)[: len(run(using, *first))] == run(using, *first)


@given(values, st.booleans())
def test_what_is_told_is_one_story(found, upside_down):
    using = rule(lasting="20m", calm="10m")
    if upside_down:
        bounds = {"red": -18.0, "orange": -17.0, "yellow": -16.0, "blue": -15.0}
        mirrored = rule(lasting="20m", calm="10m", direction="below", **bounds)
        assert run(mirrored, *[-value for value in found]) == run(using, *found)
    level: Level | None = None
    for turn, told in run(using, *found):
        assert (turn is Turn.LIFTED) == (told is None)
        assert told != level
        if turn is Turn.RAISED:
            assert told is not None and (level is None or told < level)
        level = told


@given(st.floats(10, 20), st.sampled_from([None, *Level]))
def test_holding_a_level_never_makes_it_milder(value, held):
    free, bound = level_of(rule(), value), level_of(rule(), value, held)
    assert bound == free or (bound is not None and (free is None or bound <= free))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"red": 14.0}, "由重到轻"),
        ({"red": None, "orange": None, "yellow": None, "blue": None}, "至少要有一级"),
        ({"measure": "forecast"}, "lead"),
        ({"event": "red"}, "category"),
        ({"lasting": "soon"}, "lasting"),
        ({"colour": 1}, "colour"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(changes, words):
    with pytest.raises(ValidationError, match=words):
        rule(**changes)
