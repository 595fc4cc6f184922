"""The record of routing: the model's card, its figures on unseen events, what people changed; crews likewise."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from dash import html
from dash.development.base_component import Component

from components.numbers import plain
from components.table import number, table
from components.times import stamp
from decisions.routing_record import CrewRecord, RoutingRecord, Share

FEWEST = 10
"""Below so many a share is only an interval."""


@dataclass(frozen=True)
class RouterCard:
    """All the card draws from. `category`: the name of a code."""

    trained: Mapping[str, Any] | None
    made_at: datetime | None
    routing: RoutingRecord
    crews: CrewRecord
    category: Callable[[str], str]
    bar: float


def record_card(card: RouterCard) -> list[Component]:
    """Model, use, confusion, crews."""
    return [
        _facts(_model(card)),
        html.H3("使用中", className="h3"),
        _facts(_use(card.routing)),
        *_confusion(card),
        html.H3("派遣建议", className="h3"),
        _facts(_crews(card.crews)),
    ]


def _model(card: RouterCard) -> list[tuple[str, str]]:
    trained = card.trained
    if not trained or not trained.get("version"):
        have = int(trained["examples"]) if trained else 0
        needed = int(trained["needed"]) if trained else 200
        words = f"权责清单词语（已办结且有类别的事件 {have} 件，满 {needed} 件后训练）"
        return [("模型", words), ("上限", "词语匹配未经校准，一律由人确认")]
    held = f"最新 {trained['tested']} 件：准确率 {_percent(trained['accuracy'])}"
    kept = f"置信度 ≥ {100 * card.bar:.0f}%：留出中占 {_percent(trained['kept'] / max(1, trained['tested']))}"
    learnt = f"{trained['span'][0]} 至 {trained['span'][1]} 办结的 {trained['examples']:,} 件"
    macro, gap = _percent(trained["macro_f1"]), _percent(trained["calibration_error"])
    return [
        ("模型", f"{trained['version']}，{stamp(card.made_at)} 训练"),
        ("训练数据", f"{learnt}，{trained['classes']} 类"),
        ("留出检验", f"{held}，宏平均 F1 {macro}，校准误差 {gap}"),
        ("基准", f"一律判为最常见类别：{_percent(trained['naive'])}"),
        ("自动填写", f"{kept}，其中正确 {_percent(trained['accuracy_of_kept'])}"),
        ("局限", "只认得办结事件中出现过的说法；新问题、错别字和一件多事容易判错，须人工把关"),
    ]


def _use(found: RoutingRecord) -> list[tuple[str, str]]:
    return [
        ("分派建议", f"{found.proposed} 件，其中 {found.waiting} 件待人工确认"),
        ("自动填写正确", share_words(found.kept_right)),
        ("交人工", share_words(found.to_person)),
        ("人工同意", share_words(found.agreed)),
        ("事后对照", share_words(found.compared)),
        ("被更正", f"{found.corrected} 件"),
    ]


def _crews(found: CrewRecord) -> list[tuple[str, str]]:
    return [
        ("采纳建议", share_words(found.followed)),
        ("采纳后按期", share_words(found.on_time_followed)),
        ("改派后按期", share_words(found.on_time_overridden)),
    ]


def _confusion(card: RouterCard) -> list[Component]:
    """In use where people have corrected something, else on the events held out."""
    used: Sequence[tuple[str, str, int]] = card.routing.confused
    held = [tuple(one) for one in (card.trained or {}).get("confused", [])]
    rows = used or held
    if not rows:
        return []
    made = [
        html.Tr([html.Td(_name(card, true)), html.Td(_name(card, said)), number(str(times))])
        for true, said, times in rows[:5]
    ]
    title = "易混类别（使用中）" if used else "易混类别（留出检验）"
    return [html.H3(title, className="h3"), table(("实际", "判为", "件→"), made, title, "confused")]


def _name(card: RouterCard, code: str) -> str:
    return card.category(code) if code else "没有判断"


def share_words(found: Share) -> str:
    """31／34，91.2%（95% 区间 77–97%）; few cases give the interval alone."""
    if found.value is None or found.interval is None:
        return "尚无"
    low, high = (f"{100 * bound:.0f}" for bound in found.interval)
    share = f"{_percent(found.value)}，" if found.of >= FEWEST else ""
    return f"{found.good}／{found.of} 件，{share}95% 区间 {low}–{high}%"


def _percent(value: float) -> str:
    return f"{plain(100 * value, 1)}%"


def _facts(pairs: Sequence[tuple[str, str]]) -> Component:
    return html.Dl([part for name, words in pairs for part in (html.Dt(name), html.Dd(words))], className="facts")
