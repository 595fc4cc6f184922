"""The roster of one unit: persons with masked numbers, who comes next, and the forms of those who keep it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.duty import gap_line, hour, line_of
from components.faces import empty, panel_head
from components.form import choice, form, submit, text_field
from components.markup import Markup, Node, Tree, element
from components.times import stamp
from dispatch.duty import POST_NAMES, Shift, Standing, TakenFile

ENTER, IMPORT = "/api/v1/duty", "/api/v1/duty/import"
MOST_HELD = 12


@dataclass(frozen=True)
class Roster:
    """One unit as one person may see it. `mobiles` are masked, by ref; empty for who may not ask for them."""

    standing: Standing
    coming: Sequence[Shift]
    mobiles: Mapping[str, str]
    may_reveal: bool
    may_edit: bool
    world: str
    simulated: bool


def unit_panel(one: Roster, now: datetime) -> list[Tree]:
    """Head, persons, gaps, forms."""
    unit = one.standing.unit
    parts: list[Tree] = [panel_head(unit.name, "模拟" if one.simulated else "")]
    parts.append(html.P(["值班电话 ", line_of(one.standing.office, unit.name) or "未登记"]))
    if not one.standing.now and not one.coming:
        parts.append(empty("没有值班表", "导入本单位的值班表，或逐班登记"))
    parts.append(html.Ul([_person(shift, one, now) for shift in (*one.standing.now, *one.coming)], className="dutyu"))
    parts += [gap_line(gap, now) for gap in one.standing.gaps]
    if one.may_reveal and one.mobiles:
        parts.append(_reveal(one))
    if one.may_edit:
        parts += [_import(one), _enter(one)]
    return parts


def _person(shift: Shift, one: Roster, now: datetime) -> Component:
    span = f"{hour(shift.begins_at, now)} 至 {hour(shift.ends_at, now)}"
    told = f"{shift.said}，{shift.allowed_by}同意" if shift.origin == "swap" else ""
    head: list[Node] = [
        html.Small(POST_NAMES[shift.post]), html.B(shift.name), html.Span(span, className="mut"),
        html.Span(one.mobiles.get(shift.ref, ""), className="n"),
    ]  # fmt: skip
    parts: list[Node] = [html.Div(head, className="dh1"), html.P(told, className="sub") if told else None]
    if one.may_edit and shift.ends_at > now:
        parts.append(_change(shift))
    return html.Li(parts, className="on" if shift.holds(now) else "")


def _change(shift: Shift) -> Component:
    swap = form(
        [
            text_field("name", "换成谁"), _line("mobile", "手机"), text_field("reason", "原因"),
            text_field("allowed_by", "由谁同意", hint="带班领导姓名"),
        ],
        [submit("换班", f"{ENTER}/{shift.ref}/swap", primary=True)],
    )  # fmt: skip
    strike = form([text_field("reason", "撤销原因")], [submit("撤销这一班", f"{ENTER}/{shift.ref}/strike")])
    return html.Details([html.Summary("换班或撤销"), swap, strike], className="adj")


def _reveal(one: Roster) -> Component:
    """One mobile number for a reason that goes on record; drawn away after a minute (assets/96-case-4-acts.js)."""
    known = [shift for shift in (*one.standing.now, *one.coming) if shift.ref in one.mobiles]
    options = [
        html.Option(f"{POST_NAMES[shift.post]} {shift.name} {one.mobiles[shift.ref]}", value=f"duty {shift.ref}")
        for shift in known
    ]
    who = html.Label([html.Span("查看手机号"), html.Select(options, name="object")], className="fl2")
    why = element("input", name="reason", required=True, maxlength=200, autocomplete="off", placeholder="如：通知到岗")
    reason = html.Label([html.Span("理由（记入审计，不少于 4 个字）"), why], className="fl2")
    send = html.Button("查看", type="submit", className="act pri")
    said = html.Div(className="said2", role="status", **attributes(aria_live="polite"))
    hidden = element("input", type="hidden", name="field", value="mobile")
    marks = attributes(data_reveal="true", data_action="duty", aria_label="查看手机号")
    return html.Form([who, reason, hidden, html.Div([send, said], className="fb")], className="cf dutyr", **marks)


def _enter(one: Roster) -> Component:
    posts = [(key, words) for key, words in POST_NAMES.items()]
    fields: list[Component | Markup] = [
        choice("post", "岗位", posts), text_field("name", "姓名"), _moment("begins_at", "起"), _moment("ends_at", "止"),
        _line("office", "值班电话"), _line("mobile", "手机"), _hidden("unit", one.standing.unit.key),
        _hidden("world", one.world),
    ]  # fmt: skip
    inside = form(fields, [submit("登记", ENTER, primary=True)])
    return html.Details([html.Summary("登记一个班次"), inside], className="adj")


def _import(one: Roster) -> Component:
    """Sent by `assets/98-duty.js`; every row is answered."""
    file = element("input", type="file", name="file", required=True, accept=".csv,.xlsx,.txt", aria_label="值班表文件")
    month = element("input", type="month", name="month", aria_label="年月，表中没有时填")
    send = html.Button("导入", type="submit", className="act pri")
    said = html.Div(className="said", role="status", **attributes(aria_live="polite"))
    marks = attributes(data_roster=IMPORT, data_unit=one.standing.unit.key, data_world=one.world)
    note = html.P("CSV 或 Excel：至少有日期和带班领导、值班员中的一列；合并表头、按月一张均可", className="sub")
    inside = html.Form([file, html.Label(["年月（表中没有时填）", month]), send, said], className="dutyi", **marks)
    return html.Details([html.Summary("导入值班表"), note, inside], className="adj")


def _line(name: str, label: str) -> Component:
    field = element("input", name=name, type="tel", inputmode="tel", maxlength=24, autocomplete="off")
    return html.Label([label, field])


def _moment(name: str, label: str) -> Component:
    return html.Label([label, element("input", name=name, type="datetime-local", required=True)])


def _hidden(name: str, value: str) -> Markup:
    return element("input", type="hidden", name=name, value=value)


def files_panel(rows: Sequence[TakenFile], names: Mapping[str, str]) -> list[Tree]:
    """The newest files: how many rows were taken, and why the others were not."""
    head = panel_head("导入记录", "每一行都有结果")
    if not rows:
        return [head, empty("还没有导入过值班表", "导入后逐行列出采纳、未变和未采纳及理由")]
    return [head, html.Ul([_file(one, names.get(one.unit, one.unit)) for one in rows], className="dutyf")]


def _file(one: TakenFile, unit: str) -> Component:
    counts = f"{stamp(one.at)} · {one.rows} 行：采纳 {one.taken}，未变 {one.unchanged}，未采纳 {len(one.held)}"
    shown = [html.Li(f"第 {line} 行：{why}") for line, why in one.held[:MOST_HELD]]
    more = len(one.held) - len(shown)
    rest = html.Li(f"其余 {more} 行") if more > 0 else None
    held = html.Details([html.Summary("未采纳的行"), html.Ol([*shown, rest])])
    return html.Li([html.B(f"{unit} {one.name}"), html.Span(counts, className="sub"), held if one.held else None])
