"""The form of a new report: what, where, how urgent, by whom, with photos; earlier events like it beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.county_map import Sheet
from components.markup import Markup, Node, element

Options = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Blank:
    """What the form offers. `person` tells drafts apart; `world` is where the event will be kept."""

    world: str
    is_simulated: bool
    person: str
    categories: Sequence[tuple[str, Options]]
    """By group: (code, name)."""
    regions: Options
    region: str
    origins: Options
    origin: str
    impacts: Options
    urgencies: Options
    may_merge: bool


def report_form(blank: Blank) -> Component:
    """Sent by `assets/96-case-6-report.js`: once, with one key, again until answered."""
    marks = attributes(data_world=blank.world, data_person=blank.person, data_merge="true" if blank.may_merge else None)
    sections = [_what(blank), _where(blank), _how(blank), _caller(), _photos()]
    send = html.Button("上报", type="submit", className="act pri big")
    said = html.Div(className="said2", role="status", **attributes(aria_live="polite"))
    mark = html.Span("演示数据：记入演示城市，不外送", className="sample") if blank.is_simulated else None
    fields = html.Div(sections, className="rf1")
    return html.Form([fields, html.Div([send, mark, said], className="fb rsend")], className="rf", autoComplete="off",
                     **marks)  # fmt: skip


def _section(title: str, inside: Sequence[Node]) -> Component:
    return html.Fieldset([html.Legend(title), *inside])


def _label(words: str, control: Node, name: str, look: str = "", must: bool = False) -> Component:
    star = html.Em("必填", className="must") if must else None
    wrong = html.Span(className="wr", **attributes(data_wrong=name))
    return html.Label([html.Span([words, star]), control, wrong], className=f"fl2 {look}".strip())


def _input(
    name: str, hint: str = "", *, most: int = 120, kind: str = "text", mode: str = "", must: bool = False
) -> Markup:
    return element(
        "input",
        name=name,
        type=kind,
        placeholder=hint,
        maxlength=most,
        autocomplete="off",
        inputmode=mode,
        required=must,
    )


def _select(name: str, options: Options, usual: str = "", empty: str = "") -> Component:
    first = [html.Option(empty, value="")] if empty else []
    made = [element("option", words, value=key, selected=key == usual) for key, words in options]
    return html.Select([*first, *made], name=name)


def _what(blank: Blank) -> Component:
    groups = [
        element("optgroup", [html.Option(words, value=key) for key, words in options], label=group)
        for group, options in blank.categories
    ]
    category = html.Select([html.Option("按文字判断", value=""), *groups], name="category")
    more = html.Textarea(name="description", rows=3, maxLength=4000, placeholder="看到了什么，有没有人被困、受伤")
    return _section("什么事", [
        _label("标题", _input("title", "一句话，如：锡美村涵洞积水", must=True), "title", "wide", must=True),
        _label("情况", more, "description", "wide"),
        _label("类别", category, "category"),
        html.Div(className="sug", role="status", **attributes(data_suggest="true", aria_live="polite")),
    ])  # fmt: skip


def _where(blank: Blank) -> Component:
    return _section("在哪里", [
        _label("镇街", _select("region", blank.regions, blank.region, "按地图位置判断"), "region"),
        _label("地点说明", _input("place", "如：涵洞北 60 米", most=200), "place"),
        _label("经度", _input("lon", "地图上点选", mode="decimal"), "lon", "half"),
        _label("纬度", _input("lat", "地图上点选", mode="decimal"), "lat", "half"),
    ])  # fmt: skip


def _how(blank: Blank) -> Component:
    return _section("多急", [
        _label("影响", _select("impact", blank.impacts, empty="按类别"), "impact"),
        _label("紧急", _select("urgency", blank.urgencies, empty="按类别"), "urgency"),
        _label("来源", _select("origin", blank.origins, blank.origin), "origin"),
        html.Div(className="sug", **attributes(data_level="true")),
    ])  # fmt: skip


def _caller() -> Component:
    return _section("上报人（加密保存，显示时遮盖）", [
        _label("姓名", _input("reporter_name", most=60), "reporter.name"),
        _label("电话", _input("reporter_phone", most=40, kind="tel", mode="tel"), "reporter.phone"),
        _label("住址", _input("reporter_address", most=200), "reporter.address"),
    ])  # fmt: skip


def _photos() -> Component:
    take = element(
        "input", type="file", accept="image/jpeg,image/png,image/webp", multiple=True, data_photos="true",
        aria_label="选照片",
    )  # fmt: skip
    shoot = element(
        "input", type="file", accept="image/*", capture="environment", data_photos="true", aria_label="拍照"
    )
    buttons = [html.Label(["拍照", shoot], className="act up cam"), html.Label(["选照片", take], className="act up")]
    return _section("照片", [html.Div(buttons, className="upb"), html.Ul(className="ups")])


def place_picker(sheet: Sheet, towns: Sequence[tuple[str, str, str, Sequence[Sequence[tuple[float, float]]]]],
                 rivers: Sequence[Sequence[tuple[float, float]]]) -> list[Node]:  # fmt: skip
    """Outlines to click on; `towns`: (code, name, county, rings). The browser zooms by the frame of the picture."""
    outlines = [
        element("path", element("title", name), d="".join(sheet.path(ring, closed=True) for ring in rings),
                data_town=code, data_name=name, data_county=county)
        for code, name, county, rings in towns
    ]  # fmt: skip
    water = [element("path", d=sheet.path(line, closed=False)) for line in rivers if len(line) > 1]
    names = [_name(sheet, name, rings) for _, name, _, rings in towns if rings]
    drawing = element(
        "svg",
        [
            element("g", outlines, class_="tw"),
            element("g", water, class_="rv"),
            element("g", names, class_="tn"),
            element("g", class_="pin", data_own="true"),
        ],
        viewBox=f"0 0 900 {sheet.height:g}", class_="pick", role="img",
        aria_label="点选地点的地图；也可用镇街或坐标填写",
        data_west=sheet.west, data_south=sheet.south, data_east=sheet.east, data_north=sheet.north,
    )  # fmt: skip
    tools = [
        html.Button(words, type="button", className="act", **attributes(data_zoom=key, aria_label=spoken))
        for key, words, spoken in (("in", "＋", "放大"), ("out", "－", "缩小"), ("all", "全市", "看全市"))
    ]
    where = html.Span("点一下地图定位", className="sub", role="status", **attributes(data_picked="true"))
    note = html.Small("镇街界、水系为示意", className="mut")
    return [html.Div([*tools, where], className="ptools"), drawing, note]


def _name(sheet: Sheet, name: str, rings: Sequence[Sequence[tuple[float, float]]]) -> Markup:
    points = [sheet.xy(*point) for point in max(rings, key=len)]
    x, y = (sum(axis) / len(points) for axis in zip(*points, strict=True))
    return element("text", name, x=round(x, 1), y=round(y, 1), class_="zh")
