"""One warning in full: what was seen, against which bounds and by whose word, what was done, what can be done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.faces import panel_head
from components.form import choice, form, submit
from components.markup import Markup, Node, element
from components.people import person
from components.timeline import Act, timeline
from components.times import stamp
from components.warning_list import WarningLine, level_mark
from components.warning_spark import warning_spark

HOURS = (
    ("1", "1 小时"),
    ("4", "4 小时"),
    ("12", "12 小时"),
    ("24", "1 天"),
    ("72", "3 天"),
    ("168", "7 天"),
    ("336", "14 天"),
)
PROVENANCE = {"published": "部门发布", "live": "实时接入", "simulated": "模拟数据", "manual": "人工填报"}


@dataclass(frozen=True)
class Evidence:
    """What the rule saw. `bounds` by 红橙黄蓝, in what the rule measures; drawn only where that is the value."""

    measured: str
    value: str
    bounds: Mapping[str, float]
    bounds_words: str
    bounds_source: str
    provenance: str
    source: str
    period: str
    points: Sequence[tuple[str, float | None]]
    advice: str
    are_drawn: bool
    forecast: str = ""


@dataclass(frozen=True)
class StepLine:
    """One line of the history: what happened in words."""

    at: datetime
    act: str
    words: str
    by: str
    remark: str


@dataclass(frozen=True)
class Doing:
    """What the viewer may do, and the version that is seen."""

    version: int
    world: str
    rule: str
    region: str
    may_acknowledge: bool
    may_open_event: bool


def warning_detail(
    line: WarningLine, seen: Evidence, steps: Sequence[StepLine], facts: Sequence[tuple[str, Node]], now: datetime
) -> list[Component | Markup]:
    """Head, evidence, facts, history."""
    mark = level_mark(line.level, is_forecast=line.is_forecast, is_over=line.ended is not None)
    name, number = html.H2(f"{line.place}{line.name}"), html.Small(f"编号 {line.id}")
    title = html.Div([mark, name, html.Span(className="sp"), number], className="ph big")
    drawn = warning_spark(seen.points, seen.bounds if seen.are_drawn else {}, f"{line.name} 近期读数")
    return [
        title,
        html.P([html.B(seen.measured), f"，{seen.bounds_words}。", seen.forecast], className="lead2"),
        drawn,
        _facts([*_evidence_facts(seen), *facts]),
        html.H3("经过", className="h3"),
        timeline([Act(one.at, one.act, one.words, person(one.by), one.remark) for one in steps], now),
    ]


def acts(line: WarningLine, doing: Doing, event_href: str | None) -> list[Component | Markup]:
    """The forms of a warning: take up, judge, event, silence. What may not be done is not offered."""
    address = f"/api/v1/warnings/{line.id}/acts"
    made: list[Component | Markup] = []
    if doing.may_acknowledge and line.ended is None:
        made.append(_act("确认接手", "正在采取的措施", "acknowledge", address, doing, [("接手", None)]))
    if line.event and event_href:
        made.append(html.P(["已转事件 ", html.A(line.event, href=event_href)], className="sub"))
    elif doing.may_open_event and not line.is_late:
        hidden: list[Component | Markup] = [_hidden("act", "to_event"), _hidden("version", str(doing.version))]
        made.append(form(hidden, [submit("转事件", address, primary=True)]))
    if doing.may_acknowledge:
        verdicts = [("属实", "confirmed"), ("误报", "false")]
        made.append(_act("结论", "依据，如现场核实情况", "judge", address, doing, verdicts))
        made.append(silence_form(doing))
    return made


def silence_form(doing: Doing) -> Markup:
    """Keep this rule quiet here for a while."""
    fields: list[Component | Markup] = [
        _hidden("world", doing.world), _hidden("rule", doing.rule), _hidden("region", doing.region),
        _note("静默理由", "如：检修期间读数不代表现场"), choice("hours", "静默时长", HOURS),
    ]  # fmt: skip
    return _titled("静默本规则", form(fields, [submit("静默", "/api/v1/warning-silences")]))


def silence_list(rows: Sequence[tuple[int, str, str, str, datetime]], *, may_end: bool) -> list[Component]:
    """Silences in force: number, rule, place, reason with who set it, end."""
    if not rows:
        return []
    made = [
        html.Li(
            [
                html.Div([html.B(f"{place}{rule}"), html.Span(f"{reason}，至 {stamp(ends)}", className="sub")]),
                form([], [submit("结束静默", f"/api/v1/warning-silences/{number}/end")]) if may_end else None,
            ]
        )
        for number, rule, place, reason, ends in rows
    ]
    return [panel_head("生效的静默", f"{len(rows)} 条"), html.Ul(made, className="ru")]


def _act(
    title: str, hint: str, act: str, address: str, doing: Doing, buttons: Sequence[tuple[str, str | None]]
) -> Component:
    fields: list[Component | Markup] = [_hidden("act", act), _hidden("version", str(doing.version)), _note(title, hint)]
    return form(fields, [submit(words, address, decision=decision) for words, decision in buttons])


def _note(label: str, hint: str) -> Component:
    field = element(
        "input", name="note", type="text", required=True, maxlength=300, placeholder=hint, autocomplete="off"
    )
    return html.Label([label, field], className="full")


def _hidden(name: str, value: str) -> Markup:
    return element("input", type="hidden", name=name, value=value)


def _titled(title: str, inside: Component) -> Markup:
    return element("details", [html.Summary(title), inside], class_="fold")


def _evidence_facts(seen: Evidence) -> list[tuple[str, Node]]:
    return [
        ("指标读数", f"{seen.value}（{seen.period}）"),
        ("界限来源", seen.bounds_source),
        ("数据性质", f"{PROVENANCE.get(seen.provenance, '未知')}，来源 {seen.source}"),
        *([("处置建议", seen.advice)] if seen.advice else []),
    ]


def _facts(pairs: Sequence[tuple[str, Node]]) -> Component:
    return html.Dl([part for name, words in pairs for part in (html.Dt(name), html.Dd(words))], className="facts")
