"""A frozen page as a document of its own, and the list of frozen pages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from html import escape

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty
from components.form import submit
from components.markup import Markup, element, markup
from components.table import table
from components.times import day, stamp
from indicators.snapshot import Snapshot

COLUMNS = ("页面", "截至", "保存", "由谁", "完整性", "保留至", "")


def frozen_document(
    kept: Snapshot, body: str, styles: Sequence[str], scripts: Sequence[str], reader: str
) -> str:  # fmt: skip
    """The whole HTML. `body` is what was frozen, `kept.look` the attributes of its page; `reader` is printed on it."""
    links = "".join(f'<link rel="stylesheet" href="{escape(style)}">' for style in styles)
    runs = "".join(f'<script defer src="{escape(script)}"></script>' for script in scripts)
    return (
        f'<!DOCTYPE html>\n<html lang="zh-CN" {kept.look} data-frozen="true">\n<head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex">'
        '<link rel="icon" type="image/svg+xml" href="/assets/favicon.svg">'
        f"<title>历史快照 {escape(stamp(kept.shown_at))} · {escape(kept.title)}</title>{links}{runs}</head>\n"
        f'<body>{markup(_bar(kept, reader))}<div id="frozen">{body}</div></body>\n</html>\n'
    )


def _bar(kept: Snapshot, reader: str) -> Component:
    """What this is, on top of every sheet: not the present."""
    missing = f" · {len(kept.missing)} 块未冻结（原因在原处）" if kept.missing else ""
    return html.Header(
        [
            html.B(f"历史快照 截至 {stamp(kept.shown_at)}，不是现在"),
            html.Span(
                f"{kept.title} · {kept.role_name} {kept.made_by} 于 {stamp(kept.made_at)} 保存{missing}",
                className="sub",
            ),
            html.Span(f"编号 {kept.id} · 校验 {kept.sha256[:16]} · 查看人 {reader}", className="sub n"),
            html.A("全部快照", href="/snapshots"),
            html.A("现在的页面", href=kept.path),
            html.Button("打印", type="button", className="act", **attributes(data_print="true")),
        ],
        className="frozenbar",
        role="status",
    )


def snapshot_list(found: Sequence[Snapshot], account: str) -> Component:
    """Frozen pages, newest first."""
    if not found:
        return empty("还没有快照", "在任一页面点右上角“存快照”，或在此填写页面地址")
    return table(COLUMNS, [_row(one, account) for one in found], "快照", "snaps")


def _row(one: Snapshot, account: str) -> Component:
    whole = f"缺 {len(one.missing)} 块" if one.missing else "完整"
    return html.Tr(
        [
            html.Td([html.A(one.title, href=f"/snapshot/{one.id}"), html.Small(one.path, className="sub sub2")]),
            html.Td(stamp(one.shown_at), className="n"),
            html.Td(stamp(one.made_at), className="n"),
            html.Td(f"{one.made_by}（{one.role_name}）"),
            html.Td([whole, html.Small(f"校验 {one.sha256[:12]}", className="sub sub2 n")]),
            html.Td(day(one.keep_until), className="n"),
            html.Td(_let_go(one) if one.account == account else None),
        ]
    )


def _let_go(one: Snapshot) -> Component:
    said = html.Span(className="said", role="status")
    hidden = element("input", type="hidden", name="act", value="let_go")
    return html.Form([hidden, submit("删除", f"/api/v1/snapshots/{one.id}/acts"), said], className="fm a1")


def snapshot_form(path: str, now: datetime) -> Component:
    """Freeze a page by its address, as it is or as it stood."""
    said = html.Span(className="said", role="status")
    return html.Form(
        [
            html.Label(["页面地址", _input("path", "text", path, required=True, maxlength=400)]),
            html.Label(["截至（空：现在）", _input("as_of", "datetime-local", "", max=stamp(now).replace(" ", "T"))]),
            html.Div([submit("存为快照", "/snapshot", primary=True), said], className="acts full"),
        ],
        className="fm sn",
    )  # fmt: skip


def _input(name: str, kind: str, value: str, **more: str | int | bool) -> Markup:
    return element("input", None, name=name, type=kind, value=value, autocomplete="off", **more)
