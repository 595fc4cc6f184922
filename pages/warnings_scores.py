"""The score side of `/warnings`: one card per rule over a stretch of time, from warnings, verdicts and incidents."""

from __future__ import annotations

from datetime import timedelta

from dash import html

from components.faces import panel_head
from components.markup import Tree
from components.theme_head import Choice, switch
from components.warning_scores import ScoreLine, score_table
from decisions.warning_incidents import incidents
from decisions.warning_scores import ScoreCard, score_cards
from pages.view import View
from pages.warnings_view import link, rules_in_view

SPANS = {"7": "近 7 天", "30": "近 30 天", "90": "近 90 天", "365": "近一年"}
USUAL = "30"


def draw_span(view: View) -> Tree:
    """How far back."""
    choices = [Choice(words, link(view, view="scores", days=key), key == _days(view)) for key, words in SPANS.items()]
    return html.Div([html.Span("统计时段", className="sub"), switch("统计时段", choices)], className="wtop")


def draw(view: View) -> Tree:
    """The cards, the most talkative first."""
    rules = rules_in_view(view).rules
    since = view.now - timedelta(days=int(_days(view)))
    happened = incidents(
        view.connection, view.by, rules, world=view.world.value, city=view.catalogue.city.code, since=since,
        until=view.now,
    )  # fmt: skip
    cards = score_cards(
        view.connection, view.by, world=view.world.value, since=since, until=view.now, rules=list(rules),
        incidents=happened,
    )  # fmt: skip
    ranked = sorted(cards, key=lambda card: -card.fired)
    names = {key: rule.name for key, rule in rules.items()}
    rows = [_line(view, card, names[card.rule], card.rule in happened) for card in ranked]
    return [panel_head("规则记分", SPANS[_days(view)]), score_table(rows)]


def draw_words() -> Tree:
    """What the columns mean."""
    pairs = [
        ("触发", "规则达到界限的次数；其中未被静默、不是补录的为“提示”"),
        ("属实、误报", "由值班人员在预警详情中下结论，依据留痕；未下结论的不计入准确率"),
        ("漏报", "同类别、同区域实际发生（非预警转来的）事件之前 12 小时内没有预警；规则没有对应事件类别的不作统计"),
        ("提前量", "预警触发到事件发生的分钟数，取中位数；负数表示晚于事件"),
        ("怎样用", "误报多、漏报少：放宽界限或加长持续时间；漏报多：收紧。先在“规则”栏试算，再修改"),
    ]
    facts = html.Dl([part for name, words in pairs for part in (html.Dt(name), html.Dd(words))], className="facts")
    return [panel_head("怎样看记分"), facts]


def _line(view: View, card: ScoreCard, name: str, is_counted: bool) -> ScoreLine:
    return ScoreLine(
        name, link(view, view="rules", rule=card.rule), card.fired, card.spoken, card.per_week, card.confirmed,
        card.false, card.unjudged, card.missed if is_counted else None, card.lead, card.precision,
    )  # fmt: skip


def _days(view: View) -> str:
    given = view.params.get("days") or USUAL
    return given if given in SPANS else USUAL
