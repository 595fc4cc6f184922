"""The numbers of a text as people write them: full-width, spoken (幺三八), cut up by spaces and dashes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_SPOKEN = {
    "零": "0", "〇": "0", "○": "0", "洞": "0", "幺": "1", "一": "1", "壹": "1", "二": "2", "两": "2", "贰": "2",
    "三": "3", "叁": "3", "四": "4", "肆": "4", "五": "5", "伍": "5", "六": "6", "陆": "6", "七": "7", "拐": "7",
    "柒": "7", "八": "8", "捌": "8", "九": "9", "勾": "9", "玖": "9",
}  # fmt: skip
_WIDE = {chr(0xFF10 + n): str(n) for n in range(10)} | {str(n): str(n) for n in range(10)}
_CROSSES = frozenset("xXｘＸ")
_JOINTS = frozenset(" \t\u00a0\u3000-－—–‐‑─·•.()（）_/")
"""What people put between the digits of one number."""
_LONGEST_JOINT = 3


@dataclass(frozen=True)
class Run:
    """Digits side by side: what they say, where each stands in the text, whether only a joint divides them from the
    run before."""

    digits: str
    places: Sequence[int]
    is_spoken: bool
    is_joined: bool


@dataclass(frozen=True)
class Number:
    """One or several runs that may be one number. `places` of every digit of it, `lengths` of its runs."""

    digits: str
    places: Sequence[int]
    lengths: Sequence[int]
    runs: range
    begins_spoken: bool
    ends_spoken: bool

    def may_be_cut(self, start: int, end: int) -> bool:
        """True if its digits from `start` to `end` may stand for themselves: spoken digits beside them may be words,
        as in 王五幺三八… and …零零零一直打不通."""
        rest = len(self.digits) - end
        is_begun = not start or (self.begins_spoken and start < self.lengths[0])
        return is_begun and (not rest or (self.ends_spoken and rest < self.lengths[-1]))


def runs_of(text: str) -> list[Run]:
    """Every run of digits. Spoken and written digits side by side are two runs: 王五138… is a name and a number."""
    runs: list[Run] = []
    place, last_end = 0, -_LONGEST_JOINT - 1
    while place < len(text):
        read = _table(text[place])
        if read is None:
            place += 1
            continue
        end = place
        while end < len(text) and text[end] in read:
            end += 1
        digits = "".join(read[character] for character in text[place:end])
        cross = not _table(text[end : end + 1]) and _is_cross(text, end)
        is_joined = last_end >= 0 and _is_joint(text[last_end:place])
        runs.append(Run(digits + "X" * cross, range(place, end + cross), read is _SPOKEN, is_joined))
        place = last_end = end + cross
    return runs


def numbers(runs: Sequence[Run], shortest: int, longest: int) -> Iterator[Number]:
    """Every run and every chain of joined runs of so many digits, from the left, the shortest first."""
    for first in range(len(runs)):
        digits = ""
        places: list[int] = []
        lengths: list[int] = []
        for last in range(first, len(runs)):
            run = runs[last]
            if last > first and not run.is_joined:
                break
            digits, places, lengths = digits + run.digits, [*places, *run.places], [*lengths, len(run.digits)]
            if len(digits) > longest:
                break
            if len(digits) >= shortest:
                yield Number(digits, places, lengths, range(first, last + 1), runs[first].is_spoken, run.is_spoken)


def _table(character: str) -> dict[str, str] | None:
    return _WIDE if character in _WIDE else _SPOKEN if character in _SPOKEN else None


def _is_cross(text: str, place: int) -> bool:
    """True for the X at the end of an ID number; 5x8 is none."""
    after = text[place + 1 : place + 2]
    return text[place : place + 1] in _CROSSES and not (after.isascii() and after.isalnum())


def _is_joint(between: str) -> bool:
    return len(between) <= _LONGEST_JOINT and all(character in _JOINTS for character in between)
