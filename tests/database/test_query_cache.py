"""The query cache without Redis: one computation, staleness, last good answers, separate scopes."""

from __future__ import annotations

import hashlib
import random
import time
from pathlib import Path

import pytest
from query_cache_parts import SECRET, Build, World, ask, together
from sqlalchemy.exc import OperationalError

from database import query_cache
from database.frames import Frame, Sealer, Snapshot, frame_name
from database.query_cache import Unavailable, open_cache
from database.shelves import FolderShelf, Recent
from database.tally import Tally

DOWN = OperationalError("SELECT 1", {}, ConnectionError("the database is down"))


@pytest.mark.feature(39)
def test_fifty_cold_callers_cause_one_computation(world: World) -> None:
    cache, build = world.cache(), Build()
    answers = together(50, lambda: ask(cache, build).body)
    assert answers == [b"one"] * 50
    assert build.runs == 1


def test_fifty_callers_after_a_change_cause_one_computation_and_all_get_the_new_value(world: World) -> None:
    cache, build = world.cache(), Build()
    ask(cache, build)
    build.body = b"two"
    world.change()
    assert together(50, lambda: ask(cache, build).body) == [b"two"] * 50
    assert build.runs == 2


def test_a_change_during_the_computation_is_not_covered_up(world: World) -> None:
    """Work that began before the change read the old rows: whoever asks after the change must not get them."""
    cache, build = world.cache(), Build(b"old")
    build.gate.clear()
    answers: list[bytes] = []
    import threading

    first = threading.Thread(target=lambda: answers.append(ask(cache, build).body))
    first.start()
    assert build.begun.wait(5)
    build.body = b"new"
    world.change()
    second = threading.Thread(target=lambda: answers.append(ask(cache, build).body))
    second.start()
    build.gate.set()
    first.join(10)
    second.join(10)
    assert sorted(answers) == [b"new", b"old"]


@pytest.mark.feature(39)
def test_when_only_time_passed_the_old_answer_comes_at_once_and_is_renewed_behind(world: World) -> None:
    cache, build = world.cache(), Build()
    ask(cache, build, soft=10)
    build.body = b"two"
    build.gate.clear()
    world.pass_time(11)
    started = time.perf_counter()
    assert together(50, lambda: ask(cache, build, soft=10).body) == [b"one"] * 50
    assert time.perf_counter() - started < 1
    build.gate.set()
    from servers import wait_until

    wait_until(lambda: ask(cache, build, soft=10).body == b"two", 5, "the renewed answer")
    assert build.runs == 2


def test_while_a_new_answer_takes_too_long_the_old_one_is_given_and_marked(world: World, monkeypatch) -> None:
    monkeypatch.setattr(query_cache, "PATIENCE", 0.05)
    cache, build = world.cache(), Build()
    ask(cache, build)
    build.gate.clear()
    world.change()
    answer = ask(cache, build)
    build.gate.set()
    assert (answer.body, answer.degraded) == (b"one", True)
    assert answer.headers()["X-Degraded"] == "1"


@pytest.mark.feature(42)
def test_the_last_good_answer_survives_a_database_that_is_down(world: World) -> None:
    cache, build = world.cache(), Build()
    good = ask(cache, build)
    build.error = DOWN
    world.change()
    bad = ask(cache, build)
    assert (bad.body, bad.degraded, bad.built_at) == (good.body, True, good.built_at)


def test_a_database_that_is_down_is_not_asked_by_every_caller(world: World) -> None:
    cache, build = world.cache(), Build()
    ask(cache, build)
    build.error = DOWN
    world.change()
    for _ in range(50):
        assert ask(cache, build).body == b"one"
    assert build.runs == 2


def test_with_no_earlier_answer_it_says_so_within_the_deadline(world: World, monkeypatch) -> None:
    monkeypatch.setattr(query_cache, "DEADLINE", 0.1)
    cache, hangs, fails = world.cache(), Build(), Build()
    hangs.gate.clear()
    fails.error = DOWN
    started = time.perf_counter()
    for build, key in ((hangs, "hangs"), (fails, "fails")):
        with pytest.raises(Unavailable):
            ask(cache, build, key)
    hangs.gate.set()
    assert time.perf_counter() - started < 1


def test_an_error_of_ours_is_not_called_an_outage(world: World) -> None:
    build = Build()
    build.error = KeyError("wrong code")
    cache = world.cache()
    for _ in range(2):
        with pytest.raises(KeyError):
            ask(cache, build)
    assert build.runs == 1


@pytest.mark.feature(151)
def test_last_good_answers_survive_a_restart_without_a_database(world: World, tmp_path: Path) -> None:
    def opened():
        return open_cache(None, folder=tmp_path, secret=SECRET, hub=world.hub(), catalogue_version=lambda: "c1")

    good = ask(opened(), Build())
    world.down = True
    build = Build()
    build.error = DOWN
    after = ask(opened(), build)
    assert (after.body, after.degraded) == (good.body, True)
    assert build.runs == 0


def test_an_answer_from_before_a_restart_is_not_taken_for_new(world: World, tmp_path: Path) -> None:
    tally = Tally("cache")
    ask(world.cache(FolderShelf(tmp_path, tally)), Build())
    world.topics["readings:demo"] += 1
    assert ask(world.cache(FolderShelf(tmp_path, tally)), Build(b"two")).body == b"two"


@pytest.mark.parametrize("other", [{"scope": "445102"}, {"scope": ""}, {"key": "k2"}])
def test_what_may_be_seen_and_what_was_asked_keep_answers_apart(world: World, other: dict[str, str]) -> None:
    cache = world.cache()
    ask(cache, Build(b"all"))
    assert ask(cache, Build(b"mine"), **other).body == b"mine"
    assert ask(cache, Build(b"never")).body == b"all"


def test_another_catalogue_is_another_answer(world: World, tmp_path: Path) -> None:
    shelf = FolderShelf(tmp_path, Tally("cache"))
    ask(world.cache(shelf, catalogue="c1"), Build(b"before"))
    assert ask(world.cache(shelf, catalogue="c2"), Build(b"after")).body == b"after"


def test_names_cannot_be_confused_by_separators() -> None:
    names = {
        frame_name("a", scope="b,c", catalogue_version="d"),
        frame_name("a,b", scope="c", catalogue_version="d"),
        frame_name("a", scope="b", catalogue_version="c,d"),
    }
    assert len(names) == 3


def test_three_thousand_damaged_entries_are_missed_or_equal(world: World) -> None:
    """A pickled cache gave 6 % wrong values and 24 % exceptions here."""
    sealer = Sealer(SECRET)
    frame = Frame(b'{"value":3.7}' * 20, "e", world.time, 60.0, Snapshot({"readings:demo": 1}, 1))
    whole = sealer.seal("name", frame)
    chance = random.Random(4451)
    for _ in range(3000):
        damaged = damage(whole, chance)
        found = sealer.unseal("name", damaged)
        assert found is None or (damaged == whole and found == frame)
    assert sealer.unseal("another name", whole) is None
    assert Sealer("another secret").unseal("name", whole) is None
    assert sealer.unseal("name", whole) == frame


def damage(whole: bytes, chance: random.Random) -> bytes:
    """One of the ways bytes go wrong: flipped, cut, doubled, swapped, replaced."""
    at = chance.randrange(len(whole))
    match chance.randrange(5):
        case 0:
            return whole[:at] + bytes([whole[at] ^ (1 << chance.randrange(8))]) + whole[at + 1 :]
        case 1:
            return whole[:at]
        case 2:
            return whole[:at] + whole[at:] * 2
        case 3:
            return whole[at:] + whole[:at]
        case _:
            return chance.randbytes(chance.randrange(200))


def test_damaged_files_in_the_folder_are_missed_and_counted(world: World, tmp_path: Path) -> None:
    tally = Tally("cache")
    cache = world.cache(FolderShelf(tmp_path, tally))
    ask(cache, Build())
    chance = random.Random(7)
    for file in tmp_path.iterdir():
        file.write_bytes(damage(file.read_bytes() or b"x", chance))
    again = world.cache(FolderShelf(tmp_path, tally))
    assert ask(again, Build(b"rebuilt")).body in {b"rebuilt", b"one"}
    assert ask(again, Build(b"rebuilt"), "k2").body == b"rebuilt"


def test_a_pickle_in_the_folder_is_never_run(world: World, tmp_path: Path) -> None:
    name = hashlib.sha256(frame_name("k", scope="*", catalogue_version="c1").encode()).hexdigest()
    trap = tmp_path / "sprung"
    shelf = FolderShelf(tmp_path / "frames", Tally("cache"))
    harmful = b"cos\nsystem\n(S'touch %s'\ntR." % str(trap).encode()
    (tmp_path / "frames" / name).write_bytes(b"\0\0\0\0" + harmful)
    assert ask(world.cache(shelf), Build()).body == b"one"
    assert not trap.exists()


def test_a_folder_that_cannot_be_written_costs_nothing_but_the_frames(world: World, tmp_path: Path) -> None:
    folder = tmp_path / "frames"
    shelf = FolderShelf(folder, Tally("cache"))
    for file in folder.iterdir():
        file.unlink()
    folder.rmdir()
    folder.write_text("a file where the folder was")
    cache = world.cache(shelf)
    assert ask(cache, Build()).body == b"one"
    assert ask(cache, Build(b"two")).body == b"one"


def test_the_folder_does_not_grow_without_end(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("database.shelves.FRAMES_ON_DISK", 20)
    shelf = FolderShelf(tmp_path, Tally("cache"))
    for number in range(60):
        shelf.put(f"name {number}", b"x")
    assert len(list(tmp_path.iterdir())) <= 23
    assert shelf.get("name 59") == b"x"


def test_memory_is_bounded_and_keeps_what_was_used_last() -> None:
    recent = Recent(limit=1000)
    seen = Snapshot({}, 0)
    for number in range(30):
        recent.put(str(number), Frame(b"x" * 100, "e", World().time, 1.0, seen))
        recent.get("0")
    assert recent.get("0") and recent.get("29")
    assert recent.get("1") is None
