"""What-if on `/decisions`: supposed changes from the address, handed on along proven edges; saved scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import groupby

from dash import html
from dash.development.base_component import Component

from components.decision_what_if import (
    MARK,
    REACH,
    EffectLine,
    SavedLine,
    Slider,
    effects,
    save_form,
    saved_list,
    sliders,
)
from components.faces import empty, panel_head
from components.markup import Tree
from decisions import scenarios
from decisions.economy_tree import load
from decisions.findings import finding
from decisions.what_if import Circular, Link, links_of, propagate
from pages.view import View

PATH = "/decisions"
CAUSES = tuple(key for key, _ in groupby(sorted(edge.cause for edge in load().edges)))
PARAMS = tuple(f"s_{code}" for code in CAUSES)


def draw(view: View) -> Tree:
    """Sliders, what follows, what was saved."""
    head = panel_head("情景测算", MARK)
    city = view.catalogue.city.code
    found = finding(view.connection, view.by, world=view.world.value, model="transmission", region=city)
    links = links_of(found.body) if found else []
    if found is None or not links:
        return [head, empty("没有可用的关系", "只沿已证实的传导关系测算；目前没有一条通过全部检验")]
    supposed = _supposed(view.params, links)
    names = view.catalogue.indicators
    rows = [Slider(f"s_{code}", names[code].name, supposed.get(code, 0.0)) for code in _causes(links)]
    moved = {code: change for code, change in supposed.items() if change}
    return [
        head,
        html.P("假定某项增速变化若干百分点，沿已证实的关系逐级传导，超过历史两倍波动的部分不计。", className="sub"),
        sliders(rows),
        *_followed(view, moved, links, found.body.get("spreads", {})),
        save_form(view.world.value, list(moved.items())) if moved and _may_save(view) else None,
        saved_list(_saved(view), may_forget=_may_save(view)),
    ]


def _followed(
    view: View, moved: Mapping[str, float], links: list[Link], spreads: Mapping[str, float]
) -> list[Component]:
    try:
        found = propagate(moved, links, spreads)
    except Circular:
        return effects([], "已证实的关系首尾相接成环，不能逐级测算；请核对传导关系")
    rows = [
        EffectLine(
            view.catalogue.indicators[one.key].name, view.place.indicator(one.key), one.change, one.months,
            one.key in moved, one.is_capped,
        )
        for one in sorted(found, key=lambda one: (one.key not in moved, one.months))
    ]  # fmt: skip
    return effects(rows)


def _causes(links: list[Link]) -> list[str]:
    """What can be moved: causes of proven edges."""
    return list(dict.fromkeys(link.cause for link in links))


def _supposed(params: Mapping[str, str], links: list[Link]) -> dict[str, float]:
    return {code: _points(params.get(f"s_{code}")) for code in _causes(links)}


def _points(text: str | None) -> float:
    """Within the reach of a slider; what is no number supposes nothing."""
    try:
        value = float(text or 0)
    except ValueError:
        return 0.0
    return max(-REACH, min(REACH, value)) if value == value else 0.0


def _saved(view: View) -> list[SavedLine]:
    found = scenarios.saved(view.connection, view.by, world=view.world.value)
    return [SavedLine(one.id, one.name, _words(view, one.supposed), one.by, one.at, _href(view, one)) for one in found]


def _words(view: View, supposed: Mapping[str, float]) -> str:
    names = view.catalogue.indicators
    return "、".join(f"{names[code].name} {change:+g} pp" for code, change in supposed.items() if code in names)


def _href(view: View, one: scenarios.Scenario) -> str:
    return view.place.to(PATH, **{f"s_{code}": f"{change:g}" for code, change in one.supposed.items()})


def _may_save(view: View) -> bool:
    return view.by.may(scenarios.RIGHT) and view.by.scope.regions is None
