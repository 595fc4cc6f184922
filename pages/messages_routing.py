"""The right side of `/messages`: proposals that wait for a person, and the record of routing and of suggested crews."""

from __future__ import annotations

from datetime import timedelta

from components.faces import panel_head
from components.markup import Tree
from components.message_record import RouterCard, record_card
from components.message_waiting import WaitingLine, waiting_list
from decisions.findings import finding
from decisions.proposals import POWER_LIST, Proposal, waiting
from decisions.routing_record import MODEL, crew_record, routing_record
from pages.messages_view import EVENTS, FINDINGS, RIGHT, rules_of
from pages.panels import panel
from pages.view import View

RECORD = timedelta(days=90)
SHOWN = 6


@panel("messages-waiting", topics=[EVENTS], soft_seconds=60, right=RIGHT)
def draw_waiting(view: View) -> Tree:
    """What the router is not sure about, to be confirmed with one choice."""
    found = waiting(view.connection, view.by, world=view.world.value)
    lines = [_line(view, one) for one in found[:SHOWN]]
    categories = [(code, one.name) for code, one in rules_of(view).categories.items()]
    bar = rules_of(view).rules.routing_bar
    head = panel_head("待人工确认类别", f"{len(found)} 件，置信度不到 {100 * bar:.0f}%")
    body = waiting_list(lines, categories, len(found) - len(lines), bar, may_settle=view.by.may("events.accept"))
    return [head, body]


@panel("messages-record", topics=[EVENTS, FINDINGS], soft_seconds=120, right=RIGHT)
def draw_record(view: View) -> Tree:
    """How well the router and the suggestion of crews do."""
    since = view.now - RECORD
    world, rules = view.world.value, rules_of(view)
    region = rules.county_of(view.region)
    trained = finding(view.connection, view.by, world=world, model=MODEL, region=region)
    routing = routing_record(view.connection, view.by, world=world, since=since)
    crews = crew_record(view.connection, view.by, world=world, since=since)
    card = RouterCard(
        trained=dict(trained.body) if trained else None, made_at=trained.made_at if trained else None,
        routing=routing, crews=crews, category=rules.category_name, bar=rules.rules.routing_bar,
    )  # fmt: skip
    return [panel_head("分派模型与成绩", "近 90 天"), *record_card(card)]


def _line(view: View, one: Proposal) -> WaitingLine:
    rules = rules_of(view)
    return WaitingLine(
        number=one.number, title=one.title, reported_at=one.reported_at, version=one.version, proposed=one.category,
        proposed_name=rules.category_name(one.category) if one.category else "没有词语指向任何类别",
        runner_up=rules.category_name(one.runner_up) if one.runner_up else "", confidence=one.confidence,
        words=one.words, department=rules.department_name(one.department), is_listed=one.model == POWER_LIST,
        href=view.place.to(f"/event/{one.number}"), now=view.now,
    )  # fmt: skip
