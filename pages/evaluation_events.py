"""The lower half of `/evaluation`: the events of a figure; definition, weights, exclusions and appeals."""

from __future__ import annotations

from dash import html

from access.personal import mask_text
from components.evaluation_events import EventLine, appeal_form, appeal_list, event_table
from components.faces import panel_head
from components.markup import Tree
from components.table import number, table
from components.theme_head import Choice, switch
from dispatch.appeals import appeals_about
from dispatch.evaluation import Standing
from dispatch.evaluation_lines import CaseLine, case_lines
from dispatch.measures import BY_KEY, MEASURES, TO_CLOSE_WORDS, Rate
from pages.evaluation_view import PARTS, Asked, evaluation, link, rules_in, whole
from pages.view import Refused, View

ROWS = 20
MOST_APPEALS = 30
MORE_WORDS = "应处置数同理，按处置时限计。返工前已超期的，返工后仍算超期。P90 为九成事件不超过的用时。"


def draw_events(view: View, ask: Asked) -> Tree:
    """A page of the events of the chosen rate: its denominator, its numerator, or what is not in it."""
    standing = _chosen(view, ask)
    rate = standing.rates[ask.measure]
    good = set(rate.good)
    numbers = _part(rate, ask.part)
    shown = numbers[(ask.page - 1) * ROWS : ask.page * ROWS]
    found = case_lines(view.connection, view.by, rules_in(view), shown, ask.period)
    lines = [_line(view, one, one.facts.number in good) for one in found]
    note = f"{PARTS[ask.part]} {len(numbers)} 件" + (f"，第 {ask.page} 页" if len(numbers) > ROWS else "")
    title = f"{standing.name} · {BY_KEY[ask.measure].name}" if ask.row else BY_KEY[ask.measure].name
    return [
        panel_head(title, note),
        _parts(view, ask),
        event_table(lines, view.now),
        _pages(view, ask, len(numbers)),
    ]


def _chosen(view: View, ask: Asked) -> Standing:
    if ask.row is None:
        return whole(view, ask)
    found = next((one for one in evaluation(view, ask, ask.group).standings if one.key == ask.row), None)
    if found is None:
        raise Refused("没有这一行，或所选时段没有事件")
    return found


def _part(rate: Rate, part: str) -> tuple[str, ...]:
    if part == "rest":
        good = set(rate.good)
        return tuple(number for number in rate.numbers if number not in good)
    return rate.good if part == "good" else rate.numbers


def _here(view: View, ask: Asked, **more: str | None) -> str:
    kept = {"measure": ask.measure, "row": ask.row, "part": None if ask.part == "of" else ask.part}
    return link(view, **(kept | more))


def _parts(view: View, ask: Asked) -> Tree:
    choices = [
        Choice(words, _here(view, ask, part=None if key == "of" else key), key == ask.part)
        for key, words in PARTS.items()
    ]
    return html.Div(switch("看哪部分", choices), className="wtop")


def _pages(view: View, ask: Asked, count: int) -> Tree:
    last = -(-count // ROWS)
    links = []
    if ask.page > 1:
        links.append(html.A("上一页", href=_here(view, ask, page=str(ask.page - 1)), className="act"))
    if ask.page < last:
        links.append(html.A("下一页", href=_here(view, ask, page=str(ask.page + 1)), className="act"))
    return (
        html.Div([*links, html.Span(f"共 {count} 件，{last} 页", className="sub")], className="acts pgs")
        if last > 1
        else None
    )


def _line(view: View, one: CaseLine, good: bool) -> EventLine:
    facts, rules = one.facts, rules_in(view)
    return EventLine(
        facts.number, mask_text(one.title), one.level, rules.region_name(facts.region),
        rules.department_name(facts.lead) or "—", facts.reported_at, facts.handle_due, facts.handled_at,
        facts.case_due, facts.closed_at, good, view.place.to(f"/event/{facts.number}"),
    )  # fmt: skip


def draw_basis(view: View, ask: Asked) -> Tree:
    """On what the figures rest."""
    rules, found = rules_in(view), evaluation(view, ask, "all")
    names = {one.key: one.name for one in MEASURES}
    weights = [
        html.Tr([html.Th(names[key], scope="row"), number(f"{weight:g}"), html.Td("高" if BY_KEY[key].up else "低")])
        for key, weight in found.weights.items()
    ]
    told = appeals_about(view.connection, view.by, world=view.world.value, since=ask.period.start, at_most=MOST_APPEALS)
    units = {key: unit.short for key, unit in view.catalogue.departments.items()}
    hrefs = {one.number: view.place.to(f"/event/{one.number}") for one in told}
    may_decide = view.by.may("events.approve") and view.by.scope.departments is None
    excluded = f"本期剔除 {len(found.excluded)} 项" if found.excluded else "本期没有剔除"
    return [
        panel_head("口径与权重", excluded),
        html.P(TO_CLOSE_WORDS, className="def"),
        html.P(
            "应处置数同理，按处置时限计。返工前已超期的，返工后仍算超期。P90 为九成事件不超过的用时。", className="sub"
        ),
        table(("评分项", "权重→", "越高还是越低好"), weights, "权重合计 100，见 departments.yaml", "thin"),
        html.H3("申诉与剔除", className="h3"),
        appeal_list(told, names, units, view.now, may_decide=may_decide, event_href=hrefs),
        _appeal(view, ask, rules.rules.appeal_days),
    ]


def _appeal(view: View, ask: Asked, days: int) -> Tree:
    """For whoever handles events of a department: the form for the event the address names."""
    event = view.params.get("event")
    if not event or not view.by.may("events.handle"):
        return html.P(f"申诉期为结案后 {days} 个工作日，由主办单位提出、另一人审批。", className="sub")
    measures = [(one.key, one.name) for one in MEASURES]
    return [html.H3(f"申诉 {event[:24]}", className="h3"), appeal_form(event[:24], measures, days)]
