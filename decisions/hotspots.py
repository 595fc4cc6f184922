"""Hot issues: the same matter at the same place, raised by many within a short time."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path

import numpy as np

from decisions.hotspots_heat import Days, densest, heat
from decisions.hotspots_matters import Bag, Rarity, alike, bag
from decisions.hotspots_places import Place, core, localities, places, unlocated
from decisions.wording_files import read_table, write_table
from decisions.wording_words import Words, public_affairs

MOST = 5
FEWEST = 4
LOOKED_AT = 300
AT_ONCE = 400
"""Messages of one place compared with each other at once; the work grows with the cube."""
BEIJING = timezone(timedelta(hours=8))
_CLOCKS = ("%Y/%m/%d %H:%M:%S", "%Y/%m/%d %H:%M", "%Y/%m/%d")


@dataclass(frozen=True)
class Message:
    """One message; `person` is who sent it if known, else the message stands for a person of its own."""

    id: str
    time: datetime
    title: str
    text: str = ""
    likes: float = 0.0
    person: str = ""


@dataclass(frozen=True)
class Issue:
    """A hot issue; `members` are message ids in order of time, `heat` ranks and has no unit."""

    rank: int
    name: str
    place: str
    start: datetime
    end: datetime
    people: int
    heat: float
    members: tuple[str, ...]


@dataclass(frozen=True)
class _Group:
    place: Place
    members: tuple[int, ...]
    heat: float


@dataclass(frozen=True)
class _Corpus:
    messages: Sequence[Message]
    texts: Sequence[str]
    bags: Sequence[Bag]
    rarity: Rarity
    days: Days
    everyone: Days
    words: Words


def find(messages: Sequence[Message], most: int = MOST) -> list[Issue]:
    """At most `most` issues, the hottest first; no message belongs to two. The order of the input does not matter."""
    corpus = _corpus(sorted(messages, key=lambda each: (each.time, each.id)))
    groups = [group for place in places(corpus.texts, corpus.words) for group in _groups(place, corpus)]
    chosen = _hottest(groups, most)
    return [_issue(rank, group, corpus) for rank, group in enumerate(chosen, start=1)]


def _corpus(messages: Sequence[Message]) -> _Corpus:
    words = public_affairs()
    titles = [unlocated(each.title) for each in messages]
    bodies = [unlocated(each.text)[:LOOKED_AT] for each in messages]
    bags = [bag(title, body, words) for title, body in zip(titles, bodies, strict=True)]
    days = np.array([each.time.timestamp() / 86_400 for each in messages])
    texts = [f"{title} {body}" for title, body in zip(titles, bodies, strict=True)]
    return _Corpus(messages, texts, bags, Rarity(bags), days, days, words)


def _groups(place: Place, corpus: _Corpus) -> list[_Group]:
    """Like messages at one place, each group cut to its burst; a crowded place is taken piece by piece in time."""
    pieces = (place.messages[start : start + AT_ONCE] for start in range(0, len(place.messages), AT_ONCE))
    groups = (group for piece in pieces for group in _alike(place, piece, corpus) if len(group) >= FEWEST)
    bursts = (_burst(place, group, corpus) for group in groups)
    return [burst for burst in bursts if len(burst.members) >= FEWEST]


def _alike(place: Place, numbers: Sequence[int], corpus: _Corpus) -> list[tuple[int, ...]]:
    vectors = corpus.rarity.vectors([corpus.bags[each] for each in numbers], place.name)
    return [tuple(numbers[each] for each in group) for group in alike(vectors)]


def _burst(place: Place, group: tuple[int, ...], corpus: _Corpus) -> _Group:
    found = densest(corpus.days[list(group)], corpus.everyone)
    members = group[found.first : found.last + 1]
    people = len({corpus.messages[each].person or corpus.messages[each].id for each in members})
    likes = [corpus.messages[each].likes for each in members]
    return _Group(place, members, heat(found.ratio, len(members), people, likes))


def _hottest(groups: Sequence[_Group], most: int) -> list[_Group]:
    """The hottest group, then the next that shares no message with those before."""
    chosen: list[_Group] = []
    taken: set[int] = set()
    for group in sorted(groups, key=lambda each: (-each.heat, each.place.name)):
        if len(chosen) < most and taken.isdisjoint(group.members):
            chosen.append(group)
            taken.update(group.members)
    return chosen


def _issue(rank: int, group: _Group, corpus: _Corpus) -> Issue:
    members = [corpus.messages[each] for each in group.members]
    place = _full_place(group, members)
    people = len({each.person or each.id for each in members})
    ids = tuple(each.id for each in members)
    name = f"{place}：{'、'.join(_topics(group, corpus))}"
    return Issue(rank, name, place, members[0].time, members[-1].time, people, group.heat, ids)


def _full_place(group: _Group, members: Sequence[Message]) -> str:
    """The place with the district that most members name before it."""
    found = Counter(each for message in members for each in set(localities(message.title + "，" + message.text)))
    before, times = max(found.items(), key=lambda each: (each[1], len(each[0]), each[0]), default=("", 0))
    return f"{before.upper()}{group.place.name}" if 2 * times >= len(members) else group.place.name


def _topics(group: _Group, corpus: _Corpus) -> list[str]:
    """Up to three words that most set these members apart from other messages."""
    inside = Counter(word for each in group.members for word in corpus.bags[each][0])
    weighed = {
        word: times * corpus.rarity.of_word(word) for word, times in inside.items() if _tells(word, group, times)
    }
    best = sorted(weighed, key=lambda word: (-weighed[word], word))
    apart = [word for number, word in enumerate(best) if not any(word in other for other in best[:number])]
    return apart[:3] or ["群众集中反映的问题"]


def _tells(word: str, group: _Group, times: int) -> bool:
    return 3 * times >= len(group.members) and word not in group.place.name and core(group.place.name) not in word


def hotspots_file(input_file: Path, output_file: Path) -> int:
    """`id,time,title,text[,likes,user]` to one row `rank,issue,place,id` per member; rows written.

    Rows whose time cannot be read belong to no issue. Raises TableRefused for a file without the columns.
    """
    rows = read_table(input_file, ("id", "time", "title", "text"))
    messages = [message for row in rows if (message := _message(row)) is not None]
    lines = [(issue.rank, issue.name, issue.place, each) for issue in find(messages) for each in issue.members]
    write_table(output_file, ("rank", "issue", "place", "id"), lines)
    return len(lines)


def _message(row: dict[str, str]) -> Message | None:
    time = read_time(row["time"])
    if time is None:
        return None
    person = row.get("user", "").strip()
    return Message(row["id"], time, row["title"], row["text"], _number(row.get("likes", "")), person)


def read_time(text: str) -> datetime | None:
    """ISO 8601 or year/month/day with or without a clock time; Beijing time unless the text says otherwise."""
    cleaned = text.strip()
    readings = [_parsed(cleaned, clock) for clock in ("", *_CLOCKS)]
    return next((found for found in readings if found is not None), None)


def _parsed(text: str, clock: str) -> datetime | None:
    """With a clock like %Y/%m/%d, or as ISO 8601 if it is empty."""
    try:
        if clock:
            return datetime.strptime(text, clock).replace(tzinfo=BEIJING)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=BEIJING)


def _number(text: str) -> float:
    """A count of likes; 0 if absent or unreadable."""
    try:
        number = float(text.strip() or 0)
    except ValueError:
        return 0.0
    return number if math.isfinite(number) and number > 0 else 0.0
