"""The panel in every top line that says who is signed in, and what that person may open."""

from __future__ import annotations

import dash

from access.actor import Actor
from access.policy import SIGNED_IN, admits
from components.markup import Tree
from components.who import SignedIn, who
from pages.doors import need_of
from pages.panels import panel
from pages.view import View

NAME = "who"
OFFICE = (
    ("/account", "我的账号", SIGNED_IN),
    ("/duty", "值班表", "events.view"),
    ("/response", "应急响应", "events.view"),
    ("/snapshots", "历史快照", "indicators.view"),
    ("/admin/accounts", "账号管理", "roles.view"),
    ("/admin/screens", "大屏与接口令牌", "screens.manage"),
    ("/admin/usage", "使用情况", "settings.manage"),
    ("/screens", "大屏导播", "screens.manage"),
    ("/audit", "审计记录", "audit.view"),
)
"""Pages of the account and of administration, with what each asks for."""


@panel(NAME, topics=["access"], right=SIGNED_IN, personal=True, soft_seconds=300)
def draw_who(view: View) -> Tree:
    """Name, role, region, menu."""
    by = view.by
    place = view.catalogue.regions[by.home].name if by.home in view.catalogue.regions else ""
    links = [(path, words) for path, words, need in OFFICE if admits(need, by)]
    return who(SignedIn(by.name, by.role_name, place, by.kind == "person", _ways(by), links))


def _ways(by: Actor) -> list[str]:
    """Every path without variables that leads to a page for this viewer."""
    plain = (page["path"] for page in dash.page_registry.values() if not page.get("path_template"))
    return sorted(path for path in plain if _may_open(path, by))


def _may_open(path: str, by: Actor) -> bool:
    page = next((one for one in dash.page_registry.values() if one["path"] == path), None)
    return page is not None and admits(need_of(page), by)
