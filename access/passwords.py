"""Passwords: what a new one must be by the profile in force, and how it is kept (argon2id, RFC 9106)."""

from __future__ import annotations

import threading
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import datetime

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from access.common_passwords import is_common
from access.password_profile import Profile

LONGEST = 128
"""Characters; more would only cost time to hash."""
_AT_ONCE = threading.BoundedSemaphore(4)
"""Hashings of one process at the same time: each takes 19 MiB, and a crowd of guesses must not take them all."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's figures for argon2id


class PasswordRefused(ValueError):
    """The new password will not do. `reasons` are sentences for the person."""

    def __init__(self, reasons: Iterable[str]) -> None:
        self.reasons = tuple(reasons)
        super().__init__("；".join(self.reasons))


def demands(profile: Profile) -> list[str]:
    """What to tell someone who chooses a password."""
    told = [f"至少 {profile.shortest} 个字符，至多 {LONGEST} 个"]
    if profile.classes > 1:
        told.append(f"大写字母、小写字母、数字、符号中至少 {profile.classes} 种（汉字算符号）")
    told.append("不能含账号、姓名，不能是常见口令、键盘顺序或重复的字符")
    if profile.changed_after:
        told.append(f"每 {profile.changed_after.days} 天更换一次，不能用最近 {profile.remembered} 次用过的")
    return told


def check(profile: Profile, password: str, *, name: str, shown: str = "", earlier: Iterable[str] = ()) -> None:
    """PasswordRefused with every reason. `earlier`: hashes of passwords that may not come back."""
    reasons = list(_reasons(profile, password, (name, shown)))
    if not reasons and any(matches(used, password) for used in earlier):
        reasons.append("最近用过这个口令，请另选一个")
    if reasons:
        raise PasswordRefused(reasons)


def _reasons(profile: Profile, password: str, names: Iterable[str]) -> Iterator[str]:
    plain = _normal(password)
    if len(plain) < profile.shortest:
        yield f"至少要有 {profile.shortest} 个字符"
    if len(plain) > LONGEST:
        yield f"至多 {LONGEST} 个字符"
        return
    if _classes(plain) < profile.classes:
        yield f"大写字母、小写字母、数字、符号中至少要有 {profile.classes} 种"
    if any(len(own) >= 2 and own.casefold() in plain.casefold() for own in map(_normal, names)):
        yield "不能含账号或姓名"
    if is_common(plain):
        yield "过于常见或有规律，容易被猜到"


def _classes(password: str) -> int:
    kinds = {_class(letter) for letter in password}
    return len(kinds)


def _class(letter: str) -> str:
    if not letter.isascii() or not letter.isalnum():
        return "other"
    return "digit" if letter.isdigit() else "upper" if letter.isupper() else "lower"


def hashed(password: str) -> str:
    """What is kept of a password: argon2id with its parameters and salt."""
    with _AT_ONCE:
        return _HASHER.hash(_normal(password))


def matches(kept: str, password: str) -> bool:
    """True if `password` is the one kept. Never raises; a damaged hash matches nothing."""
    if len(password) > LONGEST * 2:
        return False
    try:
        with _AT_ONCE:
            return _HASHER.verify(kept, _normal(password))
    except (VerificationError, InvalidHashError):
        return False


def spend_time(password: str) -> None:
    """Work as long as for a true account, so that the answer's time does not tell which accounts exist."""
    matches(_NOBODY, password)


def is_outdated(kept: str) -> bool:
    """True if it was hashed with weaker parameters than today's; to be renewed at the next sign-in."""
    return _HASHER.check_needs_rehash(kept)


def is_expired(profile: Profile, set_at: datetime | None, now: datetime) -> bool:
    """True if the profile asks for a new one by now."""
    return profile.changed_after is not None and (set_at is None or now - set_at >= profile.changed_after)


def _normal(password: str) -> str:
    """One form for what looks the same: input methods send full-width letters (NFKC, as ASVS 5.0 6.2.9 allows)."""
    return unicodedata.normalize("NFKC", password)


_NOBODY = _HASHER.hash("nobody has this password")
