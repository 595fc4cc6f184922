"""Routing in the loop: seconds after an event comes in without a category, the router says what it is.

Above the bar of departments.yaml its word is filled in by a move of its own, with the reason in the ledger; below it
the proposal waits for a person. The model is read from its file and again when that changes; without one the words of
the power list speak, and always wait for a person. Runs in the timetable: web processes never load a model.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection, Engine, exists, insert, or_, select, update

from access.actor import EVERYWHERE, Actor
from database import changes
from database.dispatch_tables import events, ledger
from database.engine import reading, writing
from database.routing_tables import routings
from decisions import router_file
from decisions.proposals import CHANGED, CONFIRMED, FILLED, LATE, POWER_LIST, WAITING, step_to
from decisions.router_words import words_of
from decisions.routing_keys import KEY
from dispatch import records
from dispatch.event import Event
from dispatch.moves import move, topics
from dispatch.power_list import matches, suggest
from dispatch.refusal import DispatchError
from dispatch.rulebook import Rulebook
from dispatch.state import BEFORE_DISPATCH, DONE, SIDE_ENDS, Action

log = logging.getLogger(__name__)

EVERY_SECONDS = 3
RECENT = timedelta(days=2)
"""How far back uncategorised events are looked for: what came in while the timetable was down is made good."""
AT_ONCE = 50
COUNTED = timedelta(days=60)
"""Proposals so old are no longer looked at for corrections."""
GIVEN = "上报方选定"
"""How the intake's reason begins where the reporter chose the category himself."""
UNSURE = 0.6
"""No match of words counts for more: they were never measured."""
ROUTER = Actor(
    "自动分类", "system", EVERYWHERE, frozenset({"events.view", "events.accept", "events.report"}), role_name="系统",
    kind="program",
)  # fmt: skip
_OWN = ("warning", "split", "hotspot")
"""Origins whose events get their category from what they came of."""


@dataclass(frozen=True)
class Said:
    """What a router says of one event."""

    model: str
    category: str
    runner_up: str
    confidence: float
    words: tuple[str, ...]


@dataclass
class RoutingLoop:
    """Looks for events nobody has categorised; one tick at a time."""

    engine: Engine
    rules: Callable[[], Rulebook]
    data_folder: Path
    _models: dict[str, tuple[int, router_file.Kept | None]] = field(default_factory=dict)

    def tick(self, now: datetime) -> int:
        """Propose for what came in; how many."""
        rules = self.rules()
        with reading(self.engine) as connection:
            found = [(event, self.said(event, rules)) for event in unrouted(connection, now)]
            corrected = corrections(connection, now)
        if corrected:
            with writing(self.engine) as connection:
                keep_corrections(connection, corrected)
        return sum(self._propose(event, said, rules, now) for event, said in found)

    def said(self, event: Event, rules: Rulebook) -> Said:
        """Of this event, by the trained router of its world, else by the power list."""
        kept = self._model(event.world)
        if kept is None:
            return by_power_list(event, rules)
        routed = kept.router.route(words_of(event.title, event.place, event.description))
        if routed.label not in rules.categories:
            return by_power_list(event, rules)
        return Said(kept.version, routed.label, routed.runner_up, routed.confidence, routed.reasons)

    def _model(self, world: str) -> router_file.Kept | None:
        stamp = router_file.stamp(self.data_folder, world)
        known = self._models.get(world)
        if known is None or known[0] != stamp:
            known = self._models[world] = (stamp, router_file.read(self.data_folder, world) if stamp else None)
        return known[1]

    def _propose(self, event: Event, said: Said, rules: Rulebook, now: datetime) -> bool:
        """Each event in a transaction of its own; one that people were faster with is left to the next look."""
        try:
            with writing(self.engine) as connection:
                propose(connection, rules, event, said, now)
        except DispatchError as refused:
            log.info("event %s was not routed: %s", event.number, refused)
            return False
        return True


def unrouted(connection: Connection, now: datetime) -> list[Event]:
    """Events that came in lately without a category of the reporter's and have no proposal, the oldest first.

    Also those that people dispatched before the router came to them, but none that the router may have learnt from.
    """
    c = events.c
    routed = exists().where(routings.c.event_id == c.id)
    query = select(c.id, c.reasons).where(
        c.state.not_in((*DONE, *SIDE_ENDS)), c.received_at >= now - RECENT, c.origin.not_in(_OWN), ~routed
    )
    open_ = [row.id for row in connection.execute(query.order_by(c.id)) if _is_open(row.reasons)][:AT_ONCE]
    rows = connection.execute(select(*records.EVENT_COLUMNS).where(c.id.in_(open_)).order_by(c.id))
    return [records.event_of(row) for row in rows]


def _is_open(reasons: dict[str, str]) -> bool:
    return not reasons.get("category", "").startswith(GIVEN) and "corrected" not in reasons


def corrections(connection: Connection, now: datetime) -> list[tuple[int, str, str, datetime]]:
    """(event, standing, who, when) of proposals that a person decided on the event itself, not on the proposal."""
    c, made = ledger.c, routings.c
    query = (
        select(made.event_id, made.category, c.actor, c.at, c.data)
        .join(ledger, c.event_id == made.event_id)
        .where(made.settled_at.is_(None), made.routed_at >= now - COUNTED, c.action == Action.CORRECT)
        .where(c.at >= made.routed_at, or_(c.key.is_(None), c.key.not_like(f"{KEY}%")))
        .order_by(made.event_id, c.seq)
    )
    rows = [row for row in connection.execute(query) if row.data.get("category")]
    return [
        (row.event_id, CONFIRMED if row.data["category"] == row.category else CHANGED, row.actor, row.at)
        for row in rows
    ]


def keep_corrections(connection: Connection, found: list[tuple[int, str, str, datetime]]) -> None:
    """The last one of each event counts."""
    for event_id, standing, who, at in found:
        said = {"standing": standing, "settled_by": who, "settled_at": at}
        connection.execute(update(routings).where(routings.c.event_id == event_id).values(said))


def by_power_list(event: Event, rules: Rulebook) -> Said:
    """The words of the list, before anything could be learnt: more and longer words count for more, never for sure."""
    found = matches(event.title, event.description, rules)
    if not found:
        return Said(POWER_LIST, "", "", 0.0, ())
    share = found[0].score / sum(one.score for one in found)
    text = f"{event.title} {event.description}"
    words = tuple(word for word in rules.categories[found[0].code].words if word in text)
    runner_up = found[1].code if len(found) > 1 else ""
    return Said(POWER_LIST, found[0].code, runner_up, round(UNSURE * share, 4), words)


def propose(connection: Connection, rules: Rulebook, event: Event, said: Said, now: datetime) -> None:
    """Keep the proposal; above the bar put the event into the category, with the reason in its ledger. What people
    have dispatched already is only compared."""
    bar = rules.rules.routing_bar
    is_late = event.state not in BEFORE_DISPATCH
    is_sure = bool(said.category) and said.confidence >= bar
    lead = suggest(replace(event, category=said.category), rules).lead if said.category else None
    row = {
        "event_id": event.id, "world": event.world, "model": said.model, "category": said.category,
        "runner_up": said.runner_up, "department": lead, "confidence": said.confidence, "bar": bar,
        "words": list(said.words), "routed_at": now,
        "standing": LATE if is_late else FILLED if is_sure else WAITING,
    }  # fmt: skip
    connection.execute(insert(routings).values(row))
    if is_sure and not is_late and event.category != said.category:
        words = "；".join(reasons(said, lead, rules))
        step = step_to(event, said.category, rules, words, version=event.version, key=f"{KEY}{said.model}")
        after = move(connection, rules, event.id, step, by=ROUTER, now=now)
        changes.bump(connection, topics(after))
    else:
        changes.bump(connection, [f"events:{event.world}", f"events:{event.world}:{event.county}"])


def reasons(said: Said, lead: str | None, rules: Rulebook) -> Iterator[str]:
    """Why, in words for the ledger."""
    yield f"自动分类为{rules.category_name(said.category)}，置信度 {100 * said.confidence:.1f}%（模型 {said.model}）"
    yield f"依据词语：{'、'.join(said.words)}"
    if lead is not None:
        yield f"建议主办 {rules.department_name(lead)}"
