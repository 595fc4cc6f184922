"""Which right each page and panel asks for, as they were registered; and page layouts shut for whoever lacks it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

import dash
from dash._pages import _path_to_page
from dash.development.base_component import Component

from access.policy import NOBODY, OFF_SCREENS, admits
from access.session import actor_of_request
from pages.panels import PANELS

LOST = "not_found_404"
_VARIABLE = re.compile(r"<(\w+)>")


def page_need(_: str, parts: Mapping[str, str]) -> str:
    """What the page at an address asks for; NOBODY if there is none there."""
    page, _variables = _path_to_page(parts.get("path", "").strip("/"))
    return need_of(page) if page and not is_lost(page) else NOBODY


def need_of(page: Mapping[str, Any]) -> str:
    """What a registered page asks for; with `walls=False` it is not for screens."""
    right = str(page.get("access", NOBODY))
    return right if page.get("walls", True) else OFF_SCREENS + right


def panel_need(_: str, parts: Mapping[str, str]) -> str:
    """What a panel asks for; whoever lacks it is told the same as for a panel that does not exist."""
    found = PANELS.get(parts.get("name", ""))
    return found.right if found else NOBODY


def shut_layouts() -> None:
    """Have every page ask for its right when Dash's router draws it: the router's callback is an open door too."""
    lost = next(page for page in dash.page_registry.values() if is_lost(page))
    for page in dash.page_registry.values():
        if not getattr(page["layout"], "is_shut", False):
            page["layout"] = _shut(page, lost["layout"])


def is_lost(page: Mapping[str, Any]) -> bool:
    """True for the page that says there is none."""
    return str(page["module"]).rpartition(".")[2] == LOST


def _shut(page: Mapping[str, Any], lost: Callable[..., Component]) -> Callable[..., Component]:
    inner, need = page["layout"], need_of(page)
    variables = _VARIABLE.findall(page.get("path_template") or "")

    def layout(**given: str) -> Component:
        """The page for whoever may see it. Of the address only the variables of its path reach the layout: Dash
        would hand every parameter of the query over as an argument."""
        if not admits(need, actor_of_request()):
            return lost()
        drawn: Component = inner(**{name: given[name] for name in variables if name in given})
        return drawn

    layout.is_shut = True  # type: ignore[attr-defined]
    return layout
