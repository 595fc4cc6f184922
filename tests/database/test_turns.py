"""Who asked first is served first, who gives up loses nobody's turn, and nobody is inside together."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

from hypothesis import given, settings
from hypothesis import strategies as st

from database.turns import Turns


def wait_until(is_so, seconds=5.0):
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end
        time.sleep(0.001)


def test_who_waits_comes_before_who_just_had_the_turn():
    turns, served = Turns(), []
    turns.take(1.0)
    other = threading.Thread(target=lambda: (turns.take(5.0), served.append("waited"), turns.give_back()))
    other.start()
    wait_until(lambda: turns._waiting)
    turns.give_back()
    turns.take(5.0)
    served.append("again")
    turns.give_back()
    other.join()
    assert served == ["waited", "again"]


def test_turns_come_in_the_order_of_asking():
    turns, served, threads = Turns(), [], []
    turns.take(1.0)
    for number in range(8):
        thread = threading.Thread(target=lambda n=number: (turns.take(5.0), served.append(n), turns.give_back()))
        thread.start()
        threads.append(thread)
        wait_until(lambda n=number: len(turns._waiting) == n + 1)
    turns.give_back()
    for thread in threads:
        thread.join()
    assert served == list(range(8))


def test_who_gives_up_takes_no_turn_and_leaves_no_place_in_the_queue():
    turns = Turns()
    turns.take(1.0)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(turns.take, 0.02).result() is False
    turns.give_back()
    assert turns.take(0.02)
    turns.give_back()


@settings(max_examples=15, deadline=None)
@given(patience=st.lists(st.sampled_from([0.0, 0.0005, 0.002, 5.0]), min_size=2, max_size=12))
def test_nobody_is_inside_together_and_no_turn_is_lost_however_many_give_up(patience):
    turns, inside, most = Turns(), [], []

    def work(seconds: float) -> bool:
        had = turns.take(seconds)
        if had:
            inside.append(1)
            most.append(len(inside))
            time.sleep(0.0005)
            inside.pop()
            turns.give_back()
        return had

    with ThreadPoolExecutor(6) as pool:
        had = list(pool.map(work, patience * 4))
    assert set(most) == {1}
    assert all(h for h, seconds in zip(had, patience * 4, strict=True) if seconds == 5.0)
    assert turns.take(0.0)
