"""Model cards: data span, method, error, limits, when it last ran; the same five facts for every model."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.times import stamp
from decisions.model_cards import ModelCard


def model_cards(cards: Sequence[tuple[ModelCard, datetime | None]]) -> Component:
    """One card beside the other."""
    return html.Div([_card(card, made_at) for card, made_at in cards], className="mcs")


def _card(card: ModelCard, made_at: datetime | None) -> Component:
    pairs = [
        ("数据范围", card.span),
        ("方法", card.method),
        ("误差", card.error),
        ("局限", card.limits),
        ("上次核对", stamp(made_at) if made_at else "尚未运行"),
    ]
    facts = html.Dl([part for name, words in pairs for part in (html.Dt(name), html.Dd(words))], className="facts")
    return html.Article([html.H3(card.name), facts], className="mc2")
