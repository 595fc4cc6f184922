"""Files in the wrong encoding, cut short, or written to do harm are refused with a line, quickly."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.catalogue import CatalogueErrors, parse
from indicators.problems import Problem
from indicators.yaml_document import read_document

SMALL = Path(__file__).parent / "fixtures" / "catalogue"
TEXT = (SMALL / "indicators.yaml").read_text(encoding="utf-8")
DEPARTMENTS = (SMALL / "departments.yaml").read_bytes()


def problems_of(text: str | bytes) -> list[Problem]:
    with pytest.raises(CatalogueErrors) as caught:
        parse(text.encode() if isinstance(text, str) else text, DEPARTMENTS)
    return caught.value.problems


def line_of(text: str, part: str) -> int:
    return text[: text.index(part)].count("\n") + 1


ENCODINGS = {
    "GBK": (TEXT.encode("gbk"), "GBK"),
    "UTF-16": (TEXT.encode("utf-16"), "UTF-16"),
    "UTF-16 without mark": (TEXT.encode("utf-16-le"), ""),
    "NUL": (TEXT.replace("枫江", "枫\0江").encode(), "U+0000"),
    "control character": (TEXT.replace("枫江", "枫\x07江").encode(), "U+0007"),
    "one GBK word": (TEXT.encode().replace("枫江".encode(), "枫江".encode("gbk")), "UTF-8"),
    "cut in a character": (TEXT.encode()[: TEXT.encode().index("枫江".encode()) + 4], "没有写完"),
    "cut in a line": (TEXT.encode()[: TEXT.encode().index(b"frequency: monthly")], "没有写完"),
    "empty": (b"", "空的"),
    "too large": (TEXT.encode() + b"# \n" * 2_000_000, "上限"),
}


@pytest.mark.parametrize("case", ENCODINGS)
def test_wrong_encodings_and_half_files_are_refused(case: str) -> None:
    content, words = ENCODINGS[case]
    found = problems_of(content)
    assert words in found[0].message and found[0].line >= 1


def test_the_line_of_a_broken_character_is_told() -> None:
    content = TEXT.encode().replace("枫江".encode(), b"\xff\xfe\xff")
    assert problems_of(content)[0].line == line_of(TEXT, "枫江")


def test_a_byte_order_mark_and_windows_line_ends_are_no_trouble() -> None:
    loaded = parse(b"\xef\xbb\xbf" + TEXT.replace("\n", "\r\n").encode(), DEPARTMENTS)
    assert len(loaded.indicators) == 3


def test_an_alias_bomb_is_refused_before_it_opens() -> None:
    bomb = "x0: &x0 [a, a, a, a, a, a, a, a, a]\n" + "".join(
        f"x{n}: &x{n} [{', '.join([f'*x{n - 1}'] * 9)}]\n" for n in range(1, 9)
    )
    found = problems_of(bomb + TEXT)
    assert any("别名过多" in p.message and p.line == 4 for p in found)
    wide = "x: &x [" + "a, " * 1500 + "a]\ny: [*x, *x]\n"
    assert any("别名过多" in p.message for p in problems_of(wide + TEXT))


def test_a_few_aliases_are_fine() -> None:
    text = TEXT.replace("cadence: {release: quarterly, day: 25}", "cadence: &q {release: quarterly, day: 25}", 1)
    text = text.replace("cadence: {release: quarterly, day: 25}", "cadence: *q", 1)
    assert parse(text.encode(), DEPARTMENTS).sources["gdp_report"].cadence.day == 25


def test_deep_nesting_neither_crashes_nor_takes_long() -> None:
    """PyYAML's own composer overflows the C stack here and ends the process."""
    for content in (b"- " * 200_000 + b"a\n", b"[" * 100_000 + b"\n", b"{a: " * 100_000 + b"\n"):
        assert problems_of(content)


def test_words_that_yaml_would_turn_into_something_else_stay_words() -> None:
    read = read_document(b"a: no\nb: 12:30\nc: 2021-10-31\nd: 0x1F\ne: 007\nf: 1_000\ng: ~\nh: -3.5e2\ni: 25\n")
    assert dict(read.root) == {
        "a": "no",
        "b": "12:30",
        "c": "2021-10-31",
        "d": "0x1F",
        "e": "007",
        "f": "1_000",
        "g": None,
        "h": -350.0,
        "i": 25,
    }
