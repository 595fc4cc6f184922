"""The city's operating stage follows from alerts and lights by the table on screen; without data nothing is claimed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from indicators.definition import Stage, StageRule
from indicators.stage import city_stage
from indicators.states import Light

QUIET: dict[int, int] = {}
BLUE, YELLOW = [{"level": 4}], [{"level": 3}]


def lights(normal: int, attention: int, stale: int = 0, off: int = 0) -> dict[Light, int]:
    return {Light.NORMAL: normal, Light.ATTENTION: attention, Light.STALE: stale, Light.UNCONNECTED: off}


@pytest.mark.feature(152)
@pytest.mark.parametrize(
    ("counts", "alerts", "number", "words"),
    [
        (lights(27, 0), QUIET, 1, "无警情"),
        (lights(25, 2), QUIET, 1, "2/27"),
        (lights(24, 3), QUIET, 2, "11%"),
        (lights(16, 11), QUIET, 3, "41%"),
        (lights(10, 17), QUIET, 4, "63%"),
        (lights(5, 22), QUIET, 5, "81%"),
        (lights(27, 0), {4: 1}, 2, "蓝色"),
        (lights(27, 0), {3: 1}, 2, "黄色"),
        (lights(27, 0), {2: 1}, 3, "橙色"),
        (lights(27, 0), {1: 1}, 4, "红色"),
        (lights(27, 0), {1: 2, 2: 9}, 4, "红色警情 2 起"),
        (lights(27, 0), {1: 3}, 5, "红色警情 3 起"),
        (lights(27, 0), {2: 6}, 4, "橙色警情 6 起"),
        (lights(27, 0), {2: 0, 3: 6}, 3, "黄色警情 6 起"),
        (lights(5, 22), {4: 1}, 5, "81%"),
        (lights(0, 0, off=27), {2: 1}, 3, "橙色"),
        (lights(2, 11, stale=10, off=4), QUIET, None, "只有 13 个"),
        (lights(0, 0, off=27), QUIET, None, "只有 0 个"),
    ],
)
def test_the_first_line_that_applies_decides(catalogue, counts, alerts, number, words) -> None:
    found = city_stage(counts, alerts, catalogue.stage_rule)
    assert (found.stage.number if found.stage else None) == number
    assert words in found.reason


COUNTS = st.dictionaries(st.sampled_from([1, 2, 3, 4]), st.integers(0, 9))


@given(st.integers(0, 27), st.integers(0, 27), COUNTS, st.sampled_from([1, 2, 3, 4]))
def test_things_getting_worse_never_lower_the_stage(catalogue, normal, attention, alerts, level) -> None:
    attention = min(attention, 27 - normal)
    rest, rule = 27 - normal - attention, catalogue.stage_rule
    before = city_stage(lights(normal, attention, rest), alerts, rule).stage
    one_more = city_stage(lights(normal, attention, rest), {**alerts, level: alerts.get(level, 0) + 1}, rule).stage
    assert one_more is not None and one_more.number >= (before.number if before else 2)
    if before is not None and normal:
        after = city_stage(lights(normal - 1, attention + 1, rest), alerts, rule).stage
        assert after is not None and after.number >= before.number


@pytest.mark.parametrize(
    "stages",
    [
        [{"number": 1, "name": "平稳"}, {"number": 2, "name": "关注", "alerts": BLUE}],
        [
            {"number": 2, "name": "关注", "alerts": BLUE},
            {"number": 1, "name": "平稳", "alerts": BLUE},
        ],
        [{"number": 2, "name": "关注"}, {"number": 1, "name": "平稳"}],
        [
            {"number": 2, "name": "关注", "alerts": BLUE},
            {"number": 2, "name": "关注", "alerts": YELLOW},
        ],
    ],
)
def test_a_table_with_a_hole_is_refused(stages) -> None:
    with pytest.raises(ValidationError):
        StageRule(least_judged=0.5, words="规则", stages=tuple(Stage(words="x", **stage) for stage in stages))
