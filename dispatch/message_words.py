"""What a message to a phone or a group says: what happened, number, place, limit; personal data masked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from dispatch.channel_terms import CITY_TIME, plain
from dispatch.stage import LEVEL_NAMES


def lines(told: Mapping[str, Any]) -> list[str]:
    """For groups and applications inside the house's own network."""
    return [
        f"【{LEVEL_NAMES[told['level']]}】{told['action_name']}：{plain(told['title'])}",
        f"编号：{told['number']}",
        " · ".join(part for part in (told["region_name"], told["category_name"], plain(told["place"] or "")) if part),
        f"时限：{limit(told)}",
        "请登录城市运行管理中心办理",
    ]


def limit(told: Mapping[str, Any]) -> str:
    """11月22日 15:30, in city time; — without one."""
    if not told.get("due_at"):
        return "—"
    local = datetime.fromisoformat(str(told["due_at"])).astimezone(CITY_TIME)
    return f"{local.month}月{local.day}日 {local:%H:%M}"
