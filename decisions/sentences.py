"""One plain sentence for each finding, made from its figures only; no figure, no sentence about it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from decisions.economy_pulls import Filled
from decisions.findings import Finding
from indicators.catalogue import Catalogue

Sentence = Callable[[Finding, Catalogue], str]
MINUS = "\u2212"
_QUARTERS = {"Q1": "一季度", "Q2": "二季度", "Q3": "三季度", "Q4": "四季度"}


def number(value: float, decimals: int = 1) -> str:
    """With the proper minus; what rounds to nothing has no sign."""
    text = f"{value:.{decimals}f}"
    return text.lstrip("-") if not text.strip("-0.") else text.replace("-", MINUS)


def period_words(label: str) -> str:
    """2026年10月, 2026年三季度."""
    year, _, part = label.partition("-")
    return f"{year}年{_QUARTERS.get(part) or f'{int(part)}月'}" if part else f"{year}年"


def monitoring(found: Finding, _: Catalogue) -> str:
    """Composite index, diffusion, lamp."""
    body = found.body
    index, parts = body["index"], body["components"]
    step = index[-1] - index[-2]
    told = [
        f"截至{period_words(found.period)}，综合景气指数 {number(index[-1])}，"
        f"比上月{'上升' if step >= 0 else '下降'} {number(abs(step))} 点",
        f"{len(parts)} 项指标的扩散指数 {number(body['diffusion'][-1], 0)}%（50% 以上为多数上升）",
    ]
    if body.get("word"):
        told.append(f"综合灯号{body['word'][0]}（{body['word'][1]}，{number(body['score'], 0)} 分）")
    if body["turns"]:
        last = body["turns"][-1]
        kind = "峰" if last["is_peak"] else "谷"
        told.append(f"最近一次转折为 {period_words(body['months'][last['place']])}的{kind}")
    return "；".join(told) + "。"


def transmission(found: Finding, catalogue: Catalogue) -> str:
    """How many edges are proven, and the surest."""
    edges = found.body["edges"]
    proven = [one for one in edges if one["is_proven"]]
    if not proven:
        return f"{len(edges)} 条理论关系都还没有得到数据支持，全部灰显，不用于测算。"
    best = max(proven, key=lambda one: abs(one["correlation"]))
    cause, effect = (catalogue.indicators[best["edge"][side]].name for side in ("cause", "effect"))
    lag = f"滞后 {best['lag']} 个月" if best["lag"] else "同月"
    return (
        f"{len(edges)} 条理论关系中 {len(proven)} 条得到数据支持，相关性最高的是“{cause}→{effect}”"
        f"（{lag}，相关系数 {number(best['correlation'], 2)}）；其余 {len(edges) - len(proven)} 条未证实，灰显。"
    )


def nowcast(found: Finding, catalogue: Catalogue) -> str:
    """What is expected of the running quarter, if that is better than the baseline."""
    body, quarter = found.body, period_words(found.body["quarter"])
    made = body.get("made")
    if not made:
        return f"{quarter}暂不作现时预测：{body.get('reason') or '历史不足'}。"
    errors = f"历史误差 {number(made['error'], 2)}，基准误差 {number(made['naive_error'], 2)} 个百分点"
    if not made["is_better"]:
        return f"{quarter}现时预测的{errors}，不优于基准，不予显示；基准值 {number(made['naive'])}%。"
    code, share = max(made["shares"].items(), key=lambda item: abs(item[1]))
    return (
        f"{quarter}经济增速现时预测 {number(made['mean'])}%，{errors}，优于基准；"
        f"影响最大的是{catalogue.indicators[code].name}（{number(share, 2)} 个百分点）。"
    )


def shift_share(found: Finding, catalogue: Catalogue) -> str:
    """Which county is strongest and weakest by its own strength."""
    rows = found.body["counties"]
    best, worst = max(rows, key=lambda row: row["local"]), min(rows, key=lambda row: row["local"])

    def told(row: Mapping[str, Any]) -> str:
        name = catalogue.regions[row["region"]].short
        return f"{name}增长 {number(row['growth'])}%（自身竞争力 {_signed(row['local'])} 个百分点）"

    return (
        f"{period_words(found.period)}与上年同期相比，自身竞争力贡献最高的是{told(best)}，"
        f"最低的是{told(worst)}；全市分量 {number(best['city'])}%。"
    )


def attribution(tree: Filled) -> str:
    """What pulls the root most, and which pulls hide each other."""
    root = next(iter(tree.branches.values()), None)
    if root is None or root.growth is None:
        return "总量或增速缺数，暂不能归因。"
    parts = [one for one in tree.branches.values() if one.node.parent == root.node.key and one.pull is not None]
    head = f"{period_words(root.period)}{root.node.name}增长 {number(root.growth)}%"
    if not parts:
        return f"{head}；分项数据不全，暂不能归因。"
    ranked = sorted(parts, key=lambda one: -abs(one.pull or 0.0))
    pulls = "、".join(f"{one.node.name}拉动 {number(one.pull or 0.0, 2)} 个百分点" for one in ranked)
    rest = "" if root.residual is None else f"，误差项 {number(root.residual, 2)}"
    hidden = [f"{tree.branches[up].node.name}与{tree.branches[down].node.name}" for up, down in tree.offsets.values()]
    more = f"；{'、'.join(hidden)}一升一降，相互抵消" if hidden else ""
    return f"{head}：{pulls}{rest}{more}。"


def _signed(value: float) -> str:
    return f"+{number(value, 2)}" if value > 0 else number(value, 2)


MODELS: dict[str, Sentence] = {
    "monitoring": monitoring,
    "transmission": transmission,
    "nowcast": nowcast,
    "shift_share": shift_share,
}
"""By the model's key in the table of findings."""
