"""Units beside numbers: scientific ones in their own signs, counted ones in 万 and 亿, none bent."""

from __future__ import annotations

import pytest

from components import numbers
from indicators.catalogue import Catalogue


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (24, "微克/立方米", "24.0 μg/m³"),
        (3.2, "1/10万", "3.2/10万"),
        (102.4, "上年同期=100", "102.4"),
        (None, "微克/立方米", "—"),
        (45_000, "元", "4.50 万元"),
        (1_263, "亿元", "1,263 亿元"),
    ],
)
def test_a_unit_reads_as_people_write_it(value: float | None, unit: str, text: str) -> None:
    assert numbers.figure(value, unit, 1).compact == text


def test_every_unit_of_the_catalogue_can_stand_beside_a_number(catalogue: Catalogue) -> None:
    for indicator in catalogue.indicators.values():
        written = numbers.figure(12_345.678, indicator.unit, indicator.decimals)
        assert written.text != "—"
        assert "立方米" not in written.unit or "微克" not in written.unit
        assert len(written.unit) <= 12, f"{indicator.code}: {written.unit} is too long for a row"
