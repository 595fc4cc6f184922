"""BulkActs: one act with one reason for several events; each answers for itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import orjson
from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.markup import Node, element


@dataclass(frozen=True)
class BulkAct:
    """An act for several events. `must_say`: a reason is asked for; `phrases` are offered for it."""

    action: str
    name: str
    says: str
    must_say: bool
    phrases: Sequence[str]


def bulk_bar(acts: Sequence[BulkAct], units: Mapping[str, str]) -> Component:
    """Hidden until rows are ticked; the browser counts, sends and tells the outcome of each. `units`: names by key."""
    options = [
        element(
            "option", one.name, value=one.action, title=one.says, data_must_say=one.must_say,
            data_phrases="|".join(one.phrases),
        )
        for one in acts
    ]  # fmt: skip
    choose = element("select", options, name="action", class_="inp", aria_label="对选中的事件做什么")
    reason = element(
        "input", type="text", name="note", maxlength="500", class_="inp", placeholder="说明（对每件相同）",
        aria_label="说明", list="bulk-phrases", autocomplete="off",
    )  # fmt: skip
    phrases = html.Div(element("datalist", None, id="bulk-phrases"), **attributes(data_own="true"))
    parts: list[Node] = [
        html.B(className="many"),
        choose,
        reason,
        phrases,
        html.Button("办理", type="submit", className="act"),
        html.Button("取消选择", type="button", className="off", **attributes(data_unpick="true")),
    ]
    told = orjson.dumps(units).decode()
    done = html.Ul(className="out", **attributes(data_own="true", aria_live="polite"))
    return html.Form(
        [html.Div(parts, className="bar"), done], className="bulk", hidden=True, **attributes(data_units=told)
    )
