"""The second factor by the vectors of the standards; each code works once, a moved clock helps nobody."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import totp

SECRET = base64.b32encode(b"12345678901234567890").decode()
NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)


@pytest.mark.feature(142)
@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"),
        (1234567890, "89005924"), (2000000000, "69279037"), (20000000000, "65353130"),
    ],
)  # fmt: skip
def test_the_vectors_of_rfc_6238(seconds, code):
    assert totp.code_at(SECRET, seconds // totp.STEP, digits=8) == code


@pytest.mark.parametrize(("counter", "code"), [*enumerate(["755224", "287082", "359152", "969429", "338314"])])
def test_the_vectors_of_rfc_4226(counter, code):
    assert totp.code_at(SECRET, counter) == code


@pytest.mark.parametrize(("steps", "is_good"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_slack_and_no_more(steps, is_good):
    code = totp.code_at(SECRET, totp.step_of(NOW) + steps)
    assert (totp.matching_step(SECRET, code, NOW, last_used=0) is not None) == is_good


@given(st.integers(-90, 90))
def test_no_code_works_twice_however_the_clock_moves(jump):
    code = totp.code_at(SECRET, totp.step_of(NOW))
    step = totp.matching_step(SECRET, code, NOW, last_used=0)
    assert step is not None
    assert totp.matching_step(SECRET, code, NOW + timedelta(seconds=jump), last_used=step) is None


@given(st.text(max_size=12))
def test_whatever_is_typed_nothing_breaks(typed):
    step = totp.matching_step(SECRET, typed, NOW, last_used=0)
    assert step is None or totp.code_at(SECRET, step) == typed.strip().replace(" ", "")


def test_secrets_are_long_and_differ_and_the_address_is_readable_by_telephones():
    one, other = totp.new_secret(), totp.new_secret()
    assert one != other and len(base64.b32decode(one)) == 20
    address = totp.address_for(one, "wangfang")
    assert address.startswith("otpauth://totp/") and f"secret={one}" in address and "潮" not in address
