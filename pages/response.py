"""Response levels at `/response`: what is in force, the form of whoever may command, the ledger, the kinds of plans."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component
from sqlalchemy import select

from components.faces import panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.response import PATH, Offer, adjust_form, history, in_force, plans_table, start_form
from database.dispatch_tables import events
from decisions.warnings import in_force as warnings_in_force
from dispatch.events import visible
from dispatch.hands import identity
from dispatch.loop_queries import titled
from dispatch.responses import LEVELS_OF, may_command, plans_of
from dispatch.stage import LEVEL_NAMES
from dispatch.state import OPEN
from pages import sources_view
from pages.panels import panel, slot
from pages.response_view import RESPONSES, courses_in_view, rules_in_view, shown
from pages.shell import top
from pages.view import View

RIGHT = "events.view"
MOST_BASES = 20

dash.register_page(__name__, path=PATH, title="应急响应", name="应急响应", access=RIGHT, walls=False)


@panel("response-head", topics=["sources"], right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    return html.Div(header("应急响应", "", view.place, PATH, sources_view.count(view), trail), className="head")


@panel("response-now", topics=[RESPONSES], right=RIGHT, personal=True, soft_seconds=60)
def draw_now(view: View) -> Tree:
    """What is in force or proposed; of this person, because the forms are."""
    found = [shown(view, one) for one in courses_in_view(view) if one.level or one.asked]
    offer = _offer(view)
    return in_force(
        found, view.now,
        [adjust_form(one, offer) if may_command(view.by, one.course.region) else None for one in found],
    )  # fmt: skip


@panel("response-start", topics=[RESPONSES, "warnings:{world}"], right=RIGHT, personal=True, soft_seconds=60)
def draw_start(view: View) -> Tree:
    """The form, or who may start one."""
    offer = _offer(view)
    if not offer.regions:
        return [panel_head("启动响应"), html.P("由市指挥长和县区领导按本级预案启动；您可以查看台账。", className="mut")]
    return [panel_head("启动响应", "理由、依据、时间和本人姓名记入台账，不可修改"), start_form(offer)]


@panel("response-history", topics=[RESPONSES], right=RIGHT, soft_seconds=60)
def draw_history(view: View) -> Tree:
    """The ledger."""
    return history([shown(view, one) for one in courses_in_view(view) if one.steps], view.now)


@panel("response-plans", topics=["catalogue"], right=RIGHT, soft_seconds=3600)
def draw_plans(view: View) -> Tree:
    """Kinds of plans and what grades them."""
    rules = rules_in_view(view)
    rows = [(plan.name, rules.department_name(plan.lead), plan.source) for plan in plans_of(rules).values()]
    return plans_table(rows, rules.rules.responses_two_people)


def _offer(view: View) -> Offer:
    plans = [(plan.key, plan.name) for plan in plans_of(rules_in_view(view)).values()]
    regions = [
        (code, region.name) for code, region in view.catalogue.regions.items()
        if region.kind in LEVELS_OF and may_command(view.by, code)
    ]  # fmt: skip
    return Offer(view.world.value, plans, regions, _bases(view) if regions else [], identity(view.by))


def _bases(view: View) -> list[tuple[str, str]]:
    """Warnings in force and grave events, to be chosen from."""
    found = warnings_in_force(view.connection, view.by, world=view.world.value)[:MOST_BASES]
    names = view.catalogue.regions
    told = [
        (f"warning:{one.id}", f"预警 {names[one.region].short} {one.name}{LEVEL_NAMES[int(one.level)]}色")
        for one in found if one.level is not None and one.region in names
    ]  # fmt: skip
    c = events.c
    query = select(c.number, c.title, c.level).where(
        c.world == view.world.value, visible(view.by), c.state.in_(OPEN), c.level.in_((1, 2, 3))
    )
    for row in view.connection.execute(query.order_by(c.level, c.id.desc()).limit(MOST_BASES)):
        told.append((f"event:{row.number}", f"事件 {titled(row.title)[:24]}（{LEVEL_NAMES[row.level]}）"))
    return told


def layout(**_: str) -> Component:
    """What holds and the form side by side, the ledger below."""
    return html.Div(
        [
            top(slot("response-head", look="head"), PATH),
            html.Main(
                [slot("response-now", look="p"), slot("response-start", look="p"),
                 slot("response-history", look="p whole"), slot("response-plans", look="p whole")],
                className="two respage",
            ),
        ],
        className="sheet",
    )  # fmt: skip
