"""What people write in a review: lessons, problems, measures with owner and day, who signed it, its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from dash import html
from dash.development.base_component import Component

from access.personal import mask_text
from components.attributes import attributes
from components.faces import panel_head
from components.form import form, submit
from components.markup import Markup, Node, element
from components.review_parts import Name
from components.times import stamp
from dispatch.review import ACTS, LONGEST, LONGEST_MEASURE, STATES, Measure, Review, ReviewState, Version

NOTHING = "尚未填写"


@dataclass(frozen=True)
class Desk:
    """What this viewer may do, and where it is sent."""

    address: str
    may_write: bool
    may_sign: bool
    why_not: str
    """Why it cannot be signed yet; '' if it can."""
    departments: Sequence[tuple[str, str]]
    may_finish: frozenset[int]
    today: date


def review_begin(desk: Desk) -> list[Node]:
    """Before anybody began: one button for those who may."""
    head = panel_head("复盘意见", "尚未开始")
    if not desk.may_write:
        return [head, html.P("由承办本件的中心开始复盘。", className="sub")]
    words = html.P("开始后填写经验、问题和改进措施，由指挥长签发。", className="sub full")
    return [head, form([words], [submit("开始复盘", desk.address, decision="begin", primary=True)])]


def review_words(
    found: Review, shown: Version, desk: Desk, name: Name, versions: Sequence[tuple[str, str]]
) -> list[Node]:
    """`versions`: words and address of each, the newest last; an older one is only read."""
    is_newest = shown.version == found.newest.version
    is_open = is_newest and found.state is ReviewState.DRAFT
    stand = STATES[found.state] if is_newest else f"第 {shown.version} 版"
    signed = f"，{found.signed_by} {stamp(found.signed_at)} 签发" if found.signed_at and is_newest else ""
    parts: list[Node] = [panel_head("复盘意见", f"{stand}{signed}")]
    parts += _editor(shown, desk) if is_open and desk.may_write else _texts(shown)
    parts += _measures(found, shown, desk, name, is_newest)
    if is_open and desk.may_write:
        parts.append(_new_measure(desk))
    if is_newest and desk.may_sign:
        parts.append(html.Div(_signing(found, shown, desk), className="sign"))
    return [*parts, *_versions(found, versions, shown.version)]


def _texts(shown: Version) -> list[Node]:
    return [
        html.H2("经验"), html.P(mask_text(shown.lessons) or NOTHING, className="rvp"),
        html.H2("问题"), html.P(mask_text(shown.problems) or NOTHING, className="rvp"),
    ]  # fmt: skip


def _editor(shown: Version, desk: Desk) -> list[Node]:
    """Typed text stays while others act; on paper the text stands without its frame."""
    fields: list[Component | Markup] = [
        element("input", type="hidden", name="version", value=str(shown.version)),
        _area("lessons", "经验", shown.lessons, "哪些做法有效，今后照此办理"),
        _area("problems", "问题", shown.problems, "哪些环节慢、漏、错，原因是什么"),
    ]
    made = form(fields, [submit("保存", desk.address, decision="save", primary=True)])
    return [made, html.Div(_texts(shown), className="onpaper")]


def _area(name: str, label: str, value: str, hint: str) -> Component:
    box = element("textarea", value, name=name, rows="5", maxlength=str(LONGEST), placeholder=hint)
    return html.Label([label, box], className="full")


def _measures(found: Review, shown: Version, desk: Desk, name: Name, is_newest: bool) -> list[Node]:
    mine = [one for one in found.measures if one.is_in(shown.version)]
    done = sum(one.done_at is not None for one in mine)
    head = html.H2(["改进措施 ", html.Small(f"{len(mine)} 条，完成 {done}" if mine else "", className="mut")])
    if not mine:
        return [head, html.P(NOTHING, className="rvp")]
    is_open = is_newest and found.state is ReviewState.DRAFT
    return [head, html.Ol([_measure(one, desk, name, is_newest, is_open) for one in mine], className="rvm")]


def _measure(one: Measure, desk: Desk, name: Name, is_newest: bool, is_open: bool) -> Component:
    late = one.is_late(desk.today)
    stand = (
        f"{stamp(one.done_at)[5:]} 完成" if one.done_at else f"{'逾期，' if late else ''}{one.due_on.isoformat()} 前"
    )
    line = html.Div(
        [
            html.B(mask_text(one.words)),
            html.Span(name(one.department)),
            html.Span(stand, className="bad" if late else "sub"),
        ],
        className="rvl",
    )
    note = html.P(f"{one.done_by}：{mask_text(one.done_note)}", className="sub") if one.done_at else None
    address = f"{desk.address}/measures/{one.position}"
    buttons = [submit("已完成", address, decision="finish")]
    if is_open and desk.may_write:
        buttons.append(submit("撤下", address, decision="drop"))
    may = is_newest and one.done_at is None and one.position in desk.may_finish
    field = _line("note", "完成情况（撤下可写理由）", str(LONGEST_MEASURE), required=True)
    more = element("details", [html.Summary("办结、撤下"), form([field], buttons)], class_="fold") if may else None
    return html.Li([line, note, more])


def _new_measure(desk: Desk) -> Component:
    units = [html.Option(words, value=key) for key, words in desk.departments]
    fields = [
        _line("words", "新增措施", str(LONGEST_MEASURE), required=True, look="full"),
        html.Label(["责任单位", html.Select(units, name="department")]),
        html.Label(["完成日", element("input", type="date", name="due_on", required=True, min=desk.today.isoformat())]),
    ]
    return form(fields, [submit("加入", f"{desk.address}/measures")])


def _line(name: str, label: str, longest: str, *, required: bool, look: str = "") -> Component:
    box = element("input", type="text", name=name, maxlength=longest, required=required, autocomplete="off")
    return html.Label([label, box], className=look)


def _signing(found: Review, shown: Version, desk: Desk) -> list[Node]:
    version = element("input", type="hidden", name="version", value=str(shown.version))
    if found.state is ReviewState.SIGNED:
        field = _line("note", "退回修改的理由", "200", required=True, look="full")
        return [html.H2("签发"), form([version, field], [submit("退回修改", desk.address, decision="reopen")])]
    if desk.why_not:
        return [html.H2("签发"), html.P(desk.why_not, className="sub")]
    field = _line("note", "签发意见（可不填）", "200", required=False, look="full")
    return [html.H2("签发"), form([version, field], [submit("签发", desk.address, decision="sign", primary=True)])]


def _versions(found: Review, links: Sequence[tuple[str, str]], shown: int) -> list[Node]:
    rows = [
        html.Li(_version(one, words, href, shown)) for one, (words, href) in zip(found.versions, links, strict=True)
    ]
    whole: Markup = element("details", [html.Summary(f"版本 {len(rows)}"), html.Ol([*reversed(rows)], className="rvv")])
    return [whole]


def _version(one: Version, words: str, href: str, shown: int) -> list[Node]:
    here = attributes(aria_current="true" if one.version == shown else None)
    note = html.Span(mask_text(one.note), className="mut") if one.note else None
    return [
        html.A(words, href=href, **here), html.Span(ACTS.get(one.act, one.act)), html.Span(one.actor),
        html.Span(stamp(one.at), className="n"), note,
    ]  # fmt: skip
