"""The walls of the city as the desk sees them: what each shows, and a form to put another view on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.faces import empty
from components.form import choice, form, submit
from components.times import when


@dataclass(frozen=True)
class WallLine:
    """One wall: `path` is what the desk has put there, empty for its own programme."""

    number: int
    name: str
    region: str
    path: str = ""
    by: str = ""
    until: datetime | None = None


def wall_list(lines: Sequence[WallLine], views: Sequence[tuple[str, str]], now: datetime) -> Component:
    """A line per wall; `views` are (address, name) that may be pushed."""
    if not lines:
        return empty("没有登记的大屏", "由系统管理员在令牌管理里登记大屏并领取地址")
    return html.Ul([_line(line, views, now) for line in lines], className="walls")


def _line(line: WallLine, views: Sequence[tuple[str, str]], now: datetime) -> Component:
    names = dict(views)
    shown = (
        f"{names.get(line.path, line.path)} · 由 {line.by} 推送 · {when(line.until, now)} 恢复"
        if line.path
        else "按本屏设置显示"
    )
    address = f"/api/v1/screens/{line.number}"
    buttons = [submit("推送", f"{address}/view", primary=True)]
    return html.Li(
        [
            html.H3([line.name, html.Small(f"{line.region} · 编号 {line.number}", className="mut")]),
            html.P(shown, className="sub"),
            form([choice("path", "显示页面", views)], buttons),
            form([], [submit("结束推送", f"{address}/release")]) if line.path else None,
        ]
    )
