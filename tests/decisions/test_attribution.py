"""Attribution that does not add up, depends on the order of factors, or gives another answer on the way back."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.attribution_growth import Part, attribute, base_weight, rest
from decisions.attribution_lmdi import effects, effects_of_sum, log_mean
from decisions.attribution_shapley import owen, shapley
from decisions.attribution_shift_share import shift_share

positive = st.floats(1e-3, 1e6)
growths = st.floats(-90, 300)


def close(one: float, other: float, scale: float = 1.0) -> bool:
    return abs(one - other) <= 1e-9 * max(1.0, abs(scale), abs(one), abs(other))


# Growth


@pytest.mark.feature(156)
def test_the_worked_example_of_gdp():
    second = (11.8 - 0.10 * 6.5 - 0.90 * 9.2) / (15.5 - 9.2)
    parts = [Part("第一产业", 0.10, 6.5), Part("第二产业", second, 15.5), Part("第三产业", 0.90 - second, 9.2)]
    found = attribute(parts, 11.8)
    assert [round(pull.points, 2) for pull in found.pulls] == [0.65, 7.06, 4.09]
    assert [round(100 * (pull.share or 0), 1) for pull in found.pulls] == [5.5, 59.8, 34.7]
    assert abs(found.residual) < 1e-9


@pytest.mark.feature(156)
def test_the_headline_was_not_made_by_the_eight_local_industries():
    weight = base_weight(122.70, 6.3, 211.85, 13.7)
    eight = Part("八大特色行业", weight, 6.3)
    others = rest([eight], 13.7, "其他行业")
    found = attribute([eight, others], 13.7)
    assert round(weight, 4) == 0.6195
    assert [round(pull.points, 2) for pull in found.pulls] == [3.90, 9.80]
    assert round(others.growth, 1) == 25.7


@given(st.lists(st.tuples(st.floats(0, 1), growths), min_size=1, max_size=12), growths)
def test_pulls_and_residual_are_the_published_growth(rows, growth):
    parts = [Part(str(number), weight, own) for number, (weight, own) in enumerate(rows)]
    found = attribute(parts, growth)
    assert close(math.fsum(pull.points for pull in found.pulls) + found.residual, growth)
    assert all((pull.share is None) == (abs(growth) < 0.5) for pull in found.pulls)


def test_two_large_opposite_pulls_are_called_out():
    assert attribute([Part("up", 0.5, 20), Part("down", 0.5, -18)]).offsets is not None
    assert attribute([Part("up", 0.5, 20), Part("down", 0.5, -2)]).offsets is None


# LMDI


@given(st.lists(st.tuples(positive, positive), min_size=1, max_size=5))
def test_lmdi_sums_to_the_change_and_turns_with_time(pairs):
    before = {str(n): pair[0] for n, pair in enumerate(pairs)}
    after = {str(n): pair[1] for n, pair in enumerate(pairs)}
    change = math.prod(after.values()) - math.prod(before.values())
    scale = max(math.prod(after.values()), math.prod(before.values()))
    forth, back = effects(before, after), effects(after, before)
    assert close(math.fsum(forth.values()), change, scale)
    assert all(close(forth[key], -back[key], scale) for key in forth)


def test_lmdi_of_a_factor_that_starts_from_zero():
    found = effects({"firms": 0.0, "output": 5.0}, {"firms": 3.0, "output": 5.0})
    assert close(math.fsum(found.values()), 15.0) and found["output"] == 0.0


def test_lmdi_of_two_sectors():
    before = [{"scale": 100.0, "intensity": 2.0}, {"scale": 50.0, "intensity": 1.0}]
    after = [{"scale": 120.0, "intensity": 1.5}, {"scale": 50.0, "intensity": 1.2}]
    found = effects_of_sum(before, after)
    assert close(math.fsum(found.values()), 180 + 60 - 200 - 50)
    assert found["scale"] > 0 > found["intensity"]


def test_lmdi_refuses_a_negative_factor():
    with pytest.raises(ValueError, match="Shapley"):
        effects({"profit": -1.0}, {"profit": 2.0})


@given(positive, positive)
def test_the_logarithmic_mean_lies_between_both(one, other):
    low, high = sorted((one, other))
    assert low * (1 - 1e-7) <= log_mean(one, other) <= high * (1 + 1e-7)


# Shift-share


@given(st.lists(st.tuples(positive, positive, positive, positive), min_size=1, max_size=6))
def test_shift_share_sums_to_the_countys_change(rows):
    county = ({str(n): r[0] for n, r in enumerate(rows)}, {str(n): r[1] for n, r in enumerate(rows)})
    city = ({str(n): r[0] + r[2] for n, r in enumerate(rows)}, {str(n): r[1] + r[3] for n, r in enumerate(rows)})
    found = shift_share(county, city)
    change = math.fsum(county[1].values()) - math.fsum(county[0].values())
    scale = max(abs(part) for shift in found.shifts for part in (shift.city, shift.mix, shift.local)) * len(rows)
    assert close(found.city + found.mix + found.local, change, scale)


def test_a_county_like_the_city_has_neither_mix_nor_local_effect():
    found = shift_share(
        ({"陶瓷": 10, "食品": 20}, {"陶瓷": 11, "食品": 22}), ({"陶瓷": 100, "食品": 200}, {"陶瓷": 110, "食品": 220})
    )
    assert close(found.city, 3) and close(found.mix, 0) and close(found.local, 0)


# Shapley


@given(st.lists(st.floats(-100, 100), min_size=1, max_size=6), st.floats(-2, 2))
def test_shapley_is_complete_and_symmetric(values, bond):
    factors = [str(n) for n in range(len(values))]
    worth = dict(zip(factors, values, strict=True))

    def play(chosen: frozenset[str]) -> float:
        return math.fsum(worth[one] for one in chosen) + bond * len(chosen) ** 2

    found = shapley(factors, play).values
    assert close(math.fsum(found.values()), play(frozenset(factors)) - play(frozenset()), 1e3)
    assert all(close(found[one] - worth[one], bond * len(values), 1e3) for one in factors)


def test_shapley_does_not_depend_on_the_order_of_factors():
    def play(chosen: frozenset[str]) -> float:
        return (3 if "a" in chosen else 1) * (5 if "b" in chosen else 2) - (4 if "c" in chosen else 1)

    assert shapley("abc", play).values == pytest.approx(shapley("cba", play).values)


def test_many_factors_are_sampled_with_an_error_that_holds():
    factors = [str(n) for n in range(14)]

    def play(chosen: frozenset[str]) -> float:
        return float(sum(int(one) for one in chosen)) + (10.0 if {"1", "2"} <= chosen else 0.0)

    found = shapley(factors, play)
    assert close(math.fsum(found.values.values()), play(frozenset(factors)))
    assert found.error > 0 and abs(found.values["1"] - 6) < 5 * found.error


@given(st.lists(st.floats(-9, 9), min_size=5, max_size=5))
def test_owen_children_sum_to_their_branch(values):
    names = ["a", "b", "c", "d", "e"]
    worth = dict(zip(names, values, strict=True))

    def play(chosen: frozenset[str]) -> float:
        return math.fsum(worth[one] for one in chosen) + 2 * len(chosen & {"a", "c"}) ** 2

    tree = [["a", "b"], ["c", "d", "e"]]
    found = owen(tree, play).values
    branches = shapley(["0", "1"], lambda chosen: play(frozenset(x for n in chosen for x in tree[int(n)]))).values
    assert close(found["a"] + found["b"], branches["0"], 100)
    assert close(found["c"] + found["d"] + found["e"], branches["1"], 100)
