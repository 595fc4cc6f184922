"""Names in files and the codes they stand for: exact names first, then the usual short forms."""

from __future__ import annotations

import unicodedata
from difflib import get_close_matches

_PREFIXES = ("广东省潮州市", "潮州市", "广东省")
_SUFFIXES = ("区", "县", "市", "镇", "街道", "乡")
_MOST_SUGGESTIONS = 200
"""Distinct unknown names per file for which the nearest one is looked up; each costs milliseconds."""
_CODE_WORDS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ-_"


class UnknownName(ValueError):
    """No such name; the message suggests the nearest one, in Chinese."""


def tidy_name(text: str) -> str:
    """A name without spaces, quotes, footnote marks and full-width letters."""
    shown = unicodedata.normalize("NFKC", text.rstrip("①②③④⑤⑥⑦⑧⑨⑩*＊※ ")).strip("'\"=:： ")
    return "".join(shown.split())


def regions_by_name(given: dict[str, str]) -> dict[str, str]:
    """`given` with the short and long forms that follow; districts win over towns (枫溪 is 枫溪区, not 枫溪镇)."""
    names = {tidy_name(name): code for name, code in given.items()}
    names.update({code: code for code in given.values() if code not in names})
    derived: dict[str, str] = {}
    for suffix in _SUFFIXES:
        for name, code in list(names.items()):
            if name.endswith(suffix) and len(name) > len(suffix) + 1:
                derived.setdefault(name.removesuffix(suffix), code)
    for name, code in list(names.items()):
        derived.update({prefix + name: code for prefix in _PREFIXES if name not in prefix and not name.isascii()})
    return {**derived, **names}


class Names:
    """Names and codes of one kind, with what to say about an unknown one."""

    def __init__(self, what: str, given: dict[str, str]) -> None:
        self._what = what
        self._codes = {tidy_name(name): code for name, code in given.items()}
        self._known = dict(given)
        self._unknown: dict[str, str] = {}

    def code(self, text: str) -> str:
        """The code of a name or code; UnknownName otherwise."""
        found = self._known.get(text)
        if found is None:
            if text in self._unknown:
                raise UnknownName(self._unknown[text])
            found = self._known[text] = self._find(text)
        return found

    def _find(self, text: str) -> str:
        name = tidy_name(text).removeprefix("其中:")
        found = self._codes.get(name) or self._codes.get(name.upper()) or self._codes.get(name.removesuffix(".0"))
        if found:
            return found
        if not self._codes and name and all(one in _CODE_WORDS for one in name.upper()):
            return name
        self._unknown[text] = self._told(name, text)
        raise UnknownName(self._unknown[text])

    def _told(self, name: str, text: str) -> str:
        if not name:
            return f"没有填写{self._what}。请补填后再导入。"
        garbled = likely_meant(text)
        if garbled:
            return f"{self._what}“{text[:30]}”是乱码，原文可能是“{garbled[:30]}”。请用 UTF-8 或 GBK 编码重新保存文件。"
        looks = len(self._unknown) < _MOST_SUGGESTIONS and len(name) <= 60
        near = get_close_matches(name, self._codes, n=1, cutoff=0.6) if looks else []
        hint = f"您是否想填“{near[0]}”？" if near else "请对照目录核对，或在数据源的映射中补上这个名称。"
        return f"没有“{text[:30]}”这个{self._what}。{hint}"


def likely_meant(text: str) -> str | None:
    """What garbled text (saved in one encoding, read in another) was meant to say; None if it looks sound."""
    if "\ufffd" in text or "锟斤拷" in text:
        return "（原文已丢失）"
    if text.isascii():
        return None
    for wrong, right in (("latin-1", "utf-8"), ("cp1252", "utf-8"), ("gb18030", "utf-8"), ("latin-1", "gb18030")):
        try:
            meant = text.encode(wrong).decode(right)
        except UnicodeError:
            continue
        if meant != text and any("\u4e00" <= one <= "\u9fff" for one in meant) and not _is_common(text):
            return meant
    return None


def _is_common(text: str) -> bool:
    """True for characters in everyday use; garbled text is full of others."""
    try:
        text.encode("gb2312")
    except UnicodeError:
        return False
    return True
