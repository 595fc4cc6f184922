"""Asking again: in doubling, spread pauses, never after a permanent refusal; and an end to calls that hang."""

from __future__ import annotations

from random import Random
from threading import Event
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.delivery.deadline import Overdue, within
from datasources.delivery.observation import SourceFailed
from datasources.delivery.retry import Patience, persist
from datasources.delivery.secrets import secret


class Source:
    """Fails as often as told, then answers."""

    def __init__(self, failures: int, *, permanent: bool = False) -> None:
        self.failures, self.permanent, self.asked = failures, permanent, 0

    def __call__(self) -> str:
        self.asked += 1
        if self.asked <= self.failures:
            raise SourceFailed(f"第 {self.asked} 次失败", permanent=self.permanent)
        return "answer"


def test_a_passing_failure_is_asked_again_after_its_pause() -> None:
    source, slept = Source(2), list[float]()
    assert persist(Patience(tries=3, pause=1), source, rng=Random(7), pause=slept.append) == "answer"
    assert source.asked == 3
    assert slept == list(Patience(tries=3, pause=1).pauses(Random(7)))


def test_the_last_failure_is_told_with_the_number_of_tries() -> None:
    source = Source(9)
    with pytest.raises(SourceFailed, match="第 3 次失败（已尝试 3 次）") as caught:
        persist(Patience(tries=3, pause=0), source, rng=Random(1), pause=lambda _: None)
    assert source.asked == 3
    assert not caught.value.permanent


def test_a_permanent_failure_is_not_asked_again() -> None:
    source, slept = Source(9, permanent=True), list[float]()
    with pytest.raises(SourceFailed, match=r"^第 1 次失败$"):
        persist(Patience(tries=5), source, rng=Random(1), pause=slept.append)
    assert (source.asked, slept) == (1, [])


@given(st.integers(0, 10_000), st.integers(1, 6))
def test_pauses_double_up_to_their_limit_and_are_spread_by_half(seed: int, tries: int) -> None:
    patience = Patience(tries=tries, pause=1, longest=4)
    pauses = list(patience.pauses(Random(seed)))
    assert len(pauses) == tries - 1
    for further, pause in enumerate(pauses):
        assert 0.5 * min(4, 2**further) <= pause <= 1.5 * min(4, 2**further)


def test_two_sources_do_not_march_in_step_but_a_seed_repeats_itself() -> None:
    patience = Patience(tries=4)
    assert list(patience.pauses(Random(1))) == list(patience.pauses(Random(1)))
    assert list(patience.pauses(Random(1))) != list(patience.pauses(Random(2)))


def test_a_call_in_time_gives_its_answer_and_is_not_disturbed() -> None:
    disturbed = Event()
    assert within(5, lambda: 42, disturbed.set) == 42
    assert not disturbed.is_set()


def test_a_hanging_call_is_told_to_give_up() -> None:
    over, began = Event(), monotonic()
    with pytest.raises(Overdue):
        within(0.1, lambda: over.wait(20), over.set)
    assert over.is_set()
    assert monotonic() - began < 2


@pytest.mark.parametrize("error", [ValueError("mine"), TimeoutError("mine"), SystemExit("mine")])
def test_an_error_of_the_call_is_the_error(error: BaseException) -> None:
    def fail() -> None:
        raise error

    with pytest.raises(type(error), match="mine"):
        within(5, fail, lambda: None)


@pytest.mark.parametrize("value", [None, "", "   "])
def test_a_secret_that_is_not_there_is_named(value: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOME_SECRET", raising=False)
    if value is not None:
        monkeypatch.setenv("SOME_SECRET", value)
    with pytest.raises(SourceFailed, match="SOME_SECRET"):
        secret("SOME_SECRET")
