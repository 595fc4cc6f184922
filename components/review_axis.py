"""The course of an event on one time axis: stages with their limits above, centre and departments in lanes below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from dash import html
from dash.development.base_component import Component

from components.markup import Markup, Node, element
from components.times import CITY_TIME, clock, dwell, stamp
from dispatch.review_course import Bar, Course, Lane, Mark, StageSpan
from dispatch.state import DONE, Action

WIDTH, LEFT, RIGHT = 1180.0, 104.0, 16.0
HEAD, BAND, ROW = 26.0, 34.0, 34.0
MOST_TICKS = 10
_STEPS = tuple(
    timedelta(minutes=one) for one in (5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 7200, 14400, 43200)
)
_GLYPH = 13.0
"""Width of one character of a stage's name."""
PARTS = {"lead": "主办", "joint": "协办"}


@dataclass(frozen=True)
class _Scale:
    start: datetime
    end: datetime

    def x(self, moment: datetime) -> float:
        """Never outside the drawing."""
        share = (moment - self.start) / (self.end - self.start)
        return LEFT + min(max(share, 0.0), 1.0) * (WIDTH - LEFT - RIGHT)


def review_axis(course: Course) -> Component:
    """A drawing with a title on every part; the table below says the same in words."""
    scale = _scale(course)
    height = HEAD + BAND + ROW * len(course.lanes) + 8
    parts: list[Node] = [*_ticks(scale, height), *_bands(course.stages, scale)]
    for at, lane in enumerate(course.lanes):
        parts += _lane(lane, HEAD + BAND + ROW * at, scale)
    drawing = element(
        "svg", parts, viewBox=f"0 0 {WIDTH:.0f} {height:.0f}", class_="rvx", role="img",
        aria_label=f"{stamp(scale.start)} 至 {stamp(scale.end)} 的经过，分环节和单位；文字见下表",
    )  # fmt: skip
    return html.Div([drawing, _legend()], className="rvw")


def _scale(course: Course) -> _Scale:
    """From when it began to when it was closed, or to now; what came after closing stands in the table."""
    event, rows = course.case.event, course.case.ledger
    closed = next((row.at for row in reversed(rows) if row.action is Action.CLOSE), None)
    start = min(event.occurred_at or event.reported_at, event.reported_at, rows[0].at)
    end = closed if closed is not None and event.state in DONE else course.as_of
    return _Scale(start, max(end, start + timedelta(minutes=10)))


def _ticks(scale: _Scale, height: float) -> list[Markup]:
    span = scale.end - scale.start
    step = next((one for one in _STEPS if span / one <= MOST_TICKS), _STEPS[-1])
    local = scale.start.astimezone(CITY_TIME)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    at = midnight + (int((local - midnight) / step) + 1) * step
    made, day = [], ""
    while at <= scale.end:
        x, words = scale.x(at), f"{at:%m-%d}" if step >= _STEPS[9] else f"{at:%H:%M}"
        if step < _STEPS[9] and f"{at:%m-%d}" != day:
            day = f"{at:%m-%d}"
            words = f"{day} {words}"
        made.append(element("path", d=f"M{x:.1f} {HEAD - 6}V{height - 6:.0f}", class_="tk"))
        made.append(element("text", words, x=f"{x:.1f}", y=HEAD - 11, class_="tx", text_anchor="middle"))
        at += step
    return made


def _bands(stages: Sequence[StageSpan], scale: _Scale) -> list[Markup]:
    made = [_label("环节", HEAD)]
    for place, one in enumerate(stages):
        made += _band(one, place, scale)
    return made


def _band(one: StageSpan, place: int, scale: _Scale) -> list[Markup]:
    begin, end = scale.x(one.start), scale.x(one.end or scale.end)
    width, y = max(end - begin, 2.0), HEAD + 4
    limit = f"，时限 {one.limit}" if one.limit else ""
    over = f"，超 {dwell(one.over)}" if one.over else ""
    until = stamp(one.end)[5:] if one.end else "现在"
    says = f"{one.name} {stamp(one.start)[5:]} 至 {until}，用 {dwell(one.used)}{limit}{over}"
    look = " ".join(word for word in ("bd", "odd" if place % 2 else "", "over" if one.over else "") if word)
    made = [
        element("rect", element("title", says), x=f"{begin:.1f}", y=y, width=f"{width:.1f}", height=22, class_=look)
    ]
    if width >= len(one.name) * _GLYPH + 6:
        made.append(element("text", one.name, x=f"{begin + 5:.1f}", y=y + 15.5, class_="bn"))
    if one.over and one.due is not None and scale.start <= one.due <= scale.end:
        x = scale.x(one.due)
        mark = element("title", f"{one.name}时限到 {stamp(one.due)[5:]}")
        made.append(element("path", mark, d=f"M{x:.1f} {y - 3}v28", class_="due"))
    return made


def _lane(lane: Lane, y: float, scale: _Scale) -> list[Markup]:
    base = y + ROW / 2
    line = element("path", d=f"M{LEFT} {base}H{WIDTH - RIGHT}", class_="ln")
    made = [_label(lane.name, y), line]
    for bar in lane.bars:
        made += _bar(bar, base, scale)
    return [*made, *(_mark(one, base, scale) for one in lane.marks if one.at <= scale.end)]


def _bar(bar: Bar, base: float, scale: _Scale) -> list[Markup]:
    begin, end = scale.x(bar.start), scale.x(bar.end or scale.end)
    says = f"{PARTS.get(bar.part, bar.part)} {stamp(bar.start)[5:]} 至 {stamp(bar.end)[5:] if bar.end else '现在'}"
    look = "br joint" if bar.part == "joint" else "br"
    width = max(end - begin, 2.0)
    made = [
        element(
            "rect", element("title", says), x=f"{begin:.1f}", y=base - 7, width=f"{width:.1f}", height=14, class_=look
        )
    ]
    if bar.signed is not None:
        title = element("title", f"{clock(bar.signed)} 签收")
        made.append(element("path", title, d=f"M{scale.x(bar.signed):.1f} {base - 10}v20", class_="sg"))
    return made


def _mark(one: Mark, base: float, scale: _Scale) -> Markup:
    title, x = element("title", f"{one.seq}. {stamp(one.at)[5:]} {one.words}"), scale.x(one.at)
    if one.is_order:
        return element("path", title, d=f"M{x:.1f} {base - 8}l7 8l-7 8l-7 -8z", class_="od")
    return element("circle", title, cx=f"{x:.1f}", cy=base, r=3.6, class_="dt")


def _label(words: str, y: float) -> Markup:
    shown = words if len(words) <= 7 else words[:6] + "…"
    return element("text", shown, x=LEFT - 10, y=y + ROW / 2 + 5, class_="lb", text_anchor="end")


def _legend() -> Component:
    words = (("bd", "环节"), ("bd over", "超时环节"), ("br", "主办"), ("br joint", "协办"))
    keys = [html.Span([_key(look), name]) for look, name in words]
    rest = html.Span("竖线：签收、时限到；圆点：办理一步；菱形：批示、督办、催办")
    return html.P([*keys, rest], className="mut rvk")


def _key(look: str) -> Markup:
    box = element("rect", None, x=0, y=1, width=14, height=10, class_=look)
    return element("svg", box, viewBox="0 0 14 12", class_="rvi", aria_hidden="true")
