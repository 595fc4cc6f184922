"""一树三模型 at `/decisions`: attribution tree, monitoring, transmission, what-if, nowcast, counties, model cards."""

from __future__ import annotations

import dash
from dash import html
from dash.development.base_component import Component

from components.decision_counties import CountyShift, shift_table
from components.decision_tree import TreeNode, decision_tree
from components.faces import block, empty, panel_head
from components.header import crumbs, header
from components.markup import Tree
from components.model_card import model_cards
from components.numbers import figure
from components.theme_head import Choice, switch
from components.times import period
from decisions.economy_pulls import Branch, Filled, filled
from decisions.economy_tree import EconomyTree, load
from decisions.findings import Finding, finding
from decisions.model_cards import KEYS, card
from decisions.sentences import MODELS, attribution, number
from indicators.reading import World
from pages import decisions_models, decisions_what_if, sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import View

PATH = "/decisions"
RIGHT = "warnings.view"
FINDINGS, READINGS = "findings:{world}", "readings:{world}"

dash.register_page(__name__, path=PATH, title="研判", name="研判", access=RIGHT)

panel("decisions-monitor", topics=[FINDINGS], soft_seconds=300, right=RIGHT)(decisions_models.draw_monitoring)
panel("decisions-edges", topics=[FINDINGS], soft_seconds=300, right=RIGHT)(decisions_models.draw_transmission)
panel("decisions-nowcast", topics=[FINDINGS], soft_seconds=300, right=RIGHT)(decisions_models.draw_nowcast)
panel(
    "decisions-supposed", topics=[FINDINGS], params=decisions_what_if.PARAMS, soft_seconds=300, right=RIGHT
)(decisions_what_if.draw)  # fmt: skip


@panel("decisions-head", topics=["sources"], right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    line = header("研判", "经济运行 一树三模型", view.place, PATH, sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("decisions-tree", topics=[READINGS, FINDINGS], soft_seconds=120, right=RIGHT)
def draw_tree(view: View) -> Tree:
    """The tree of the region in view with what each part pulls."""
    tree = load()
    found = filled((view.connection, view.catalogue, view.by), tree, world=view.world, region=view.region, now=view.now)
    head = panel_head("归因树", view.catalogue.regions[view.region].name)
    head.children.append(switch("区域", _regions(view)))
    root = tree.tree[0]
    return [head, html.P(attribution(found), className="lead2"), decision_tree(_node(view, tree, found, root.key))]


def _filled(view: View) -> Filled:
    source = (view.connection, view.catalogue, view.by)
    return filled(source, load(), world=view.world, region=view.region, now=view.now)


def _regions(view: View) -> list[Choice]:
    city = view.catalogue.city.code
    codes = [
        code for code in (city, *(one.code for one in view.catalogue.children(city))) if view.by.scope.allows(code)
    ]
    names = {code: "全市" if code == city else view.catalogue.regions[code].short for code in codes}
    return [Choice(names[code], view.place.in_region(PATH, code), code == view.region) for code in codes]


def _node(view: View, tree: EconomyTree, found: Filled, key: str) -> TreeNode:
    one = found.branches[key]
    code = one.node.growth or one.node.level
    children = [_node(view, tree, found, child.key) for child in tree.children(key)]
    return TreeNode(
        name=one.node.name, href=view.place.indicator(code) if code else None, value=_value(view, one),
        growth=one.growth, period=period(one.period, _basis(one)) if one.period else "",
        is_identity=one.node.edge == "identity", is_simulated=view.world is World.DEMO, pull=one.pull,
        residual=one.residual, children=sorted(children, key=lambda child: not child.is_identity),
    )  # fmt: skip


def _value(view: View, one: Branch) -> str:
    if one.level is None or one.level.value is None or one.node.level is None:
        return "仅发增速" if one.rate is not None else "无数据"
    indicator = view.catalogue.indicators[one.node.level]
    return figure(one.level.value, indicator.unit, indicator.decimals).spoken


def _basis(one: Branch) -> str:
    reading = one.rate if one.rate is not None and one.rate.value is not None else one.level
    return reading.basis if reading is not None else "period"


@panel("decisions-counties", topics=[FINDINGS], soft_seconds=300, right=RIGHT)
def draw_counties(view: View) -> Tree:
    """Why a county grew otherwise than the city."""
    found = of_city(view, "shift_share")
    if found is None:
        return [panel_head("县区份额"), empty("尚无结果", "须有各县区本期与上年同期的分产业数据；每日凌晨计算")]
    rows = [
        CountyShift(
            view.catalogue.regions[row["region"]].name, view.place.in_region(PATH, row["region"]), row["growth"],
            row["city"], row["mix"], row["local"],
        )
        for row in found.body["counties"]
        if view.by.scope.allows(row["region"])
    ]  # fmt: skip
    words = html.P(MODELS["shift_share"](found, view.catalogue), className="lead2")
    return [panel_head("县区份额", "偏离—份额法，名义值"), words, shift_table(rows)]


@panel("decisions-cards", topics=[FINDINGS], soft_seconds=300, right=RIGHT)
def draw_cards(view: View) -> Tree:
    """What each model is fed, how wrong it is, what it must not be used for."""
    found = {"attribution": _worked(view)} | {key: of_city(view, key) for key in KEYS if key != "attribution"}
    made = [(card(key, one), one.made_at if one else None) for key, one in found.items()]
    return [panel_head("模型卡", "每个模型的数据、方法、误差与局限"), model_cards(made)]


def _worked(view: View) -> Finding | None:
    """The tree is worked out whenever it is looked at; its card tells of that."""
    found = _filled(view)
    root = next(iter(found.branches.values()))
    if root.growth is None:
        return None
    rest = "分项数据不全" if root.residual is None else f"误差项 {number(root.residual, 2)} 个百分点"
    told = {"span": f"{period(root.period, _basis(root))}与上年同期，{len(found.branches)} 个节点", "error": rest}
    return Finding("attribution", "", view.region, root.period, view.now, told)


def of_city(view: View, model: str) -> Finding | None:
    """The newest result of a model of the whole city, if the viewer may see it."""
    city = view.catalogue.city.code
    return finding(view.connection, view.by, world=view.world.value, model=model, region=city)


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    wide = [slot("decisions-tree", [block(8), block(80, 20)], look="p wide")]
    rest = [
        slot(f"decisions-{name}", [block(8), block(40, 16)], look=f"p {look}")
        for name, look in (("monitor", "wide"), ("edges", "wide"), ("supposed", ""), ("nowcast", ""),
                           ("counties", "wide"), ("cards", "wide"))
    ]  # fmt: skip
    return html.Div(
        [top(slot("decisions-head", look="head"), PATH), html.Main([*wide, *rest], className="dec")],
        className="sheet",
    )
