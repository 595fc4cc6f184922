"""Chips, clocks of limits, stages, acts and cameras: what each must say and must never say."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.chip import LEVELS, chip, expected_chip
from components.faces import disconnected, failed, loading
from components.loop_band import loop_stages, loop_totals
from components.markup import markup
from components.place import Place
from components.sla import Standing, near_of, sla, standing
from components.stepper import stepper
from components.ticker import ticker
from components.timeline import Act, timeline
from components.times import dwell, remaining
from components.video_tile import Camera, video_tile
from dispatch.loop import Loop, LoopStage, Share, TickerRow
from dispatch.stage import Stage
from indicators.reading import Provenance, World

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
PLACE = Place(World.DEMO, "445100", "445100")
SPANS = st.timedeltas(timedelta(days=-90), timedelta(days=90))


@pytest.mark.feature(105)
@pytest.mark.parametrize("level", list(LEVELS))
def test_a_level_is_told_by_its_character_as_well(level: int) -> None:
    assert f">{LEVELS[level]}<" in markup(chip(level))
    assert f">{LEVELS[level]}<" in markup(expected_chip(level))


def test_a_level_that_is_not_official_is_never_filled() -> None:
    assert 'class="chip o1"' in markup(expected_chip(1))
    assert "L1" not in markup(expected_chip(1))


@pytest.mark.parametrize("level", [-1, 5])
def test_a_level_that_does_not_exist_is_refused(level: int) -> None:
    for made in (chip, expected_chip):
        with pytest.raises(ValueError, match="no level"):
            made(level)


@pytest.mark.parametrize(
    ("left", "words", "look"),
    [
        (timedelta(hours=5, minutes=40), "剩 05:40", "ok"),
        (timedelta(minutes=21), "剩 00:21", "near"),
        (timedelta(0), "剩 00:00", "near"),
        (timedelta(seconds=-1), "超 00:00", "over"),
        (-timedelta(hours=2, minutes=14), "超 02:14", "over"),
        (timedelta(days=3, hours=2), "剩 3 天", "ok"),
        (timedelta(hours=23, minutes=59), "剩 23:59", "ok"),
    ],
)
def test_the_clock_of_a_limit(left: timedelta, words: str, look: str) -> None:
    drawn = markup(sla(NOW + left, NOW))
    assert words in drawn
    assert f'class="sla {look}"' in drawn


@given(SPANS, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_every_limit_stands_in_exactly_one_way(left: timedelta, near: timedelta) -> None:
    found = standing(NOW + left, NOW, near)
    assert (found is Standing.OVER) == (left < timedelta(0))
    assert (found is Standing.OK) == (left > near and left >= timedelta(0))


def test_near_is_three_tenths_of_the_limit() -> None:
    assert near_of(timedelta(hours=10)) == timedelta(hours=3)


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_a_time_left_is_never_longer_than_what_is_left(left: timedelta) -> None:
    text = remaining(left)
    if text.endswith("天"):
        told = timedelta(days=int(text.removesuffix(" 天")))
        assert told <= left < told + timedelta(days=1)
    else:
        hours, minutes = map(int, text.split(":"))
        assert timedelta(hours=hours, minutes=minutes) <= left < timedelta(hours=hours, minutes=minutes + 1)


@pytest.mark.parametrize(
    ("seconds", "text"), [(None, "—"), (0, "0 秒"), (45, "45 秒"), (360, "6 分"), (11520, "3.2 时"), (216000, "2.5 天")]
)
def test_how_long_a_stage_takes(seconds: float | None, text: str) -> None:
    assert dwell(seconds) == text


@pytest.mark.parametrize(("at", "finished"), [(Stage.ACCEPT, False), (Stage.HANDLE, False), (Stage.EVALUATE, True)])
def test_the_stepper_marks_one_place_at_most(at: Stage, finished: bool) -> None:
    drawn = markup(stepper(at, {}, NOW, finished=finished))
    assert drawn.count('aria-current="step"') == (0 if finished else 1)
    assert drawn.count('class="done"') == list(Stage).index(at) + finished
    assert drawn.count("<li") == 8


def test_acts_are_told_newest_first_whatever_their_order() -> None:
    acts = [Act(NOW - timedelta(hours=hours), "立", f"第{hours}件", "受理员") for hours in (3, 1, 2)]
    drawn = markup(timeline(acts, NOW))
    assert drawn.index("第1件") < drawn.index("第2件") < drawn.index("第3件")
    assert "尚无办理记录" in markup(timeline([], NOW))


def test_a_camera_without_a_picture_shows_none() -> None:
    silent = markup(video_tile(Camera("湘子桥", "湘桥", Provenance.LIVE, NOW), NOW))
    assert "<img" not in silent
    assert "信号中断" in silent and "14:32" in silent
    absent = markup(video_tile(Camera("凤凰山", "潮安", Provenance.LIVE, connected=False), NOW))
    assert "未接入" in absent and "<img" not in absent
    assert "<img" in markup(video_tile(Camera("湘子桥", "湘桥", Provenance.LIVE, NOW, "/still/1"), NOW))


def made_loop(**more) -> Loop:
    stages = tuple(LoopStage(stage, 3, 90 - 10 * at, 120, at % 2, at % 3) for at, stage in enumerate(Stage))
    return Loop("demo", "445100", NOW, stages, accepted=90, on_time=Share(81, 90), **more)


@pytest.mark.feature(48)
def test_the_loop_says_that_it_is_simulated() -> None:
    assert "模</i>" in markup(loop_totals(made_loop(simulated=True)))
    assert "模</i>" not in markup(loop_totals(made_loop()))


def test_the_loop_links_every_stage_and_says_it_in_words() -> None:
    drawn = markup(loop_stages(made_loop(), PLACE))
    assert drawn.count("<li") == 8
    assert "stage=verify" in drawn
    assert "处置，在办 3 件，今日到达 60 件" in drawn


def test_a_loop_with_nothing_in_it_is_drawn_without_a_rate() -> None:
    empty = Loop("demo", "445100", NOW, tuple(LoopStage(stage) for stage in Stage))
    assert "—" in markup(loop_totals(empty))
    assert "nan" not in (markup(loop_stages(empty, PLACE)) + markup(loop_totals(empty))).lower()


def test_the_ticker_shows_four_and_keeps_the_rest_for_wide_walls() -> None:
    rows = [TickerRow(NOW - timedelta(minutes=at), f"E{at}", 0, f"第{at}件", "受理") for at in range(12)]
    drawn = markup(ticker(rows, NOW))
    assert drawn.count("<li") == 8
    assert drawn.count('class="x2"') == 4
    assert "今日" in markup(ticker([], NOW))


@pytest.mark.feature(42)
def test_a_failure_names_the_last_good_value_and_offers_to_try_again() -> None:
    drawn = markup(failed("财政接口", "504", "最近成功 13:58 · 44.79 亿元", "wall-economy"))
    assert "44.79 亿元" in drawn and 'data-retry="wall-economy"' in drawn and 'role="alert"' in drawn


def test_loading_stands_still_and_names_its_source_later() -> None:
    assert "正在读取 统计局" in markup(loading([], "统计局"))
    assert loading([]) == []


@pytest.mark.feature(149)
def test_a_lost_link_tells_how_long_and_where_the_picture_stopped_in_city_time() -> None:
    drawn = markup(disconnected(timedelta(seconds=84), NOW))
    assert "00:01:24" in drawn and "14:32" in drawn
