"""The breakdown panel of a theme: who made the change, by regions or parts; and the weights of the composite index."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.chart import Part, Row, bars, waterfall
from components.faces import empty
from components.markup import Tree
from components.shown import short_name
from components.theme_head import Choice, switch
from components.theme_regions import weights_table
from indicators.composite import Composite
from indicators.contribution import Breakdown, Method
from indicators.contribution import Part as Made
from indicators.contributions import Attribution, Unexplained, by_parts, by_region
from pages.theme_choice import Chosen, link
from pages.view import View

NAMES = {"regions": "按地区", "parts": "按分项", "index": "综合指数"}
MOST = 8
"""Bars a waterfall can name; the smallest of the others are added up."""
_ROUNDING = 1e-6
SLIGHT = 0.04
"""Parts below this share of the totals cannot be seen beside them."""


def draw(view: View, choice: Chosen) -> Tree:
    """The waterfall with its sentence; or why there is none."""
    side = choice.side or _usual(view, choice)
    found = attribution(view, choice, side)
    if isinstance(found, Unexplained):
        return [_head(view, choice, "增速归因", "", side), empty("不能分解", found.reason)]
    change = found.breakdown.change
    title = "增长归因" if found.breakdown.method is Method.SUM else "变化归因"
    note = f"较{since(found)} {numbers.change(change, 1, unit_of(found))}"
    return [_head(view, choice, title, note, side), _chart(view, choice, found, side), _said(found)]


def attribution(view: View, choice: Chosen, side: str) -> Attribution | Unexplained:
    """The change of the figure in focus by regions or parts."""
    work = by_parts if side == "parts" else by_region
    source = (view.connection, view.catalogue, view.by)
    return work(source, world=view.world, code=choice.focus.code, region=view.region, now=view.now)


def _usual(view: View, choice: Chosen) -> str:
    """Regions for the city, parts where the figure has some and the regions below do not tell it."""
    inside = view.catalogue.children(view.region)
    has_regions = bool(inside) and inside[0].kind in choice.focus.levels
    return "regions" if has_regions or not choice.focus.parts else "parts"


def draw_index(view: View, choice: Chosen, found: Composite) -> Tree:
    """The weights of the composite index."""
    head = _head(view, choice, "综合指数", f"{choice.theme.short} {numbers.plain(found.value, 1)}", "index")
    if not found.components:
        return [head, empty("没有可计入的指标", "本主题的指标未设目标或界限，或没有现行数据")]
    return [head, html.Div(weights_table(found, lambda text: link(view, w=text)), className="scrolled")]


def _head(view: View, choice: Chosen, title: str, note: str, side: str) -> Component:
    choices = [Choice(NAMES[one], link(view, side=one), one == side) for one in NAMES]
    return html.Div(
        [html.H2(title), html.Span(note, className="sub"), html.Span(className="sp"), switch("分解方式", choices)],
        className="ph",
    )


def _chart(view: View, choice: Chosen, found: Attribution, side: str) -> Component:
    made = found.breakdown
    if all(abs(one.points) < _ROUNDING for one in made.parts) and abs(made.change) < _ROUNDING:
        return empty("没有变化可分解", f"各地与{since(found)}持平；数值变动后按各地、各分项列出贡献")
    if _is_slight(made):
        return _contributions(view, choice, found, side)
    start = Part("起点" if made.method is Method.SUM else since(found), made.before)
    end = Part("增速" if made.method is Method.SUM else "本期", made.now)
    parts = [Part(found.names[one.key], one.points, _href(view, choice, found, one, side)) for one in _shown(made)]
    hidden = [one for one in made.parts if one not in _shown(made)]
    if hidden:
        parts.append(Part(f"其余 {len(hidden)} 个", sum(one.points for one in hidden)))
    if abs(made.residual) > _ROUNDING:
        parts.append(Part("汇总差", made.residual))
    title = f"{short_name(choice.focus)}{'按地区' if side == 'regions' else '按分项'}"
    return waterfall(
        title, unit_of(found), start, parts, end, decimals=2 if abs(made.change) < 1 else 1,
        lower_is_better=choice.focus.direction == "lower_better",
    )  # fmt: skip


def _is_slight(made: Breakdown) -> bool:
    """Whether the parts would be hairlines beside totals drawn from zero."""
    largest = max((abs(one.points) for one in made.parts), default=0.0)
    return made.method is not Method.SUM and largest < SLIGHT * max(abs(made.before), abs(made.now))


def _contributions(view: View, choice: Chosen, found: Attribution, side: str) -> Component:
    """What each part adds or takes, from zero; those that drag are bright."""
    better = -1.0 if choice.focus.direction == "lower_better" else 1.0
    rows = [
        Row(
            found.names[one.key], one.points, href=_href(view, choice, found, one, side), strong=better * one.points < 0
        )
        for one in _shown(found.breakdown)
    ]
    decimals = 2 if abs(found.breakdown.change) < 1 else 1
    return bars(f"{short_name(choice.focus)}各部分贡献", unit_of(found), rows, decimals=decimals)


def _shown(made: Breakdown) -> list[Made]:
    """The hardest drag first; beyond what a chart can name, those that weigh most."""
    kept = sorted(made.parts, key=lambda one: -abs(one.points))[:MOST]
    return [one for one in made.ranked if one in kept]


def _href(view: View, choice: Chosen, found: Attribution, one: Made, side: str) -> str | None:
    target = found.hrefs.get(one.key)
    if target is None:
        return None
    return link(view, region=target) if side == "regions" else view.place.indicator(target)


def _said(found: Attribution) -> Component:
    """Who pulls beyond its size, how much of it is mix, which periods, and that this is accounting."""
    made, unit = found.breakdown, unit_of(found)
    mix = sum(one.mix for one in made.parts)
    own = f"各地自身 {_signed(made.change - mix)}{unit}，结构 {_signed(mix)}{unit}"
    how = own if made.method is Method.RATIO else ""
    rest = "；".join(part for part in (how, found.pair.words, "核算口径，不代表因果") if part)
    return html.P([html.B(_beyond(found)), rest], className="sub said2")


def _beyond(found: Attribution) -> str:
    """湘桥占变化的 30%，体量只占 18%：拖累超出体量 0.8pp。"""
    made = found.breakdown
    better = -1.0 if found.indicator.direction == "lower_better" else 1.0
    worst = min(made.parts, key=lambda one: better * made.beyond(one), default=None)
    if worst is None or better * made.beyond(worst) > -_ROUNDING:
        return ""
    share, size = made.share(worst), numbers.plain(100 * worst.weight, 0)
    told = f"占变化的 {numbers.plain(100 * share, 0)}%、" if share is not None and share > 0 else ""
    amount = f"{numbers.plain(abs(made.beyond(worst)), 1)}{unit_of(found)}"
    return f"{found.names[worst.key]}拖累超出体量 {amount}（{told}体量占 {size}%）。"


_SINCE = {"上年同期没有": "上周同日", "与前一日": "前一日"}


def since(found: Attribution) -> str:
    """What the change is counted from, in a word."""
    return next((name for words, name in _SINCE.items() if found.pair.words.startswith(words)), "上年同期")


def unit_of(found: Attribution) -> str:
    """Points for growth and rates, else the figure's own unit."""
    is_points = found.breakdown.method is not Method.RATIO or found.indicator.unit == "%"
    return "pp" if is_points else numbers.figure(1.0, found.indicator.unit, 1).unit


def _signed(points: float) -> str:
    text = numbers.plain(points, 2 if abs(points) < 1 else 1)
    return f"+{text}" if points > 0 and text.strip("0.") else text
