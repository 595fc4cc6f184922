"""The chain behind one number, step by step: value, formula, rows, the call that brought it, who decided, in print."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.marks import seal
from components.people import person
from components.source_table import DOORS, OUTCOMES
from components.table import number, table
from components.times import period, stamp
from indicators.definition import Indicator, Region
from indicators.proof import Printed, Proof
from indicators.reading import Reading

Step = tuple[str, Sequence[Component | str]]


def proof_chain(proof: Proof, indicator: Indicator, regions: Mapping[str, Region], source: str) -> Component:
    """One step per line; steps that do not apply are left out."""
    steps: list[Step] = [
        ("数值", _value(proof.reading, indicator)),
        ("公式", [proof.formula]),
        ("计算", [html.Code(proof.calculation)] if proof.calculation else []),
        ("组成", [_parts(proof.parts, indicator, regions)] if proof.parts else []),
        ("原始行", _raw(proof)),
        ("取数", _call(proof, source)),
        ("放行", _released(proof)),
        ("填报审核", _entered(proof)),
        ("出处", _printed(proof.printed)),
        ("历次版本", [_vintages(proof.vintages, indicator)] if len(proof.vintages) > 1 else []),
    ]
    return html.Ol([_line(step) for step in steps if step[1]], className="chain")


def _line(step: Step) -> Component:
    name, content = step
    return html.Li([html.B(name), html.Div(list(content))])


def _value(one: Reading, indicator: Indicator) -> list[Component | str]:
    figure = numbers.figure(one.value, indicator.unit, indicator.decimals)
    region_period = period(one.period, one.basis)
    return [seal(one.provenance), html.B(figure.spoken, className="n"), f"（{figure.exact}） {region_period}"]


def _parts(parts: Sequence[Reading], indicator: Indicator, regions: Mapping[str, Region]) -> Component:
    rows = [
        html.Tr(
            [
                html.Th(regions[part.region].name, scope="row"),
                number(_written(part, indicator).spoken, _written(part, indicator).exact),
                number(_counted(part.numerator)),
                number(_counted(part.denominator)),
                html.Td(f"№ {part.call_id}" if part.call_id else ""),
            ]
        )
        for part in parts
    ]
    return table(("区域", "数值→", "分子→", "分母→", "取数记录"), rows, "汇总所用各地数值")


def _written(part: Reading, indicator: Indicator) -> numbers.Figure:
    return numbers.figure(part.value, indicator.unit, indicator.decimals)


def _counted(value: float | None) -> str:
    """Counts without places, amounts with theirs."""
    return numbers.plain(value, 0 if value is not None and value == int(value) else 4)


def _origin(name: str) -> str:
    """Where a call came from; a door's own word is said in ours."""
    return DOORS.get(name) or (name if name.startswith(("“", "《")) else f" {name}")


def _raw(proof: Proof) -> list[Component | str]:
    line = f"第 {proof.line} 行" if proof.line else ""
    if proof.raw is None:
        return [f"{line}（流式数据不保留原文）"] if line else []
    return [html.Code(proof.raw), html.Span(f" {line}", className="mut")]


def _call(proof: Proof, source: str) -> list[Component | str]:
    call = proof.call
    if call is None:
        return []
    return [
        f"№ {call.id} {DOORS.get(call.door, call.door)}，{source}，{OUTCOMES.get(call.outcome, call.outcome)}",
        html.Br(),
        html.Span(f"{stamp(call.ended_at)} 由{person(call.actor)}办理，来自{_origin(call.origin)}", className="sub"),
        html.Span(f"，摘要 {call.digest[:16]}…" if call.digest else "", className="mut"),
    ]


def _released(proof: Proof) -> list[Component | str]:
    entry = proof.released
    if entry is None:
        return []
    reasons = "；".join(reason.message for reason in entry.reasons)
    return [
        f"{person(entry.decided_by)}于 {stamp(entry.decided_at)} 放行：{entry.note}",
        html.Br(),
        html.Span(f"隔离原因：{reasons}", className="sub"),
    ]


def _entered(proof: Proof) -> list[Component | str]:
    entry = proof.entered
    if entry is None:
        return []
    review = f"；{person(entry.reviewed_by)}于 {stamp(entry.reviewed_at)} 审核通过" if entry.reviewed_by else ""
    note = f"（{entry.review_note}）" if entry.review_note else ""
    return [f"{person(entry.entered_by)}于 {stamp(entry.entered_at)} 填报：{entry.note}{review}{note}"]


def _printed(printed: Printed | None) -> list[Component | str]:
    if printed is None:
        return []
    return [
        html.B(printed.title),
        f"，{printed.publisher}《{printed.source_title}》",
        html.Br(),
        html.Span(f"原文：“{printed.fragment}”", className="sub"),
        html.Br(),
        html.Span(printed.source_url, className="mut"),
    ]


def _vintages(vintages: Sequence[Reading], indicator: Indicator) -> Component:
    rows = [
        html.Tr(
            [
                html.Td(stamp(one.known_at)),
                number(numbers.figure(one.value, indicator.unit, indicator.decimals).exact),
                html.Td(f"№ {one.call_id}" if one.call_id else ""),
            ]
        )
        for one in vintages
    ]
    return table(("获知时间", "数值→", "取数记录"), rows, "同一时期的历次数值")
