"""A report as it comes in by any door, and what is said to whoever sent it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import orjson

from access.audit_chain import BY_HASH
from dispatch.event import Event

PUBLIC = frozenset({"hotline", "open311", "wechat", "web", "phone"})
"""Origins whose reports are verified on site before they are registered (监督员上报的不必)."""
ORIGIN_NAMES = {
    "hotline": "12345 热线",
    "open311": "Open311",
    "wechat": "公众号",
    "web": "网页",
    "phone": "来电",
    "grid": "网格员",
    "sensor": "物联感知",
    "video": "AI 视频",
    "desk": "值班录入",
    "cap": "预警信息",
    "warning": "本系统预警",
    "police": "110 转办",
    "upstream": "上级转办",
    "patrol": "巡查",
    "split": "拆分",
    "hotspot": "民意热点",
    "area": "关注区域",
}


@dataclass(frozen=True)
class Reporter:
    """Who reported it; kept sealed, shown masked."""

    name: str = ""
    phone: str = ""
    address: str = ""

    @property
    def is_known(self) -> bool:
        """True if anything is given."""
        return bool(self.name or self.phone or self.address)


@dataclass(frozen=True)
class Report:
    """Something to be handled. `origin` and `origin_id` name it at its source: the same pair is the same event."""

    title: str
    origin: str
    origin_id: str
    reported_at: datetime
    description: str = ""
    category: str | None = None
    region: str | None = None
    lon: float | None = None
    lat: float | None = None
    place: str = ""
    level: int | None = None
    impact: int | None = None
    urgency: int | None = None
    occurred_at: datetime | None = None
    reporter: Reporter = field(default_factory=Reporter)
    world: str = "real"
    provenance: str = "live"
    episode: str | None = None

    def digest(self) -> str:
        """Differs whenever the content does."""
        return BY_HASH["sha256"].hash(orjson.dumps(self, option=orjson.OPT_SORT_KEYS)).hex()


@dataclass(frozen=True)
class Receipt:
    """What came of a report. `is_new` False: it was there already (same key, or same origin)."""

    event: Event
    is_new: bool
