"""The action bar: the primary act of the state large, the others beside it, what cannot be done with the reason."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.case_fields import Asked, case_form, reveal_form
from components.case_seen import Seen
from components.markup import Markup, Node, element
from dispatch.state import Action

FEW = 3
"""So many buttons that cannot be pressed stay unfolded."""


@dataclass(frozen=True)
class Act:
    """A button. `key`: of the desk; `why_not`: why it cannot be pressed, '' if it can; `fields`: what its form asks."""

    action: str
    name: str
    says: str
    why_not: str = ""
    key: str = ""
    group: str = ""
    asked: Sequence[Asked] = field(default=())
    post: str = ""
    """Where it is sent, if not to the moves of the event."""


@dataclass(frozen=True)
class Bar:
    """What one person may do: the primary act, those with keys, the rest by group; templates for its texts."""

    primary: Act | None
    keyed: Sequence[Act] = ()
    others: Sequence[Act] = ()
    phone: Act | None = None
    map_href: str = ""


def case_acts(seen: Seen, bar: Bar, person: str) -> list[Node]:
    """Buttons, the place where a form opens, and the forms to be copied there."""
    shown = [one for one in (bar.primary, *bar.keyed, *bar.others, bar.phone) if one is not None]
    acts = list({one.action: one for one in shown}.values())
    event = seen.event
    marks = attributes(
        data_event=event.number, data_version=str(event.version), data_person=badge(person),
        data_post=f"{seen.address}/moves", data_files=f"{seen.address}/attachments",
    )  # fmt: skip
    own = attributes(data_own="true")
    opened = [html.Div(className="anote", role="status", **own), html.Div(className="aform", **own)]
    forms = [case_form(act.action, act.name, act.says, act.asked, act.post) for act in acts if not act.why_not]
    if bar.phone is not None and not bar.phone.why_not:
        forms[-1] = reveal_form(bar.phone.name, bar.phone.says, event.number, (("reporter_phone", "电话"),))
    sources = element("div", forms, hidden=True, class_="asrc")
    rows = [html.Div(opened, className="aplace"), _first(bar), _rest(bar), sources]
    return [html.Div(rows, className="abar", **marks)]


def badge(person: str) -> str:
    """Tells the drafts of two people at one machine apart without naming anybody."""
    return sha256(person.encode()).hexdigest()[:16]


def _first(bar: Bar) -> Component:
    made: list[Node] = []
    if bar.primary is not None:
        made.append(_button(bar.primary, "pri"))
    shown = [one for one in bar.keyed if bar.primary is None or one.action != bar.primary.action]
    made += [_button(one) for one in shown]
    if bar.phone is not None:
        made.append(_button(bar.phone))
    if bar.map_href:
        mark = attributes(data_act="M")
        made.append(html.A(["地图", html.Kbd("M")], href=bar.map_href, className="ab", **mark))
    return html.Div(made or [html.Span("您对本件没有可办的事项", className="sub")], className="acts1")


def _rest(bar: Bar) -> Component | None:
    if not bar.others:
        return None
    groups: dict[str, list[Act]] = {}
    for one in bar.others:
        groups.setdefault(one.group, []).append(one)
    return html.Div([_group(name, acts) for name, acts in groups.items()], className="acts2")


def _group(name: str, acts: Sequence[Act]) -> Component:
    """One line of small buttons; a long one of which nothing can be pressed is folded to a line that says so."""
    buttons = [_button(one, "sm") for one in acts]
    if len(acts) > FEW and all(one.why_not for one in acts):
        summary = html.Summary(f"{name}：{len(acts)} 项，现在都不能办，展开看原因", className="mut")
        return html.Details([summary, html.Div(buttons, className="ag")])
    return html.Div([html.Span(name, className="mut"), *buttons], className="ag")


def _button(act: Act, look: str = "") -> Component | Markup:
    """Pressed it opens its form. One that cannot be pressed stays in view, can be reached, and says why."""
    inside: list[Node] = [act.name]
    if act.key:
        inside.append(html.Kbd(act.key))
    if act.why_not:
        inside.append(html.Small(_short(act.why_not)))
    marks = attributes(
        data_act=act.key or None, data_do=act.action, aria_disabled="true" if act.why_not else None,
    )  # fmt: skip
    classes = " ".join(word for word in ("ab", look, "off" if act.why_not else "") if word)
    return html.Button(inside, type="button", className=classes, title=act.why_not or act.says, **marks)


def _short(reason: str) -> str:
    return reason if len(reason) <= 12 else reason[:11] + "…"


NO_MOVES: tuple[Action, ...] = (Action.OPEN, Action.ABSORB)
"""Written by the product itself, never pressed."""
