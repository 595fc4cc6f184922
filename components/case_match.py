"""派遣: departments the power list names for this event, with load and record; lead and joint are chosen here."""

from __future__ import annotations

from collections.abc import Sequence

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.case_seen import Seen
from components.marks import seal
from components.markup import Markup, Node, element
from decisions.crews import Crew, told
from dispatch.measures import LEAST, Rate
from dispatch.state import State
from indicators.reading import Provenance

CALLED = {"lead": "权责主办", "joint": "权责协办", "territorial": "属地协办", "reserve": "备选"}
_HEAD = ("单位、队伍", "依据", "距离", "在办", "按期率")


def case_match(seen: Seen, crews: Sequence[Crew], *, may_dispatch: bool) -> list[Node]:
    """Rows to be chosen from while the event waits to be dispatched; afterwards the same rows to be read."""
    if not crews:
        return []
    is_open = seen.event.state is State.REGISTERED and may_dispatch
    title = html.H2(["派遣 ", html.Small(_remark(seen, is_open), className="mut")])
    head = html.Li([html.Span(words) for words in _HEAD], className="hd", **attributes(aria_hidden="true"))
    first = {crew.department: crew for crew in reversed(crews)}
    rows = [_row(crew, seen, is_open=is_open, is_first=first[crew.department] is crew) for crew in crews]
    body: Node = html.Ul([head, *rows], className="rec")
    if is_open:
        body = html.Form([body, _more(seen)], className="crews", **attributes(data_event=seen.event.number))
    return [title, body]


def _remark(seen: Seen, is_open: bool) -> str:
    category = seen.rules.categories.get(seen.event.category)
    clause = f"权责清单 {category.code} 匹配" if category else "未分类，按属地匹配"
    return f"{clause}，可改" if is_open else clause


def _more(seen: Seen) -> Component:
    """A department the list does not name: chosen here it becomes the lead or assists."""
    units = [html.Option(one.short, value=key) for key, one in seen.rules.catalogue.departments.items()]
    lead = html.Select([html.Option("按上面所选", value=""), *units], name="other_lead")
    joint = html.Select([html.Option("不另加", value=""), *units], name="other_joint")
    return html.Div([html.Label(["改派主办 ", lead]), html.Label(["另加协办 ", joint])], className="more")


def _row(crew: Crew, seen: Seen, *, is_open: bool, is_first: bool) -> Component:
    unit = seen.rules.department_name(crew.department)
    team = html.Small(crew.name, className="mut") if crew.name != unit else None
    mark = seal(Provenance.SIMULATED) if crew.is_simulated else None
    duty = html.Small("不在岗", className="mut") if crew.on_duty is False else None
    pick = _pick(crew, unit) if is_open and is_first else Markup("") if not is_open else element("span", class_="lj")
    reason = "；".join(crew.reasons)
    cells = [
        html.Span([pick, html.B(unit), " ", team, mark, duty], className="who2"),
        html.Span(
            [html.Em(CALLED[crew.part]), " ", html.Span(crew.reasons[0], className="mut")],
            title=reason,
            className="why3",
        ),
        html.Span(_distance(crew), className="n"),
        html.Span([str(crew.in_hand)], className="n"),
        html.Span(_rate(crew), className="n"),
    ]
    return html.Li(cells, className=crew.part)


def _pick(crew: Crew, unit: str) -> Markup:
    """One leads, several assist; a row is one of the two or neither."""
    lead = element(
        "input", type="radio", name="lead", value=crew.department, checked=crew.part == "lead",
        aria_label=f"{unit} 主办", data_unit=unit,
    )  # fmt: skip
    joint = element(
        "input", type="checkbox", name="joint", value=crew.department, checked=crew.part in {"joint", "territorial"},
        aria_label=f"{unit} 协办", data_unit=unit,
    )  # fmt: skip
    return element("span", [element("label", [lead, "主"]), element("label", [joint, "协"])], class_="lj")


def _distance(crew: Crew) -> str:
    if crew.distance_m is None:
        return "—"
    return f"{told(crew.distance_m)} · {crew.minutes} 分"


def _rate(crew: Crew) -> list[Node]:
    """98.1% of n cases; under ten cases only the interval."""
    good, all_ = crew.on_time
    found = Rate("closed_on_time_rate", ("",) * all_, ("",) * good)
    if found.interval is None or found.value is None:
        return ["—", html.Small("近 90 天无件", className="mut")]
    words = f"{found.value:.1f}%" if all_ >= LEAST else "{:.0f}–{:.0f}%".format(*found.interval)
    return [words, html.Small(f"{all_} 件", className="mut")]
