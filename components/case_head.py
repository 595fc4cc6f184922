"""Head of one event: level, title, number, category with its clause, place, source; the one clock, explained."""

from __future__ import annotations

from datetime import datetime

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.attributes import attributes
from components.case_seen import Seen
from components.case_steps import case_steps, near
from components.chip import chip
from components.marks import seal
from components.markup import Markup, Node, element
from components.sla import Standing, standing
from components.times import dwell, remaining, stamp
from dispatch.clocks import Clock
from dispatch.event import Event
from dispatch.report import ORIGIN_NAMES
from dispatch.state import DONE, SIDE_ENDS, State
from indicators.reading import Provenance


def case_head(seen: Seen) -> list[Node]:
    """Title line with the clock, facts, stages."""
    line = [chip(seen.event.level), html.H1(seen.name, title=seen.name), *_marks(seen), html.Span(className="sp")]
    return [html.Div([*line, _clock(seen)], className="chd"), _facts(seen), case_steps(seen)]


def _marks(seen: Seen) -> list[Component]:
    event = seen.event
    told = [
        (event.state in SIDE_ENDS, event.state_name, "已结束，不再办理"),
        (event.state is State.SUSPENDED, "挂账", seen.pause_reason()),
        (event.supervised, "督办", "已列入督办"),
        (event.callers > 1, f"并 {event.callers}", f"{event.callers} 人上报同一件事"),
        (event.returns > 0, f"退回 {event.returns}", f"退单、转派、退回转交共 {event.returns} 次"),
        (event.reworks > 0, f"返工 {event.reworks}", ""),
        (event.extensions > 0, f"延期 {event.extensions}", ""),
        (event.urged > 0, f"催办 {event.urged}", ""),
        (event.reopenings > 0, f"重开 {event.reopenings}", ""),
    ]
    return [html.I(words, className="tg3", title=why) for holds, words, why in told if holds]


def _facts(seen: Seen) -> Component:
    event = seen.event
    category = seen.rules.categories.get(event.category)
    clause = f"权责清单 {event.category}：{category.clause}" if category else ""
    where = mask_text(event.place) or seen.rules.region_name(event.region)
    county = seen.rules.region_name(event.county)
    is_told = county in where or county == "市"
    origin = ORIGIN_NAMES.get(event.origin, event.origin)
    centre = seen.rules.region_name(event.holder)
    parts: list[Node] = [
        html.B(event.number, className="n"),
        html.Span([seen.rules.category_name(event.category), f" {event.category}"], title=clause),
        html.Span(where if is_told else f"{county} {where}", title=event.reasons.get("region", "")),
        html.Span(
            ["来源 ", origin, " ", origin_mark(event), seen.at(event.reported_at)],
            title=f"来源编号 {event.origin_id}，{stamp(event.reported_at)} 上报",
        ),
        html.Span(f"{centre}中心办理"),
    ]  # fmt: skip
    if event.lead:
        parts.append(html.Span(f"主办 {seen.rules.department_name(event.lead)}"))
    return html.P([part for one in parts for part in (one, html.I("·", className="dt"))][:-1], className="sub chf")


def origin_mark(event: Event) -> Component:
    """模 for everything of the demo city and for simulated evidence, 实 or 填 else."""
    if event.is_simulated:
        return seal(Provenance.SIMULATED)
    known = {one.value: one for one in Provenance}
    return seal(known.get(event.provenance, Provenance.LIVE))


# The clock


def _clock(seen: Seen) -> Markup:
    clock = seen.detail.clock
    told = html.Summary([_told(seen), html.Span("时限怎么算的", className="unseen")], title="时限怎么算的")
    explained = [part for one in (clock, seen.detail.case_clock) if one is not None for part in _explained(one, seen)]
    if not explained:
        return element("div", _told(seen), class_="cd")
    return element("details", [told, html.Div(explained, className="howto", **attributes(role="group"))], class_="cd")


def _told(seen: Seen) -> Component:
    event, clock = seen.event, seen.detail.clock
    if event.state is State.SUSPENDED:
        return _still("挂账", seen.pause_reason() or "时钟暂停")
    if event.state in DONE:
        late = seen.detail.case_clock is not None and seen.detail.case_clock.is_overdue(seen.now)
        return _still("超期结案" if late else "按期结案", f"{seen.at(event.closed_at)} 结案")
    if clock is None or clock.due_at is None:
        return _still(event.state_name, "不计时")
    return _running(clock, clock.due_at, seen)


def _still(big: str, small: str) -> Component:
    return html.Span([html.Span(small, className="sub"), html.B(big)], className="cdt")


def _running(clock: Clock, due: datetime, seen: Seen) -> Component:
    """剩 00:36:12, counted down by the browser from the server's clock."""
    found = standing(due, seen.now, near(clock, seen))
    used = min(1.0, clock.used(seen.now) / clock.budget) if clock.budget else 1.0
    live = attributes(data_due=due.isoformat(), data_near=str(int(near(clock, seen).total_seconds())))
    word = "超" if found is Standing.OVER else "剩"
    return html.Span(
        [
            html.Span(f"{clock.name}时限", className="sub"),
            html.B(f"{word} {remaining(abs(due - seen.now))}", className="n", role="timer", **live),
            html.Span(html.I(style={"width": f"{100 * used:.0f}%"}), className="tbar"),
        ],
        className=f"cdt {found}",
    )


def _explained(clock: Clock, seen: Seen) -> list[Component]:
    lines = list(clock.lines(seen.now))
    rows = [
        html.Tr(
            [
                html.Td(seen.at(one.start), className="n"),
                html.Td("至今" if clock.is_running and one is lines[-1] else seen.at(one.end), className="n"),
                html.Td(one.words),
                html.Td(_length(one.seconds), className="n r"),
            ]
        )
        for one in lines
    ]
    head = html.Tr([html.Th(words) for words in ("从", "到", "状态", "计入")])
    used = clock.used(seen.now)
    left = clock.budget - used
    given = f"{clock.limit}" if clock.limit else "各环节时限之和"
    words = f"时限 {given}＝{_length(clock.budget)}，已用 {_length(used)}，"
    words += f"{'还剩' if left >= 0 else '超出'} {_length(abs(left))}"
    due = f"，到期 {stamp(clock.due_at)}" if clock.due_at else "，时钟未走"
    return [
        html.H3(f"{clock.name}时限怎么算的"),
        html.P(f"{words}{due}。{_counting(clock)}", className="sub"),
        html.Table([html.Thead(head), html.Tbody(rows)], className="tb")
        if rows
        else html.P("尚未起算", className="sub"),
    ]


def _counting(clock: Clock) -> str:
    unit = str(clock.meter.unit)
    told = {
        "紧急工作时": "昼夜连续计",
        "工作时": "只计工作时间，按调休日历",
        "工作日": "只计工作日，起算日不计，按调休日历",
    }
    return f"{unit}：{told.get(unit, '')}；挂账期间不计。"


def _length(seconds: float) -> str:
    return dwell(seconds) if seconds >= 60 else "0 分"
