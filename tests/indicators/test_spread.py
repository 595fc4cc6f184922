"""Classes of one ink: round edges that hold every value, few of them, the same for a whole replay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indicators.spread import CLASSES, edges_of, step_of

numbers = st.floats(min_value=-1e12, max_value=1e12).filter(lambda one: one == 0 or abs(one) > 1e-3)


@given(st.lists(numbers, min_size=1, max_size=60))
def test_every_value_has_a_class_and_its_class_holds_it(values: list[float]) -> None:
    edges = edges_of(values)
    assert 2 <= len(edges) <= CLASSES + 1 and list(edges) == sorted(set(edges))
    slack = 1e-6 * max(1.0, *(abs(value) for value in values))
    for value in values:
        step = step_of(value, edges)
        assert step is not None
        assert edges[step] - slack <= value <= edges[step + 1] + slack


@given(st.lists(numbers, min_size=2, max_size=20))
def test_a_larger_value_never_has_a_lighter_ink(values: list[float]) -> None:
    edges = edges_of(values)
    steps = [step_of(value, edges) for value in sorted(values)]
    assert steps == sorted(steps)


@pytest.mark.parametrize(
    ("values", "edges"),
    [
        ([1, 2, 3], (1.0, 1.5, 2.0, 2.5, 3.0)),
        ([23, 25, 20, 17], (16, 18, 20, 22, 24, 26)),
        ([5, 5], (5, 6)),
        ([0], (0, 1)),
        ([None, None], ()),
        ([], ()),
        ([None, 0.1, 0.9], (0, 0.2, 0.4, 0.6, 0.8, 1)),
    ],
)
def test_edges_are_round(values: list[float | None], edges: tuple[float, ...]) -> None:
    assert edges_of(values) == pytest.approx(edges)


def test_what_is_missing_has_no_class() -> None:
    assert step_of(None, (0, 1, 2)) is None
    assert step_of(1.0, ()) is None
