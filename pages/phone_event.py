"""One event on the phone: facts, stages, photos, course; and what a leader does with it, 批示 and 督办, in two taps."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from dash import html
from dash.development.base_component import Component

from access.actor import OutOfScope
from access.personal import mask_text
from components.attributes import attributes
from components.case_acts import Act, Bar, case_acts
from components.case_course import case_course
from components.case_files import case_files
from components.case_seen import Seen
from components.case_steps import case_steps
from components.chip import chip
from components.faces import empty
from components.markup import Tree
from components.phone_parts import card
from components.place import Place
from components.sla import sla
from components.times import when
from dispatch.state import Action
from pages.case_forms import bar_in
from pages.case_view import seen_in
from pages.view import Refused, View

LEADS = (Action.INSTRUCT, Action.SUPERVISE)
"""What a leader does, in this order, before everything else that is legal."""


def report_link(view: View) -> Component | None:
    """The way to a new report, for whoever may report."""
    if not view.by.may("events.report"):
        return None
    return html.Div(html.A("上报事件", href=view.place.to("/report"), className="btn pri"), className="bt")


def draw_event(view: View) -> Tree:
    """What everybody with the same scope and rights sees."""
    if not view.by.may("events.view"):
        raise Refused("无权查看事件")
    try:
        seen = seen_in(view, whole=True)
    except OutOfScope as lost:
        raise Refused("没有这个事件，或无权查看") from lost
    if seen is None:
        return empty("未选择事件", "在“事件”栏中选一件")
    event = seen.event
    state = "模拟 · " + event.state_name if event.provenance == "simulated" else event.state_name
    files = case_files(replace(seen, reporter={}, may_reveal=False))
    return [
        card(mask_text(event.title), state, [_facts(seen, view.place)]),
        card("环节", "", [html.Div(case_steps(seen), className="case")]),
        html.Section(html.Div(files, className="case"), className="pc"),
        html.Section(html.Div(case_course(seen), className="case"), className="pc"),
    ]


def _facts(seen: Seen, place: Place) -> Component:
    event, clock = seen.event, seen.detail.clock
    due = sla(clock.due_at, seen.now) if clock is not None and clock.due_at is not None else "不计时"
    where = " ".join(dict.fromkeys((seen.rules.region_name(event.region), mask_text(event.place))))
    pairs = (
        ("等级", chip(event.level)),
        ("诉求", mask_text(event.description) or "—"),
        ("地点", where.strip()),
        ("主办", seen.rules.department_name(event.lead) or "待派遣"),
        ("时限", due),
        ("上报", when(event.reported_at, seen.now)),
        ("编号", html.A(event.number, href=place.event(event.number), className="num")),
    )
    return html.Dl([part for name, value in pairs for part in (html.Dt(name), html.Dd(value))], className="facts")


def draw_acts(view: View) -> Tree:
    """The buttons of this very person; nothing where he may not act."""
    if not (view.params.get("event") and view.by.may("events.view") and view.by.kind == "person"):
        return None
    try:
        seen = seen_in(view, whole=True)
    except OutOfScope:
        return None
    if seen is None:
        return None
    bar = leading(bar_in(view, seen)) if view.by.may("events.supervise") else bar_in(view, seen)
    if not any(not act.why_not for act in _all(bar)):
        return None
    acts = html.Div(case_acts(seen, bar, view.by.user or view.by.name), className="case")
    return html.Section(acts, className="pc pacts", **attributes(aria_label="办理"))


def leading(bar: Bar) -> Bar:
    """批示 large, 督办 beside it, the rest below; the letters of the desk mean nothing here."""
    acts = [replace(act, key="") for act in _all(bar)]
    first = [act for wanted in LEADS for act in acts if act.action == wanted]
    rest = tuple(act for act in acts if act not in first)
    usual = [act for act in rest if bar.primary is not None and act.action == bar.primary.action and not act.why_not]
    shown = [*first, *usual]
    others = tuple(act for act in rest if act not in usual and not act.why_not)
    return Bar(shown[0] if shown else None, tuple(shown[1:]), others)


def _all(bar: Bar) -> list[Act]:
    return list({act.action: act for act in _parts(bar)}.values())


def _parts(bar: Bar) -> Iterator[Act]:
    if bar.primary is not None:
        yield bar.primary
    yield from bar.keyed
    yield from bar.others
