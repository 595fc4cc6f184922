"""Relations seen in noise, missed where they are, or called proven without evidence."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from decisions.transmission import Edge, weigh
from decisions.transmission_tests import f_tail, false_discoveries, incomplete_beta

POWER = Edge("power", "output", 1, (0, 6), "烧窑用电")


def noise(seed: int, count: int = 96) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=count)


@pytest.mark.feature(156)
def test_a_relation_two_months_apart_is_found_and_proven():
    x = noise(1)
    y = 0.9 * np.roll(x, 2) + 0.4 * noise(2)
    (found,) = weigh([POWER], {"power": x.tolist(), "output": y.tolist()})
    assert found.is_proven and found.lag == 2 and found.correlation > 0.7


def test_noise_is_rarely_called_a_relation():
    edges = [Edge(f"x{n}", f"y{n}", 1, (0, 6), "") for n in range(40)]
    series = {f"{kind}{n}": noise(100 * n + place).tolist() for n in range(40) for place, kind in enumerate("xy")}
    assert sum(found.is_proven for found in weigh(edges, series)) <= 1


def test_the_wrong_sign_is_not_a_proof():
    x = noise(3)
    y = -0.9 * np.roll(x, 1) + 0.3 * noise(4)
    (found,) = weigh([POWER], {"power": x.tolist(), "output": y.tolist()})
    assert not found.is_proven


def test_two_trends_are_no_relation():
    x, y = np.cumsum(noise(5)), np.cumsum(noise(6))
    (found,) = weigh([POWER], {"power": x.tolist(), "output": y.tolist()})
    assert not found.is_proven


def test_too_few_months_say_so():
    (found,) = weigh([POWER], {"power": [1.0] * 20})
    assert not found.is_proven and "不足 30 个月" in found.failings[0]


def test_a_series_that_stands_still_is_not_tested():
    (found,) = weigh([POWER], {"power": [1.0] * 60, "output": noise(1, 60).tolist()})
    assert found.p is None and not found.is_proven


def test_the_tail_of_f_at_known_points():
    assert f_tail(4.965, 1, 10) == pytest.approx(0.05, abs=2e-4)
    assert f_tail(3.098, 3, 20) == pytest.approx(0.05, abs=2e-4)
    assert f_tail(0, 2, 9) == 1


@given(st.floats(0.5, 30), st.floats(0.5, 30), st.floats(0.001, 0.999))
def test_both_tails_of_beta_are_one(a, b, x):
    assert incomplete_beta(a, b, x) + incomplete_beta(b, a, 1 - x) == pytest.approx(1, abs=1e-10)


@given(st.lists(st.floats(0, 1), max_size=30))
def test_corrected_values_keep_the_order_and_never_shrink(ps):
    found = false_discoveries(ps)
    assert all(q >= p - 1e-12 and q <= 1 for p, q in zip(ps, found, strict=True))
    ranked = sorted(range(len(ps)), key=lambda n: ps[n])
    assert [found[n] for n in ranked] == sorted(found)
