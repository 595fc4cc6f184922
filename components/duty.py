"""Who is on duty: the small panel with one press to call, the table of all units, the wall's list without numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.faces import empty, panel_head
from components.markup import Node, Tree
from components.times import CITY_TIME
from dispatch.duty import POST_NAMES, Gap, Shift, Standing

PATH = "/duty"
KINDS = {"city": "市中心", "county": "县区分中心", "zone": "功能区分中心", "department": "部门", "town": "镇街"}


@dataclass(frozen=True)
class Told:
    """A standing ready to be shown; `href` leads to the unit's roster, '' where nobody may follow."""

    standing: Standing
    href: str = ""
    near: tuple[Gap, ...] = ()
    """Gaps that are there or begin soon."""


def hour(moment: datetime, now: datetime) -> str:
    """08:00 today, 次日 08:00, else 11-24 08:00."""
    local, today = moment.astimezone(CITY_TIME), now.astimezone(CITY_TIME).date()
    days = (local.date() - today).days
    lead = {0: "", 1: "次日 "}.get(days, f"{local:%m-%d} ")
    return f"{lead}{local:%H:%M}"


def line_of(number: str, who: str) -> Component | None:
    """A telephone to press, without its extension; None without one."""
    if not number:
        return None
    plain = re.sub(r"\D", "", number.partition("转")[0])
    if len(plain) < 3:
        return html.Span(number, className="n")
    return html.A(
        number, href=f"tel:{plain}", target="_self", className="n tel", **attributes(aria_label=f"拨打{who} {number}")
    )


def people(shifts: Sequence[Shift]) -> str:
    """林海、许明; — for nobody."""
    return "、".join(one.name for one in shifts) or "—"


def duty_panel(
    rows: Sequence[Told], now: datetime, *, simulated: bool, href: str, warned: Sequence[tuple[str, Gap]] = ()
) -> list[Tree]:
    """Units with who is on, until when, one press to call. `warned`: gaps of other units, by their name."""
    more = html.A("值班表", href=href) if href else ""
    head = panel_head("值班", html.Span([html.I("模拟", className="pv m") if simulated else None, " ", more]))
    if not any(one.standing.now for one in rows):
        return [head, empty("没有值班表", "由各值班单位在“值班表”页导入或登记")]
    return [head, duty_list(rows, now), *(gap_line(gap, now, f"{name} ") for name, gap in warned)]


def duty_list(rows: Sequence[Told], now: datetime) -> Component:
    """Unit by unit: until when, the number to press, who is on, what is missing."""
    return html.Ul([_unit(one, now) for one in rows], className="dutyl")


def _unit(one: Told, now: datetime) -> Component:
    found = one.standing
    name: Node = html.A(found.unit.name, href=one.href) if one.href else found.unit.name
    parts = [html.Span([html.Small(POST_NAMES[post]), people(found.on(post))]) for post in POST_NAMES if found.on(post)]
    ends = min((shift.ends_at for shift in found.now), default=None)
    until = html.Span(f"至 {hour(ends, now)}", className="mut") if ends else html.B("无人在班")
    inside = [
        html.Div([html.B(name), until, line_of(found.office, found.unit.name)], className="dh1"),
        html.Div(parts, className="dp"),
        *(gap_line(gap, now) for gap in one.near),
    ]
    return html.Li(inside, **attributes(data_unit=found.unit.key))


def gap_line(gap: Gap, now: datetime, where: str = "") -> Component:
    """20:00至 次日 08:00 无值班员，请联系 …."""
    begins = "现在" if gap.begins_at <= now else hour(gap.begins_at, now)
    words = f"{where}{begins}至 {hour(gap.ends_at, now)} 无{POST_NAMES[gap.post]}，请联系 {gap.ask}"
    return html.P([chip(0, "空当"), words], className="gap", role="note")


def wall_duty(rows: Sequence[Standing], now: datetime, note: str, simulated: bool) -> list[Tree]:
    """Names for everybody in the hall; no number of anybody."""
    lines = [
        html.Li(
            [
                html.Span(one.unit.short, className="sub"),
                html.B(people(one.on("leader"))),
                html.Span(people(one.on("chief") or one.on("officer")), className="mut"),
            ]
        )
        for one in rows
    ]
    mark = html.I("模拟", className="pv m") if simulated else None
    return [panel_head("值守", html.Span([mark, " ", note])), html.Ul(lines, className="du")]


def duty_table(
    rows: Sequence[Told], now: datetime, sought: str, simulated: bool, link: Callable[[str], str], chosen: str
) -> list[Tree]:
    """Every unit the viewer may see. `link` leads to one unit's roster."""
    bare = sum(1 for one in rows if one.standing.gaps)
    note = f"{len(rows)} 个单位，{bare} 个 24 小时内有空当" + (" · 模拟" if simulated else "")
    head = panel_head("值班一览", note)
    if not rows:
        return [head, empty(f"没有找到“{sought}”" if sought else "没有可看的值班单位", "可按单位、姓名或拼音查找")]
    titles = ["单位", *POST_NAMES.values(), "值班电话", "至", "下一班"]
    body: list[Component] = []
    kind = ""
    for one in rows:
        if one.standing.unit.kind != kind:
            kind = one.standing.unit.kind
            body.append(html.Tr(html.Th(KINDS[kind], colSpan=len(titles), scope="colgroup"), className="grp"))
        body.append(_row(one, now, link, chosen))
    table = html.Table(
        [html.Thead(html.Tr([html.Th(words) for words in titles])), html.Tbody(body)], className="tb duty"
    )
    return [head, html.Div(table, className="wrap", tabIndex="0", role="region", **attributes(aria_label="值班一览"))]


def _row(one: Told, now: datetime, link: Callable[[str], str], chosen: str) -> Component:
    found = one.standing
    ends = min((shift.ends_at for shift in found.now), default=None)
    cells = [html.Td(_holders(found, post, now)) for post in POST_NAMES]
    following = people(found.following[:2]) if found.following else "—"
    begins = hour(found.following[0].begins_at, now) if found.following else ""
    return html.Tr(
        [
            html.Th(html.A(found.unit.name, href=link(found.unit.key))), *cells,
            html.Td(line_of(found.office, found.unit.name) or "—"),
            html.Td(hour(ends, now) if ends else "—", className="mt"),
            html.Td([html.Small(f"{begins} "), following], className="mt"),
        ],
        className="chosen" if found.unit.key == chosen else "",
        **attributes(data_row=found.unit.name),
    )  # fmt: skip


def _holders(found: Standing, post: str, now: datetime) -> list[Node]:
    """Names; or the gap where nobody is now."""
    here = found.on(post)
    if here:
        swaps = "；".join(one.said for one in here if one.origin == "swap")
        return [people(here), html.Small("换", title=swaps) if swaps else None]
    missing = next((gap for gap in found.gaps if gap.post == post and gap.begins_at <= now), None)
    if missing is None:
        return [html.Span("—", className="mut")]
    return [html.B("未报" if missing.whole else "空缺", title=f"请联系 {missing.ask}", className="gapw")]
