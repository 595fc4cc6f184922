"""300 seeded ways to damage the catalogue: each is loaded or refused with a line, none crashes, none is slow."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from indicators.catalogue import CatalogueErrors, parse

ROOT = Path(__file__).resolve().parents[2]
SMALL = Path(__file__).parent / "fixtures" / "catalogue"
MUTANTS = 300
SLOWEST = 2.0  # seconds of the processor: other work on the machine does not count

pytestmark = pytest.mark.usefixtures("own_heap")

Mutation = Callable[[random.Random, list[str]], bytes]

ODD_TEXTS = """
null|~|true|no|[]|{}|[1, 2]|{a: 1}|-1|0|1e999|.nan|.inf|0x1F|12:30|2021-10-31|''|"|'|>|&a|*a|- x|? x|: x|# x|<<: *x|，
!!python/object/apply:os.system [ls]|!!binary aGk=|!x y|@x|`x|%x|\\x|"\\xZZ"|445100|demo_x|../x|\U0001f980|\u202e
"""
ODD_VALUES = [*ODD_TEXTS.strip().replace("\n", "|").split("|"), "", "|", "9" * 400, "a" * 5000]


def joined(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def pick(dice: random.Random, lines: list[str]) -> int:
    return dice.randrange(len(lines))


def other_value(dice: random.Random, lines: list[str]) -> bytes:
    index = dice.choice([i for i, line in enumerate(lines) if re.match(r"^[ -]*\w+: ", line)])
    lines[index] = re.sub(r": .*", lambda _: ": " + dice.choice(ODD_VALUES), lines[index], count=1)
    return joined(lines)


def borrowed_value(dice: random.Random, lines: list[str]) -> bytes:
    valued = [i for i, line in enumerate(lines) if re.match(r"^[ -]*\w+: ", line)]
    index, other = dice.choice(valued), dice.choice(valued)
    lines[index] = lines[index].split(": ")[0] + ": " + lines[other].split(": ", 1)[1]
    return joined(lines)


def misspelt_key(dice: random.Random, lines: list[str]) -> bytes:
    index = dice.choice([i for i, line in enumerate(lines) if re.match(r"^[ -]*\w+:", line)])
    lines[index] = re.sub(r"(\w)(\w)(\w*:)", r"\2\1\3", lines[index], count=1)
    return joined(lines)


def line_deleted(dice: random.Random, lines: list[str]) -> bytes:
    at = pick(dice, lines)
    del lines[at : at + dice.choice([1, 1, 1, 5, 40])]
    return joined(lines)


def line_doubled(dice: random.Random, lines: list[str]) -> bytes:
    at = pick(dice, lines)
    lines.insert(at, lines[at])
    return joined(lines)


def lines_swapped(dice: random.Random, lines: list[str]) -> bytes:
    one, two = pick(dice, lines), pick(dice, lines)
    lines[one], lines[two] = lines[two], lines[one]
    return joined(lines)


def indent_changed(dice: random.Random, lines: list[str]) -> bytes:
    at = pick(dice, lines)
    lines[at] = dice.choice([" ", "  ", "\t", ""]) + (lines[at] if dice.random() < 0.5 else lines[at].lstrip())
    return joined(lines)


def all_tabs(dice: random.Random, lines: list[str]) -> bytes:
    at = pick(dice, lines)
    return joined(lines[:at] + [line.replace("  ", "\t") for line in lines[at : at + 20]] + lines[at + 20 :])


def truncated(dice: random.Random, lines: list[str]) -> bytes:
    content = joined(lines)
    return content[: dice.randrange(len(content))]


def truncated_after_a_line(dice: random.Random, lines: list[str]) -> bytes:
    return joined(lines[: pick(dice, lines)])


def bytes_flipped(dice: random.Random, lines: list[str]) -> bytes:
    content = bytearray(joined(lines))
    for _ in range(dice.choice([1, 3, 30])):
        content[dice.randrange(len(content))] = dice.randrange(256)
    return bytes(content)


def other_encoding(dice: random.Random, lines: list[str]) -> bytes:
    return (
        joined(lines)
        .decode()
        .encode(dice.choice(["gb18030", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "big5hkscs"]), "replace")
    )


def gbk_in_one_line(dice: random.Random, lines: list[str]) -> bytes:
    at = pick(dice, lines)
    return joined(lines[:at]) + "    名称: 湘桥区陶瓷\n".encode("gbk") + joined(lines[at:])


def alias_bomb(dice: random.Random, lines: list[str]) -> bytes:
    bomb = ["x0: &x0 [a, a, a, a, a, a, a, a, a]"]
    bomb += [f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]" for n in range(1, dice.choice([2, 5, 12]))]
    at = dice.choice([0, pick(dice, lines)])
    return joined(lines[:at] + bomb + lines[at:])


def python_tag(dice: random.Random, lines: list[str]) -> bytes:
    index = dice.choice([i for i, line in enumerate(lines) if ": " in line])
    tag = dice.choice(
        ["!!python/name:os.system", "!!python/object/apply:os.system", "!!python/module:os", "!!set", "!!int"]
    )
    lines[index] = lines[index].replace(": ", f": {tag} ", 1)
    return joined(lines)


def stray_mark(dice: random.Random, lines: list[str]) -> bytes:
    text = "\n".join(lines) + "\n"
    at = dice.randrange(len(text))
    return (text[:at] + dice.choice(list(":{}[],&*#?|-<>=!%@`\"'\\\0\x07\x85\u2028 \n\r")) + text[at:]).encode()


def deep_nesting(dice: random.Random, lines: list[str]) -> bytes:
    at = pick(dice, lines)
    deep = dice.choice(["[" * 50_000, "- " * 50_000, "{a: " * 20_000, "? " * 20_000])
    return joined([*lines[:at], deep, *lines[at:]])


def second_document(dice: random.Random, lines: list[str]) -> bytes:
    lines.insert(pick(dice, lines), dice.choice(["---", "...", "%YAML 1.1", "--- !x", "<<: *nothing"]))
    return joined(lines)


def written_many_times(dice: random.Random, lines: list[str]) -> bytes:
    return joined(lines) * dice.choice([2, 30])


def harmless(dice: random.Random, lines: list[str]) -> bytes:
    """What an editor may do at any time: a remark, an empty line, other words, Windows line ends, a mark in front."""
    lines.insert(pick(dice, lines), dice.choice(["", "  # 说明", "      # - code: ECO-99"]))
    text = "\n".join(lines) + "\n"
    text = text.replace("枫江", dice.choice(["枫江", "韩江", "“枫江”", "枫江 # 1"]))
    return dice.choice(["", "\ufeff"]).encode() + text.replace("\n", dice.choice(["\n", "\r\n"])).encode()


MUTATIONS: list[Mutation] = [
    other_value,
    other_value,
    borrowed_value,
    misspelt_key,
    line_deleted,
    line_doubled,
    lines_swapped,
    indent_changed,
    all_tabs,
    truncated,
    truncated_after_a_line,
    bytes_flipped,
    other_encoding,
    gbk_in_one_line,
    alias_bomb,
    python_tag,
    stray_mark,
    deep_nesting,
    second_document,
    written_many_times,
    harmless,
    harmless,
]


def fate_of(folder: Path, seed: int) -> str:
    """'loaded' or 'refused' after every claim about a mutant has been checked."""
    dice = random.Random(seed)
    mutate = MUTATIONS[seed % len(MUTATIONS)]
    mutant = mutate(dice, (folder / "indicators.yaml").read_text(encoding="utf-8").splitlines())
    begin = time.thread_time()
    try:
        parse(mutant, (folder / "departments.yaml").read_bytes())
        fate = "loaded"
    except CatalogueErrors as errors:
        fate = "refused"
        assert errors.problems
        breaks = re.findall("\r\n|[\r\n\x85\u2028\u2029]", mutant.decode("utf-8", "replace"))
        for problem in errors.problems:
            assert re.match(r"(indicators|departments)\.yaml:\d+: \S", str(problem)), problem
            assert 1 <= problem.line <= len(breaks) + 1, (mutate.__name__, problem)
            assert "\n" not in problem.message
    assert time.thread_time() - begin < SLOWEST, mutate.__name__
    return fate


@pytest.mark.parametrize("part", range(10))
def test_damaged_small_catalogues_load_or_are_refused_with_a_line(part: int) -> None:
    fates = [fate_of(SMALL, seed) for seed in range(part, MUTANTS, 10)]
    assert fates.count("refused") > 5


@pytest.mark.slow
@pytest.mark.parametrize("part", range(10))
def test_damaged_copies_of_the_shipped_catalogue_load_or_are_refused_with_a_line(part: int) -> None:
    fates = [fate_of(ROOT, seed) for seed in range(part, MUTANTS, 10)]
    assert fates.count("refused") > 5


def test_the_mutants_are_of_every_sort() -> None:
    """A generator that only ever breaks the file, or never does, would prove nothing."""
    fates = [fate_of(SMALL, seed) for seed in range(MUTANTS)]
    assert 20 <= fates.count("loaded") <= MUTANTS - 150
