"""Warnings put into the store as the engine would have, for tests of what people see and do."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Connection

from database.foresight_tables import warnings
from decisions.warning_book import record_step
from decisions.warning_rule import Level
from small_city import NOW

EVIDENCE = {
    "value": 46.0, "unit": "厘米", "period": "2026-11-22T14:20", "measured": 46.0, "provenance": "simulated",
    "bounds": {"红": 60, "橙": 40, "黄": 25, "蓝": 15}, "bounds_source": "提案：测试", "advice": "派泵车。",
    "source": "demo_waterlogging", "history": [["2026-11-22T14:10", 20.0], ["2026-11-22T14:20", 46.0]],
}  # fmt: skip


def raise_warning(connection: Connection, **changes: Any) -> int:
    """One warning of waterlogging, orange, in force, with its first step; its number."""
    row = {
        "world": "demo", "rule": "waterlogging", "name": "城区内涝点积水", "indicator": "WAT-05",
        "theme": "water_affairs",
        "region": "445102", "family": "flood", "measure": "value", "level": 2, "peak_level": 2, "peak": 46.0,
        "bound": 40.0, "began_at": NOW - timedelta(minutes=12), "known_at": NOW, "turned_at": NOW, "is_late": False,
        "evidence": orjson.dumps(EVIDENCE).decode(), "owner": "urban_management_bureau",
    } | changes  # fmt: skip
    number = connection.execute(warnings.insert().values(row)).inserted_primary_key[0]
    record_step(connection, number, NOW, "raised", Level(row["peak_level"]), row["peak"])
    return int(number)
