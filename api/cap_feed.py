"""GET /cap/feed: the warnings of this product in force, each a CAP 1.2 message in an Atom feed."""

from __future__ import annotations

from datetime import datetime
from xml.etree import ElementTree

from pydantic import BaseModel, Field

from api.cap_message import NAMESPACE
from api.events import rules_of
from api.feeds import ATOM, ATOM_MEDIA
from api.operation import Ask, File, Operation
from api.shapes import Query
from database.engine import reading
from datasources.delivery.period import CITY_TIME
from decisions.warning import Warning
from decisions.warnings import in_force, topic_of
from dispatch.rulebook import Rulebook
from dispatch.stage import LEVEL_NAMES
from indicators.reading import World

SENDER = "chaozhou.gov.cn"
SEVERITIES = {1: "Extreme", 2: "Severe", 3: "Moderate", 4: "Minor"}


class CapFeedQuery(Query):
    world: World = Field(default=World.REAL, description="real；demo 的消息 status 为 Exercise")


class CapFeed(BaseModel):
    """An Atom feed (RFC 4287) with a CAP alert in each entry."""

    type: str = "feed"


def message_of(warning: Warning, rules: Rulebook) -> ElementTree.Element:
    """A warning as a CAP alert. Each step of a warning has an identifier of its own."""
    level = int(warning.level or warning.peak_level)
    region = rules.catalogue.regions.get(warning.region)
    name = region.name if region else warning.region
    alert = ElementTree.Element(f"{{{NAMESPACE}}}alert")
    _put(alert, "identifier", identifier(warning))
    _put(alert, "sender", SENDER)
    _put(alert, "sent", _stamp(warning.turned_at))
    _put(alert, "status", "Exercise" if warning.world == World.DEMO.value else "Actual")
    _put(alert, "msgType", "Alert")
    _put(alert, "scope", "Restricted")
    _put(alert, "restriction", "政务内部使用")
    _put(alert, "incidents", f"warning-{warning.id}")
    info = ElementTree.SubElement(alert, f"{{{NAMESPACE}}}info")
    _put(info, "language", "zh-CN")
    _put(info, "category", "Other")
    _put(info, "event", warning.name)
    _put(info, "urgency", "Future" if warning.is_forecast else "Immediate")
    _put(info, "severity", SEVERITIES[level])
    _put(info, "certainty", "Likely" if warning.is_forecast else "Observed")
    _put(info, "onset", _stamp(warning.began_at))
    _put(info, "senderName", "潮州市城市运行管理中心")
    _put(info, "headline", f"{name}{warning.name}{LEVEL_NAMES[level]}色预警")
    _pair(info, "parameter", "level", f"{LEVEL_NAMES[level]}色")
    _pair(info, "parameter", "indicator", warning.indicator)
    area = ElementTree.SubElement(info, f"{{{NAMESPACE}}}area")
    _put(area, "areaDesc", name)
    _pair(area, "geocode", "GB/T2260", warning.region)
    return alert


def identifier(warning: Warning) -> str:
    """Of this step of the warning."""
    return f"{warning.world}-{warning.id}-{warning.version}"


def _feed(ask: Ask) -> File:
    rules = rules_of(ask)
    with reading(ask.cockpit.engine) as connection:
        found = [one for one in in_force(connection, ask.by, world=ask.query.world.value) if one.quiet is None]
    feed = ElementTree.Element(f"{{{ATOM}}}feed")
    for name, text in (
        ("id", f"tag:{SENDER},2026:cap:{ask.query.world.value}"),
        ("title", "潮州市城市运行预警"),
        ("updated", max((one.turned_at for one in found), default=ask.now).isoformat()),
    ):
        _put(feed, name, text, ATOM)
    _put(ElementTree.SubElement(feed, f"{{{ATOM}}}author"), "name", "潮州市城市运行管理中心", ATOM)
    for one in found:
        entry = ElementTree.SubElement(feed, f"{{{ATOM}}}entry")
        _put(entry, "id", f"tag:{SENDER},2026:cap:{identifier(one)}", ATOM)
        _put(entry, "title", one.name, ATOM)
        _put(entry, "updated", one.turned_at.isoformat(), ATOM)
        content = ElementTree.SubElement(entry, f"{{{ATOM}}}content", {"type": "application/cap+xml"})
        content.append(message_of(one, rules))
    ElementTree.register_namespace("", ATOM)
    ElementTree.register_namespace("cap", NAMESPACE)
    return File(bytes(ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)), ATOM_MEDIA)


def _put(parent: ElementTree.Element, name: str, text: str, space: str = NAMESPACE) -> None:
    ElementTree.SubElement(parent, f"{{{space}}}{name}").text = "".join(sign for sign in text if sign >= " ")


def _pair(parent: ElementTree.Element, name: str, key: str, value: str) -> None:
    pair = ElementTree.SubElement(parent, f"{{{NAMESPACE}}}{name}")
    _put(pair, "valueName", key)
    _put(pair, "value", value)


def _stamp(at: datetime) -> str:
    return at.astimezone(CITY_TIME).isoformat(timespec="seconds")


OPERATIONS = (
    Operation(
        "GET", "/cap/feed", "生效中预警的 CAP 1.2 消息（Atom）", CapFeed, lambda _: CapFeed(), tag="预警",
        right="warnings.view", query=CapFeedQuery, topics=lambda ask: [topic_of(ask.query.world.value)], file=_feed,
        media=ATOM_MEDIA,
    ),
)  # fmt: skip
