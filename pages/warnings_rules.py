"""The rules side of `/warnings`: all rules with bounds and source; one with its replay over the past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from dash import html
from dash.development.base_component import Component

from components.faces import empty, panel_head
from components.markup import Node, Tree
from components.warning_rules import (
    FIELDS,
    TIMES,
    ReplayLine,
    RuleLine,
    edit_form,
    file_link,
    replay_table,
    rule_table,
    tried_form,
)
from decisions.warning_rule import Rule
from decisions.warning_rules import EditRefused
from decisions.warning_scores import Told, replayed
from decisions.warning_words import MEASURES
from pages.view import Refused, View
from pages.warnings_view import PATH, link, place, rules_in_view

TRIED = (*FIELDS, *TIMES)
"""Parameters of the address: what is tried."""
WHERE = {"city": "全市", "counties": "各县区", "all": "全市及各县区"}
DAYS = 60
REPLAYABLE = frozenset({"value", "rate"})
MOST_NUMBER = 12


def draw_words(_: View) -> Tree:
    """What may be done here."""
    words = "点一条规则，改动界限即在过去 60 天上试算；修改须写明理由并留痕，叠加在文件之上，可随时恢复或导出为 YAML"
    return html.P(words, className="sub")


def draw_list(view: View) -> Tree:
    """All rules."""
    rules = rules_in_view(view)
    chosen = view.params.get("rule") or next(iter(rules.rules), None)
    rows = [
        _line(view, rule, is_edited=key in rules.edited, is_chosen=key == chosen) for key, rule in rules.rules.items()
    ]
    note = f"{len(rows)} 条，界面修改 {len(rules.edited)} 条"
    head = panel_head("预警规则", note)
    if view.by.may("exports.make"):
        head.children.insert(2, file_link("/api/v1/warning-rules?format=yaml"))
    return [head, rule_table(rows)]


def _line(view: View, rule: Rule, *, is_edited: bool, is_chosen: bool) -> RuleLine:
    owner, indicator = view.catalogue.departments.get(rule.owner), view.catalogue.indicators.get(rule.indicator)
    return RuleLine(
        key=rule.key, name=rule.name, indicator=indicator.name if indicator else rule.indicator,
        indicator_href=view.place.indicator(rule.indicator), where=WHERE[rule.regions],
        measure=MEASURES[rule.measure], direction=rule.direction,
        bounds={int(level): bound for level, bound in rule.bounds.items()}, lasting=_length(rule.lasting),
        owner=owner.short if owner else rule.owner, is_edited=is_edited,
        href=link(view, view="rules", rule=rule.key), is_chosen=is_chosen,
    )  # fmt: skip


def draw_rule(view: View, key: str | None) -> Tree:
    """One rule, what other bounds would have told, and the form that keeps them; the first one unless one is named."""
    rules = rules_in_view(view)
    key = key or next(iter(rules.rules), None)
    if key is None or key not in rules.rules:
        return [panel_head("规则"), empty("没有这条规则", "左侧点一条，可看说明、试算新界限在过去会怎样")]
    rule = rules.rules[key]
    told = [panel_head(rule.name, "界面已修改" if key in rules.edited else "与文件一致"), _facts(view, rule)]
    if not view.by.may("rules.edit") or view.by.scope.regions is not None:
        return [*told, html.P("修改界限须有规则管理权限（市级）。", className="sub")]
    now = {name: _text(getattr(rule, name)) for name in TRIED}
    tried = {name: value for name in TRIED if (value := (view.params.get(name) or "").strip()) and value != now[name]}
    form = tried_form(now | tried, {"view": "rules", "rule": key, "world": view.world.value})
    return [
        *told,
        html.H3("试算：改动界限，看过去会怎样", className="h3"),
        form,
        *_replay(view, rule, tried),
        *edit_form(key, tried, is_edited=key in rules.edited),
    ]


def _replay(view: View, rule: Rule, tried: Mapping[str, str]) -> list[Component]:
    if rule.measure not in REPLAYABLE:
        return [
            html.P(f"“{MEASURES[rule.measure]}”类规则依赖逐步学习的检测器，不能回放过去，改后看记分。", className="sub")
        ]
    city = view.catalogue.city.code
    counties = [one.code for one in view.catalogue.children(city)]
    regions = {"city": [city], "counties": counties, "all": [city, *counties]}[rule.regions]
    try:
        edits = {name: _parsed(name, value) for name, value in tried.items()}
        lines = [_replayed(view, rule, edits, region) for region in regions if view.by.scope.allows(region)]
    except EditRefused as refused:
        return [html.P(f"试算值不成立：{refused}", className="bad")]
    return [replay_table(lines, DAYS)]


def _replayed(view: View, rule: Rule, edits: Mapping[str, object], region: str) -> ReplayLine:
    present, tried = replayed(
        view.connection, view.catalogue, view.by, rule, edits, world=view.world.value, region=region,
        since=view.now - timedelta(days=DAYS), now=view.now,
    )  # fmt: skip
    return ReplayLine(
        place(view, region) or "全市", (present.times, tried.times), (present.hours, tried.hours),
        (_levels(present), _levels(tried)),
    )  # fmt: skip


def _levels(told: Told) -> dict[int, int]:
    return {int(level): count for level, count in told.levels.items()}


def _parsed(name: str, value: str) -> object:
    if name in TIMES:
        return value
    if len(value) > MOST_NUMBER:
        raise Refused("数字过长")
    try:
        return float(value)
    except ValueError as error:
        raise EditRefused(f"“{value}”不是数字") from error


def _facts(view: View, rule: Rule) -> Tree:
    owner, indicator = view.catalogue.departments.get(rule.owner), view.catalogue.indicators.get(rule.indicator)
    causes = "、".join(one.name for one in rules_in_view(view).causes(rule))
    opens = {"offer": "由人决定", "red": "红色自动转", "orange": "橙色起自动转", "yellow": "黄色起自动转"}[rule.event]
    category = view.catalogue.duties.categories.get(rule.category or "")
    pairs: list[tuple[str, Node]] = [
        ("指标", html.A(indicator.name if indicator else rule.indicator, href=view.place.indicator(rule.indicator))),
        ("看什么", f"{MEASURES[rule.measure]}，{'高于' if rule.direction == 'above' else '低于'}界限"),
        ("界限来源", rule.source),
        ("责任单位", owner.name if owner else rule.owner),
        ("无数据时", "保持原状" if rule.no_data == "keep" else "解除"),
        ("转事件", opens + (f"，类别 {category.name}" if category else "")),
        *([("起因规则", f"{causes}（生效时本规则静默）")] if causes else []),
        *([("处置建议", rule.advice)] if rule.advice else []),
        ("记分", html.A("看这条规则的历史", href=view.place.to(PATH, view="past", rule=rule.key))),
    ]
    return html.Dl([part for name, words in pairs for part in (html.Dt(name), html.Dd(words))], className="facts")


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


def _length(words: str) -> str:
    units = {"m": " 分钟", "h": " 小时", "d": " 天"}
    return "即时" if words == "0" else f"{words[:-1]}{units[words[-1]]}"
