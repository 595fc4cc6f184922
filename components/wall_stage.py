"""The city's operating stage: its number and name; one click away the rule and why this line of it holds."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from indicators.definition import StageRule
from indicators.stage import CityStage


def stage_badge(found: CityStage, rule: StageRule) -> Component:
    """Five steps of which so many are filled, the number and the words; the rule unfolds."""
    number = found.stage.number if found.stage else 0
    name = found.stage.name if found.stage else "暂不判定"
    summary = html.Summary(
        [
            html.Span("运行等级", className="sub"),
            html.B(str(number or "—"), className="n", **attributes(data_live="stage")),
            html.Span([html.I(className="on" if step <= number else "") for step in range(1, 6)], className="steps"),
            html.B(name),
        ],
        title=f"{found.reason}（点击查看判定规则）",
        **attributes(aria_label=f"城市运行等级 {number or '暂不判定'}，{name}，{found.reason}"),
    )
    return html.Details([summary, _rule(found, rule)], className="stage")


def _rule(found: CityStage, rule: StageRule) -> Component:
    rows = [
        html.Li(
            [html.B(str(stage.number), className="n"), html.B(stage.name), html.Span(stage.words, className="sub")],
            className="now" if stage == found.stage else "",
        )
        for stage in rule.stages
    ]
    return html.Div(
        [
            html.H3("城市运行等级判定规则"),
            html.P(["当前：", html.B(found.reason)]),
            html.Ol(rows),
            html.P(rule.words, className="mut"),
        ],
        className="pop",
    )
