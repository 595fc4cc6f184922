"""The card of each model: what it is fed, how it works, how wrong it is, what it must not be used for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from decisions.findings import Finding
from decisions.sentences import number, period_words


@dataclass(frozen=True)
class ModelCard:
    """`span`, `error` and `checked` come from the last run; the rest belongs to the method."""

    key: str
    name: str
    span: str
    method: str
    error: str
    limits: str


@dataclass(frozen=True)
class _Method:
    name: str
    method: str
    limits: str
    span: Callable[[Mapping[str, Any]], str]
    error: Callable[[Mapping[str, Any]], str]


def card(key: str, found: Finding | None) -> ModelCard:
    """The card of a model; without a finding it says that nothing has been worked out yet."""
    made = _METHODS[key]
    if found is None:
        return ModelCard(key, made.name, "尚无结果", made.method, "尚无结果", made.limits)
    return ModelCard(key, made.name, made.span(found.body), made.method, made.error(found.body), made.limits)


def _months(body: Mapping[str, Any]) -> str:
    months = body["months"]
    return (
        f"{period_words(months[0])}至{period_words(months[-1])}，{len(months)} 个月，{len(body['components'])} 项指标"
    )


def _edges(body: Mapping[str, Any]) -> str:
    counts = [one["months"] for one in body["edges"]]
    return f"{len(counts)} 条关系，可用 {min(counts, default=0)}–{max(counts, default=0)} 个月"


def _steadiness(body: Mapping[str, Any]) -> str:
    proven = [one for one in body["edges"] if one["is_proven"]]
    share = min((one["steady"] for one in proven), default=None)
    told = "" if share is None else f"；已证实的关系在换样本检验中至少 {100 * share:.0f}% 保持同号同滞后"
    return f"错误发现率控制在 10% 以内{told}"


def _quarters(body: Mapping[str, Any]) -> str:
    quarters = body["quarters"]
    return f"{period_words(quarters[0])}至{period_words(quarters[-1])}，{len(quarters)} 个季度"


def _nowcast_error(body: Mapping[str, Any]) -> str:
    made = body.get("made")
    if not made:
        return str(body.get("reason") or "尚无结果")
    naive = number(made["naive_error"], 2)
    return f"逐期外推均方根误差 {number(made['error'], 2)} 个百分点，基准（沿用上季）{naive} 个百分点"


_METHODS = {
    "attribution": _Method(
        "归因模型",
        "增长贡献分解：基期份额×分项增速＝拉动百分点；比率用 Bennet 中点法，乘积用 LMDI，其余用 Shapley。"
        "各分项与误差项之和恒等于总量变化",
        "只是核算恒等式，不说明原因；名义量与可比价增速混用处标“近似”；虚线分支不参与相加",
        lambda body: str(body.get("span") or "最新一期与上年同期"),
        lambda body: str(body.get("error") or "误差项逐期列出"),
    ),
    "monitoring": _Method(
        "监测模型",
        "合成指数（美国世界大型企业联合会方法）：对称变化率按波动倒数加权、累积；扩散指数；"
        "Bry–Boschan 简化转折点；五灯界限为历史分位数",
        "灯色表示冷热，不表示好坏，与预警颜色无关；分位数随历史变化；转折点要到其后 5 个月才能确认",
        _months,
        lambda body: f"界限来源：{next((one['source'] for one in body['components'] if one['source']), '历史不足')}",
    ),
    "transmission": _Method(
        "传导模型",
        "预白化互相关找滞后期，格兰杰检验，Benjamini–Hochberg 多重检验校正，分块自助法检验稳定；四项全过才画实线",
        "“领先”不等于“导致”；未证实的关系一律灰显，不用于测算；结构变化后须重新检验",
        _edges,
        _steadiness,
    ),
    "nowcast": _Method(
        "现时预测",
        "桥接方程：季度增速对当季月度指标回归，缺月以已知月份代替；各指标的影响逐项列出",
        "误差大于基准时不显示；月度数据修订后会变；季度样本少，极端年份外推不可靠",
        _quarters,
        _nowcast_error,
    ),
    "shift_share": _Method(
        "县区份额分析",
        "偏离—份额法（Dunn 1960）：县区增长＝全市分量＋产业结构分量＋自身竞争力分量，三项相加恰为增速",
        "按三次产业粗分，细行业结构的差异会计入竞争力；跨县企业按注册地统计",
        lambda body: f"{period_words(body['before'])}与{period_words(body['period'])}，{len(body['counties'])} 个县区",
        lambda body: "恒等分解，无统计误差",
    ),
}
KEYS = tuple(_METHODS)
