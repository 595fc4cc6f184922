"""What the panels of one event share: which event the address names, and everything about it the viewer may see."""

from __future__ import annotations

from dataclasses import fields, replace

from sqlalchemy import select

from access.actor import OutOfScope
from access.personal import masked
from components.case_seen import Seen
from database.dispatch_tables import appeals as appeals_table
from database.dispatch_tables import events as events_table
from dispatch import attachments
from dispatch.appeals import Appeal
from dispatch.event import Event
from dispatch.events import Detail, detail
from dispatch.refusal import NoSuchEvent
from dispatch.rulebook import Rulebook, rulebook
from indicators.reading import World
from pages.view import View

RIGHT = "events.view"
PARAMS = ("event", "id")
"""`/event/<number>` gives `id`, the desk gives `event`."""
TOPICS = ("events:real", "events:demo")
"""A number names one event of either world."""


def number_in(view: View) -> str:
    """The number the address names; '' for none."""
    return (view.params.get("id") or view.params.get("event") or "")[:24]


def rules_in(view: View) -> Rulebook:
    """The rules in force."""
    return rulebook(view.catalogue, view.live.folder if view.live else None)


def detail_in(view: View) -> Detail | None:
    """The event the address names, None without a name; OutOfScope for one that is not there or not the viewer's."""
    number = number_in(view)
    if not number:
        return None
    try:
        return detail(view.connection, view.by, rules_in(view), number, now=view.now)
    except NoSuchEvent as lost:
        raise OutOfScope(right=RIGHT) from lost


def seen_in(view: View, *, whole: bool = False) -> Seen | None:
    """As `detail_in`, ready to be drawn; `whole`: with files and who reported it."""
    found = detail_in(view)
    if found is None:
        return None
    event = found.case.event
    seen = Seen(found, rules_in(view), view.now, replace(view.place, world=World(event.world)))
    if not whole:
        return seen
    may = view.by.may("personal.reveal") and view.by.kind == "person"
    files = attachments.of_event(view.connection, event.number, view.by)
    reporter = _reporter(view, event.id) if may else {}
    return replace(
        seen, files=files, reporter=reporter, may_reveal=may, appeals=_appeals(view, event),
        may_appeal=_may_appeal(view, event),
        may_approve=view.by.may("events.approve") and view.by.scope.departments is None,
    )  # fmt: skip


def _may_appeal(view: View, event: Event) -> bool:
    return view.by.may("events.handle") and event.lead is not None and view.by.scope.allows_department(event.lead)


def _appeals(view: View, event: Event) -> list[Appeal]:
    c = appeals_table.c
    names = [one.name for one in fields(Appeal) if one.name != "number"]
    query = select(*(c[name] for name in names)).where(c.event_id == event.id).order_by(c.asked_at)
    rows = [dict(row._mapping) for row in view.connection.execute(query)]
    return [Appeal(**{**row, "number": event.number, "note": row["note"] or ""}) for row in rows]


def _reporter(view: View, event_id: int) -> dict[str, str]:
    """Who reported it, masked: name, phone, address, as far as known."""
    c = events_table.c
    query = select(c.reporter_name, c.reporter_phone, c.reporter_address).where(c.id == event_id)
    shown = masked(events_table, dict(view.connection.execute(query).one()._mapping), view.by)
    return {name: str(value) for name, value in shown.items() if value}
