"""Handover of the shift, for the centre in view."""

from __future__ import annotations

from access.account import account_named
from access.actor import OutOfScope
from access.names import folded
from access.personal import mask_text
from components.handover_list import Shift, ShiftItem, handover_panel
from components.markup import Tree
from components.times import when
from decisions.live_rules import at_hand
from decisions.shift_draft import draft
from dispatch.handover import Handover, Item, newest
from dispatch.hands import identity
from pages.desk_view import EVENTS, HOME, rules_of
from pages.panels import panel
from pages.view import View

SHIFT = "dispatch:{world}"


@panel("desk-handover", topics=[SHIFT, EVENTS], right="events.view", personal=True, soft_seconds=60)
def draw_handover(view: View) -> Tree:
    """The last handover and the draft of the next. Of one person: who wrote it cannot take it over."""
    may = view.by.may("events.accept") and view.by.scope.departments is None
    found = newest(view.connection, view.by, world=view.world.value, region=view.region)
    return handover_panel(
        _shift(view, found) if found else None,
        [_item(view, one) for one in _drafted(view)] if may else [],
        may,
        view.now,
        view.region,
        view.world.value,
    )


def _drafted(view: View) -> tuple[Item, ...]:
    if view.live is None:
        return ()
    try:
        return draft(
            view.connection, view.by, rules_of(view), at_hand(view.live).current(), world=view.world.value,
            region=view.region, now=view.now,
        )  # fmt: skip
    except OutOfScope:
        return ()


def _shift(view: View, found: Handover) -> Shift:
    own = found.from_actor == identity(view.by)
    why_not = "由下一班接收" if own else "" if view.by.may("events.accept") else "由值班中心接收"
    return Shift(
        found.id, _name(view, found.from_actor), found.drafted_at, [_item(view, one) for one in found.items],
        _name(view, found.to_actor) if found.to_actor else "", why_not,
    )  # fmt: skip


def _item(view: View, one: Item) -> ShiftItem:
    seen = f"{_name(view, one.seen_by)} {when(one.seen_at, view.now)} 已知悉" if one.seen_by else ""
    return ShiftItem(one.position, one.kind, mask_text(one.words), one.ref, _href(view, one), seen)


def _href(view: View, one: Item) -> str:
    ways = {
        "event": (HOME, {"event": one.ref}),
        "source": ("/sources", {}),
        "rule": ("/warnings", {}),
        "duty": ("/duty", {"unit": one.ref}),
    }
    path, query = ways.get(one.kind, ("", {}))
    return view.place.to(path, **query) if path else ""


def _name(view: View, account: str | None) -> str:
    """The person behind an account."""
    found = account_named(view.connection, folded(account)) if account else None
    return found.shown if found else (account or "")
