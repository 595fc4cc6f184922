"""Who did something, as people say it: the product's own actors have names, persons keep theirs."""

from __future__ import annotations

_OWN = {"timetable": "定时任务", "loopback": "本机操作员", "demo_city": "演示城市生成器"}


def person(name: str | None) -> str:
    """The name of an actor for the screen; empty for nobody."""
    return _OWN.get(name or "", name or "")
