"""What a viewer chose on a theme's page, read from the address; addresses that change one thing and keep the rest."""

from __future__ import annotations

from dataclasses import dataclass

from datasources.delivery.period import Frequency
from indicators.cycle import CYCLES, Cycle
from indicators.definition import Indicator, RegionKind, Theme
from pages.view import Refused, View

PARAMS = ("id", "focus", "cycle", "side", "rank", "w")
STREAMED = frozenset({Frequency.MINUTE, Frequency.REALTIME})
SIDES = ("regions", "parts", "index")


@dataclass(frozen=True)
class Chosen:
    """The theme, the figure in focus, the cycle (None: as often as it is made), and what else the panels show."""

    theme: Theme
    focus: Indicator
    cycle: Cycle | None
    side: str | None
    """Of the breakdown: regions, parts or index."""
    is_ranked: bool
    weights: str | None
    """The viewer's own, as written."""


def chosen(view: View) -> Chosen:
    """Raises Refused for what does not exist."""
    theme = theme_in(view)
    focus = view.params.get("focus") or usual_focus(view, theme)
    if focus not in view.catalogue.indicators:
        raise Refused(f"没有指标“{focus}”")
    cycle = view.params.get("cycle")
    if cycle is not None and cycle not in set(Cycle):
        raise Refused(f"没有“{cycle}”这个周期，应为 m、q 或 y")
    side = view.params.get("side")
    if side is not None and side not in SIDES:
        raise Refused("没有这个分解方式")
    indicator = view.catalogue.indicators[focus]
    return Chosen(
        theme,
        indicator,
        Cycle(cycle) if cycle else own_cycle(indicator),
        side,
        view.params.get("rank") == "1",
        view.params.get("w"),
    )


def own_cycle(indicator: Indicator) -> Cycle | None:
    """The cycle a figure is made in; None for what is made oftener than monthly."""
    return next((cycle for cycle, frequency in CYCLES.items() if frequency is indicator.frequency), None)


def theme_in(view: View) -> Theme:
    """The theme the address names; raises Refused."""
    theme = view.catalogue.themes.get(view.params.get("id", ""))
    if theme is None:
        raise Refused("没有这个主题")
    return theme


def usual_focus(view: View, theme: Theme) -> str:
    """What the page shows unasked: where the guided path begins, else the first headline known by county."""
    if theme.drill:
        return theme.drill[0].indicator
    known = view.catalogue.indicators_of(theme.id)
    ranked = sorted(
        known,
        key=lambda one: (
            one.historical,
            not one.headline,
            RegionKind.COUNTY not in one.levels,
            one.frequency in STREAMED,
        ),
    )
    if not ranked:
        raise Refused("本主题没有指标")
    return ranked[0].code


def link(view: View, path: str = "", **changes: str | None) -> str:
    """This page with some parameters changed; `region` of the city is left out as everywhere."""
    kept: dict[str, str | None] = {key: view.params.get(key) for key in PARAMS if key != "id"}
    if changes.get("region") == view.catalogue.city.code:
        changes["region"] = None
    return view.place.to(path or f"/theme/{view.params['id']}", **(kept | changes))
