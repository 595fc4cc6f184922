"""A recorded stream played back: restamped to now, the same twice, faster on request."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from datasources.delivery.observation import Observation, SourceFailed
from datasources.delivery.period import CITY_TIME
from datasources.replay import Spec, read

CAPTURED = Path(__file__).parent / "fixtures" / "replay"
MIDNIGHT = datetime(2026, 11, 22, tzinfo=CITY_TIME)


def played(now: datetime, file: str = "good.csv", **options: object) -> list[Observation]:
    spec = Spec.model_validate({"file": CAPTURED / file, **options})
    return read(spec, source="gauge", now=now).observations


def at(minutes: float) -> datetime:
    return MIDNIGHT + timedelta(minutes=minutes)


@pytest.mark.feature(49)
def test_the_recording_runs_in_the_present() -> None:
    rows = played(at(2.5), window=600)
    assert [(row.period, row.value) for row in rows] == [
        ("2026-11-22T00:00", 3.10), ("2026-11-22T00:01", 3.12), ("2026-11-22T00:02", 3.15)
    ]  # fmt: skip
    assert rows[0].observed_at == MIDNIGHT


def test_nothing_before_it_begins() -> None:
    assert played(at(-1), begins=MIDNIGHT) == []


def test_reading_twice_delivers_the_same() -> None:
    assert played(at(3), window=600) == played(at(3), window=600)
    earlier = {row.period: row for row in played(at(2), window=600)}
    later = {row.period: row for row in played(at(3), window=600)}
    assert {period: later[period] for period in earlier} == earlier


def test_the_window_looks_back_only_so_far() -> None:
    assert [row.value for row in played(at(3), window=60)] == [3.21]


def test_sixty_times_faster_keeps_the_last_of_a_minute() -> None:
    spec = Spec(file=CAPTURED / "good.csv", speed=60, repeat=False, begins=MIDNIGHT)
    delivery = read(spec, source="gauge", now=at(1))
    assert [(row.period, row.value) for row in delivery.observations] == [("2026-11-22T00:00", 3.30)]
    assert delivery.skipped == {"superseded": 4}


def test_it_starts_again_at_its_end_or_not() -> None:
    assert [row.value for row in played(at(6), window=120)] == [3.10, 3.12]
    assert played(at(6), window=120, repeat=False) == []


def test_one_json_object_per_line_with_a_broken_one() -> None:
    spec = Spec(file=CAPTURED / "nasty.jsonl", window=3600, repeat=False)
    delivery = read(spec, source="gauge", now=at(30))
    assert [(row.period, row.value) for row in delivery.observations] == [
        ("2026-11-22T00:00", 3.1), ("2026-10", 41.0), ("2026-11-22T00:20", None)
    ]  # fmt: skip
    assert [(row.line, row.message) for row in delivery.unreadable] == [
        (2, "第 2 行：应为一个对象"),
        (4, "第 4 行：不认识的字段 valu。您是否想填 value？"),
    ]


@pytest.mark.parametrize(
    ("file", "word"),
    [
        ("absent.csv", "读不到录制文件 absent.csv"),
        ("empty.csv", "没有可回放的记录"),
        ("malformed.csv", "不是 UTF-8 编码"),
    ],
)
def test_what_cannot_be_played(file: str, word: str) -> None:
    with pytest.raises(SourceFailed, match=word) as refused:
        played(at(1), file)
    assert refused.value.permanent


def test_a_recording_without_instants() -> None:
    with pytest.raises(SourceFailed, match="第 2 行缺少 observed_at"):
        played(at(1), "no_instants.csv")


def test_a_huge_recording() -> None:
    with pytest.raises(SourceFailed, match="超过上限"):
        played(at(1), max_bytes=10)


@pytest.mark.parametrize("speed", [0.5, 61])
def test_speeds_outside_1_to_60(speed: float) -> None:
    with pytest.raises(ValueError, match="speed"):
        Spec(file=Path("x.csv"), speed=speed)
