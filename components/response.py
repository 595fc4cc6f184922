"""Response levels: the line on top of every page, what is in force, the ledger, the form that commands a level."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.faces import empty, panel_head
from components.form import choice, form, submit
from components.markup import Markup, Node, Tree, element
from components.times import age, stamp, when
from dispatch.response import ACT_NAMES, NUMERALS, Course, Step, level_words

PATH = "/response"
COMMAND, CONFIRM = "/api/v1/responses", "/api/v1/responses/confirm"
COLOURS = {1: "特别重大", 2: "重大", 3: "较大", 4: "一般"}


@dataclass(frozen=True)
class Shown:
    """A course with the names of its plan and region. `basis_href` leads to what its last step rests on."""

    course: Course
    plan: str
    region: str
    basis: str
    basis_href: str = ""
    simulated: bool = False
    reasons: Sequence[str] = field(default_factory=tuple)
    """Of each step, masked."""


@dataclass(frozen=True)
class Offer:
    """What the form of one who may command offers: (value, words) of plans, regions, bases."""

    world: str
    plans: Sequence[tuple[str, str]]
    regions: Sequence[tuple[str, str]]
    bases: Sequence[tuple[str, str]]
    account: str = ""


def banner(shown: Sequence[Shown], below: Sequence[Shown], now: datetime, href: str | None) -> Tree:
    """One line: the gravest first. `below`: graver levels of single counties, in the city's view. Nothing for none."""
    if not shown and not below:
        return None
    first = (*shown, *below)[0]
    level = first.course.level_at(now)
    parts = [_told(first, now), *(_brief(one, now) for one in shown[1:])]
    parts += [_brief(one, now, with_region=True) for one in below if one is not first]
    mark = html.I("模拟", className="sample") if any(one.simulated for one in (*shown, *below)) else None
    inside = [*parts, html.Span(className="sp"), mark]
    look = attributes(data_response=str(level), aria_label="应急响应")
    if href is None:
        return html.Div(inside, className=f"rb r{level}", role="status", **look)
    return html.A(inside, href=href, className=f"rb r{level}", **look)


def _told(one: Shown, now: datetime) -> Component:
    level, since = one.course.level_at(now), one.course.since(now)
    words = f"{one.region} · {when(since, now)} 起 · 依据 {one.basis}"
    return html.Span(
        [chip(level, level_words(level)), html.B(f"{one.plan}应急响应"), html.Span(words, className="w")],
        className="rm",
    )


def _brief(one: Shown, now: datetime, *, with_region: bool = False) -> Component:
    level = one.course.level_at(now)
    name = f"{one.region} {one.plan}" if with_region else one.plan
    return html.Span([chip(level, level_words(level)), html.B(name)], className="rs")


def in_force(rows: Sequence[Shown], now: datetime, adjust: Sequence[Component | None]) -> list[Tree]:
    """Everything in force or proposed, each with its way to be adjusted."""
    head = panel_head("在执行的响应", f"{sum(one.course.level_at(now) > 0 for one in rows)} 项")
    if not rows:
        return [head, empty("当前没有在执行的应急响应", "启动后各页面顶部显示，大屏同步；终止后不占位置")]
    return [head, html.Ul([_row(one, now, form) for one, form in zip(rows, adjust, strict=True)], className="rl")]


def _row(one: Shown, now: datetime, adjust: Component | None) -> Component:
    course = one.course
    if course.asked is not None:
        return html.Li([*_asked(one, now), adjust])
    last = course.steps[-1]
    began = course.began_at or now
    basis: Node = html.A(one.basis, href=one.basis_href) if one.basis_href else one.basis
    facts = [
        f"{stamp(last.at)} {ACT_NAMES[last.act]}，已执行 {age(now - began)}；{last.role} {last.actor}；依据 ",
        basis,
    ]
    head = [
        chip(course.level, level_words(course.level)), html.B(f"{one.plan}应急响应"), html.Span(one.region),
        html.I("模拟", className="pv m") if one.simulated else None,
    ]  # fmt: skip
    reason = one.reasons[-1] if one.reasons else ""
    return html.Li([html.Div(head, className="hd"), html.P(facts, className="sub"), html.P(reason), adjust])


def _asked(one: Shown, now: datetime) -> list[Component]:
    step = one.course.asked
    if step is None:
        return []
    words = (
        f"{step.role} {step.actor} {when(step.recorded_at, now)} 报请{level_words(step.level)}，等另一名有权人员确认"
    )
    present = one.course.level
    head = [
        chip(0, "报请"), html.B(f"{one.plan}应急响应"), html.Span(one.region),
        html.Span(f"现为{level_words(present)}" if present else "尚未启动", className="mut"),
    ]  # fmt: skip
    return [html.Div(head, className="hd"), html.P(words, className="sub"), html.P(step.reason)]


def history(rows: Sequence[Shown], now: datetime) -> Tree:
    """Past and present, newest first: who, when, why, how long; every step unfolds."""
    head = panel_head("台账", "只增不改，按启动时间倒序")
    if not rows:
        return [head, empty("没有记录", "启动过的响应在此列出，含已终止的")]
    titles = html.Tr([html.Th(words) for words in ("预案", "区域", "最高", "启动", "终止", "历时", "经过")])
    lines = [_line(one, now) for one in rows]
    table = html.Table([html.Thead(titles), html.Tbody(lines)], className="tb rh")
    return [head, html.Div(table, className="wrap", tabIndex="0", role="region", **attributes(aria_label="响应台账"))]


def _line(one: Shown, now: datetime) -> Component:
    course = one.course
    began, ended = course.began_at or now, course.ended_at
    steps = html.Details(
        [
            html.Summary(f"{len(course.steps)} 步"),
            html.Ol([_step(*pair) for pair in zip(course.steps, one.reasons, strict=True)]),
        ]
    )
    mark = html.I("模拟", className="pv m") if one.simulated else None
    return html.Tr(
        [
            html.Th([one.plan, " ", mark]), html.Td(one.region),
            html.Td(chip(course.gravest, level_words(course.gravest))), html.Td(stamp(began), className="mt"),
            html.Td(stamp(ended) if ended else html.B("在执行"), className="mt"),
            html.Td(age((ended or now) - began), className="mt"), html.Td(steps),
        ]
    )  # fmt: skip


def _step(step: Step, reason: str) -> Component:
    who = f"{step.role} {step.actor}" + ("（两人确认）" if step.asked else "")
    told = ACT_NAMES[step.act] + (level_words(step.level) if step.level else "")
    late = f"（{stamp(step.recorded_at)} 登记）" if (step.recorded_at - step.at).total_seconds() > 60 else ""
    why = f"依据 {step.basis.words}；{reason}"
    return html.Li([html.B(f"{stamp(step.at)} {told}"), html.Span(f"{who}{late}", className="sub"), html.Span(why)])


def start_form(offer: Offer) -> Component:
    """A new response. The level is typed a second time."""
    fields = [
        choice("plan", "预案", offer.plans), choice("region", "区域", offer.regions), _levels(None),
        *_grounds(offer), *_hidden(world=offer.world),
    ]  # fmt: skip
    return form(fields, [submit("启动响应", COMMAND, primary=True)])


def adjust_form(one: Shown, offer: Offer) -> Component:
    """Raise, lower or end what is in force; or confirm what somebody else proposed."""
    course = one.course
    known = _hidden(world=offer.world, plan=course.plan, region=course.region, version=str(course.version))
    if course.asked is not None:
        own = course.asked.account == offer.account
        button = submit("确认生效", CONFIRM, decision="confirm", primary=True)
        return form(known, [html.Span("由另一名有权人员确认", className="mut") if own else button])
    fields = [_levels(course.level), *_grounds(offer), *known]
    inside = form(fields, [submit("调整或终止", COMMAND, primary=True)])
    return html.Details([html.Summary("调整或终止"), inside], className="adj")


def _levels(present: int | None) -> Component:
    rising = [(str(level), f"{NUMERALS[level]}级（{COLOURS[level]}）") for level in (4, 3, 2, 1) if level != present]
    return choice("level", "级别", rising if present is None else [("0", "终止"), *rising])


def _grounds(offer: Offer) -> list[Component | Markup]:
    typed = element(
        "input", name="typed", required=True, maxlength=12, autocomplete="off", placeholder="Ⅳ级、4 或 终止"
    )
    moment = element("input", name="at", type="datetime-local")
    paper = element("input", name="document", maxlength=100, autocomplete="off", placeholder="如 潮汛〔2026〕12号")
    why = html.Textarea(name="reason", required=True, rows=2, maxLength=300, placeholder="为什么启动、调整或终止")
    return [
        choice("basis", "依据", [*offer.bases, ("document", "文件，文号填在右侧")]), html.Label(["文号", paper]),
        html.Label(["生效时间（不填为此刻）", moment]), html.Label(["理由", why], className="full"),
        html.Label(["再次键入级别以确认", typed]),
    ]  # fmt: skip


def _hidden(**values: str) -> list[Markup]:
    return [element("input", type="hidden", name=name, value=value) for name, value in values.items()]


def plans_table(rows: Sequence[tuple[str, str, str]], two_people: bool) -> list[Tree]:
    """The kinds of plans: name, lead, what grades them."""
    note = "启动、调整须两名有权人员" if two_people else "由本级有权人员一人启动，须再次键入级别"
    titles = html.Tr([html.Th(words) for words in ("预案", "牵头单位", "分级依据")])
    lines = [html.Tr([html.Th(name), html.Td(lead), html.Td(source)]) for name, lead, source in rows]
    table = html.Table([html.Thead(titles), html.Tbody(lines)], className="tb")
    wrapped = html.Div(table, className="wrap", tabIndex="0", role="region", **attributes(aria_label="预案种类"))
    return [panel_head("预案种类", note), wrapped]
