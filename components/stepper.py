"""Stepper: the eight stages an event goes through, what is done, where it stands, what is still to come."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.times import when
from dispatch.stage import STAGE_NAMES, Stage


def stepper(at: Stage, reached: Mapping[Stage, datetime], now: datetime, *, finished: bool = False) -> Component:
    """Stages in order; `reached` tells when each was entered. `finished`: the last one is done as well."""
    order = list(Stage)
    here = order.index(at)
    steps = [_step(stage, _state(index, here, finished), reached.get(stage), now) for index, stage in enumerate(order)]
    return html.Ol(steps, className="stp", **attributes(aria_label="办理环节"))


def _state(index: int, here: int, finished: bool) -> str:
    if index < here or (index == here and finished):
        return "done"
    return "here" if index == here else "ahead"


def _step(stage: Stage, state: str, since: datetime | None, now: datetime) -> Component:
    current = attributes(aria_current="step" if state == "here" else None)
    words = when(since, now) if since and state != "ahead" else ""
    return html.Li([html.B(STAGE_NAMES[stage]), html.Span(words, className="sub n")], className=state, **current)
