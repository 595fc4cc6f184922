"""The queue panel of the desk: tabs, filters and rows under the address, for whoever looks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from dash import html

from components.case_queue import (
    QueueFilter,
    QueueGroup,
    QueueRow,
    QueueTab,
    queue_filters,
    queue_list,
    queue_tabs,
)
from components.markup import Tree
from dispatch.desk_queue import GROUPS, Board, Line, arranged, present, tabs_of
from dispatch.loop_queries import titled
from dispatch.report import ORIGIN_NAMES
from dispatch.stage import LEVEL_NAMES, STAGE_NAMES
from dispatch.state import State
from pages.desk_view import EVENTS, PARAMS, WINDOW, desk_link, found_lines, rows_wanted, rules_of, sought
from pages.panels import panel
from pages.view import View

STILL = {State.SUSPENDED: "挂账", State.CLOSED: "待评价"}
HOUR = timedelta(hours=1)


@panel("desk-queue", topics=[EVENTS], params=[*PARAMS, "rows"], right="events.view")
def draw_queue(view: View) -> Tree:
    """Tabs with true counts, filters, and the most pressing rows."""
    wish, link, rules = sought(view), desk_link(view), rules_of(view)
    found = found_lines(view, wish.stage)
    board, most = arranged(found, wish, rules, view.now), rows_wanted(view)
    tabs = [QueueTab(one.key, one.name, one.says, board.tabs[one.key]) for one in tabs_of(view.by)]
    groups, shown = _groups(view, board, most)
    return [
        queue_tabs(tabs, wish.tab, link, view.place.to("/report") if view.by.may("events.report") else ""),
        queue_filters(_filters(view, found), wish.text),
        _narrowed(view),
        *queue_list(groups, link, str(most + WINDOW), shown, board.total),
    ]


def _groups(view: View, board: Board, most: int) -> tuple[list[QueueGroup], int]:
    """The groups with as many rows as there is room for; how many that are."""
    groups, left = [], most
    for key, some in board.groups.items():
        rows = [row_of(view, line) for line in some[: max(left, 0)]]
        left -= len(rows)
        groups.append(QueueGroup(key, GROUPS[key], len(some), rows))
    return groups, most - left


def row_of(view: View, line: Line) -> QueueRow:
    """What the desk tells of one event in a list."""
    due = line.stage_due_at
    whole = (due - line.moved_at) if due else HOUR
    near = max(HOUR.total_seconds(), (1 - rules_of(view).rules.near) * whole.total_seconds())
    return QueueRow(
        number=line.number, version=line.version, level=line.level, title=titled(line.title),
        where=_where(view, line), standing=_standing(view, line), marks=_marks(view, line), since=line.moved_at,
        due=due, near=near, still="" if due else STILL.get(line.state, "—"),
    )  # fmt: skip


def _where(view: View, line: Line) -> str:
    rules = rules_of(view)
    parts = [ORIGIN_NAMES.get(line.origin, line.origin)]
    parts += dict.fromkeys(rules.region_name(code) for code in (line.county, line.region) if code != view.region)
    return " · ".join(parts)


def _standing(view: View, line: Line) -> str:
    """待派遣; 处置中 · 水务局."""
    lead = rules_of(view).department_name(line.lead)
    return " · ".join(part for part in (line.state_name, lead) if part)


def _marks(view: View, line: Line) -> tuple[tuple[str, str], ...]:
    found = [
        ("新", "十分钟之内上报", line.is_fresh(view.now)),
        ("督", "正在督办", line.supervised),
        (f"退回 {line.returns}", f"退单、退回 {line.returns} 次", line.returns > 0),
        (f"返工 {line.reworks}", f"核查未通过，返工 {line.reworks} 次", line.reworks > 0),
        (f"并 {line.callers}", f"同一件事共上报 {line.callers} 次", line.callers > 1),
        ("转", "转交待接收", line.referred_from is not None),
        (line.asked, f"{line.asked}，等待批准", bool(line.asked)),
    ]
    return tuple((words, says) for words, says, holds in found if holds)


def _filters(view: View, found: tuple[Line, ...]) -> list[QueueFilter]:
    rules = rules_of(view)
    parts: tuple[tuple[str, str, Callable[[Line], str | None], Callable[[str], str]], ...] = (
        ("level", "级别", lambda line: str(line.level), lambda value: LEVEL_NAMES[int(value)]),
        ("area", "区域", lambda line: _area(view, line), rules.region_name),
        ("origin", "来源", lambda line: line.origin, lambda value: ORIGIN_NAMES.get(value, value)),
        ("department", "部门", lambda line: line.lead, rules.department_name),
        ("category", "类别", lambda line: line.category, rules.category_name),
    )
    made = []
    for key, words, value_of, name_of in parts:
        chosen, counts = view.params.get(key, ""), present(found, value_of)
        counts |= {chosen: 0} if chosen and chosen not in counts else {}
        made.append(QueueFilter(key, words, chosen, {one: f"{name_of(one)} {n}" for one, n in counts.items()}))
    return made


def _area(view: View, line: Line) -> str:
    """The county in the view of the city, the town in the view of a county."""
    return line.county if view.region == view.catalogue.city.code else line.region


def _narrowed(view: View) -> Tree:
    """What else narrows the list and has no field of its own: a stage, a group; with the way to take it off."""
    link = desk_link(view)
    stage, group = view.params.get("stage"), view.params.get("group")
    told = [("stage", f"环节：{STAGE_NAMES[one]}") for one in STAGE_NAMES if one == stage]
    told += [("group", f"只看{GROUPS[group]}")] if group else []
    if not told:
        return None
    chips = [
        html.A([words, html.Span("×", className="x")], href=link(**{key: None}), title="取消这个条件")
        for key, words in told
    ]
    return html.P(chips, className="nar")
