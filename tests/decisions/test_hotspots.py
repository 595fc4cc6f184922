"""Hot issues of messages and hot places of calls: small cases, odd files, properties."""

from __future__ import annotations

import csv
import math
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.hotspots import BEIJING, Message, find, hotspots_file, read_time
from decisions.hotspots_counts import Call, at_least, count_hotspots
from decisions.hotspots_heat import crowding

NOW = datetime(2026, 3, 1, 12, tzinfo=BEIJING)
NOISE = [
    "搅拌站噪音大睡不着",
    "搅拌站灰尘污染严重",
    "混凝土搅拌站扰民",
    "搅拌站半夜轰鸣",
    "搅拌站粉尘噪音没人管",
    "要求搬走搅拌站",
]


def burst(place: str = "紫荆花园小区", likes: float = 0, person: str = "", start: int = 0) -> list[Message]:
    return [
        Message(
            f"{place}{start + n}",
            NOW + timedelta(hours=5 * n),
            f"A1区{place}{said}",
            f"{place}旁的{said}，请管管",
            likes,
            person,
        )
        for n, said in enumerate(NOISE)
    ]


def quiet() -> list[Message]:
    """One message a day on nothing in particular."""
    said = ["咨询社保缴费", "公交班次太少", "学校招生问题", "二手房过户", "医院挂号难"]
    return [Message(f"q{n}", NOW + timedelta(days=n - 60), f"{said[n % 5]}之{n}", "请答复") for n in range(120)]


def test_nothing_to_find_in_nothing_and_in_quiet_days() -> None:
    assert find([]) == []
    assert find(quiet()) == []


def test_burst_is_named_placed_and_dated() -> None:
    issue = find(quiet() + burst())[0]
    assert issue.place == "A1区紫荆花园小区"
    assert issue.name.startswith("A1区紫荆花园小区：")
    assert "搅拌站" in issue.name
    assert set(issue.members) == {message.id for message in burst()}
    assert (issue.start, issue.end, issue.people) == (NOW, NOW + timedelta(hours=25), 6)


def test_one_person_writing_six_times_is_less_hot_than_six_people() -> None:
    six, one = burst("紫荆花园小区"), burst("金桂路", person="同一人")
    found = find(quiet() + six + one)
    assert [issue.people for issue in found] == [6, 1]
    assert found[0].heat > found[1].heat


def test_likes_raise_the_rank() -> None:
    found = find(quiet() + burst("紫荆花园小区") + burst("金桂大道", likes=50))
    assert found[0].place.endswith("金桂大道")


@pytest.mark.timeout(60)
def test_place_named_by_everybody_does_not_stall() -> None:
    crowd = [
        Message(f"c{n:04d}", NOW + timedelta(minutes=n), f"紫荆花园小区{NOISE[n % 6]}", str(n)) for n in range(1500)
    ]
    assert len(find(crowd)) <= 5


def test_order_of_the_file_does_not_matter() -> None:
    messages = quiet() + burst() + burst("金桂大道")
    assert find(messages) == find(messages[::-1])


@pytest.mark.parametrize(
    "text",
    ["2019/4/5 9:03:00", "2019-04-05 09:03", "2019-04-05T09:03:00+08:00", "2019/4/5 9:03", "2019-04-05T01:03:00Z"],
)
def test_times_as_offices_write_them(text: str) -> None:
    assert read_time(text) == datetime(2019, 4, 5, 9, 3, tzinfo=BEIJING)


def test_row_with_unreadable_time_belongs_to_no_issue(tmp_path: Path) -> None:
    rows = [["id", "time", "title", "text", "likes"]]
    rows += [[each.id, each.time.isoformat(), each.title, each.text, "很多"] for each in quiet() + burst()]
    rows += [["x", "昨天", "紫荆花园小区搅拌站噪音", "", ""], ["短"]]
    with (tmp_path / "i.csv").open("w", encoding="gb18030", newline="") as file:
        csv.writer(file).writerows(rows)
    assert hotspots_file(tmp_path / "i.csv", tmp_path / "o.csv") == 6
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        out = list(csv.DictReader(file))
    assert list(out[0]) == ["rank", "issue", "place", "id"]
    assert "x" not in {row["id"] for row in out}


@given(st.integers(1, 60), st.floats(0.01, 40))
def test_tail_of_the_poisson_distribution(calls: int, expected: float) -> None:
    below = sum(math.exp(n * math.log(expected) - expected - math.lgamma(n + 1)) for n in range(calls))
    assert at_least(calls, expected) == pytest.approx(1 - below, abs=1e-9)
    assert at_least(calls + 1, expected) <= at_least(calls, expected)


@given(st.floats(1, 50), st.floats(0, 50), st.floats(0.001, 1))
def test_crowding_is_never_negative_and_zero_when_spread_evenly(count: float, more: float, share: float) -> None:
    assert crowding(count, count + more, share) >= 0
    assert crowding(count, count, 1.0) == 0


def calls(place: str, recent: int, usual_per_day: int) -> list[Call]:
    old = [Call(place, NOW - timedelta(days=1 + day, hours=1 + k)) for day in range(28) for k in range(usual_per_day)]
    return old + [Call(place, NOW - timedelta(minutes=10 * k + 1)) for k in range(recent)]


@pytest.mark.feature(92)
def test_fourteen_calls_in_three_hours_where_two_are_usual() -> None:
    found = count_hotspots(calls("韩江路", 14, 16) + calls("城新路", 2, 16), NOW)
    assert [each.place for each in found] == ["韩江路"]
    assert found[0].sentence == "韩江路：3 小时 14 件，通常 2 件"


def test_few_calls_are_no_hot_spot_however_rare() -> None:
    assert count_hotspots(calls("荒僻路", 4, 0), NOW) == []
    assert count_hotspots(calls("荒僻路", 9, 0), NOW)[0].sentence.endswith("通常不到 1 件")


def test_busy_place_on_a_usual_day_is_no_hot_spot() -> None:
    assert count_hotspots(calls("人民广场", 3, 24), NOW) == []


@given(st.lists(st.integers(1, 5000), max_size=30))
def test_calls_after_now_change_nothing(minutes: list[int]) -> None:
    known = calls("韩江路", 14, 16)
    later = [Call("韩江路", NOW + timedelta(minutes=each)) for each in minutes]
    assert count_hotspots(known + later, NOW) == count_hotspots(known, NOW)


def test_false_reports_stay_as_rare_as_promised() -> None:
    """60 looks at 20 quiet places: at most a few reports, since one look may err in a hundred."""
    import random

    pick = random.Random(5)
    reports = 0
    for _ in range(60):
        times = [(f"路{place}", pick.uniform(0, 29 * 24)) for place in range(20) for _ in range(60)]
        reports += bool(count_hotspots([Call(place, NOW - timedelta(hours=hour)) for place, hour in times], NOW))
    assert reports <= 3
