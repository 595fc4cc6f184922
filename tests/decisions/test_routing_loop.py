"""Routing in the loop: the router fills in what it is sure of, a person says the rest, and both are counted."""

from __future__ import annotations

import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from message_city import CHEN, NOW, RAOPING, MessageCity

from access.actor import Actor, Denied, Scope
from database.engine import reading, writing
from decisions import proposals, router_file
from decisions.findings import finding
from decisions.router_training import examples, held_out, learn
from decisions.router_words import words_of
from decisions.routing import train
from decisions.routing_loop import ROUTER, RoutingLoop, by_power_list
from decisions.routing_record import MODEL, Share, routing_record
from dispatch import records
from dispatch.refusal import Incomplete, MovedMeanwhile, NoSuchEvent

ROOT = Path(__file__).resolve().parents[2]
SAID = {
    "B0105": ("路灯不亮", "路灯坏了晚上很黑", "一排路灯都不亮", "路灯忽明忽暗"),
    "S0101": ("垃圾堆积没人清", "垃圾满地发臭", "垃圾几天没运走", "路边垃圾成堆"),
    "S0301": ("夜间施工太吵", "工地半夜还在施工", "施工噪声睡不着", "凌晨打桩噪声"),
    "R0301": ("拖欠工资三个月", "老板不发工资", "工资一直没给", "欠薪几十人"),
}
SINCE = NOW - timedelta(days=365)


def taught(messages: MessageCity, days: int = 80) -> MessageCity:
    """A city that has handled four kinds of messages, four a day."""
    rows = [
        (f"第{day}{place}街{words[day % 4]}", code, NOW - timedelta(days=1 + day))
        for day in range(days)
        for place, (code, words) in enumerate(SAID.items())
    ]
    messages.handled(rows)
    return messages


@pytest.fixture
def loop(messages: MessageCity, tmp_path: Path) -> RoutingLoop:
    """The loop of a city whose router was trained."""
    learn(taught(messages).engine, messages.rules, tmp_path, "real", messages.now)
    return RoutingLoop(messages.engine, lambda: messages.rules, tmp_path)


def proposal(messages: MessageCity, number: str) -> proposals.Proposal:
    with reading(messages.engine) as connection:
        found = proposals.proposal(connection, number, CHEN)
    assert found is not None
    return found


def settle(messages: MessageCity, number: str, category: str, by: Actor = CHEN, **more):
    with writing(messages.engine) as connection:
        given = {"version": None} | more
        return proposals.settle(connection, messages.rules, number, category, by=by, now=messages.now, **given)


def said(messages: MessageCity, number: str) -> list[tuple[str, str, str]]:
    with reading(messages.engine) as connection:
        case = records.load(connection, number, CHEN)
    return [(str(row.action), row.actor, row.note) for row in case.ledger]


@pytest.mark.feature(159)
def test_what_the_router_is_sure_of_is_filled_in_with_the_reason_in_the_ledger(messages, loop) -> None:
    event = messages.report("一排都坏了，晚上很黑")
    assert event.category != "B0105", "the words of the power list do not know it"
    assert loop.tick(messages.now) == 1 and loop.tick(messages.now) == 0
    found = proposal(messages, event.number)
    assert (found.standing, found.category, found.now_category) == ("filled", "B0105", "B0105")
    assert found.confidence >= found.bar == messages.rules.rules.routing_bar
    assert found.words and found.department == messages.rules.government_of("445102")
    note = said(messages, event.number)[-1]
    assert note[:2] == ("correct", ROUTER.name) and "置信度" in note[2] and "依据词语" in note[2] and "路灯" in note[2]


@pytest.mark.feature(159)
@pytest.mark.feature(94)
def test_what_it_is_not_sure_of_waits_for_a_person_whose_word_is_kept(messages, loop) -> None:
    vague = messages.report("阳台下面怎么回事，麻烦看看")
    loop.tick(messages.now)
    before = proposal(messages, vague.number)
    assert before.standing == "waiting" and before.confidence < before.bar and before.version == 1
    with reading(messages.engine) as connection:
        assert [one.number for one in proposals.waiting(connection, CHEN, world="real")] == [vague.number]
    case = settle(messages, vague.number, "S0301", note="已电话核实", version=1)
    assert case.event.category == "S0301" and "人工" in case.ledger[-1].note and case.ledger[-1].actor == CHEN.name
    after = proposal(messages, vague.number)
    assert after.standing == ("confirmed" if before.category == "S0301" else "changed")
    assert after.settled_by == CHEN.name
    with reading(messages.engine) as connection:
        assert proposals.waiting(connection, CHEN, world="real") == []
    with pytest.raises(MovedMeanwhile):
        settle(messages, vague.number, "S0101", version=1)


def test_a_category_the_reporter_chose_is_left_alone(messages, loop) -> None:
    messages.report("路灯不亮", category="S0101")
    assert loop.tick(messages.now) == 0


@pytest.mark.feature(159)
def test_without_a_model_the_power_list_proposes_and_never_decides(messages, tmp_path) -> None:
    cold = RoutingLoop(messages.engine, lambda: messages.rules, tmp_path / "nothing")
    sure, blank = messages.report("污水井盖缺失"), messages.report("请来一趟")
    assert cold.tick(messages.now) == 2
    found = proposal(messages, sure.number)
    assert (found.model, found.standing, found.category) == ("power-list", "waiting", "B0102")
    assert "井盖" in "".join(found.words)
    assert proposal(messages, blank.number).category == ""
    assert by_power_list(sure, messages.rules).confidence < messages.rules.rules.routing_bar


def test_a_broken_model_is_as_good_as_none(messages, tmp_path) -> None:
    (tmp_path / "models").mkdir()
    router_file.file_of(tmp_path, "real").write_bytes(b"PK\x03\x04 cut off")
    event = messages.report("污水井盖缺失")
    RoutingLoop(messages.engine, lambda: messages.rules, tmp_path).tick(messages.now)
    assert proposal(messages, event.number).model == "power-list"


def test_the_same_text_is_routed_the_same_before_and_after_it_was_kept(tmp_path) -> None:
    texts = [words for all_ in SAID.values() for words in all_] * 6
    labels = [code for code, all_ in SAID.items() for _ in all_] * 6
    router = train(texts, labels)
    router_file.keep(tmp_path, "real", router, "v1", {})
    kept = router_file.read(tmp_path, "real")
    assert kept is not None and kept.version == "v1"
    asked = ["路灯又不亮了", "工资没发", "半夜施工", "", "🙂" * 50]
    assert kept.router.route_all(asked) == router.route_all(asked) == train(texts, labels).route_all(asked)
    for text, together in zip(asked, router.route_all(asked), strict=True):
        alone = router.route(text)
        assert (alone.label, alone.reasons) == (together.label, together.reasons)
        assert alone.confidence == pytest.approx(together.confidence, abs=1e-4)


@pytest.mark.feature(93)
def test_training_keeps_its_figures_and_looks_at_nothing_after_now(messages, tmp_path) -> None:
    taught(messages).handled([("将来办结的路灯", "B0105", NOW + timedelta(days=2))] * 3)
    with reading(messages.engine) as connection:
        known = examples(connection, messages.rules, "real", NOW)
        assert len(known) == 320 and all(one.at <= NOW for one in known)
        assert [one.at for one in known] == sorted(one.at for one in known)
    assert "320 件" in learn(messages.engine, messages.rules, tmp_path, "real", NOW)
    with reading(messages.engine) as connection:
        body = finding(connection, CHEN, world="real", model=MODEL, region="445102").body
    assert body["examples"] == 320 and body["tested"] == 64 and body["classes"] == 4
    assert body["accuracy"] > 0.9 > body["naive"] and 0 <= body["calibration_error"] <= 1
    assert router_file.read(tmp_path, "real").about["span"] == body["span"]


def test_figures_are_of_examples_the_measured_router_has_not_seen(monkeypatch) -> None:
    seen: list[list[str]] = []
    from decisions import router_training

    real = router_training.train
    monkeypatch.setattr(router_training, "train", lambda texts, labels: seen.append(list(texts)) or real(texts, labels))
    rows = [
        router_training.Example(f"{words}{n}号", code, NOW + timedelta(hours=n))
        for n in range(40)
        for code, all_ in SAID.items()
        for words in all_[:1]
    ]
    figures = held_out(rows, 0.9)
    assert figures["tested"] == 32 and len(seen[0]) == 128
    assert not set(seen[0]) & {one.text for one in rows[128:]}


@pytest.mark.feature(159)
def test_too_little_to_learn_from_is_said(messages, tmp_path) -> None:
    assert "沿用权责清单" in learn(messages.engine, messages.rules, tmp_path, "real", NOW)
    assert router_file.read(tmp_path, "real") is None


@pytest.mark.feature(94)
def test_corrections_are_counted_wherever_they_are_made(messages, loop) -> None:
    kept, wrong = messages.report("一排都坏了，晚上很黑"), messages.report("一排都坏了，晚上很黑啊")
    loop.tick(messages.now)
    messages.do(wrong.number, "correct", category="B0106", note="是电线杆的灯")
    for action, more in (("accept", {}), ("confirm", {"note": "属实"}), ("register", {})):
        messages.do(kept.number, action, **more)
    messages.do(kept.number, "dispatch", department="urban_management_bureau")
    loop.tick(messages.now)
    assert proposal(messages, wrong.number).standing == "changed"
    with reading(messages.engine) as connection:
        record = routing_record(connection, CHEN, world="real", since=SINCE)
    assert record.proposed == 2 and record.kept_right == Share(1, 1) and record.agreed == Share(0, 1)
    assert record.to_person == Share(1, 2) and record.corrected == 1
    assert record.confused == (("B0106", "B0105", 1),)


def test_what_people_dispatched_first_is_only_compared(messages, loop) -> None:
    number = messages.dispatched("一排都坏了，晚上很黑", "water_bureau")
    with reading(messages.engine) as connection:
        version = records.load(connection, number, CHEN).event.version
    loop.tick(messages.now)
    assert proposal(messages, number).standing == "late" and proposal(messages, number).version == version


@pytest.mark.feature(110)
def test_who_may_not_see_the_event_is_told_nothing_and_changes_nothing(messages, loop) -> None:
    event = messages.report("阳台下面怎么回事")
    loop.tick(messages.now)
    reader = Actor("reader", "tester", Scope(None), frozenset({"events.view"}))
    with reading(messages.engine) as connection:
        assert proposals.proposal(connection, event.number, RAOPING) is None
        assert proposals.waiting(connection, RAOPING, world="real") == []
        assert proposals.listed(connection, RAOPING, world="real", since=SINCE) == []
        assert routing_record(connection, RAOPING, world="real", since=SINCE).proposed == 0
        assert proposals.waiting(connection, CHEN, world="demo") == []
    with pytest.raises(NoSuchEvent):
        settle(messages, event.number, "S0101", by=RAOPING)
    with pytest.raises(Denied):
        settle(messages, event.number, "S0101", by=reader)
    with pytest.raises(Incomplete):
        settle(messages, event.number, "X9999")


def test_the_place_says_where_and_not_what() -> None:
    assert words_of("锡美村路灯不亮", "锡美村") == "路灯不亮"
    assert words_of("锡美村", "锡美村") == "锡美村"
    assert words_of("求助", "", "家里停电") == "求助，家里停电"


def test_no_web_process_loads_a_model_or_a_library_of_numbers() -> None:
    web = ("proposals", "routing_record", "issues", "surge_places", "joint_event", "crews", "similar", "resources")
    heavy = ["numpy", "decisions.routing", "decisions.router_file", "decisions.routing_loop", "decisions.hotspots"]
    asked = ", ".join(f"decisions.{name}" for name in web)
    code = f"import sys, {asked}; print([name for name in {heavy} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
