"""What an event of this product's own warnings rests on: the readings the rule saw, drawn small, and the way to it."""

from __future__ import annotations

from dash import html

from components.case_seen import Seen
from components.markup import Node
from components.warning_spark import warning_spark
from decisions import warnings as kept
from decisions.warning_event import ORIGIN
from decisions.warning_words import bound_words, measured
from pages.view import View
from pages.warnings_detail import DRAWN


def evidence_in(view: View, seen: Seen) -> list[Node]:
    """Nothing for events of other origins, and for those who may not see warnings."""
    event = seen.event
    if event.origin != ORIGIN or not event.origin_id.isdigit() or not view.by.may("warnings.view"):
        return []
    one = kept.warning(view.connection, view.by, int(event.origin_id))
    if one is None or one.world != event.world:
        return []
    unit = str(one.evidence.get("unit") or "")
    points = [(str(label), value) for label, value in one.evidence.get("history", [])]
    bounds = one.evidence.get("bounds", {}) if one.measure in DRAWN else {}
    href = seen.place.to("/warnings", warning=str(one.id), region=None)
    told = f"{measured(one.measure, one.peak, unit)}，{bound_words(one, one.bound, unit)}"
    return [
        html.H2(["依据 ", html.Small(html.A(f"预警 {one.id}", href=href), className="mut")]),
        html.P([html.B(one.name), f"：{told}"], className="sub"),
        warning_spark(points, bounds, f"{one.name} 近期读数"),
    ]
