"""What the storm found: another county's canary in an answer, and answers that tell "not yours" from "not there"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from crowd import ABSENT, Visitor

MOST = 40
_NOISE = re.compile(r"canary-[0-9a-f]+|\d{4}-\d\d-\d\dT[\d:.+]+|[0-9a-f]{16}")


PHONES: Mapping[str, str] = {
    column: f"1391234{n:04d}"
    for n, column in enumerate((
        "events.title", "events.description", "events.place", "ledger.said", "ledger.note", "requests.note",
        "assignments.task", "handover_items.words", "area_crossings.name", "area_crossings.comment",
        "response_steps.reason", "response_steps.basis_words", "warnings.comment", "warning_silences.reason",
        "entries.note", "review_versions.lessons",
    ))
}  # fmt: skip
"""The telephone planted behind the words of each column; masked in every answer, whoever asks."""


class Findings:
    """Lists by kind, each at most MOST long. `canaries`: by county, what only that county's people may read."""

    def __init__(self, canaries: Mapping[str, str]) -> None:
        self._canaries = canaries
        self._lists: dict[str, list[str]] = defaultdict(list)
        self.seen: set[str] = set()

    def add(self, kind: str, what: str) -> None:
        if len(self._lists[kind]) < MOST and what not in self._lists[kind]:
            self._lists[kind].append(what)

    def search(self, visitor: Visitor, asked: str, answer: Any) -> None:
        """Look for canaries of counties the visitor may not see, in body and headers."""
        text = answer.get_data(as_text=True) + "\n".join(f"{name}: {value}" for name, value in answer.headers)
        for county, canary in self._canaries.items():
            if canary not in text:
                continue
            self.seen.add(county)
            if not visitor.may_see(county):
                self.add("leaks", f"{visitor.name} read {county} in {asked}")
        for column, phone in PHONES.items():
            if phone in text:
                self.add("personal", f"{visitor.name} read the telephone of {column} in {asked.partition('?')[0]}")
        if "Traceback (most recent call last)" in text:
            self.add("traces", asked)

    def compare(self, visitor: Visitor, template: str, other: Any, absent: Any) -> None:
        """What is another's is answered like what does not exist."""
        if other.status_code != absent.status_code:
            self.add("told apart", f"{visitor.name} {template}: {other.status_code} and {absent.status_code}")
        elif other.status_code >= 400 and _plain(other, visitor.other) != _plain(absent, ABSENT):
            self.add("told apart", f"{visitor.name} {template}: {_plain(other, visitor.other)[:300]}")

    def told(self) -> dict[str, object]:
        return {**self._lists, "canaries seen": sorted(self.seen)}


def _plain(answer: Any, names: Mapping[str, str]) -> str:
    """The body without what was asked for itself."""
    text = str(answer.get_data(as_text=True))
    for value in sorted(names.values(), key=len, reverse=True):
        text = (
            text.replace(value, "·") if len(value) > 4 else text.replace(f"/{value}", "/·").replace(f"“{value}”", "“·”")
        )
    return _NOISE.sub("", re.sub(r"您是否想填[^”\"。]*", "", text))
