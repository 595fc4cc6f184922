"""Monitoring, transmission and nowcast on `/decisions`: each with its sentence, its drawing and its evidence."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dash import html
from dash.development.base_component import Component

from components.chart import Forecast, Goal, Note, Row, Trend, bars, trend
from components.decision_edges import EdgeLine, edge_graph, edge_table
from components.faces import empty, panel_head
from components.lamps import LampLine, lamp, lamp_table
from components.marks import sample_label
from components.markup import Tree
from components.numbers import plain
from decisions.findings import Finding, finding
from decisions.sentences import MODELS
from pages.view import View

NEUTRAL = 50.0
"""Of the diffusion index: as many rise as fall."""
NORMAL_80 = 1.2816
"""Half-width of the 80 % interval of a normal error, in standard errors."""
SHOWN_SHARES = 6


def draw_monitoring(view: View) -> Tree:
    """Composite index with turning points, diffusion, lamps."""
    found = finding(view.connection, view.by, world=view.world.value, model="monitoring", region=view.region)
    if found is None:
        return [panel_head("监测模型"), empty("尚无结果", "须有至少 18 个月、两项以上的月度指标；每日凌晨计算")]
    body = found.body
    mark = (
        [html.Span([lamp(body["lamp"]), f" {plain(body['score'], 0)} 分"], className="whole")] if body["lamp"] else []
    )
    head = html.Div([html.H2("监测模型"), *mark, html.Span(className="sp"), sample_label(view.world)], className="ph")
    charts = html.Div([_index(body), _diffusion(body)], className="pair")
    source = next((part["source"] for part in body["components"] if part["source"]), "历史不足，暂无界限")
    table = lamp_table([_lamp_line(view, part) for part in body["components"]], source)
    left_out = [html.P(f"因缺月未计入：{'、'.join(body['left_out'])}", className="sub")] if body["left_out"] else []
    return [head, _sentence(view, found), charts, table, *left_out]


def _index(body: Mapping[str, Any]) -> Component:
    notes = [Note(body["months"][turn["place"]], "峰" if turn["is_peak"] else "谷") for turn in body["turns"]]
    return trend(Trend("综合景气指数", "-", body["months"], body["index"], notes=notes, goal=Goal(100.0, "基期")))


def _diffusion(body: Mapping[str, Any]) -> Component:
    """One value fewer than months: it speaks of changes."""
    return trend(
        Trend("扩散指数", "%", body["months"][-len(body["diffusion"]) :], body["diffusion"], decimals=0,
              goal=Goal(NEUTRAL, "荣枯线"))
    )  # fmt: skip


def _lamp_line(view: View, part: Mapping[str, Any]) -> LampLine:
    return LampLine(
        name=part["name"], href=view.place.indicator(part["indicator"]), value=part["value"], lamp=part["lamp"],
        change=part["change"], is_rate=view.catalogue.indicators[part["indicator"]].unit == "%",
        bounds=part["bounds"] or (), kind=_kind(part), weight=part["weight"],
    )  # fmt: skip


KINDS = {"leading": "领先", "coincident": "一致", "lagging": "滞后"}


def _kind(part: Mapping[str, Any]) -> str:
    """领先 2 个月（0.54）: by data, with the correlation beside it."""
    if not part["kind"]:
        return "—"
    words, months = KINDS.get(str(part["kind"]), str(part["kind"])), abs(int(part["lead"] or 0))
    size = f"（相关 {plain(part['correlation'], 2)}）" if part["correlation"] is not None else ""
    return f"{words}{f' {months} 个月' if months else ''}{size}"


def draw_transmission(view: View) -> Tree:
    """The graph and the evidence behind every edge."""
    found = _of_city(view, "transmission")
    if found is None:
        return [panel_head("传导模型"), empty("尚无结果", "须有至少 30 个月的月度数据；每日凌晨检验")]
    names = view.catalogue.indicators
    lines = [
        EdgeLine(
            names[one["edge"]["cause"]].name, names[one["edge"]["effect"]].name, one["is_proven"], one["lag"],
            one["correlation"], one["band"], one["q"], one["steady"], one["edge"]["reason"], one["failings"],
        )
        for one in found.body["edges"]
    ]  # fmt: skip
    keys = html.P(
        [
            html.Span([html.I(className="solid"), "实线：四项检验全部通过，标滞后月数"], className="key"),
            html.Span([html.I(className="dashed"), "灰虚线：理论关系，数据未证实"], className="key"),
            html.Span("领先不等于导致", className="key"),
        ],
        className="keys",
    )
    evidence = html.Details([html.Summary("逐条检验结果"), edge_table(lines)], className="fold")
    head = panel_head("传导模型", sample_label(view.world) or "")
    return [head, _sentence(view, found), edge_graph(lines), keys, evidence]


def draw_nowcast(view: View) -> Tree:
    """The running quarter with the baseline beside it; not shown where it is no better than that."""
    found = _of_city(view, "nowcast")
    if found is None:
        return [panel_head("现时预测"), empty("尚无结果", "须有季度增速和月度指标；每日凌晨计算")]
    made, body = found.body.get("made"), found.body
    head = panel_head("现时预测", sample_label(view.world) or "")
    if not made or not made["is_better"]:
        return [head, _sentence(view, found), empty("不优于基准则不显示", "基准为沿用上季增速；样本增加后重新检验")]
    return [
        head,
        _sentence(view, found),
        html.P([html.I("模", className="pv m"), "预测值，优于基准"], className="sub"),
        _expected(body, made),
        bars("各指标的影响", "pp", _shares(view, made), decimals=2),
    ]


def _expected(body: Mapping[str, Any], made: Mapping[str, Any]) -> Component:
    half = NORMAL_80 * made["error"]
    ahead = Forecast([body["quarter"]], [made["mean"]], [made["mean"] - half], [made["mean"] + half], words="现时预测")
    return trend(
        Trend("地区生产总值增速", "%", body["quarters"], body["growth"], forecast=ahead,
              goal=Goal(made["naive"], "基准（沿用上季）"))
    )  # fmt: skip


def _shares(view: View, made: Mapping[str, Any]) -> list[Row]:
    ranked = sorted(made["shares"].items(), key=lambda item: -abs(item[1]))[:SHOWN_SHARES]
    return [Row(view.catalogue.indicators[code].name, share) for code, share in ranked]


def _sentence(view: View, found: Finding) -> html.P:
    return html.P(MODELS[found.model](found, view.catalogue), className="lead2")


def _of_city(view: View, model: str) -> Finding | None:
    city = view.catalogue.city.code
    return finding(view.connection, view.by, world=view.world.value, model=model, region=city)
