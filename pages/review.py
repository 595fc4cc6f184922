"""The review of a big event at `/review/<number>`: drafted from the ledger, completed by people, signed, printable."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.attributes import attributes
from components.evaluation_tools import file_links
from components.faces import block, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.review_axis import review_axis
from components.review_parts import (
    review_lines,
    review_means,
    review_orders,
    review_people,
    review_similar,
    review_stages,
    review_summary,
    review_times,
)
from components.review_words import Desk, review_begin, review_words
from components.times import CITY_TIME, stamp
from dispatch.hands import identity
from dispatch.review import Review, why_big
from dispatch.state import DONE
from pages import sources_view
from pages.panels import panel, slot
from pages.review_view import PARAMS, RIGHT, TOPICS, Reviewed, draft_in, may_sign, may_write, reviewed
from pages.shell import top
from pages.view import View

PATH = "/review"

dash.register_page(
    __name__, path_template="/review/<number>", title="复盘", name="复盘", access=RIGHT, walls=False
)  # fmt: skip


@panel("review-head", topics=["sources", *TOPICS], params=PARAMS, right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    seen = reviewed(view)
    trail = crumbs([("分拨席", seen.place.to("/desk")), (seen.number, seen.href(seen.number))], "")
    line = header("复盘", "", view.place, f"{PATH}/{seen.number}", sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("review-course", topics=TOPICS, params=PARAMS, soft_seconds=120, right=RIGHT)
def draw_course(view: View) -> Tree:
    """The event in a few sentences and on one time axis."""
    seen = reviewed(view)
    found = draft_in(view, seen)
    title = html.H1(["关于", mask_text(seen.case.event.title), "的复盘"])
    return [
        html.Div(
            [title, html.Span(seen.number, className="n mut"), html.Span(className="sp"), *_ways(view, seen)],
            className="rvh",
        ),
        *review_summary(found, why_big(seen.case)),
        review_axis(found.course),
    ]


def _ways(view: View, seen: Reviewed) -> list[Component]:
    address = f"/api/v1/events/{seen.number}/review"
    files = file_links([("经过 CSV", f"{address}?format=csv"), ("经过 XLSX", f"{address}?format=xlsx")])
    back = html.A(["事件 ", html.Kbd("E")], href=seen.href(seen.number), className="act", **attributes(data_go="event"))
    return [back, *(files if view.by.may("exports.make") else [])]


@panel("review-facts", topics=TOPICS, params=PARAMS, soft_seconds=120, right=RIGHT)
def draw_facts(view: View) -> Tree:
    """First times, stages, orders, people, means, likes."""
    seen = reviewed(view)
    found = draft_in(view, seen)
    course = found.course
    left = [*review_times(course), *review_stages(course), *review_orders(course)]
    right = [*review_means(found, seen.names, seen.href), *review_similar(found, seen.href)]
    columns = html.Div([html.Div(left), html.Div(right)], className="rv2")
    return [panel_head("数据", f"截至 {stamp(course.as_of)}"), columns, *review_people(course, seen.names)]


@panel("review-lines", topics=TOPICS, params=PARAMS, soft_seconds=120, right=RIGHT)
def draw_lines(view: View) -> Tree:
    """Every line of the ledger."""
    seen = reviewed(view)
    return review_lines(draft_in(view, seen).course, seen.names)


@panel("review-words", topics=TOPICS, params=PARAMS, soft_seconds=30, right=RIGHT, personal=True)
def draw_words(view: View) -> Tree:
    """What people write; with the forms of this viewer."""
    seen = reviewed(view)
    desk = _desk(view, seen)
    if seen.review is None or seen.shown is None:
        return review_begin(desk)
    links = [
        (f"第 {one.version} 版", seen.place.to(f"{PATH}/{seen.number}", v=str(one.version)))
        for one in seen.review.versions
    ]
    return review_words(seen.review, seen.shown, desk, seen.names, links)


def _desk(view: View, seen: Reviewed) -> Desk:
    units = [(key, one.short) for key, one in view.catalogue.departments.items()]
    writes = may_write(view, seen)
    mine = view.by.scope.departments or frozenset() if view.by.may("events.handle") else frozenset()
    measures = seen.review.now if seen.review is not None else ()
    return Desk(
        f"/api/v1/events/{seen.number}/review", writes, may_sign(view, seen), _why_not(view, seen, seen.review), units,
        frozenset(one.position for one in measures if writes or one.department in mine),
        view.now.astimezone(CITY_TIME).date(),
    )  # fmt: skip


def _why_not(view: View, seen: Reviewed, found: Review | None) -> str:
    """The same order as the domain refuses in."""
    if found is None:
        return ""
    if seen.case.event.state not in DONE:
        return "事件结案后才能签发"
    if not found.newest.lessons or not found.newest.problems:
        return "写明经验和问题后才能签发"
    last = next(one for one in reversed(found.versions) if one.act != "sign")
    return "起草人不能签发自己写的复盘，请由另一人签发" if last.account == identity(view.by) else ""


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("review-head", look="head")),
            html.Main(
                [
                    slot("review-course", [block(30, 2), block(40, 14)], look="p wide"),
                    slot("review-facts", [block(8), block(30, 20)], look="p"),
                    slot("review-words", [block(8), block(30, 20)], look="p words"),
                    slot("review-lines", [block(8), block(30, 12)], look="p wide"),
                ],
                className="review",
            ),
        ],
        className="sheet reviewpage",
    )
