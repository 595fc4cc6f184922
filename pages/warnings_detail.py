"""The right side of `/warnings`: one warning with its evidence, its course and what the viewer may do about it."""

from __future__ import annotations

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty, panel_head
from components.markup import Node, Tree
from components.times import period_near, stamp
from components.warning_detail import Doing, Evidence, StepLine, acts, silence_list, warning_detail
from decisions import warnings as kept
from decisions.findings import finding
from decisions.sentences import MODELS
from decisions.warning import Warning, WarningStep
from decisions.warning_rule import CHARACTERS
from decisions.warning_words import TURNS, bound_words, measured, number
from pages.view import View
from pages.warnings_view import line, place, rules_in_view

DRAWN = frozenset({"value", "forecast"})
"""Measures whose bounds are in the unit of the readings: only these are drawn into the line."""


def draw(view: View, wanted: int) -> Tree:
    """The warning, or that there is none."""
    one = kept.warning(view.connection, view.by, wanted)
    if one is None or one.world != view.world.value:
        return [panel_head("预警详情"), empty("没有这条预警", "编号不存在，或不在可查看的范围内")]
    shown = line(view, one, chosen=one.id)
    steps = [_step(step, one, index) for index, step in enumerate(kept.steps(view.connection, one.id))]
    doing = Doing(
        one.version, one.world, one.rule, one.region,
        may_acknowledge=view.by.may("warnings.acknowledge"), may_open_event=view.by.may("events.report"),
    )  # fmt: skip
    offered = acts(shown, doing, shown.event_href)
    return [
        *warning_detail(shown, _evidence(view, one), steps, _facts(view, one), view.now),
        html.Div(offered, className="does", **attributes(aria_label="处置")),
        *draw_silences(view),
    ]


def draw_silences(view: View) -> list[Component]:
    """Silences in force, whichever warning stands open: nobody looks for what is not told."""
    names = {key: one.name for key, one in rules_in_view(view).rules.items()}
    found = kept.silences(view.connection, view.by, world=view.world.value, now=view.now)
    rows = [
        (one.id, names.get(one.rule, one.rule), place(view, one.region), f"{one.by}：{one.reason}", one.ends_at)
        for one in found
    ]
    return silence_list(rows, may_end=view.by.may("warnings.acknowledge"))


def _evidence(view: View, one: Warning) -> Evidence:
    seen = one.evidence
    unit = str(seen.get("unit") or "")
    value = seen.get("value")
    return Evidence(
        measured=measured(one.measure, one.peak, unit),
        value="—" if value is None else f"{number(value)} {unit}".strip(),
        bounds=seen.get("bounds") or {},
        bounds_words=bound_words(one, one.bound, unit),
        bounds_source=str(seen.get("bounds_source") or "未写明"),
        provenance=str(seen.get("provenance") or ""),
        source=_source(view, str(seen.get("source") or "")),
        period=period_near(str(seen.get("period") or ""), view.now),
        points=[(str(label), point) for label, point in seen.get("history", ())],
        advice=str(seen.get("advice") or ""),
        are_drawn=one.measure in DRAWN,
        forecast=_forecast(one),
    )


def _source(view: View, key: str) -> str:
    return view.catalogue.source(key).name if key and view.catalogue.has_source(key) else key or "未知"


def _forecast(one: Warning) -> str:
    """Which forecast it is from, with its 80 % interval."""
    step = one.evidence.get("step")
    if not one.is_forecast or not step:
        return ""
    return f"预测值，80% 区间 {number(step[2])}–{number(step[3])}，尚未发生。"


def _facts(view: View, one: Warning) -> list[tuple[str, Node]]:
    indicator = view.catalogue.indicators.get(one.indicator)
    owner = view.catalogue.departments.get(one.owner)
    name = html.A(
        indicator.name if indicator else one.indicator,
        href=view.place.in_region(f"/indicator/{one.indicator}", one.region),
    )
    facts: list[tuple[str, Node]] = [
        ("指标", name),
        ("责任单位", owner.name if owner else one.owner),
        ("触发", f"{stamp(one.began_at)}，系统获知 {stamp(one.known_at)}"),
    ]
    if one.lifted_at:
        facts.append(("解除", stamp(one.lifted_at)))
    if one.quiet:
        facts.append(("静默", one.quiet))
    if one.acknowledged_by:
        facts.append(("接手", f"{one.acknowledged_by}：{one.comment}（至 {stamp(one.keep_until)}）"))
    if one.verdict:
        facts.append(("结论", f"{one.verdict_by}：{one.verdict_note}"))
    return [*facts, *_related(view, one)]


def _related(view: View, one: Warning) -> list[tuple[str, Node]]:
    """What the monitoring model says of the region, where it looks at this very indicator."""
    found = finding(view.connection, view.by, world=view.world.value, model="monitoring", region=one.region)
    if found is None or one.indicator not in {part["indicator"] for part in found.body["components"]}:
        return []
    return [("相关研判", html.A(MODELS["monitoring"](found, view.catalogue), href=view.place.to("/decisions")))]


def _step(step: WarningStep, one: Warning, index: int) -> StepLine:
    words = "触发" if index == 0 and step.act == "raised" else TURNS.get(step.act, step.act)
    if step.act in {"raised", "lowered", "late"} and step.level is not None:
        words = f"{words}{'' if words == '触发' else '为'}{CHARACTERS[step.level]}色"
    unit = str(one.evidence.get("unit") or "")
    remark = step.note or (measured(one.measure, step.value, unit) if step.value is not None else "")
    return StepLine(step.at, CHARACTERS[step.level] if step.level else "记", words, step.by, remark)
