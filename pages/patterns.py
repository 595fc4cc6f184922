"""The pattern page at `/patterns`: every component in every face, with sample values, in the scheme in view."""

from __future__ import annotations

from datetime import timedelta

import dash
from dash import html
from dash.development.base_component import Component

from components import chart
from components.chip import LEVELS, chip, expected_chip
from components.faces import block, disconnected, empty, failed, loading, not_connected, panel_head
from components.indicator_table import indicator_table
from components.kpi import kpi_row, kpi_row_loading
from components.kpi_tile import kpi_tile, kpi_tile_loading
from components.marks import lateness, light, seal
from components.markup import Tree
from components.situation import situation
from components.sla import sla
from components.stepper import stepper
from components.ticker import ticker
from components.tile import domain_group, theme_tile, tile_loading
from components.timeline import timeline
from components.video_tile import video_tile
from components.wall_decisions import decision_list
from components.wall_loop import loop_band
from dispatch.stage import Stage
from indicators.reading import Freshness, Provenance
from indicators.states import Light
from pages import patterns_samples as sample
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

RULE = "样例规则"
COUNTS = {Light.NORMAL: 18, Light.ATTENTION: 4, Light.STALE: 3, Light.UNCONNECTED: 2}
LEVEL_WORDS = {1: "Ⅰ级 · 整块填充 + 脉动", 2: "Ⅱ级 · 整块填充", 3: "Ⅲ级 · 描边 + 标签", 4: "Ⅳ级 · 仅标签"}
SEALS = {
    Provenance.PUBLISHED: "11-16 统计局　部门公布",
    Provenance.LIVE: "14:30 水务局　接口或物联",
    Provenance.SIMULATED: "14:00 模型　预测、推演、样例",
    Provenance.MANUAL: "11-20 住建局　人工填报并复核",
}

dash.register_page(__name__, path="/patterns", title="组件样式", name="组件样式", access="indicators.view")


@panel("patterns-rows", topics=[], right="indicators.view")
def draw_rows(view: View) -> Tree:
    """The indicator as a row and as a tile, in every face."""
    now, place = sample.NOW, sample.PLACE
    rows = [
        _cell(name, html.Div(kpi_row(shown, place, now), className="kv"), said)
        for name, (shown, said) in sample.FACES.items()
    ]
    waiting = loading([kpi_row_loading(), kpi_row_loading()], "财政一体化接口")
    rows.append(_cell("加载", html.Div(waiting, className="kv"), "占位块同尺寸，不闪烁；2 秒后写出来源名。"))
    tiles = [kpi_tile(shown, place, now) for shown, _ in sample.FACES.values()] + [kpi_tile_loading()]
    return [*_head("指标行"), html.Div(rows, className="pats"), *_head("大数牌"), html.Div(tiles, className="kts")]


@panel("patterns-states", topics=[], right="indicators.view")
def draw_states(view: View) -> Tree:
    """Faces of a panel without content; levels, limits, seals, lights; the same without colour."""
    now = sample.NOW
    states = [
        _cell(
            "空", empty("无待决策事项", "最近一件 13:40 办结 · 规则 14 条运行中"), "空是结论：写最近一件与规则在跑。"
        ),
        _cell(
            "取数失败",
            failed("财政一体化接口", "504 · 14:30:12 · 已重试 3 次", "最近成功 13:58 · 44.79 亿元", "patterns-states"),
            "说明哪个接口、何时、最近成功值；可重试。",
        ),
        _cell("未接入", not_connected("市特种设备平台", "2026-12", "市监局"), "不放假数；写计划与责任单位。"),
        _cell(
            "断线（全屏）",
            disconnected(timedelta(seconds=84), now - timedelta(seconds=84)),
            "失联超过 15 秒：顶部白条，全部数字降色，时钟停走。",
        ),
        _cell(
            "加载",
            html.Div(loading([block(9), block(14), block(6, 1.6)], "统计局月报"), className="blocks"),
            "占位块静止。",
        ),
        _cell("预警四级", _levels(), "严重度=着色面积；字与面积双重编码。"),
        _cell("时限三态", _limits(), "紫=时限，只此一义；与四色预警互不借用。"),
        _cell("来源与时效", _seals(), "一字小章+时间+部门，全屏统一。"),
        _cell("主题灯", _lights(), "正常几乎无色；关注=白菱形；过期=虚线。"),
        _cell(
            "灰度可辨", html.Div([_levels(), _limits()], className="gray two"), "去色后仍能分级：字、形、面积。", "two"
        ),
    ]
    return [*_head("面板状态与标记"), html.Div(states, className="pats")]


@panel("patterns-charts", topics=[], right="indicators.view")
def draw_charts(view: View) -> Tree:
    """Every chart; each has its table below."""
    goal = chart.Goal(5.0)
    cells = chart.small_multiples("各县区累计增速", "%", sample.MONTHS, sample.CELLS, goal=goal, basis="ytd")
    pulls = chart.waterfall("增速归因", "pp", sample.FIRST, sample.PARTS, sample.LAST)
    charts = [
        _chart("规上工业增加值累计增速", "预测为模型 · 80% 区间", chart.trend(sample.TREND), "wide"),
        _chart("四区对比", "○ 上年同期　● 本期　│ 目标", chart.dot_plot("四区对比", "%", sample.REGIONS, goal=goal)),
        _chart("增速归因", "实心=拖累　空心=拉动", pulls),
        _chart("全社会用电量", "上年按农历对齐", chart.trend(sample.POWER)),
        _chart("诉求热点", "件 · │ 昨日", chart.bars("诉求热点", "件", sample.HOT)),
        _chart("各县区累计增速", "同一刻度", cells, "wide"),
        _chart("没有数据的图", "", chart.trend(chart.Trend("没有数据的图", "%", [], []))),
    ]
    return [*_head("图表"), html.Div(charts, className="charts")]


@panel("patterns-lists", topics=[], right="indicators.view")
def draw_lists(view: View) -> Tree:
    """Themes, situation, decisions, loop, what was done, cameras, the table of indicators."""
    now, place = sample.NOW, sample.PLACE
    tiles = [theme_tile(lit, place, now, RULE) for lit in sample.TILES]
    found = [shown for shown, _ in sample.FACES.values()]
    cameras = html.Div([video_tile(one, now) for one in sample.CAMERAS], className="vg")
    group = domain_group("公共服务", [*tiles, tile_loading()])
    cells = [
        _cell("态势", html.Div(situation(COUNTS, 27, ""), className="still"), "各类之和必须等于 27。"),
        _cell("待决策", decision_list(sample.DECISIONS, [], {}, place, now), "只列需领导拍板的事。", "two"),
        _cell("动态", ticker(sample.TICKER, now), "新行自上推入，不滚动。"),
        _cell("办理环节", stepper(Stage.HANDLE, sample.REACHED, now), "已办 · 在办 · 未到。", "two"),
        _cell("办理记录", timeline(sample.ACTS, now), "令为实心，其余描边。", "two"),
        _cell("视频", cameras, "没有画面就是网纹。", "two"),
    ]
    return [
        *_head("列表与流程"),
        html.Div(html.Nav([group], className="strip"), className="tiles one"),
        html.Section(loop_band(sample.LOOP, place, "/patterns"), className="p loop", id="loop"),
        html.Div(cells, className="pats"),
        html.Section([panel_head("指标表", "按状态排序"), indicator_table(found, place, now)], className="p"),
    ]


def layout(**_: str) -> Component:
    """Four panels below each other; the label says that every figure is invented."""
    title = html.Div([html.B("组件样式"), html.Span("每个组件的每种状态", className="mut")], className="ti")
    label = html.Span("样例数据 · 非真实统计", className="sample", role="note")
    head = html.Div([title, label, html.Span(className="sp")], className="head")
    names = ("patterns-rows", "patterns-states", "patterns-charts", "patterns-lists")
    return html.Div([top(head, "/patterns"), html.Main([slot(name) for name in names])], className="sheet patterns")


def _head(words: str) -> list[Component]:
    return [html.H2(words, className="part")]


def _cell(name: str, shown: Component | list[Component], said: str, look: str = "") -> Component:
    return html.Div(
        [html.H3(name), html.Section(shown, className="p"), html.P(said, className="sub")],
        className=f"cell {look}".strip(),
    )


def _chart(title: str, note: str, drawn: Component, look: str = "") -> Component:
    return html.Section([panel_head(title, note), drawn], className=f"p {look}".strip())


def _levels() -> Component:
    rows = [html.Li([chip(level), html.Span(LEVEL_WORDS[level])]) for level in LEVELS]
    rows.append(html.Li([chip(0, "关注"), html.Span("◆ 描边，无颜色")]))
    rows.append(html.Li([expected_chip(4), html.Span("预计 · 未发布只描边")]))
    return html.Ul(rows, className="lv")


def _limits() -> Component:
    now = sample.NOW
    rows = (
        (timedelta(hours=5, minutes=40), "按期"),
        (timedelta(minutes=21), "临期 · 描边"),
        (-timedelta(hours=2, minutes=14), "超期 · 填充"),
        (timedelta(days=3, hours=2), "24 小时以上按天"),
    )
    return html.Ul([html.Li([sla(now + left, now), html.Span(words)]) for left, words in rows], className="lv")


def _seals() -> Component:
    rows = [html.Li([seal(provenance), html.Span(words)]) for provenance, words in SEALS.items()]
    late = {Freshness.LATE: "在宽限期内", Freshness.STALE: "超过约定更新周期", Freshness.DEAD: "来源无应答"}
    rows += [html.Li([lateness(freshness), html.Span(words)]) for freshness, words in late.items()]
    return html.Ul(rows, className="lv")


def _lights() -> Component:
    words = {Light.NORMAL: "正常", Light.ATTENTION: "关注", Light.STALE: "过期", Light.UNCONNECTED: "未接入"}
    return html.Ul([html.Li([light(one), html.Span(words[one])]) for one in Light], className="lv")
