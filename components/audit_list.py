"""The audit record on screen: how it stands as a whole, what is looked for, the rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.audit_words import AREAS, RESULTS, ROLES, action_words, object_words
from components.faces import empty, panel_head
from components.markup import element
from components.people import person
from components.place import Place
from components.table import table
from components.times import CITY_TIME, stamp

COLUMNS = ("时间", "操作人", "角色", "区域", "操作", "对象", "结果", "来源", "详情")
ANY = ("all", "全部")
PEOPLE = ("people", "除程序推送外")
"""What programs push fills the record a hundred times faster than people do."""
OFTEN_ENOUGH = timedelta(minutes=15)
"""Three times the pause between two anchors."""


@dataclass(frozen=True)
class AuditLine:
    """One row in words. `detail` and `hash` are shown when it is opened."""

    id: int
    at: datetime
    actor: str
    account: str
    role: str
    region: str
    action: str
    object: str
    result: str
    address: str
    request_id: str
    detail: Mapping[str, str]
    hash: str


@dataclass(frozen=True)
class Standing:
    """How the record as a whole stands: rows ever written, last anchor, last look, what that found."""

    rows: int
    anchored_at: datetime | None
    verified_at: datetime | None
    finding: str


def standing(state: Standing, now: datetime) -> Component:
    """The state in four facts; a finding comes first and says what to do."""
    facts = [
        ("记录", f"{state.rows:,} 条"),
        ("全链校验", "尚未校验" if state.verified_at is None else f"{stamp(state.verified_at)} {_outcome(state)}"),
        ("库外锚定", "尚未锚定" if state.anchored_at is None else _anchored(state.anchored_at, now)),
    ]
    pairs = [part for name, words in facts for part in (html.Dt(name), html.Dd(words))]
    return html.Div([*_alarm(state), html.Dl(pairs, className="facts")], className="standing")


def _outcome(state: Standing) -> str:
    return "发现问题" if state.finding else "未发现改动"


def _anchored(at: datetime, now: datetime) -> str:
    late = "（已超过约定的 5 分钟）" if now - at > OFTEN_ENOUGH else ""
    return f"{stamp(at)}{late}"


def _alarm(state: Standing) -> list[Component]:
    if not state.finding:
        return []
    words = "请保留现场，运行 manage.py audit verify 查看全部问题，并与库外锚定文件及备份核对"
    return [html.Div([html.B(state.finding), html.Span(words, className="sub")], className="er", role="alert")]


def filters(given: Mapping[str, str], regions: Sequence[tuple[str, str]], export: str) -> Component:
    """What is looked for; every change goes into the address. `export` is where the file is to be had."""
    areas = [PEOPLE, ANY, *((f"{key}.", words) for key, words in AREAS.items())]
    fields = [
        _text("who", "操作人或账号", given),
        _choice("act", "操作", areas, {"act": PEOPLE[0], **given}),
        _text("obj", "对象", given, hint="如 entry 12"),
        _choice("of", "区域", [ANY, *regions], given),
        _choice("result", "结果", [ANY, *RESULTS.items()], given),
        _day("from", "自", given),
        _day("to", "至（含）", given),
    ]
    link = html.A("导出 CSV", href=export, className="act", **attributes(download="audit.csv"))
    return html.Form([*fields, html.Div(link, className="acts")], className="fm audit", **attributes(data_query="true"))


def audit_list(
    lines: Sequence[AuditLine], opened: int | None, links: Component, place: Place, given: Mapping[str, str]
) -> list[Component]:
    """The rows, newest first; the one the address names with everything it says. `given`: what is looked for."""
    if not lines:
        return [panel_head("记录"), empty("没有符合条件的记录", "请放宽条件；记录从建立之日起全部保留")]
    rows = [part for line in lines for part in _rows(line, line.id == opened, place, given)]
    return [panel_head("记录", links), table(COLUMNS, rows, "审计记录", "audit")]


def _rows(line: AuditLine, is_open: bool, place: Place, given: Mapping[str, str]) -> list[Component]:
    when = f"{line.at.astimezone(CITY_TIME):%Y-%m-%d %H:%M:%S}"
    row = html.Tr(
        [
            html.Td(when, className="n"),
            html.Td([person(line.actor), html.Small(line.account, className="sub sub2")], title=line.account),
            html.Td(ROLES.get(line.role, line.role)),
            html.Td(line.region),
            html.Td([action_words(line.action), html.Small(line.action, className="sub sub2")]),
            html.Td(object_words(line.object), className="clip", title=line.object),
            html.Td(RESULTS.get(line.result, line.result), className="" if line.result == "ok" else "bad"),
            html.Td(line.address or "本机"),
            html.Td(
                html.A(
                    "收起" if is_open else "展开",
                    href=place.to("/audit", **{**given, "row": None if is_open else str(line.id)}),
                )
            ),
        ]
    )
    return [row, html.Tr(html.Td(_details(line), colSpan=len(COLUMNS)), className="opened")] if is_open else [row]


def _details(line: AuditLine) -> Component:
    facts = [
        ("编号", str(line.id)),
        ("请求", line.request_id or "—"),
        *sorted(line.detail.items()),
        ("摘要", line.hash),
    ]
    return html.Dl([part for name, words in facts for part in (html.Dt(name), html.Dd(words))], className="facts")


def _text(name: str, label: str, given: Mapping[str, str], hint: str = "") -> Component:
    field = element(
        "input", type="text", name=name, value=given.get(name, ""), maxlength=80, placeholder=hint, autocomplete="off"
    )
    return html.Label([label, field])


def _day(name: str, label: str, given: Mapping[str, str]) -> Component:
    return html.Label([label, element("input", type="date", name=name, value=given.get(name, ""))])


def _choice(name: str, label: str, options: Sequence[tuple[str, str]], given: Mapping[str, str]) -> Component:
    chosen = given.get(name, ANY[0])
    made = [element("option", words, value=value, selected=value == chosen) for value, words in options]
    return html.Label([label, element("select", made, name=name)])
