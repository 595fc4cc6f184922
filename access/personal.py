"""Personal data: which columns hold it, how it is masked, and how it is found inside free text.

Masks as in GB/T 35273-2020 7.2: phone 138****8000, ID 4451**********001X, name 张*, address to the street. A mask is
shorter than or as long as what it covers and masking twice changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Table

from access.actor import Actor
from access.personal_digits import Number, numbers, runs_of
from access.personal_words import COMPOUND_NAMES, NO_NAMES

MARK = "personal"
"""Key in `Column.info`: which kind of personal data the column holds, one of MASKS."""
TEXT = "text"

_MOBILE = re.compile(r"(?:(?:00)?86)?(1[3-9]\d{9})")
_SPOKEN_MOBILE = re.compile(r"(1[3-9]\d{9})")
_LANDLINE = re.compile(r"(?:(?:00)?86)?(0?(?:10|2\d|[3-9]\d{2}))([2-8]\d{6,7})")
_LOCAL = re.compile(r"[2-8]\d{6,7}")
_SAID_BEFORE = re.compile(r"(?:电话|座机|固话|热线|致电|拨打|号码)(?:是|为|号码|号)?[:： ]{0,2}$")
_ID_SAID_BEFORE = re.compile(r"(?:身份证|证件|公民身份)(?:号码|号)?(?:是|为)?[:： ]{0,2}$")
"""Then 15 to 18 digits are one, even mistyped."""
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_PROVINCES = frozenset(
    str(code) for first, last in ((11, 15), (21, 23), (31, 37), (41, 46), (50, 54), (61, 65), (71, 71), (81, 83))
    for code in range(first, last + 1)
)  # fmt: skip
_STREET = re.compile(r"^.*?(?:街道|镇|乡|大道|路|街|巷|里)(?=.)")
_NAME_AFTER = re.compile(
    r"((?:姓名|联系人|来电人|反映人|投诉人|举报人|业主|市民|群众|当事人|户主|本人)(?:是|为|叫|姓名)?[:：]?\s*)"
    r"([\u4e00-\u9fa5]{2,4}?)(?=$|[\s,，。.;；:：、()（）/]|先生|女士|小姐|同志|来电|反映|称|说|电话|手机|投诉|身份证|住|\d|[０-９])"
)
_HOME = re.compile(r"((?:家住|现住|住址|家庭地址|居住地址|住在)(?:是|为)?[:：]?\s*)([^\s,，。;；、]{4,40})")
_LONGEST = 18
_SHORTEST = 7
_LEAD = 12


def mask_phone(text: str) -> str:
    """138****8000; of a landline area code and the last two digits: 0768*****12. Anything else becomes unreadable."""
    shown = _hidden(text, _found(text, is_phone=True))
    return shown if shown != text or _is_masked(text) else "*" * len(text)


def mask_id_number(text: str) -> str:
    """4451**********001X: province and city, and the last four."""
    if _is_masked(text):
        return text
    places = [place for run in runs_of(text) for place in run.places]
    return _hidden(text, [places[4:-4]]) if len(places) in {15, 18} else "*" * len(text)


def mask_name(text: str) -> str:
    """张*, 欧阳**: the family name stays. Of a name in other letters the first letter."""
    kept = 2 if text[:2] in COMPOUND_NAMES and len(text) > 2 else 1
    return text[:kept] + "*" * len(text[kept:])


def mask_address(text: str) -> str:
    """To the street, road or town: 潮州市湘桥区城新西路**. Without one, four characters."""
    if text.endswith("**"):
        return text
    found = _STREET.match(text)
    kept = found[0] if found else text[:4]
    return kept + "**" if len(text) >= len(kept) + 2 else kept + "*" * (len(text) - len(kept))


def mask_text(text: str) -> str:
    """Free text with phones, ID numbers, introduced names and home addresses masked; the rest stays as it was.

    Found also with full-width digits, spaces, dashes, +86 and spoken digits (幺三八…). Order numbers, readings, dates
    and amounts stay: an ID number must have a province and a date, and of 18 digits the check digit.
    """
    shown = _hidden(text, _found(text))
    return _HOME.sub(lambda found: found[1] + mask_address(found[2]), _NAME_AFTER.sub(_hide_name, shown))


def _found(text: str, *, is_phone: bool = False) -> list[Sequence[int]]:
    """The places of the digits to be hidden. ID numbers first: a phone is never looked for inside of one."""
    found = list(numbers(runs_of(text), _SHORTEST, _LONGEST))
    taken: set[int] = set()
    hidden: list[Sequence[int]] = []
    for look in (_in_id_number, _in_mobile, _in_landline, _in_local):
        for number in found:
            if (
                len(number.digits) >= _SHORTEST
                and taken.isdisjoint(number.runs)
                and (places := look(number, text, is_phone))
            ):
                hidden.append(places)
                taken.update(number.runs)
    return hidden


def _in_id_number(number: Number, text: str, is_phone: bool) -> Sequence[int]:
    is_whole = len(number.digits) == 18 or (len(number.digits) == 15 and len(number.lengths) == 1)
    first = number.places[0]
    is_said = len(number.digits) >= 15 and _ID_SAID_BEFORE.search(text[max(first - _LEAD, 0) : first])
    return number.places[4:-4] if is_said or (is_whole and is_id_number(number.digits)) else ()


def _in_mobile(number: Number, text: str, is_phone: bool) -> Sequence[int]:
    found = _MOBILE.fullmatch(number.digits)
    if found is None and (number.begins_spoken or number.ends_spoken):
        found = _SPOKEN_MOBILE.search(number.digits)
        is_told = found is not None and number.may_be_cut(*found.span())
    else:
        is_told = _is_cut_as_a_phone(number.lengths)
    return number.places[found.start(1) + 3 : found.start(1) + 7] if found and is_told else ()


def _in_landline(number: Number, text: str, is_phone: bool) -> Sequence[int]:
    """With its area code, which begins with 0 unless the country's stands before it."""
    found = _LANDLINE.fullmatch(number.digits)
    if found is None or not (found[1].startswith("0") or number.digits.startswith(("86", "0086"))):
        return ()
    return number.places[found.start(2) : found.end(2) - 2]


def _in_local(number: Number, text: str, is_phone: bool) -> Sequence[int]:
    """Seven or eight digits are a phone only if the text says so."""
    if not _LOCAL.fullmatch(number.digits):
        return ()
    first = number.places[0]
    return number.places[:-2] if is_phone or _SAID_BEFORE.search(text[max(first - _LEAD, 0) : first]) else ()


def _is_cut_as_a_phone(lengths: Sequence[int]) -> bool:
    """138 0013 8000, +86 138-00138000, 1 3 8 0 0 …; but 18 3000 50000 are three numbers."""
    parts = list(lengths)[1:] if len(lengths) > 1 and lengths[0] in {2, 4} and sum(lengths) > 11 else list(lengths)
    return len(parts) == 1 or parts[0] in {3, 4, 5, 7} or max(parts) <= 2


def _hidden(text: str, spans: Iterable[Sequence[int]]) -> str:
    characters = list(text)
    for places in spans:
        for place in places:
            characters[place] = "*"
    return "".join(characters)


def is_id_number(text: str) -> bool:
    """True for 18 digits with province, date and check digit (GB 11643-1999), or 15 of the first generation."""
    if text[:2] not in _PROVINCES or not text[:-1].isdigit():
        return False
    if len(text) == 15:
        return text.isdigit() and _is_day("19" + text[6:12])
    return (
        len(text) == 18
        and _is_day(text[6:14])
        and _CHECKS[sum(int(d) * w for d, w in zip(text, _WEIGHTS, strict=False)) % 11] == text[17]
    )


def _is_day(text: str) -> bool:
    year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    return 1900 <= year <= 2100 and 1 <= month <= 12 and 1 <= day <= 31


def _hide_name(found: re.Match[str]) -> str:
    lead, name = found[1], found[2]
    return found[0] if name in NO_NAMES or name[:2] in NO_NAMES else lead + mask_name(name)


def _is_masked(text: str) -> bool:
    return "****" in text


MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": mask_phone,
    "id_number": mask_id_number,
    "name": mask_name,
    "address": mask_address,
    TEXT: mask_text,
}
"""How each kind is shown."""


def personal_fields(table: Table) -> dict[str, str]:
    """The columns of `table` that hold personal data, with their kind."""
    return {column.name: column.info[MARK] for column in table.columns if MARK in column.info}


def masked(table: Table, row: Mapping[str, Any], by: Actor) -> dict[str, Any]:
    """A row of `table` as `by` may be shown it: personal fields masked for everybody, left out on screens.

    What is behind a mask is shown one field at a time by `reveal`, with a reason and on record.
    """
    kinds = personal_fields(table)
    return {name: _shown(kinds.get(name), value, by) for name, value in row.items()}


def _shown(kind: str | None, value: Any, by: Actor) -> Any:
    if kind is None or value is None or value == "":
        return value
    return None if by.kind == "screen" and kind != TEXT else MASKS[kind](str(value))
