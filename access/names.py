"""Names of accounts: one person, one name, however it is typed."""

from __future__ import annotations

import re
import unicodedata

SHORTEST, LONGEST = 2, 48
_ALLOWED = re.compile(r"[0-9a-z\u4e00-\u9fff][0-9a-z\u4e00-\u9fff._-]*")


class NameRefused(ValueError):
    """Not usable as the name of an account; the message says why."""


def folded(name: str) -> str:
    """What two spellings of one name have in common: width, case, spaces and invisible characters do not count.

    By this the account is found and failed sign-ins are counted, so no variant opens a fresh count.
    """
    plain = unicodedata.normalize("NFKC", name[:200]).casefold()
    plain = unicodedata.normalize("NFKC", plain)
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] not in "ZC")[:64]


def checked(name: str) -> str:
    """The folded name if it may be given to a new account; NameRefused."""
    plain = folded(name)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise NameRefused(f"账号应有 {SHORTEST} 至 {LONGEST} 个字符")
    if not _ALLOWED.fullmatch(plain):
        raise NameRefused("账号只能用汉字、英文字母、数字和 . _ -，并以汉字、字母或数字开头")
    return plain
