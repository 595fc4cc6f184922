"""Sentences and cards say what the figures say: no figure invented, no boast where the baseline is better."""

from __future__ import annotations

import re

import pytest

from decisions.economy_pulls import Branch, Filled
from decisions.economy_tree import Node
from decisions.findings import Finding
from decisions.model_cards import KEYS, card
from decisions.sentences import attribution, monitoring, nowcast, number, shift_share, transmission
from small_city import NOW

MADE = {"mean": 4.35, "error": 0.24, "naive": 4.0, "naive_error": 1.29, "is_better": True,
        "shares": {"ECO-08": 0.1, "PRT-07": -0.89}}  # fmt: skip


def found(model: str, **body) -> Finding:
    return Finding(model, "", "445100", "2026-10", NOW, body)


def edge(cause: str, effect: str, proven: bool, **more):
    return {"edge": {"cause": cause, "effect": effect}, "is_proven": proven, "lag": 1, "correlation": 0.53,
            "months": 44, "steady": 1.0, **more}  # fmt: skip


@pytest.mark.feature(156)
def test_the_sentence_of_the_index(catalogue):
    words = monitoring(found("monitoring", index=[105.5, 106.6], components=[{"change": 1.0}] * 10, diffusion=[75.0],
                             word=("绿灯", "正常"), score=56.0, turns=[{"place": 1, "is_peak": True}],
                             months=["2026-09", "2026-10"]), catalogue)  # fmt: skip
    assert words.startswith("截至2026年10月，综合景气指数 106.6，比上月上升 1.1 点")
    assert "扩散指数 75%" in words and "绿灯（正常，56 分）" in words and "2026年10月的峰" in words


@pytest.mark.feature(156)
def test_unproven_edges_are_never_told_as_findings(catalogue):
    none = transmission(found("transmission", edges=[edge("ENG-03", "ECO-08", False)]), catalogue)
    assert "都还没有得到数据支持" in none and "工业用电" not in none
    one = transmission(
        found("transmission", edges=[edge("ENG-03", "ECO-08", True), edge("ECO-10", "ECO-12", False)]), catalogue
    )
    assert "2 条理论关系中 1 条" in one and "滞后 1 个月，相关系数 0.53" in one and "社会消费品" not in one


@pytest.mark.feature(88)
def test_a_nowcast_that_is_no_better_than_the_baseline_is_not_told(catalogue):
    better = nowcast(found("nowcast", quarter="2026-Q4", made=MADE), catalogue)
    assert "4.3%" in better and "优于基准" in better and "−0.89" in better
    worse = nowcast(found("nowcast", quarter="2026-Q4", made=MADE | {"is_better": False}), catalogue)
    assert "4.3%" not in worse and "不优于基准，不予显示" in worse and "基准值 4.0%" in worse
    assert "历史不足" in nowcast(found("nowcast", quarter="2026-Q4", made=None), catalogue)


def test_counties_are_ranked_by_their_own_strength(catalogue):
    rows = [{"region": "445102", "growth": 3.0, "city": 4.0, "mix": 0.3, "local": -1.2},
            {"region": "445103", "growth": 4.4, "city": 4.0, "mix": -0.2, "local": 0.6}]  # fmt: skip
    words = shift_share(found("shift_share", counties=rows), catalogue)
    assert words.index("潮安") < words.index("湘桥") and "+0.60" in words and "−1.20" in words


def branch(key: str, parent: str | None, growth: float | None, pull: float | None = None, residual=None) -> Branch:
    return Branch(Node(key=key, name=key, level="ECO-01", parent=parent), None, None, growth, pull, residual, "2026-Q3")


@pytest.mark.feature(156)
def test_the_tree_names_pulls_largest_first_and_what_hides_what():
    whole = {one.node.key: one for one in (
        branch("gdp", None, 4.0, residual=0.01), branch("up", "gdp", 9.0, 5.0), branch("down", "gdp", -3.0, -1.0),
    )}  # fmt: skip
    words = attribution(Filled(whole, {"gdp": ("up", "down")}))
    assert words.index("up拉动 5.00") < words.index("down拉动 −1.00") and "相互抵消" in words and "误差项 0.01" in words
    assert "缺数" in attribution(Filled({"gdp": branch("gdp", None, None)}))


@pytest.mark.feature(93)
def test_every_model_has_a_card_with_and_without_results():
    for key in KEYS:
        empty = card(key, None)
        assert empty.span == empty.error == "尚无结果" and len(empty.method) > 10 and len(empty.limits) > 10
    full = card("nowcast", found("nowcast", quarters=["2023-Q4", "2026-Q3"], made=MADE))
    assert "0.24" in full.error and "1.29" in full.error and "2023年四季度至2026年三季度" in full.span


def test_minus_is_a_minus_and_nothing_has_no_sign():
    assert (number(-1.26), number(-0.04), number(0.0)) == ("−1.3", "0.0", "0.0")
    assert not re.search("[-]", number(-3))
