"""The evaluation at `/evaluation`: rates with their events, standings, on what they rest, appeals."""

from __future__ import annotations

from urllib.parse import urlencode

import dash
from dash import html
from dash.development.base_component import Component

from components.evaluation_rates import RateLine, rate_table, rate_words
from components.evaluation_standings import StandingLine, standing_table
from components.evaluation_tools import Tile, choices, file_links, tiles
from components.faces import block, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.numbers import plain
from components.theme_head import Choice, switch
from components.times import dwell, stamp
from dispatch.evaluation import Standing
from dispatch.first_times import NAMES
from dispatch.measures import BY_KEY, LEAST, MEASURES
from pages import evaluation_events, evaluation_reviews, sources_view
from pages.evaluation_view import (
    FILTERS,
    GROUPS,
    HEADS,
    PARAMS,
    PATH,
    RIGHT,
    TOPIC,
    Asked,
    asked,
    before,
    evaluation,
    link,
    presets,
    rules_in,
    whole,
)
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

BEAT_SECONDS = 60.0
SHOWN = ("handled_on_time_rate", "closed_on_time_rate", "rework_rate", "return_rate", "satisfied_rate")
"""Rates beside the score; the others are in the table above and in the file."""

dash.register_page(__name__, path=PATH, title="评价", name="评价", access=RIGHT)


@panel("evaluation-head", topics=["sources"], right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("事件指挥", view.place.theme("event_command"))], "")
    return html.Div(header("评价", "", view.place, PATH, sources_view.count(view), trail), className="head")


@panel("evaluation-tools", topics=["catalogue"], params=PARAMS, soft_seconds=300, right=RIGHT)
def draw_tools(view: View) -> Tree:
    """Which days, as known when, whose cases; the same as a file."""
    ask = asked(view)
    given = {name: view.params.get(name, "") for name in FILTERS}
    given |= {"from": ask.first.isoformat(), "to": ask.last.isoformat(), "region": ask.region or ""}
    files = file_links([("导出 CSV", _file(view, ask, "csv")), ("导出 XLSX", _file(view, ask, "xlsx"))])
    line = [switch("时段", presets(view, ask)), html.Span(className="sp"), *(files if _may_take(view) else [])]
    return [html.Div(line, className="wtop"), choices(given, _fields(view))]


def _may_take(view: View) -> bool:
    return view.by.may("exports.make")


def _fields(view: View) -> list[tuple[str, str, list[tuple[str, str]]]]:
    rules, catalogue = rules_in(view), view.catalogue
    inner = [one for one in catalogue.children(catalogue.city.code) if view.by.scope.allows(one.code)]
    leads = sorted({one.lead for one in rules.categories.values()} & set(catalogue.departments))
    mine = [key for key in leads if view.by.scope.allows_department(key)]
    return [
        ("region", "区域", [(one.code, one.name) for one in inner]),
        ("department", "主办单位", [(key, catalogue.departments[key].short) for key in mine]),
        ("category", "类别", [(code, one.name) for code, one in rules.categories.items()]),
    ]


def _file(view: View, ask: Asked, form: str) -> str:
    wanted = {
        "world": view.world.value, "by": ask.group, "from": ask.first.isoformat(), "to": ask.last.isoformat(),
        "as_of": ask.as_of.isoformat() if ask.as_of else None, "region": ask.region, "department": ask.department,
        "category": ask.category, "format": form,
    }  # fmt: skip
    return "/api/v1/evaluation?" + urlencode({name: value for name, value in wanted.items() if value})


@panel("evaluation-tiles", topics=[TOPIC], params=PARAMS, soft_seconds=BEAT_SECONDS, right=RIGHT)
def draw_tiles(view: View) -> Tree:
    """What counts above all, and 四个第一时间."""
    ask = asked(view)
    found = whole(view, ask)
    known = f"按 {stamp(ask.period.as_of)} 所知" + ("（可复算）" if ask.as_of else "")
    head = panel_head(f"{ask.first:%Y-%m-%d} 至 {ask.last:%Y-%m-%d}", known)
    return [head, tiles([*_rate_tiles(view, found), *_time_tiles(found)])]


def _rate_tiles(view: View, found: Standing) -> list[Tile]:
    closed, late = found.rates["closed_on_time_rate"], found.rates["overdue_open_rate"]
    made = [Tile("应结案数", plain(closed.denominator, 0), "件", "口径见下方", link(view, measure="closed_rate"))]
    for key in ("closed_on_time_rate", "handled_on_time_rate"):
        rate = found.rates[key]
        remark = f"{rate.numerator} ÷ {rate.denominator}"
        made.append(Tile(BY_KEY[key].name, rate_words(rate), "", remark, link(view, measure=key)))
    overdue = link(view, measure="overdue_open_rate", part="good")
    made.append(Tile("超期未处置", plain(late.numerator, 0), "件", f"应处置 {late.denominator} 件", overdue))
    return made


def _time_tiles(found: Standing) -> list[Tile]:
    done = found.handling
    p90 = f"P90 {dwell(done.p90 * 3600)} · {done.count} 件" if done.p90 is not None else "本期没有处置完成的"
    usual = dwell(done.median * 3600) if done.median is not None else "—"
    times = [Tile(words, dwell(getattr(found.times, name)), "", "中位数") for name, words in NAMES.items()]
    return [Tile("处置用时", usual, "", p90), *times]


@panel("evaluation-rates", topics=[TOPIC], params=PARAMS, soft_seconds=BEAT_SECONDS, right=RIGHT)
def draw_rates(view: View) -> Tree:
    """Every rate of the standard, with the stretch before."""
    ask = asked(view)
    table = evaluation(view, ask, "all")
    found, earlier = table.standings[0], whole(view, ask, before(ask))
    lines = [
        RateLine(
            one, found.rates[one.key], earlier.rates[one.key], table.weights.get(one.key, 0.0),
            one.key == ask.measure and ask.row is None,
        )
        for one in MEASURES
    ]  # fmt: skip
    head = panel_head("各项比率", "分子、分母点开即为事件")
    return [head, rate_table(lines, lambda key, part: link(view, measure=key, part=None if part == "of" else part))]


@panel("evaluation-standings", topics=[TOPIC], params=PARAMS, soft_seconds=BEAT_SECONDS, right=RIGHT)
def draw_standings(view: View) -> Tree:
    """Counties, departments or categories side by side."""
    ask = asked(view)
    table = evaluation(view, ask, ask.group)
    lines = [
        StandingLine(
            one, link(view, row=one.key, measure=ask.measure),
            {key: link(view, row=one.key, measure=key) for key in SHOWN}, one.key == ask.row,
        )
        for one in table.standings
    ]  # fmt: skip
    kinds = [
        Choice(words, link(view, by=None if key == "county" else key), key == ask.group)
        for key, words in GROUPS.items()
    ]
    head = panel_head("排名", f"评分项都满 {LEAST} 件才排名，其余只给 95% 区间")
    head.children.insert(1, switch("分组", kinds))
    return [head, standing_table(lines, HEADS[ask.group], SHOWN)]


@panel("evaluation-events", topics=[TOPIC], params=PARAMS, soft_seconds=BEAT_SECONDS, right=RIGHT)
def draw_events(view: View) -> Tree:
    """The events of the chosen figure."""
    return evaluation_events.draw_events(view, asked(view))


@panel("evaluation-basis", topics=[TOPIC], params=PARAMS, soft_seconds=BEAT_SECONDS, right=RIGHT)
def draw_basis(view: View) -> Tree:
    """Definition, weights, what was left out, appeals."""
    return evaluation_events.draw_basis(view, asked(view))


@panel("evaluation-reviews", topics=[TOPIC], soft_seconds=300, right=RIGHT)
def draw_reviews(view: View) -> Tree:
    """Big events to be looked back at, reviews, and what is still to be done better."""
    return evaluation_reviews.draw_reviews(view)


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("evaluation-head", look="head"), PATH),
            html.Main(
                [
                    slot("evaluation-tools", [block(40, 3)], look="p wide"),
                    slot("evaluation-tiles", [block(40, 5)], look="p wide"),
                    slot("evaluation-rates", [block(8), block(30, 20)], look="p"),
                    slot("evaluation-standings", [block(8), block(30, 20)], look="p"),
                    slot("evaluation-events", [block(8), block(30, 12)], look="p"),
                    slot("evaluation-basis", [block(8), block(30, 12)], look="p"),
                    slot("evaluation-reviews", [block(8), block(30, 8)], look="p wide"),
                ],
                className="evals",
            ),
        ],
        className="sheet",
    )
