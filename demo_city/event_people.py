"""The people of the demo city who handle its events: invented, and named as such."""

from __future__ import annotations

from functools import lru_cache

from access.actor import EVERYWHERE, Actor, Scope

_MARK = "（模拟）"
_CENTRE = frozenset(
    {
        "events.view", "events.report", "events.accept", "events.dispatch", "events.verify", "events.close",
        "events.supervise", "events.approve",
    }
)  # fmt: skip


def officer(name: str, user: str) -> Actor:
    """Someone of the city's centre."""
    return Actor(name + _MARK, "demo", EVERYWHERE, _CENTRE, user=f"demo-{user}", role_name="模拟人员", kind="program")


ACCEPTER = officer("陈受理", "accepter")
DISPATCHER = officer("林派遣", "dispatcher")
CHECKER = officer("黄核查", "checker")
CHIEF = officer("许值班长", "chief")
DOOR = Actor(
    "模拟上报" + _MARK, "demo", EVERYWHERE, frozenset({"events.report", "events.view"}), user="demo-door",
    role_name="模拟人员", kind="program",
)  # fmt: skip


@lru_cache(maxsize=256)
def worker(department: str, short: str) -> Actor:
    """Someone of a department."""
    scope = Scope(None, frozenset({department}))
    rights = frozenset({"events.view", "events.report", "events.handle"})
    return Actor(
        f"{short}经办{_MARK}", "demo", scope, rights, user=f"demo-{department}", role_name="模拟人员", kind="program",
        department=department,
    )  # fmt: skip


GRID = Actor(
    "网格员" + _MARK, "demo", EVERYWHERE, frozenset({"events.view", "events.report", "events.handle"}),
    user="demo-grid", role_name="模拟人员", kind="program",
)  # fmt: skip
