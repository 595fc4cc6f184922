"""Numbers, units and periods as departments write them."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasources.delivery.cell import NotANumber, is_missing, read_amount
from datasources.delivery.unit import UnitsDiffer, factor, scaled

pytestmark = pytest.mark.feature(49)

FULL_WIDTH = str.maketrans("0123456789.-%", "０１２３４５６７８９．－％")
NUMBERS = st.decimals(min_value=-(10**12), max_value=10**12, places=4, allow_nan=False)


@pytest.mark.parametrize(
    ("text", "digits", "unit"),
    [
        ("1234.5", "1234.5", ""),
        ("1,234,567.8", "1234567.8", ""),
        ("1 234 567", "1234567", ""),
        ("１，２３４．５", "1234.5", ""),
        ("−5.2", "-5.2", ""),
        ("–5.2", "-5.2", ""),
        ("－５", "-5", ""),
        ("+3", "+3", ""),
        (".5", ".5", ""),
        ("1.2E+05", "1.2E+05", ""),
        ("8.3%", "8.3", "%"),
        ("8.3 ％", "8.3", "%"),
        ("3‰", "3", "‰"),
        ("1.2亿", "1.2", "亿"),
        ("1,234.5万元", "1234.5", "万元"),
        ("0.8个百分点", "0.8", "个百分点"),
        ("35μg/m³", "35", "μg/m3"),
        ("412①", "412", ""),
        ("412*", "412", ""),
        ("412[1]", "412", ""),
        ("412（注2）", "412", ""),
        ("'412", "412", ""),
        ("12.5%②", "12.5", "%"),
    ],
)
def test_an_amount_is_read(text: str, digits: str, unit: str) -> None:
    assert read_amount(text) == (digits, unit)


@pytest.mark.parametrize(
    "text", ["", " ", "-", "--", "—", "——", "–", "/", "…", "......", "无", "N/A", "#N/A", "null", "NaN", "缺测", "*"]
)
def test_no_figure_is_no_figure(text: str) -> None:
    assert is_missing(text)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1,23",
        "12,34,567",
        "1.2.3",
        "约12",
        ">5",
        "12-15",
        "1/2",
        "#DIV/0!",
        "#REF!",
        "inf",
        "1e9999x",
        "12万3千",
        "(5)",
        "1_000",
        "9" * 90,
    ],
)
def test_what_is_no_number_is_refused_in_words(text: str) -> None:
    assert not is_missing(text)
    with pytest.raises(NotANumber, match=r"。$"):
        read_amount(text)


@given(NUMBERS)
def test_every_way_of_writing_a_number_is_the_same_number(number) -> None:
    for text in (
        str(number),
        f"{number:,}",
        str(number).translate(FULL_WIDTH),
        f" {number} ",
        f"{number}①".replace("-", "−"),
    ):
        amount = read_amount(text.strip())
        assert float(amount.digits) == float(number), text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_float_survives_its_own_text(number: float) -> None:
    assert float(read_amount(repr(number)).digits) == number


@given(st.text(max_size=100))
def test_no_text_makes_the_reader_stumble(text: str) -> None:
    if not is_missing(text):
        try:
            float(read_amount(text).digits)
        except NotANumber as problem:
            assert str(problem)


@pytest.mark.parametrize(
    ("given_unit", "wanted", "times"),
    [
        ("万元", "亿元", Fraction(1, 10**4)),
        ("元", "万元", Fraction(1, 10**4)),
        ("亿元", "亿元", 1),
        ("万户", "户", 10**4),
        ("户", "万户", Fraction(1, 10**4)),
        ("%", "%", 1),
        ("小数", "%", 100),
        ("‰", "%", Fraction(1, 10)),
        ("个百分点", "%", 1),
        ("毫克/立方米", "微克/立方米", 1000),
        ("μg/m³", "微克/立方米", 1),
        ("km/h", "千米/小时", 1),
        ("公里", "千米", 1),
        ("吨", "万吨", Fraction(1, 10**4)),
        ("度", "万千瓦时", Fraction(1, 10**4)),
        ("MW", "万千瓦", Fraction(1, 10)),
        ("小时", "分钟", 60),
        ("亩", "平方米", Fraction(2000, 3)),
        ("宗", "件", 1),
        ("TEU", "万标箱", Fraction(1, 10**4)),
        ("元/人", "万元/人", Fraction(1, 10**4)),
        ("1/10万", "1/10万", 1),
    ],
)
def test_units_convert_exactly(given_unit: str, wanted: str, times: Fraction) -> None:
    assert factor(given_unit, wanted) == times
    assert factor(wanted, given_unit) == 1 / Fraction(times)


@pytest.mark.parametrize(
    ("one", "other"), [("万吨", "亿元"), ("%", "亿元"), ("人", "户"), ("人", "人次"), ("箩", "吨"), ("天", "工作日")]
)
def test_units_of_different_things_do_not_convert(one: str, other: str) -> None:
    with pytest.raises(UnitsDiffer):
        factor(one, other)


def test_a_conversion_does_not_smear_the_digits() -> None:
    assert scaled("12345.6", factor("万元", "亿元")) == 1.23456
    assert scaled("0.3", factor("小数", "%")) == 30.0
