"""Numbers on screen: the format of the design, and what must hold for every number there is."""

from __future__ import annotations

import math
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components import numbers

NUMBERS = st.floats(allow_nan=False, allow_infinity=False, min_value=-1e12, max_value=1e12)
UNITS = st.sampled_from(
    ["%", "亿元", "元", "万元", "件", "人", "人次", "万户", "米", "微克/立方米", "-", "分钟", "1/10万"]
)
SCALE = {"亿": 1e8, "万": 1e4}


@pytest.mark.parametrize(
    ("value", "unit", "decimals", "text"),
    [
        (986.43, "亿元", 2, "986.4 亿元"),
        (44.82, "亿元", 2, "44.82 亿元"),
        (4268.4, "万千瓦时", 1, "4,268 万千瓦时"),
        (18.63, "万户", 2, "18.63 万户"),
        (28_400, "人", 0, "2.84 万人"),
        (135_200_000, "人次", 0, "1.35 亿人次"),
        (9_999, "件", 0, "9,999 件"),
        (10_000, "件", 0, "1.00 万件"),
        (3.65, "%", 1, "3.7%"),
        (-6.4, "%", 1, "−6.4%"),
        (12.86, "米", 2, "12.86 米"),
        (48, "-", 0, "48"),
        (0, "件", 0, "0 件"),
        (-0.04, "%", 1, "0.0%"),
    ],
)
def test_written_as_the_design_says(value: float, unit: str, decimals: int, text: str) -> None:
    assert numbers.figure(value, unit, decimals).compact == text


@pytest.mark.parametrize("value", [None, math.nan, math.inf, -math.inf])
def test_a_missing_number_is_a_dash_and_never_a_zero(value: float | None) -> None:
    written = numbers.figure(value, "件", 0)
    assert (written.text, written.unit, written.spoken) == ("—", "", "无数据")
    assert numbers.plain(value, 1) == numbers.change(value, 1) == "—"


@given(NUMBERS, UNITS, st.integers(0, 4))
def test_what_is_written_is_what_was_measured_to_the_last_digit_shown(value: float, unit: str, decimals: int) -> None:
    written = numbers.figure(value, unit, decimals)
    back = float(written.text.replace(",", "").replace("−", "-"))
    plain = unit.removeprefix("万").removeprefix("亿")
    scale = 1.0
    if written.unit != unit and written.unit.endswith(plain) and plain:
        scale = SCALE[written.unit[0]] / (SCALE["万"] if unit.startswith("万") else 1.0)
    places = len(written.text.partition(".")[2])
    assert abs(back * scale - value) <= 0.5 * 10.0**-places * scale * (1 + 1e-9) + 1e-9 * abs(value)


@given(NUMBERS, UNITS, st.integers(0, 4))
def test_no_hyphen_no_exponent_no_minus_zero_at_most_five_figures(value: float, unit: str, decimals: int) -> None:
    text = numbers.figure(value, unit, decimals).text
    assert re.fullmatch(r"−?\d{1,3}(,\d{3})*(\.\d{1,4})?", text), text
    assert text.strip("0.,") != "−"
    if "." in text:
        assert len(text.replace(".", "").replace("−", "").lstrip("0")) <= 5


@given(NUMBERS, NUMBERS)
def test_a_larger_number_is_never_written_smaller(one: float, other: float) -> None:
    def back(value: float) -> float:
        written = numbers.figure(value, "件", 0)
        return float(written.text.replace(",", "").replace("−", "-")) * SCALE.get(written.unit[0], 1.0)

    low, high = sorted((one, other))
    assert back(low) <= back(high)


@pytest.mark.parametrize(
    ("amount", "unit", "text"),
    [(4.13, "%", "▲4.1%"), (-0.5, "pp", "▼0.5pp"), (0.04, "%", "持平"), (-0.0, "", "持平"), (12, "", "▲12.0")],
)
def test_change_carries_its_sign_in_the_arrow(amount: float, unit: str, text: str) -> None:
    assert numbers.change(amount, 1, unit) == text


@given(NUMBERS)
def test_change_is_level_exactly_when_nothing_is_left_to_show(amount: float) -> None:
    text = numbers.change(amount, 1, "%")
    assert (text == "持平") == (round(abs(amount) + 1e-12, 1) == 0 or abs(amount) < 0.05)
    assert text == "持平" or text[0] == ("▲" if amount > 0 else "▼")
