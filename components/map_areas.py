"""Watched areas beside the map: each with its state, what happened there last, and the forms for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.chip import chip
from components.form import choice, submit
from components.marks import seal
from components.markup import Markup, Node, element
from components.times import day, when
from decisions.watched_area import QUIET_NAMES, WAY_NAMES, Crossing, WatchedArea, Way
from indicators.reading import Provenance

LEVELS = (
    ("all", "全部"), ("blue", "蓝色及以上"), ("yellow", "黄色及以上"), ("orange", "橙色及以上"), ("red", "红色"),
    ("off", "不提醒"),
)  # fmt: skip
LEVEL_OF: Mapping[int | None, str] = {None: "off", 0: "all", 1: "red", 2: "orange", 3: "yellow", 4: "blue"}
DEVICES = (("both", "进入和离开"), ("enter", "只在进入"), ("leave", "只在离开"), ("off", "不提醒"))
BOUNDS = (("on", "越限时"), ("off", "不提醒"))
QUIET = (("0", "每次都提醒"), ("10", "10 分钟"), ("30", "30 分钟"), ("60", "1 小时"), ("240", "4 小时"))
USUAL_DAYS = 30
Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class AreaLine:
    """An area with what happened there last. `may_change`: its forms are drawn; `place`: name of a region by code."""

    area: WatchedArea
    crossings: Sequence[Crossing]
    href: str
    is_chosen: bool
    may_change: bool
    may_report: bool
    centre: str
    event_hrefs: Mapping[str, str]


def area_list(lines: Sequence[AreaLine], categories: Options, now: datetime) -> Component:
    """All of them; the chosen one unfolds."""
    if not lines:
        return html.P("圈选一块区域后可保存为关注区域：其中有新事件、预警、车船进出或传感器越限时提醒", className="mut")
    return html.Ul([_area(line, categories, now) for line in lines], className="wa")


def new_area(world: str, categories: Options, centre: str, now: datetime) -> Component:
    """The form for what is drawn; the map's script shows it and fills in the shape."""
    hidden = [_hidden("world", world), _hidden("shape", "")]
    fields = [*_fields("", categories, now + timedelta(days=USUAL_DAYS), now), _audience(centre, is_ours=False)]
    return _form(
        [*hidden, *fields], [submit("保存为关注区域", "/api/v1/areas", primary=True)], "fm na", data_area_new="true"
    )


def area_news(
    told: Sequence[tuple[Crossing, str, str]], watched: int, map_href: str, now: datetime
) -> list[Component]:  # fmt: skip
    """Open notices of watched areas in one line each: (what happened, name of the area, where it is shown)."""
    words = f"{watched} 个区域，无未处理提醒" if watched else "在地图上圈选区域后可保存关注"
    head = html.Span([html.B("关注区域"), " ", html.A("地图", href=map_href), "" if told else f" · {words}"])
    rows = [
        html.Li(
            [
                html.Time(when(one.at, now), className="n mut"), " ", html.A(name, href=href), " ",
                html.B(WAY_NAMES[one.way]), " ", one.name, seal(Provenance.SIMULATED) if one.world == "demo" else None,
            ]
        )
        for one, name, href in told
    ]  # fmt: skip
    return [head, *([html.Ul(rows, className="wnews")] if rows else [])]


def _area(line: AreaLine, categories: Options, now: datetime) -> Component:
    one = line.area
    news = next((found.id for found in line.crossings if found.quiet is None), 0)
    open_ = sum(found.is_open for found in line.crossings)
    head: list[Node] = [
        html.A(one.name, href=line.href, **attributes(aria_current="true" if line.is_chosen else None)),
        seal(Provenance.SIMULATED) if one.world == "demo" else None,
        html.B(str(open_), className="n", title="未处理的提醒") if open_ else None,
        html.Small(_state(line, now), className="mut"),
    ]
    marks = attributes(
        data_area=str(one.id), data_area_shape=one.shape, data_area_name=one.name, data_area_news=str(news),
        data_area_off="true" if one.paused_at else None,
    )  # fmt: skip
    inside = _unfolded(line, categories, now) if line.is_chosen else []
    return html.Li([html.Div(head, className="wah"), *inside], className="on" if line.is_chosen else "", **marks)


def _state(line: AreaLine, now: datetime) -> str:
    one = line.area
    parts = [line.centre if one.centre else "仅本人", f"至 {day(one.ends_at - timedelta(seconds=1))}"]
    if one.paused_at:
        parts.append("已暂停")
    elif one.muted_until and one.muted_until > now:
        parts.append(f"静音至 {when(one.muted_until, now)}")
    return " · ".join(parts)


def _unfolded(line: AreaLine, categories: Options, now: datetime) -> list[Component | Markup]:
    told = [_crossing(found, line, now) for found in line.crossings]
    listed: Component = html.Ul(told, className="wx") if told else html.P("还没有发生需要提醒的情况", className="mut")
    return [listed, *(_tools(line, categories, now) if line.may_change else [])]


def _crossing(found: Crossing, line: AreaLine, now: datetime) -> Component:
    name: Node = found.name
    if found.event:
        name = html.A(found.name, href=line.event_hrefs[found.event])
    quiet = html.Small(QUIET_NAMES[found.quiet], className="mut", title="没有提醒的原因") if found.quiet else None
    taken = html.Small(f"{found.acknowledged_by} 已知", className="mut") if found.acknowledged_by else None
    return html.Li(
        [
            html.Time(when(found.at, now), className="n mut"),
            html.B(WAY_NAMES[found.way], **attributes(data_way=str(found.way))),
            html.Span([chip(found.level) if found.level else None, name, _measured(found)]),
            quiet,
            taken,
            *(_answers(found, line) if line.may_change and found.quiet is None else []),
        ],
        className="q" if found.quiet else "",
    )


def _measured(found: Crossing) -> Component | None:
    if found.way not in (Way.OVER, Way.BACK):
        return None
    value, bound, unit = (found.evidence.get(key) for key in ("value", "bound", "unit"))
    return html.Small(f"{value:g}{unit}（上限 {bound:g}{unit}）", className="mut")


def _answers(found: Crossing, line: AreaLine) -> list[Component]:
    address = f"/api/v1/area-crossings/{found.id}/acts"
    made = []
    if found.acknowledged_by is None:
        made.append(_form([_hidden("act", "acknowledge")], [submit("知道了", address)], "fm a1"))
    if found.event is None and line.may_report:
        made.append(_form([_hidden("act", "to_event")], [submit("转为事件", address)], "fm a1"))
    return made


def _tools(line: AreaLine, categories: Options, now: datetime) -> list[Component | Markup]:
    one, address = line.area, f"/api/v1/areas/{line.area.id}"
    is_silent = one.paused_at is not None or (one.muted_until is not None and one.muted_until > now)
    acts = [("resume", "恢复", {})] if is_silent else [("mute", "静音 1 小时", {"hours": "1"}), ("pause", "暂停", {})]
    buttons = [_act(f"{address}/acts", act, words, one.version, more) for act, words, more in acts]
    end = _act(f"{address}/acts", "end", "删除", one.version, {})
    hidden = [_hidden("version", str(one.version)), _hidden("shape", one.shape)]
    fields = [*_fields(one.name, categories, one.ends_at, now, one), _audience(line.centre, one.centre is not None)]
    edit = _form([*hidden, *fields], [submit("保存修改", address, primary=True)], "fm na")
    return [html.Div([*buttons, end], className="wat"), element("details", [html.Summary("修改"), edit], class_="fold")]


def _act(address: str, act: str, words: str, version: int, more: Mapping[str, str]) -> Component:
    hidden = [_hidden("act", act), _hidden("version", str(version)), *(_hidden(*pair) for pair in more.items())]
    return _form(hidden, [submit(words, address)], "fm a1")


def _form(
    fields: Sequence[Component | Markup], buttons: Sequence[Component], look: str, **marks: str
) -> Component:  # fmt: skip
    said = html.Span(className="said", role="status")
    return html.Form(
        [*fields, html.Div([*buttons, said], className="acts full")], className=look, **attributes(**marks)
    )


def _fields(
    name: str, categories: Options, until: datetime, now: datetime, one: WatchedArea | None = None
) -> list[Component | Markup]:
    wants = one.wants if one else None
    ways = "both" if wants is None else {0: "off", 2: "both"}.get(len(wants.devices), next(iter(wants.devices), "off"))
    label = element(
        "input", name="name", type="text", required=True, minlength=2, maxlength=60, value=name, autocomplete="off"
    )
    last = element(
        "input", name="until", type="date", required=True, value=f"{day(until - timedelta(seconds=1))}", min=day(now)
    )  # fmt: skip
    quiet = str(one.quiet_minutes) if one else "10"
    return [
        html.Label(["名称", label]),
        html.Label(["关注到", last]),
        _chosen("events", "新事件", LEVELS, LEVEL_OF[wants.events] if wants else "all"),
        _chosen("category", "事件类别", (("", "全部类别"), *categories), wants.category if wants else ""),
        _chosen("warnings", "预警", LEVELS, LEVEL_OF[wants.warnings] if wants else "orange"),
        _chosen("devices", "车船和巡查", DEVICES, str(ways)),
        _chosen("bounds", "传感器", BOUNDS, "on" if wants is None or wants.bounds else "off"),
        _chosen("quiet_minutes", "两次提醒间隔", _with(QUIET, quiet, f"{quiet} 分钟"), quiet),
    ]


def _audience(centre: str, is_ours: bool) -> Component | Markup:
    if not centre:
        return _hidden("audience", "me")
    options = (("me", "本人"), ("centre", centre))
    return _chosen("audience", "提醒谁", options, "centre" if is_ours else "me")


def _chosen(name: str, label: str, options: Options, value: str) -> Component | Markup:
    if all(key != value for key, _ in options):
        return choice(name, label, options)
    made = [element("option", words, value=key, selected=key == value) for key, words in options]
    return html.Label([label, element("select", made, name=name)])


def _with(options: Options, value: str, words: str) -> Options:
    return options if any(key == value for key, _ in options) else (*options, (value, words))


def _hidden(name: str, value: str) -> Markup:
    return element("input", type="hidden", name=name, value=value)
