"""民意热点 at `/messages`: what many people call about, where it surges, what waits for a person, how routing does."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component
from sqlalchemy import func, select

from components.faces import block, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.message_issues import IssueLine, issue_detail, issue_list, no_issue_chosen
from components.message_state import state_line
from components.message_surges import SurgeCard, surge_list
from database.dispatch_tables import events
from decisions.issues import HotIssue
from decisions.joint_event import joint_of
from decisions.message import Place
from decisions.proposals import waiting
from decisions.surge_places import surges_now
from dispatch.events import in_region, visible
from dispatch.report import PUBLIC
from pages import messages_routing, sources_view  # noqa: F401 -- messages_routing registers its panels
from pages.messages_view import (
    EVENTS,
    FINDINGS,
    PARAMS,
    PATH,
    RIGHT,
    WINDOWS,
    asked,
    chosen,
    issues_in_view,
    link,
    rules_of,
    windows,
)
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View
from pages.warnings_view import place as place_name

dash.register_page(__name__, path=PATH, title="民意热点", name="民意热点", access=RIGHT)


@panel("messages-head", topics=["sources"], right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    line = header("民意热点", "群众诉求的热点、突增、分派与成绩", view.place, PATH, sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("messages-state", topics=[EVENTS, FINDINGS], params=["days"], soft_seconds=30, right=RIGHT)
def draw_state(view: View) -> Tree:
    """How much came in, what of it is hot, and the window."""
    found = issues_in_view(view)
    told = [
        (str(_messages(view)), "群众诉求"),
        (str(len(found.found)), "热点"),
        (str(len(_surges(view))), "时空突增"),
        (str(len(waiting(view.connection, view.by, world=view.world.value))), "待人工确认类别"),
    ]
    return state_line(told, windows(view), found.made_at, view.now)


@panel("messages-surges", topics=[EVENTS], soft_seconds=60, right=RIGHT)
def draw_surges(view: View) -> Tree:
    """Places where more came in during the last hours than those hours of past weeks explain."""
    cards = [_card(view, one) for one in _surges(view)]
    return [panel_head("时空突增", "与往周同一星期几、同时段相比"), surge_list(cards, view.now)]


@panel("messages-issues", topics=[EVENTS, FINDINGS], params=PARAMS, soft_seconds=60, right=RIGHT)
def draw_issues(view: View) -> Tree:
    """The hot issues of the window, the hottest first."""
    found = issues_in_view(view)
    here = chosen(view, found)
    lines = [_line(view, one, is_chosen=one is here) for one in found.found]
    words = f"{len(lines)} 个，搜索了近 35 天 {found.looked_at:,} 件诉求" if found.looked_at else f"{len(lines)} 个"
    return [panel_head("热点问题", words if found.made_at else ""), issue_list(lines, found.made_at, view.now)]


@panel("messages-detail", topics=[EVENTS, FINDINGS], params=PARAMS, soft_seconds=60, right=RIGHT)
def draw_detail(view: View) -> Tree:
    """The issue the address names: course, a usual week beside it, every message."""
    found = chosen(view, issues_in_view(view))
    if found is None:
        return no_issue_chosen(is_named=asked(view).issue is not None, window=WINDOWS[str(asked(view).days)])
    return issue_detail(_line(view, found, is_chosen=True), found, view.now, may_join=view.by.may("events.dispatch"))


def _line(view: View, one: HotIssue, *, is_chosen: bool) -> IssueLine:
    return IssueLine(
        issue=one, place=one.place, county=place_name(view, one.members[0].county),
        category=rules_of(view).category_name(one.category) if one.category else "未分类",
        href=link(view, issue=one.key), is_chosen=is_chosen, world=view.world.value,
        joint=joint_of(view.connection, view.by, one.members), event_href=lambda number: _event(view, number),
    )  # fmt: skip


def _event(view: View, number: str) -> str:
    return view.place.to(f"/event/{number}")


def _card(view: View, one: Place) -> SurgeCard:
    return SurgeCard(
        place=one, may_join=view.by.may("events.dispatch"), joint=joint_of(view.connection, view.by, one.members),
        event_href=lambda number: _event(view, number),
    )  # fmt: skip


def _surges(view: View) -> list[Place]:
    return surges_now(
        view.connection, rules_of(view), view.by, world=view.world.value, region=view.region, now=view.now
    )


def _messages(view: View) -> int:
    """Messages of the public in the window."""
    c = events.c
    within = None if view.region == view.catalogue.city.code else rules_of(view).within(view.region)
    query = select(func.count()).where(
        visible(view.by), c.world == view.world.value, c.origin.in_(sorted(PUBLIC)),
        c.reported_at > view.now - asked(view).span, c.reported_at <= view.now, in_region(view.region, within),
    )  # fmt: skip
    return int(view.connection.execute(query.select_from(events)).scalar_one())


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("messages-head", look="head"), PATH),
            html.Main(
                [
                    slot("messages-state", [block(40, 2)], look="p wide"),
                    html.Div(
                        [
                            slot("messages-surges", [block(8), block(30, 6)], look="p"),
                            slot("messages-issues", [block(8), block(30, 20)], look="p"),
                        ],
                        className="side",
                    ),
                    slot("messages-detail", [block(8), block(30, 24)], look="p"),
                    html.Div(
                        [
                            slot("messages-waiting", [block(8), block(24, 8)], look="p"),
                            slot("messages-record", [block(8), block(24, 12)], look="p"),
                        ],
                        className="side",
                    ),
                ],
                className="msgs",
            ),
        ],
        className="sheet",
    )
