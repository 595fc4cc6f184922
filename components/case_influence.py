"""影响: what lies within the reach of an event, the reach to be chosen."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html

from components.faces import empty, panel_head
from components.marks import seal
from components.markup import Node
from components.numbers import plain
from components.theme_head import Choice, switch
from decisions.influence import Influence, Reached
from indicators.reading import Provenance


def case_influence(found: Influence | None, radii: Sequence[Choice]) -> list[Node]:
    """Residents first, then what there is by kind with the nearest by name."""
    head = panel_head("影响范围")
    if found is None:
        return [head, empty("没有确切坐标", "本件只知所在区域，核实时请补录位置")]
    head.children.insert(1, switch("半径", radii))
    people = "人口未知" if found.residents is None else f"约 {plain(found.residents, 0)} 人"
    rows = [html.Li([html.B("常住人口"), html.Span(people, className="n"), html.Span(found.basis, className="mut")])]
    rows += [html.Li(_kind(one)) for one in found.reached]
    missing = html.P(f"未接入：{'、'.join(found.missing)}", className="mut") if found.missing else None
    return [head, html.Ul(rows, className="infl"), missing]


def _kind(one: Reached) -> list[Node]:
    names = "、".join(f"{name} {metres:.0f} 米" for name, metres in one.nearest)
    mark = seal(Provenance.SIMULATED) if one.is_simulated and one.count else None
    return [
        html.B(one.name),
        html.Span(f"{one.count} 处", className="n"),
        html.Span([names, " ", mark], className="mut"),
    ]
