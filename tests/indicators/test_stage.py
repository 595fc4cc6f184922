"""The city's operating stage follows from alerts and lights by the table on screen; without data nothing is claimed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indicators.definition import Stage, StageRule
from indicators.stage import city_stage
from indicators.states import Light


def lights(normal: int, attention: int, stale: int = 0, off: int = 0) -> dict[Light, int]:
    return {Light.NORMAL: normal, Light.ATTENTION: attention, Light.STALE: stale, Light.UNCONNECTED: off}


@pytest.mark.feature(152)
@pytest.mark.parametrize(
    ("counts", "alert", "number", "words"),
    [
        (lights(27, 0), None, 1, "无警情"),
        (lights(25, 2), None, 1, "2/27"),
        (lights(24, 3), None, 2, "11%"),
        (lights(16, 11), None, 3, "41%"),
        (lights(10, 17), None, 4, "63%"),
        (lights(5, 22), None, 5, "81%"),
        (lights(27, 0), 4, 2, "蓝色"),
        (lights(27, 0), 3, 3, "黄色"),
        (lights(27, 0), 2, 4, "橙色"),
        (lights(27, 0), 1, 5, "红色"),
        (lights(5, 22), 4, 5, "81%"),
        (lights(0, 0, off=27), 2, 4, "橙色"),
        (lights(2, 11, stale=10, off=4), None, None, "只有 13 个"),
        (lights(0, 0, off=27), None, None, "只有 0 个"),
    ],
)
def test_the_first_line_that_applies_decides(catalogue, counts, alert, number, words) -> None:
    found = city_stage(counts, alert, catalogue.stage_rule)
    assert (found.stage.number if found.stage else None) == number
    assert words in found.reason


@given(st.integers(0, 27), st.integers(0, 27), st.sampled_from([None, 4, 3, 2, 1]))
def test_things_getting_worse_never_lower_the_stage(catalogue, normal: int, attention: int, alert: int | None) -> None:
    attention = min(attention, 27 - normal)
    rest = 27 - normal - attention
    rule = catalogue.stage_rule
    before = city_stage(lights(normal, attention, rest), alert, rule).stage
    red = city_stage(lights(normal, attention, rest), 1, rule).stage
    assert red is not None and red.number == 5
    if before is not None and normal:
        after = city_stage(lights(normal - 1, attention + 1, rest), alert, rule).stage
        assert after is not None and after.number >= before.number


@pytest.mark.parametrize(
    "stages",
    [
        [{"number": 1, "name": "平稳"}, {"number": 2, "name": "关注", "alert": 4}],
        [{"number": 2, "name": "关注", "alert": 4}, {"number": 1, "name": "平稳", "alert": 4}],
        [{"number": 2, "name": "关注"}, {"number": 1, "name": "平稳"}],
        [{"number": 2, "name": "关注", "alert": 4}, {"number": 2, "name": "关注", "alert": 3}],
    ],
)
def test_a_table_with_a_hole_is_refused(stages) -> None:
    with pytest.raises(ValidationError):
        StageRule(least_judged=0.5, words="规则", stages=tuple(Stage(words="x", **stage) for stage in stages))
