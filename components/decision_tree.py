"""The attribution tree: solid edges add up to their parent, dashed ones only drive or announce it; pulls as bars."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.marks import seal
from components.numbers import change, plain
from indicators.reading import Provenance

HALF = 50.0
"""Per cent of the bar's width from its middle to its end."""


@dataclass(frozen=True)
class TreeNode:
    """A figure with what hangs below it. `pull` in points of the parent's growth; `value` as written."""

    name: str
    href: str | None
    value: str
    growth: float | None
    period: str
    is_identity: bool
    is_simulated: bool
    pull: float | None = None
    residual: float | None = None
    children: Sequence[TreeNode] = ()


def decision_tree(root: TreeNode) -> Component:
    """The whole tree from its root; the longest bar is the strongest pull of all."""
    widest = max((abs(one.pull) for one in _all(root) if one.pull is not None), default=0.0)
    legend = html.P(
        [
            html.Span([html.I(className="solid"), "实线：分项相加得总量"], className="key"),
            html.Span([html.I(className="dashed"), "虚线：驱动或先行，不相加"], className="key"),
            html.Span("拉动＝基期份额×分项增速（百分点）；核算关系，不是因果", className="key"),
        ],
        className="keys",
    )
    return html.Div([html.Ul(_branch(root, widest), className="tree"), legend], className="treed")


def _all(node: TreeNode) -> list[TreeNode]:
    return [node, *(one for child in node.children for one in _all(child))]


def _branch(node: TreeNode, widest: float) -> Component:
    below = [_branch(child, widest) for child in node.children]
    rest = [_rest(node.residual)] if node.residual is not None and abs(node.residual) >= 0.005 else []
    return html.Li(
        [_card(node, widest), html.Ul([*below, *rest]) if below or rest else None],
        className="" if node.is_identity else "proxy",
    )


def _card(node: TreeNode, widest: float) -> Component:
    name = html.A(node.name, href=node.href) if node.href else node.name
    marks = [seal(Provenance.SIMULATED)] if node.is_simulated else []
    growth = "—" if node.growth is None else change(node.growth, 1, "%")
    return html.Div(
        [
            html.B(name),
            html.Span(growth, className="n" + (" bad" if node.growth is not None and node.growth < 0 else "")),
            html.Span([*marks, node.value, " ", node.period], className="sub"),
            html.Span(f"拉动 {plain(node.pull, 2)} pp" if node.pull is not None else "", className="pull n"),
            _bar(node.pull, widest) if node.pull is not None and widest else None,
        ],
        className="nd",
    )


def _rest(residual: float) -> Component:
    words = [
        html.B("其余"),
        html.Span(f"{plain(residual, 2)} pp", className="n"),
        html.Span("未列分项及误差", className="sub"),
    ]
    return html.Li(html.Div(words, className="nd rest"))


def _bar(pull: float, widest: float) -> Component:
    """From the middle: right lifts, left drags."""
    width = HALF * abs(pull) / widest
    left = HALF if pull >= 0 else HALF - width
    look = "" if pull >= 0 else "dr"
    return html.Span(html.I(className=look, style={"left": f"{left:.1f}%", "width": f"{width:.1f}%"}), className="pb")
