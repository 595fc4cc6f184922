"""The last line of the desk: its keys, the sound, when unsent text was last kept."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes

KEYS = (
    ("J K", "上下"), ("Enter", "打开"), ("D", "派遣"), ("B", "退回"), ("E", "延期"), ("S", "督办"), ("V", "核查"),
    ("C", "结案"), ("M", "地图"), ("T", "电话"), ("X", "多选"), ("/", "查找"), ("?", "全部"),
)  # fmt: skip


def desk_foot() -> Component:
    """No data: the browser fills in the times."""
    keys = [html.Span([*_kbd(keys), f" {words}"]) for keys, words in KEYS]
    sound = html.Button(
        "新红橙播报：关", id="sound", type="button",
        title="有新的红色、橙色警情时响一声并播报，每 10 分钟至多 6 次；22 时至 6 时只播红色",
        **attributes(aria_pressed="false"),
    )  # fmt: skip
    kept = html.Span("", id="kept", title="未提交的文字保存在本机浏览器，重新打开仍在")
    said = html.Span("", id="desk-said", role="status")
    up = html.A("上一级", href="/", className="unseen", tabIndex="-1", **attributes(data_up="true", aria_hidden="true"))
    return html.Footer([*keys, said, html.Span(className="sp"), sound, kept, up], className="keys")


def _kbd(keys: str) -> list[Component]:
    return [html.Kbd(key) for key in keys.split()]
