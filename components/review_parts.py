"""What a review says by itself: the whole in sentences, first times with limits, stages, orders, people, likes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.faces import panel_head
from components.markup import Node
from components.people import person
from components.table import number, table
from components.times import dwell, stamp
from decisions.review_draft import Draft
from dispatch.event import LedgerRow
from dispatch.review_course import Course, Order, StageSpan
from dispatch.state import STATE_NAMES

Name = Callable[[str], str]
"""A department or centre:<region> in words."""
Href = Callable[[str], str]
"""The page of an event."""


def review_summary(found: Draft, reasons: Sequence[str]) -> list[Node]:
    """Why there is a review, and the event in a few sentences."""
    why = "；".join(reasons) or "一般事件"
    return [
        html.Ul([html.Li(one) for one in found.summary], className="rvs"),
        html.P(f"复盘依据：{why}。以下由台账自动形成，截至 {stamp(found.course.as_of)}。", className="mut"),
    ]


def review_times(course: Course) -> list[Node]:
    """四个第一时间 with what binds each."""
    cells = [
        html.Div(
            [
                html.Dt(one.name),
                html.Dd(
                    [
                        html.Span(dwell(one.seconds), className="n"),
                        html.Small([_kept(one.is_over, bool(one.limits)), one.limits or "不设时限"]),
                    ]
                ),
            ]
        )
        for one in course.times
    ]
    return [html.H2("四个第一时间"), html.Dl(cells, className="rvt")]


def _kept(is_over: bool, is_bound: bool) -> Component | None:
    words = "有环节超时 " if is_over else "未超时 "
    return html.B(words, className="bad" if is_over else "") if is_bound else None


def review_stages(course: Course) -> list[Node]:
    """Every stretch with its limit and what it cost beyond."""
    rows = [_stage(one) for one in course.stages]
    late = course.late
    note = f"超时 {len(late)} 个环节，共 {dwell(sum(one.over for one in late))}" if late else "均在时限内"
    columns = ("环节", "轮次→", "起", "止", "用时→", "时限", "超出→")
    return [html.H2(["环节与时限 ", html.Small(note, className="mut")]), table(columns, rows, "各环节用时和时限")]


def _stage(one: StageSpan) -> Component:
    over = html.Td(dwell(one.over), className="n r bad") if one.over else number("—")
    cells = [
        html.Th(one.name, scope="row"), number(str(one.turn)), html.Td(stamp(one.start)[5:], className="n"),
        html.Td(stamp(one.end)[5:] if one.end else "未完", className="n"), number(dwell(one.used)),
        html.Td(str(one.limit) if one.limit else "—"), over,
    ]  # fmt: skip
    return html.Tr(cells)


def review_orders(course: Course) -> list[Node]:
    """批示, 督办, 催办 with the first act that followed."""
    if not course.orders:
        return [html.H2("批示督办"), html.P("没有批示、督办、催办。", className="sub")]
    rows = [html.Li(_order(one)) for one in course.orders]
    open_ = sum(one.answer is None for one in course.orders)
    note = f"{len(rows)} 次" + (f"，{open_} 次之后没有办理" if open_ else "，均有办理")
    return [html.H2(["批示督办 ", html.Small(note, className="mut")]), html.Ul(rows, className="rvo")]


def _order(one: Order) -> list[Node]:
    note = f"：{mask_text(one.row.note)}" if one.row.note else ""
    said = html.P([html.B(f"{one.name} {stamp(one.row.at)[5:]} "), f"{person(one.row.actor)}{note}"])
    if one.answer is None:
        return [said, html.P("此后尚无办理", className="bad")]
    told = mask_text(one.answer.note) or mask_text(one.answer.said)
    return [said, html.P(f"{dwell(one.seconds)}后，{person(one.answer.actor)}：{told}", className="sub")]


def review_people(course: Course, name: Name) -> list[Node]:
    """Who did what, from when to when."""
    rows = [
        html.Tr(
            [
                html.Th(person(one.name), scope="row"), html.Td(name(one.department) if one.department else "中心"),
                number(str(one.acts)), html.Td("、".join(one.did), className="clip2"),
                html.Td(f"{stamp(one.first)[5:]} 至 {stamp(one.last)[5:]}", className="n"),
            ]
        )
        for one in course.actors
    ]  # fmt: skip
    return [html.H2("参与人员"), table(("姓名", "单位", "步数→", "办理", "起止"), rows, "谁做了什么")]


def review_means(found: Draft, name: Name, href: Href) -> list[Node]:
    """Deliveries, merged reports, teams, files, steps of the plan."""
    told = found.course.told
    sent, missed = sum(one.sent for one in told), [one for one in told if one.failed or one.waiting]
    lines: list[Node] = [html.Li(f"通知 {len(told)} 个单位，送达 {sent} 次" + ("，全部送达" if not missed else ""))]
    lines += [
        html.Li(f"{name(one.recipient)}：失败 {one.failed}，未送达 {one.waiting}", className="bad") for one in missed
    ]
    lines.append(html.Li([f"{found.course.case.event.callers} 人反映", *_merged(found, href)]))
    lines.append(html.Li(f"处置队伍：{'、'.join(found.teams)}" if found.teams else "处置队伍：没有记录"))
    lines.append(html.Li(f"照片、附件 {found.files} 个；预案步骤完成 {found.steps_done} / {found.steps}"))
    return [html.H2("通知与投入"), html.Ul(lines, className="rvs")]


def _merged(found: Draft, href: Href) -> list[Node]:
    if not found.merged:
        return ["，没有并入其他事件"]
    made: list[Node] = [f"，并入 {len(found.merged)} 件："]
    for at, one in enumerate(found.merged):
        made += ["、" if at else "", html.A(one.number, href=href(one.number), title=one.title)]
    return made


def review_similar(found: Draft, href: Href) -> list[Node]:
    """How it compares with those that were like it."""
    if not found.similar:
        return [html.H2("同类比较"), html.P("没有可比的已结案事件。", className="sub")]
    rows = [
        html.Tr(
            [
                html.Th(html.A(one.title, href=href(one.number)), scope="row"), number(f"{one.days_ago} 天前"),
                number(f"{one.hours:.1f} 时" if one.hours is not None else "—"), html.Td(one.ended), html.Td(one.why),
            ]
        )
        for one in found.similar
    ]  # fmt: skip
    own = f"本件 {found.hours:.1f} 时" if found.hours is not None else "本件未结案"
    usual = f"，同类中位数 {found.usual_hours:.1f} 时" if found.usual_hours is not None else ""
    columns = ("事件", "时间→", "立案到结案→", "结果", "相似之处")
    return [html.H2(["同类比较 ", html.Small(own + usual, className="mut")]), table(columns, rows, "同类事件")]


def review_lines(course: Course, name: Name) -> list[Node]:
    """The whole ledger, oldest first, numbered as in the drawing."""
    rows = [_line(row, name) for row in course.case.ledger]
    head = panel_head("经过", f"{len(rows)} 步")
    return [head, table(("序号→", "时间", "办理", "单位、人员", "情况", "办后状态"), rows, "事件经过")]


def _line(row: LedgerRow, name: Name) -> Component:
    who = "，".join(word for word in (name(row.department) if row.department else "", person(row.actor)) if word)
    cells = [
        number(str(row.seq)), html.Td(stamp(row.at)[5:], className="n"), html.Th(mask_text(row.said), scope="row"),
        html.Td(who), html.Td(mask_text(row.note), className="nt3"), html.Td(STATE_NAMES[row.state]),
    ]  # fmt: skip
    return html.Tr(cells)
