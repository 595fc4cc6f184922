"""The operating stage of the city, 1 to 5, from alerts and the lights of the themes, by a rule everybody can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from indicators.definition import Stage, StageRule
from indicators.states import Light

LEVELS = {1: "红色", 2: "橙色", 3: "黄色", 4: "蓝色"}


@dataclass(frozen=True)
class CityStage:
    """The stage that holds, or None with the reason why nothing is said."""

    stage: Stage | None
    reason: str


def city_stage(lights: Mapping[Light, int], alerts: Mapping[int, int], rule: StageRule) -> CityStage:
    """The first line of the rule that applies. `alerts` counts those in force by level, 1 (red) to 4 (blue).

    Alerts speak even where too few themes are judged: a red warning is red in a city without data.
    """
    judged = lights[Light.NORMAL] + lights[Light.ATTENTION]
    share = lights[Light.ATTENTION] / judged if judged else 0.0
    knows_enough = judged >= rule.least_judged * sum(lights.values())
    for stage in rule.stages:
        reason = _because(stage, share if knows_enough else 0.0, alerts)
        if reason:
            return CityStage(stage, reason)
    if not knows_enough:
        return CityStage(None, f"{sum(lights.values())} 个主题中只有 {judged} 个有可用数据，不作判定")
    return CityStage(rule.stages[-1], f"无警情，“关注”主题 {lights[Light.ATTENTION]}/{judged}")


def _because(stage: Stage, share: float, alerts: Mapping[int, int]) -> str:
    """Why the stage holds; empty if it does not, or holds only because nothing worse does."""
    for line in stage.alerts:
        found = {level: count for level, count in alerts.items() if count and level <= line.level}
        if sum(found.values()) >= line.least:
            return "有" + "、".join(f"{LEVELS[level]}警情 {found[level]} 起" for level in sorted(found))
    if stage.attention_share is not None and share >= stage.attention_share:
        return f"“关注”主题占 {100 * share:.0f}%，达到 {100 * stage.attention_share:.0f}%"
    return ""
