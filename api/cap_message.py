"""A CAP 1.2 message read strictly: every element where the schema of OASIS has it, every word one of its own.

The table below is the schema (CAP-v1.2.xsd): element, least and most occurrences, what its text may be. XML with a
document type or entities is refused before it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
LARGEST = 500_000
MOST_AREAS = 200
_MANY = 1000
_STAMP = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[-+]\d\d:\d\d")
LEVELS = {"Extreme": 1, "Severe": 2, "Moderate": 3, "Minor": 4}


class NoCap(ValueError):
    """Not a CAP 1.2 message; each fault is (where, what would be right)."""

    def __init__(self, *faults: tuple[str, str]) -> None:
        self.faults = faults
        super().__init__("；".join(f"{where}：{words}" for where, words in faults[:5]))


@dataclass(frozen=True)
class Area:
    """Where it holds, in each way it was told. Polygons and circles as WGS84 lat, lon."""

    words: str
    polygons: tuple[str, ...] = ()
    circles: tuple[str, ...] = ()
    geocodes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Info:
    """What is told in one language for some areas. `level`: 1 red to 4 blue, None if unknown."""

    language: str
    event: str
    severity: str
    headline: str
    description: str
    instruction: str
    sender_name: str
    expires: datetime | None
    areas: tuple[Area, ...]
    colours: tuple[str, ...] = field(default=())

    @property
    def level(self) -> int | None:
        """By the colour in its words, as Chinese warnings tell it, else by severity."""
        named = " ".join((*self.colours, self.event, self.headline))
        colour = next((level for word, level in COLOURS.items() if word in named), None)
        return colour or LEVELS.get(self.severity)


COLOURS = {"红色": 1, "橙色": 2, "黄色": 3, "蓝色": 4, "Red": 1, "Orange": 2, "Yellow": 3, "Blue": 4}


@dataclass(frozen=True)
class Alert:
    """One message. `references` are (sender, identifier) of those it updates or cancels."""

    identifier: str
    sender: str
    sent: datetime
    status: str
    kind: str
    scope: str
    note: str
    references: tuple[tuple[str, str], ...]
    infos: tuple[Info, ...]

    @property
    def told(self) -> tuple[Info, ...]:
        """The blocks in Chinese, or those in the first language there is: further languages say the same again."""
        chinese = tuple(one for one in self.infos if one.language.lower().startswith("zh"))
        return chinese or tuple(one for one in self.infos if one.language == self.infos[0].language)


Check = Callable[[str], bool]
Rule = tuple[str, int, int, Check | str]


def _any(_: str) -> bool:
    return True


def _one_of(*words: str) -> Check:
    return lambda text: text in words


def _stamp(text: str) -> bool:
    try:
        return bool(_STAMP.fullmatch(text)) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _number(text: str) -> bool:
    return re.fullmatch(r"[-+]?(\d+(\.\d*)?|\.\d+)", text) is not None


def _whole(text: str) -> bool:
    return re.fullmatch(r"[-+]?\d+", text) is not None


_PAIR: tuple[Rule, ...] = (("valueName", 1, 1, _any), ("value", 1, 1, _any))
SCHEMA: Mapping[str, tuple[Rule, ...]] = {
    "alert": (
        ("identifier", 1, 1, _any), ("sender", 1, 1, _any), ("sent", 1, 1, _stamp),
        ("status", 1, 1, _one_of("Actual", "Exercise", "System", "Test", "Draft")),
        ("msgType", 1, 1, _one_of("Alert", "Update", "Cancel", "Ack", "Error")), ("source", 0, 1, _any),
        ("scope", 1, 1, _one_of("Public", "Restricted", "Private")), ("restriction", 0, 1, _any),
        ("addresses", 0, 1, _any), ("code", 0, _MANY, _any), ("note", 0, 1, _any), ("references", 0, 1, _any),
        ("incidents", 0, 1, _any), ("info", 0, _MANY, "info"),
    ),
    "info": (
        ("language", 0, 1, _any),
        ("category", 1, _MANY, _one_of(
            "Geo", "Met", "Safety", "Security", "Rescue", "Fire", "Health", "Env", "Transport", "Infra", "CBRNE",
            "Other",
        )),
        ("event", 1, 1, _any),
        ("responseType", 0, _MANY, _one_of(
            "Shelter", "Evacuate", "Prepare", "Execute", "Avoid", "Monitor", "Assess", "AllClear", "None",
        )),
        ("urgency", 1, 1, _one_of("Immediate", "Expected", "Future", "Past", "Unknown")),
        ("severity", 1, 1, _one_of("Extreme", "Severe", "Moderate", "Minor", "Unknown")),
        ("certainty", 1, 1, _one_of("Observed", "Likely", "Possible", "Unlikely", "Unknown")),
        ("audience", 0, 1, _any), ("eventCode", 0, _MANY, "pair"), ("effective", 0, 1, _stamp),
        ("onset", 0, 1, _stamp), ("expires", 0, 1, _stamp), ("senderName", 0, 1, _any), ("headline", 0, 1, _any),
        ("description", 0, 1, _any), ("instruction", 0, 1, _any), ("web", 0, 1, _any), ("contact", 0, 1, _any),
        ("parameter", 0, _MANY, "pair"), ("resource", 0, _MANY, "resource"), ("area", 0, MOST_AREAS, "area"),
    ),
    "pair": _PAIR,
    "resource": (
        ("resourceDesc", 1, 1, _any), ("mimeType", 1, 1, _any), ("size", 0, 1, _whole), ("uri", 0, 1, _any),
        ("derefUri", 0, 1, _any), ("digest", 0, 1, _any),
    ),
    "area": (
        ("areaDesc", 1, 1, _any), ("polygon", 0, _MANY, _any), ("circle", 0, _MANY, _any),
        ("geocode", 0, _MANY, "pair"), ("altitude", 0, 1, _number), ("ceiling", 0, 1, _number),
    ),
}  # fmt: skip


def read(content: bytes) -> Alert:
    """The message; NoCap with everything that is wrong with it."""
    root = _root(content)
    faults = list(_faults(root, "alert", "alert"))
    if faults:
        raise NoCap(*faults)
    kind = _text(root, "msgType")
    references = _references(_text(root, "references"))
    if kind in ("Update", "Cancel") and not references:
        raise NoCap(("alert.references", f"{kind} 须写明所更新、解除的消息：发布者,编号,时间"))
    infos = tuple(_info(one) for one in _all(root, "info"))
    if kind in ("Alert", "Update") and not infos:
        raise NoCap(("alert.info", "至少一个"))
    return Alert(
        _text(root, "identifier"), _text(root, "sender"), datetime.fromisoformat(_text(root, "sent")),
        _text(root, "status"), kind, _text(root, "scope"), _text(root, "note"), references, infos,
    )  # fmt: skip


def _root(content: bytes) -> Element:
    if len(content) > LARGEST:
        raise NoCap(("alert", f"至多 {LARGEST // 1000} kB"))
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as broken:
        raise NoCap(("alert", f"不是可以接受的 XML（{type(broken).__name__}）")) from broken
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise NoCap(("alert", f"应为 {NAMESPACE} 的 alert"))
    return root


def _faults(element: Element, kind: str, where: str) -> list[tuple[str, str]]:
    """In the order of the schema: an element out of its place is one that is not expected."""
    found: list[tuple[str, str]] = []
    rest = [child for child in element if not child.tag.startswith("{http://www.w3.org/2000/09/xmldsig#}")]
    for name, least, most, rule in SCHEMA[kind]:
        taken = 0
        while rest and rest[0].tag == f"{{{NAMESPACE}}}{name}" and taken < most:
            child, taken = rest.pop(0), taken + 1
            found += _wrong(child, rule, f"{where}.{name}")
        if taken < least:
            found.append((f"{where}.{name}", "缺少，或不在应在的位置"))
    found += [(f"{where}.{child.tag.rpartition('}')[2][:40]}", "不应出现在此处") for child in rest[:3]]
    return found


def _wrong(child: Element, rule: Check | str, where: str) -> list[tuple[str, str]]:
    if isinstance(rule, str):
        return _faults(child, rule, where)
    text = (child.text or "").strip()
    if len(child) or not rule(text):
        return [(where, f"不能是“{text[:40]}”")]
    if not text and where.endswith((".identifier", ".sender", ".event", ".areaDesc")):
        return [(where, "不能为空")]
    return []


def _references(text: str) -> tuple[tuple[str, str], ...]:
    """`sender,identifier,sent` separated by blanks."""
    parts = (one.split(",") for one in text.split())
    return tuple((part[0], part[1]) for part in parts if len(part) == 3)


def _info(element: Element) -> Info:
    expires = _text(element, "expires")
    parameters = [_pair(one) for name in ("parameter", "eventCode") for one in _all(element, name)]
    return Info(
        _text(element, "language") or "en-US", _text(element, "event"), _text(element, "severity"),
        _text(element, "headline"), _text(element, "description"), _text(element, "instruction"),
        _text(element, "senderName"), datetime.fromisoformat(expires) if expires else None,
        tuple(_area(one) for one in _all(element, "area")), tuple(value for _, value in parameters),
    )  # fmt: skip


def _area(element: Element) -> Area:
    polygons, circles = (
        tuple((one.text or "").strip() for one in _all(element, name)) for name in ("polygon", "circle")
    )
    return Area(_text(element, "areaDesc"), polygons, circles, tuple(_pair(one) for one in _all(element, "geocode")))


def _pair(element: Element) -> tuple[str, str]:
    return _text(element, "valueName"), _text(element, "value")


def _all(element: Element, name: str) -> list[Element]:
    return element.findall(f"{{{NAMESPACE}}}{name}")


def _text(element: Element, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()
