"""The top line of the desk: whose desk it is, the warning in force, today's figures with their definitions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from components.desk_head import DeskFigure, desk_head
from components.markup import Tree
from components.numbers import plain
from dispatch.desk_queue import Line, group_of
from dispatch.loop import loop
from dispatch.measures import BY_KEY, TO_CLOSE_WORDS
from indicators.definition import RegionKind
from pages.desk_view import EVENTS, HOME, found_lines, rules_of
from pages.panels import panel
from pages.view import View
from pages.wall_alerts import WARNINGS, alerts_in_force, official

CENTRES = {
    RegionKind.CITY: "城市运行管理中心",
    RegionKind.COUNTY: "城市运行分中心",
    RegionKind.TOWN: "综合网格中心",
    RegionKind.ZONE: "运行分中心",
}


@panel("desk-head", topics=[EVENTS, WARNINGS], right="events.view")
def draw_head(view: View) -> Tree:
    """One line."""
    alerts = official(alerts_in_force(view)) if view.by.may("warnings.view") else []
    worst = min(alerts, key=lambda one: one.level, default=None)
    found = found_lines(view)
    urgent = sorted(line.number for line in found if line.level in {1, 2})
    return desk_head(_whose(view), worst, len(alerts), figures(view, found), urgent, view.place, view.now)


def figures(view: View, found: Sequence[Line]) -> list[DeskFigure]:
    """Counts of the queue itself, and of the loop of today."""
    today = loop(view.connection, view.by, world=view.world.value, region=view.region, now=view.now)
    rules = rules_of(view)
    counts = Counter(group_of(line, rules, view.now) for line in found)
    share = today.on_time
    rate = BY_KEY["closed_on_time_rate"]
    of_today = f"今日 {share.numerator} ÷ {share.denominator} 件"
    to = view.place.to
    return [
        DeskFigure("accepted", "今日受理", str(today.accepted), "今日零时起上报本级范围内的事件"),
        DeskFigure("open", "在办", str(sum(counts.values())), "受理后尚未结案的事件，含挂账", to(HOME)),
        DeskFigure(
            "rate", "按期率", plain(share.value, 1), f"{rate.name}＝{rate.formula}；{of_today}。{TO_CLOSE_WORDS}",
            unit="%",
        ),
        DeskFigure(
            "due_soon", "临期", str(counts["due_soon"]), "环节时限剩余不足一小时，或不足规定比例",
            to(HOME, group="due_soon"), look="near" if counts["due_soon"] else "",
        ),
        DeskFigure(
            "overdue", "超期", str(counts["overdue"]), "环节时限已过仍未办理", to(HOME, group="overdue"),
            look="over" if counts["overdue"] else "",
        ),
    ]  # fmt: skip


def _whose(view: View) -> str:
    """湘桥区城市运行分中心; of a department its name."""
    departments = view.by.scope.departments
    if departments is not None:
        return "、".join(rules_of(view).department_name(one) for one in sorted(departments)[:2])
    region = view.catalogue.regions[view.region]
    return f"{region.name}{CENTRES[region.kind]}"
