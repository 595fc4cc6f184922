"""LoopBand: the closed loop of events today, totals left, eight stages with a ribbon of how many came so far."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.attributes import attributes
from components.marks import seal
from components.markup import Markup, element
from components.place import Place
from components.sla import overdue
from components.times import dwell
from dispatch.loop import Loop, LoopStage
from indicators.reading import Provenance

ON_TIME_GOAL = 95.0
"""Per cent of events to be closed in time; the tick of the bar."""
_RIBBON = (1000, 36)
_DEEPEST = 30.0
"""Height of the ribbon where all events came through, of 36."""


def loop_totals(loop: Loop, goal: float = ON_TIME_GOAL) -> Component:
    """Accepted, rate in time with its bar, overdue, supervised."""
    rate = loop.on_time.value
    mark = seal(Provenance.SIMULATED) if loop.simulated else None
    figures = [
        _figure("受理", str(loop.accepted), "loop-accepted"),
        _rate(rate, goal),
        html.Div([html.Dt("超期"), html.Dd(overdue_total(loop.overdue), className="n")]),
        _figure("督办", str(loop.supervised), "loop-supervised"),
    ]
    return html.Div([html.H2(["事件闭环 ", html.Small(["今日", mark])]), html.Dl(figures)], className="ls")


def loop_stages(loop: Loop, place: Place, path: str = "/events") -> Component:
    """The eight stages; each leads to its events. Ribbon height: how many of today's events came so far."""
    most = max((one.in_stage for one in loop.stages), default=0)
    steps = [_stage(one, most, place, path) for one in loop.stages]
    return html.Div([_ribbon(loop), html.Ol(steps)], className="fu")


def overdue_total(count: int) -> Component | str:
    """The number filled in the colour of time limits, plain when there is none."""
    return html.I(str(count), className="sla over") if count else "0"


def _figure(name: str, text: str, key: str) -> Component:
    return html.Div([html.Dt(name), html.Dd(text, className="n", **attributes(data_live=key))])


def _rate(rate: float | None, goal: float) -> Component:
    text = numbers.plain(rate, 1)
    behind = rate is not None and rate < goal
    bar = html.Dd(
        [
            html.I(style={"width": f"{min(rate or 0.0, 100.0):.1f}%"}, className="lo" if behind else ""),
            html.S(style={"left": f"{goal:.0f}%"}),
        ],
        className="bl",
        **attributes(aria_hidden="true"),
    )
    unit = html.Small("%") if rate is not None else None
    return html.Div(
        [
            html.Dt(["按期率 ", html.Small(f"目标 {goal:.0f}%")]),
            html.Dd([text, unit], className="n", **attributes(data_live="loop-rate")),
            bar,
        ],
        className="big",
    )


def _stage(one: LoopStage, most: int, place: Place, path: str) -> Component:
    back = html.I(f"↩{one.returned}", className="bk", title=f"今日退回 {one.returned} 次") if one.returned else None
    return html.Li(
        html.A(
            [
                html.Span(one.name, className="sn"),
                html.B(str(one.in_stage), className="n", **attributes(data_live=f"loop-{one.stage}")),
                overdue(one.overdue),
                html.Span(f"中位 {dwell(one.median_s)}", className="sm"),
                html.Span(f"到达 {one.reached}", className="sq"),
                back,
            ],
            href=place.to(path, stage=one.stage.value),
            **attributes(aria_label=_spoken(one)),
        ),
        style={"--q": f"{one.in_stage / most if most else 0:.2f}"},
    )


def _spoken(one: LoopStage) -> str:
    parts = [f"{one.name}，在办 {one.in_stage} 件", f"今日到达 {one.reached} 件", f"中位 {dwell(one.median_s)}"]
    parts += [f"超期 {one.overdue} 件"] if one.overdue else []
    return "，".join([*parts, *([f"退回 {one.returned} 次"] if one.returned else [])])


def _ribbon(loop: Loop) -> Markup:
    """Steps from stage to stage, as high as the share of today's events that came there."""
    width, height = _RIBBON
    widest = max((one.reached for one in loop.stages), default=0)
    step = width / max(len(loop.stages), 1)
    corners = []
    for index, one in enumerate(loop.stages):
        y = round(height - _DEEPEST * (one.reached / widest if widest else 0), 1)
        corners += [f"{round(index * step, 1)} {y}", f"{round((index + 1) * step, 1)} {y}"]
    line = element("path", d=f"M{'L'.join(corners)}L{width} {height}L0 {height}z") if corners else None
    return element(
        "svg", line, class_="rib", viewBox=f"0 0 {width} {height}", preserveAspectRatio="none", aria_hidden="true"
    )
