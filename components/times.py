"""How times are written on every screen: HH:MM today, MM-DD before, always in city time whatever the browser says."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

CITY_TIME = ZoneInfo("Asia/Shanghai")
MISSING = "—"
_QUARTERS = "一二三四"
_EVERY = {"s": "秒", "m": "分钟", "h": "小时", "d": "天"}


def clock(moment: datetime | None) -> str:
    """HH:MM in city time."""
    return _local(moment, "%H:%M") if moment else MISSING


def stamp(moment: datetime | None) -> str:
    """2026-11-22 14:32 in city time: where the day must be certain."""
    return _local(moment, "%Y-%m-%d %H:%M") if moment else MISSING


def day(moment: datetime | None) -> str:
    """2026-11-22 in city time."""
    return _local(moment, "%Y-%m-%d") if moment else MISSING


def when(moment: datetime | None, now: datetime) -> str:
    """HH:MM if `moment` is on the city's today, MM-DD in the same year, else the whole date."""
    if moment is None:
        return MISSING
    local, today = moment.astimezone(CITY_TIME), now.astimezone(CITY_TIME)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{local:%m-%d}" if local.year == today.year else f"{local:%Y-%m-%d}"


def age(span: timedelta) -> str:
    """A span in its largest unit: 2 天, 9 小时, 35 分钟, 不足 1 分钟."""
    minutes = int(span.total_seconds() // 60)
    if minutes >= 2880:
        return f"{minutes // 1440} 天"
    if minutes >= 60:
        return f"{minutes // 60} 小时"
    return f"{minutes} 分钟" if minutes >= 1 else "不足 1 分钟"


def brief_age(span: timedelta) -> str:
    """As `age`, for tiles: 2天, 9时, 35分."""
    return age(span).replace(" ", "").replace("小时", "时").replace("分钟", "分").replace("不足", "<")


def remaining(span: timedelta) -> str:
    """A time left or past for clocks of limits: 05:40, from 24 hours in whole days: 3 天. Never less than 00:00."""
    minutes = max(int(span.total_seconds() // 60), 0)
    return f"{minutes // 1440} 天" if minutes >= 1440 else f"{minutes // 60:02}:{minutes % 60:02}"


def dwell(seconds: float | None) -> str:
    """How long something takes, in its largest unit: 45 秒, 6 分, 3.2 时, 2.5 天; — if nothing is known."""
    if seconds is None:
        return MISSING
    for size, unit in ((86400, "天"), (3600, "时")):
        if seconds >= size:
            return f"{seconds / size:.1f} {unit}"
    return f"{seconds / 60:.0f} 分" if seconds >= 60 else f"{max(seconds, 0):.0f} 秒"


def period(label: str, basis: str = "period") -> str:
    """A canonical period label in words with its year: 2025年1–9月, 2025年三季度, 2025-09-03, 2025-09-03 14:00."""
    if not label:
        return MISSING
    date, _, hours = label.partition("T")
    if hours:
        return f"{date} {hours if ':' in hours else hours + ':00'}"
    if len(date) == 10 or len(date) == 4:
        return date if len(date) == 10 else f"{date}年"
    year, _, part = date.partition("-")
    return f"{year}年{_part(part, basis)}"


def period_near(label: str, now: datetime, basis: str = "period") -> str:
    """As `period`, without what everybody knows: today's date, this year."""
    if not label:
        return MISSING
    today = now.astimezone(CITY_TIME)
    date, _, hours = label.partition("T")
    if hours:
        time = hours if ":" in hours else f"{hours}:00"
        return time if date == f"{today:%Y-%m-%d}" else _near_date(date, today)
    if len(date) == 10:
        return _near_date(date, today)
    words = period(label, basis)
    return words.removeprefix(f"{today:%Y}年") or words


def promise(
    every: str | None,
    release: str | None = None,
    month: int | None = None,
    day_of_month: int | None = None,
    at: str | None = None,
) -> str:
    """What a source promised, in words: 每5分钟更新, 每月20日发布上月数据."""
    if every:
        return f"每{every[:-1]}{_EVERY[every[-1]]}更新"
    on = f"{day_of_month}日" if day_of_month else ""
    time = f"{at} " if at else ""
    return {
        "yearly": f"每年{month or 1}月{on}{time}发布上年数据",
        "quarterly": f"季后次月{on}{time}发布上季数据",
        "monthly": f"每月{on}{time}发布上月数据",
        "daily": f"每日{time}发布前一日数据",
        "hourly": f"每小时第{at[-2:] if at else '00'}分发布",
    }.get(release or "", "未约定")


def span(text: str) -> str:
    """A span of the catalogue in words: 90m is 90分钟."""
    return f"{text[:-1]}{_EVERY[text[-1]]}"


def _part(part: str, basis: str) -> str:
    quarter = part.startswith("Q")
    month = int(part[1:]) * 3 if quarter else int(part)
    if basis == "ytd":
        return f"1–{month}月" if month > 1 else "1月"
    words = f"{_QUARTERS[month // 3 - 1]}季度" if quarter else f"{month}月"
    return f"{words}末" if basis == "point" else words


def _near_date(date: str, today: datetime) -> str:
    return date[5:] if date.startswith(f"{today:%Y}-") else date


def _local(moment: datetime, pattern: str) -> str:
    return moment.astimezone(CITY_TIME).strftime(pattern)
