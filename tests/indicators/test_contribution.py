"""Contributions: what the parts made of a change adds up to the change, whatever the numbers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.contribution import Fraction, drag, of_pull, of_ratio, of_sum

AMOUNT = st.floats(min_value=0.01, max_value=1e7)
PAIRS = st.lists(st.tuples(AMOUNT, AMOUNT), min_size=1, max_size=12)
FRACTION = st.tuples(st.floats(min_value=-1, max_value=3), st.floats(min_value=1, max_value=1e6)).map(
    lambda pair: Fraction(pair[0] * pair[1], pair[1])
)
FRACTIONS = st.lists(st.tuples(FRACTION, FRACTION), min_size=1, max_size=8)


def whole(parts, side: int) -> Fraction:
    return Fraction(sum(part[side].above for part in parts), sum(part[side].below for part in parts))


def is_explained(found) -> None:
    size = max(1.0, abs(found.now), abs(found.before), *(abs(part.points) for part in found.parts))
    assert abs(found.change - sum(part.points for part in found.parts) - found.residual) <= 1e-9 * size


@given(PAIRS)
def test_growth_is_the_sum_of_its_parts(pairs) -> None:
    total = (sum(pair[0] for pair in pairs), sum(pair[1] for pair in pairs))
    found = of_sum(total, {str(n): pair for n, pair in enumerate(pairs)})
    is_explained(found)
    assert abs(found.residual) <= 1e-9 * max(1.0, abs(found.change), *(abs(part.points) for part in found.parts))


@given(FRACTIONS)
def test_pulls_and_midpoints_add_up_to_the_change_of_the_rate(parts) -> None:
    before, now = whole(parts, 0), whole(parts, 1)
    named = {str(n): part for n, part in enumerate(parts)}
    for work in (of_pull, of_ratio):
        found = work(100.0, before, now, named)
        is_explained(found)
        size = max(1.0, abs(found.now), abs(found.before), *(abs(part.points) for part in found.parts))
        assert abs(found.residual) <= 1e-9 * size


@given(FRACTIONS)
def test_midpoints_do_not_care_which_period_is_called_the_first(parts) -> None:
    there = of_ratio(100.0, whole(parts, 0), whole(parts, 1), {str(n): part for n, part in enumerate(parts)})
    back = of_ratio(100.0, whole(parts, 1), whole(parts, 0), {str(n): (b, a) for n, (a, b) in enumerate(parts)})
    for one, other in zip(there.parts, back.parts, strict=True):
        assert one.points == pytest.approx(-other.points, abs=1e-6)


def test_what_no_part_explains_is_shown_and_not_spread() -> None:
    found = of_sum((100.0, 110.0), {"a": (50.0, 54.0), "b": (49.0, 52.0)})
    assert found.residual == pytest.approx(3.0) and [part.points for part in found.parts] == pytest.approx([4.0, 3.0])


def test_the_published_example_of_three_sectors() -> None:
    """前三季度 2021: sectors at 6.5, 15.5 and 9.2 per cent with base weights .10, .456, .444 make 11.8."""
    base = {"一产": 100.0, "二产": 456.0, "三产": 444.0}
    growth = {"一产": 6.5, "二产": 15.5, "三产": 9.2}
    parts = {name: (base[name], base[name] * (1 + growth[name] / 100)) for name in base}
    found = of_sum((1000.0, sum(now for _, now in parts.values())), parts)
    points = {part.key: round(part.points, 2) for part in found.parts}
    assert points == {"一产": 0.65, "二产": 7.07, "三产": 4.08} and found.change == pytest.approx(11.8, abs=0.01)
    second = next(part for part in found.parts if part.key == "二产")
    assert found.share(second) == pytest.approx(0.598, abs=0.002)
    assert found.ranked[0].key == "一产"


def test_shares_of_almost_nothing_are_not_told() -> None:
    found = of_sum((100.0, 100.2), {"a": (50.0, 60.0), "b": (50.0, 40.2)})
    assert found.share(found.parts[0]) is None


def test_better_everywhere_and_worse_in_all_is_the_mix() -> None:
    """Simpson: both offices improve, the total falls, because work moved to the slower one."""
    parts = {"快": (Fraction(90, 100), Fraction(19, 20)), "慢": (Fraction(5, 10), Fraction(55, 100))}
    found = of_ratio(100.0, Fraction(95, 110), Fraction(74, 120), parts)
    assert sum(found.beyond(part) for part in found.parts) == pytest.approx(0)
    assert found.change < 0 and all(part.within > 0 for part in found.parts)
    assert sum(part.mix for part in found.parts) < found.change


def test_a_total_without_a_base_has_no_growth() -> None:
    with pytest.raises(ValueError, match="base"):
        of_sum((0.0, 5.0), {})
    with pytest.raises(ValueError, match="base"):
        of_pull(100.0, Fraction(0, 0), Fraction(1, 1), {})


def test_drags_of_all_parts_cancel_out() -> None:
    weights, rates = (0.2, 0.5, 0.3), (0.2, 3.7, 1.0)
    total = sum(weight * rate for weight, rate in zip(weights, rates, strict=True))
    assert sum(drag(rate, weight, total) for weight, rate in zip(weights, rates, strict=True)) == pytest.approx(0)
