"""Goals of the year, parts and drill paths in the catalogue: what makes no sense is told with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from indicators.catalogue import CatalogueErrors, parse

PLAN = Path(__file__).parent / "fixtures" / "catalogue"
SHIPPED = Path(__file__).resolve().parents[2]


def problems(old: str, new: str) -> list[str]:
    text = (SHIPPED / "indicators.yaml").read_text(encoding="utf-8")
    assert old in text
    with pytest.raises(CatalogueErrors) as refused:
        parse(text.replace(old, new, 1).encode(), (SHIPPED / "departments.yaml").read_bytes())
    return [str(one) for one in refused.value.problems]


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('{year: "2026", growth: 5.5,', '{year: "2026", growth: 5.5, value: 3,', "必须且只能写一个"),
        ('{year: "2026", region: "445100", value: 90,', '{year: "2026", value: 90,', "哪个区域"),
        (
            '{year: "2026", region: "445100", value: 90,',
            '{year: "2026", region: "445199", value: 90,',
            "没有名为“445199”",
        ),
        ('{year: "2026", value: 3,', '{year: "2026", value: 900,', "不在 arrival 的范围"),
        ('{year: "2026", value: 3,', '{year: "2026", growth: 3,', "growth 只用于全年总量"),
        ("parts: [IND-05]", "parts: [IND-05, IND-99]", "没有名为“IND-99”的指标"),
        ("parts: [IND-05]", "parts: [IND-05, ECO-07]", "汇总方式不同"),
        ("parts: [IND-06]", "parts: [IND-06, ECO-08]", "绕回了指标自己"),
        ("parts: [ECO-03, ECO-04, ECO-05]", "parts: [ECO-03, ECO-10]", "周期或口径"),
        ("indicator: ENV-03, region: city", "indicator: ENV-77, region: city", "没有名为“ENV-77”的指标"),
        ("indicator: ENV-03, region: worst}", "indicator: ENV-06, region: worst}", "不分县区"),
    ],
)
def test_what_makes_no_sense_is_told(old, new, words) -> None:
    found = problems(old, new)
    assert any(words in one for one in found), found


@pytest.mark.feature(26)
def test_industrial_growth_has_a_guided_path_of_three_steps(catalogue) -> None:
    path = catalogue.themes["macro_economy"].drill
    assert [step.region for step in path] == ["city", "worst", "worst"]
    assert path[-1].page == "indicator" and path[0].indicator == "ECO-08"
    assert catalogue.indicators["ECO-08"].parts == ("IND-05",)


def test_every_goal_names_its_place_and_proposals_say_so(catalogue) -> None:
    goals = [goal for indicator in catalogue.indicators.values() for goal in indicator.goals]
    assert len(goals) >= 8 and all(goal.place.startswith("提案：") for goal in goals), "none is in the plan"
