"""One source as a screen shows it: what it promised, how it stands, what went wrong last."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from components import times
from indicators.definition import Department, Source
from indicators.freshness import Standing
from indicators.reading import Freshness, World

KINDS = {
    "file": "文件投递",
    "sql": "数据库直读",
    "http_json": "接口调取",
    "mqtt": "物联消息",
    "push": "部门推送",
    "published": "公开发布",
    "replay": "录制回放",
    "manual": "人工填报",
}
"""How figures arrive, in words."""


@dataclass(frozen=True)
class SourceLine:
    """A source with its owner and its record. `key` has the prefix of the twin in the demo city."""

    key: str
    source: Source
    owner: Department
    world: World
    standing: Standing
    indicators: int
    """How many indicators it feeds."""
    held: int = 0
    """Rows in quarantine."""
    since: datetime | None = None
    last_success_at: datetime | None = None
    last_failure_at: datetime | None = None
    last_error: str | None = None
    failures_in_row: int = 0
    newest_period: str | None = None

    @property
    def is_connected(self) -> bool:
        """False while it is agreed but not linked up."""
        return self.source.connected

    @property
    def is_on_time(self) -> bool:
        """True while its promise is kept; late is not yet broken."""
        return self.standing.freshness in {Freshness.FRESH, Freshness.LATE}

    @property
    def is_in_trouble(self) -> bool:
        """True if somebody should ask the owner."""
        return self.is_connected and not self.is_on_time


def promise_words(line: SourceLine) -> str:
    """What it promised: 每月20日发布上月数据."""
    cadence = line.source.cadence
    return times.promise(cadence.every, cadence.release, cadence.month, cadence.day, cadence.at)


def how(line: SourceLine) -> str:
    """How figures arrive; in the demo city they are made by the generator."""
    words = KINDS.get(line.source.kind, line.source.kind)
    return f"{words}（模拟）" if line.world is World.DEMO else words
