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
    plain = name[:200]
    while (once := _folded_once(plain)) != plain:  # a letter that is left alone may join its neighbour
        plain = once
    return plain[:64]


def _folded_once(name: str) -> str:
    plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in plain if unicodedata.category(letter)[0] not in "ZC")


def checked(name: str) -> str:
    """The folded name if it may be given to a new account; NameRefused."""
    plain = folded(name)
    if not SHORTEST <= len(plain) <= LONGEST:
        raise NameRefused(f"账号应有 {SHORTEST} 至 {LONGEST} 个字符")
    if not _ALLOWED.fullmatch(plain):
        raise NameRefused("账号只能用汉字、英文字母、数字和 . _ -，并以汉字、字母或数字开头")
    return plain
