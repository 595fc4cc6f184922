"""The composite index: open weights, no paying for one thing with another."""

from __future__ import annotations

import pytest

from indicators.comparison import Gap, Progress
from indicators.composite import composite, read_weights, score, written
from small_city import indicator

THREE = (indicator("SUM-01", headline=True), indicator("SUM-02"), indicator("SUM-03"))


def stands(completion: float, mark: float = 1.0, gap: Gap = Gap.SHORT) -> Progress:
    return Progress(completion, mark, completion < mark, gap, 0.0, False, 1.0, "规划")


@pytest.mark.feature(32)
def test_the_index_is_the_weighted_mean_of_its_scores() -> None:
    found = composite(THREE, {"SUM-01": stands(0.5), "SUM-02": stands(1.0)}, {})
    assert found.value == pytest.approx((2 * 50 + 1 * 100) / 3)
    assert found.left_out == 1 and not found.is_changed
    assert [found.share(one) for one in found.components] == pytest.approx([2 / 3, 1 / 3])


@pytest.mark.feature(32)
def test_other_weights_change_the_index_and_say_so() -> None:
    progress = {"SUM-01": stands(0.5), "SUM-02": stands(1.0)}
    found = composite(THREE, progress, read_weights("01.0_02.3", THREE))
    assert found.value == pytest.approx(100) and found.is_changed
    assert composite(THREE, progress, {"SUM-01": 0, "SUM-02": 0}).value is None


def test_being_ahead_does_not_pay_for_being_behind() -> None:
    assert score(stands(1.8)) == 100.0
    assert score(stands(0.4, mark=0.8)) == pytest.approx(50)
    assert score(stands(0.9, gap=Gap.MARGIN)) == 100.0
    assert score(stands(2.0, gap=Gap.BEYOND)) == pytest.approx(50)


def test_weights_in_an_address_are_read_back_as_written() -> None:
    found = composite(THREE, {one.code: stands(1.0) for one in THREE}, {})
    text = written(found.components, "SUM-02", 4)
    assert text == "02.4" and read_weights(text, THREE) == {"SUM-02": 4}
    again = composite(THREE, {one.code: stands(1.0) for one in THREE}, {"SUM-02": 4})
    assert written(again.components, "SUM-02", 1) is None, "the usual weight is not written"
    assert written(again.components, "SUM-03", 99) == "02.4_03.9"


@pytest.mark.parametrize("text", [None, "", "99.1", "01.x", "01", "'; drop", "_" * 50])
def test_what_is_no_weight_is_left_out(text) -> None:
    assert read_weights(text, THREE) == {}
