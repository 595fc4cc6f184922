"""What a password must be, by both profiles, and that the names of accounts have no second spelling."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from access import passwords
from access.names import NameRefused, checked, folded
from access.password_profile import ASVS, DENGBAO3, PROFILES
from access.passwords import PasswordRefused
from small_people import BETTER, GOOD, NOW

WEAK = [
    "123456", "Admin@123", "P@ssw0rd", "P@ssw0rd2026", "Qwer1234!", "1qaz@WSX3edc", "Abc123456!", "Aa123456!!",
    "Chaozhou@2026", "chaozhou445100A", "Zhengfu@2026!", "Huawei@123456", "Woaini1314520!", "aaaaAAAA1111",
    "Qwerty!@#456", "zhangwei@445102X", "Zhangwei#19800101", "Abcdefgh1234!", "1234567890Aa!",
    "ABCabcABCabc1!ABCabcABCabc1!",
]  # fmt: skip
"""Twenty that are guessed first."""


@pytest.mark.feature(142)
@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_twenty_weak_passwords_are_refused_by_both_profiles(profile):
    assert len(WEAK) == 20
    for weak in WEAK:
        with pytest.raises(PasswordRefused):
            passwords.check(profile, weak, name="zhangwei", shown="张伟")


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
@pytest.mark.parametrize("good", [GOOD, BETTER, "plum7 Riverside! tea", "Xq7!vbn2Lp-kd9"])
def test_good_passwords_are_taken_by_both(profile, good):
    passwords.check(profile, good, name="zhangwei", shown="张伟")


def test_the_profiles_differ_where_the_two_standards_contradict_each_other():
    long_plain = "lanterns drifting under bridges"
    passwords.check(ASVS, long_plain, name="lin")
    with pytest.raises(PasswordRefused, match="至少要有 3 种"):
        passwords.check(DENGBAO3, long_plain, name="lin")
    short_mixed = "Tx8#lan-7q"
    passwords.check(DENGBAO3, short_mixed, name="lin")
    with pytest.raises(PasswordRefused, match="至少要有 12 个字符"):
        passwords.check(ASVS, short_mixed, name="lin")
    old = NOW - timedelta(days=91)
    assert passwords.is_expired(DENGBAO3, old, NOW) and not passwords.is_expired(ASVS, old, NOW)
    assert not passwords.is_expired(DENGBAO3, NOW - timedelta(days=89), NOW)


def test_every_reason_is_told_at_once_and_the_demands_beforehand():
    with pytest.raises(PasswordRefused) as refused:
        passwords.check(DENGBAO3, "lin1", name="lin")
    assert len(refused.value.reasons) >= 3
    assert any("10" in demand for demand in passwords.demands(DENGBAO3))


def test_a_password_is_kept_by_argon2id_and_never_as_it_is():
    kept = passwords.hashed(GOOD)
    assert kept.startswith("$argon2id$") and GOOD not in kept and passwords.hashed(GOOD) != kept
    assert passwords.matches(kept, GOOD) and not passwords.matches(kept, GOOD + " ")


def test_full_width_letters_of_an_input_method_are_the_same_password():
    assert passwords.matches(passwords.hashed("Ｐｌｕｍ７-river"), "Plum7-river")


@pytest.mark.parametrize("damaged", ["", "nonsense", "$argon2id$v=19$m=1,t=1,p=1$", "x" * 5000])
def test_a_damaged_hash_matches_nothing_and_raises_nothing(damaged):
    assert not passwords.matches(damaged, GOOD)


def test_a_password_of_a_megabyte_is_not_even_hashed():
    with pytest.raises(PasswordRefused, match="至多"):
        passwords.check(ASVS, "Ab1!" * 250_000, name="lin")
    assert not passwords.matches(passwords.hashed(GOOD), "x" * 1_000_000)


@given(st.text(max_size=200))
def test_no_text_whatever_breaks_the_checks(text):
    try:
        passwords.check(ASVS, text, name="lin", shown="林")
    except PasswordRefused as refused:
        assert refused.reasons


# Names


@given(st.text(max_size=40))
def test_folding_twice_changes_nothing_more(name):
    assert folded(folded(name)) == folded(name)


@pytest.mark.parametrize(
    "variant", ["ADMIN7", " admin7 ", "ａｄｍｉｎ７", "Ad\u200bmin7", "adm in7", "ADMIN７", "\tadmin7\n"]
)
def test_case_width_and_spaces_are_one_name(variant):
    assert folded(variant) == "admin7"


@pytest.mark.parametrize("bad", ["", "a", "<b>", "a/b", "=cmd", "-dash", "a" * 60, "名 字;", "\u202eevil"])
def test_odd_names_are_not_given_to_accounts(bad):
    if folded(bad) != "evil":
        with pytest.raises(NameRefused):
            checked(bad)
