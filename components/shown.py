"""One indicator as a screen shows it: its entry, its reading and what the domain says about the two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from components import numbers, times
from indicators.comparison import Against, Change, Gap, Measure, Progress
from indicators.definition import Indicator
from indicators.reading import Freshness, Provenance, Reading
from indicators.states import Track

AGAINST = {
    Against.YEAR: "同比",
    Against.PERIOD: "环比",
    Against.WEEK: "较上周",
    Against.DAY: "较昨日",
    Against.HOUR: "较1小时前",
}
FRESHNESS = {
    Freshness.FRESH: "正常",
    Freshness.LATE: "迟到",
    Freshness.STALE: "过期",
    Freshness.DEAD: "中断",
}
PROVENANCE = {
    Provenance.PUBLISHED: "部门发布",
    Provenance.LIVE: "实时接入",
    Provenance.SIMULATED: "模拟数据",
    Provenance.MANUAL: "人工填报",
}
_TAILS = ("（累计）", "（同比）", "（不变价）", "（实时/最大承载）")


@dataclass(frozen=True)
class Shown:
    """What components need to draw one indicator. `owner` is the short name of the unit that answers for it."""

    indicator: Indicator
    reading: Reading | None
    track: Track
    owner: str
    change: Change | None = None
    progress: Progress | None = None
    trend: Sequence[float] = ()
    """Recent values as a line may show them, oldest first."""

    @property
    def has_value(self) -> bool:
        """True if there is a number to show; a reading without one says why."""
        return self.reading is not None and self.reading.value is not None

    @property
    def absence(self) -> str:
        """Why there is no number, in full."""
        return (self.reading.reason if self.reading else None) or "尚无数据"

    @property
    def short_absence(self) -> str:
        """The same for narrow places."""
        reason = self.absence
        return next((words for words in ("未接入", "只按", "不能汇总") if words in reason), "尚无数据").replace(
            "只按", "本级不统计"
        )

    @property
    def is_grey(self) -> bool:
        """True if the value is past its promise."""
        return self.track is Track.STALE

    @property
    def is_simulated(self) -> bool:
        """True if there is a value and it is not from life."""
        return self.has_value and self.reading is not None and self.reading.provenance is Provenance.SIMULATED

    @property
    def figure(self) -> numbers.Figure:
        """The value as written."""
        value = self.reading.value if self.reading else None
        return numbers.figure(value, self.indicator.unit, self.indicator.decimals)


def short_name(indicator: Indicator) -> str:
    """The name without what stands elsewhere in the row (basis, price base)."""
    name = indicator.name
    for tail in _TAILS:
        name = name.removesuffix(tail)
    return name


def as_of(reading: Reading, now: datetime) -> str:
    """The time the value speaks of, without what everybody knows today."""
    return times.period_near(reading.period, now, reading.basis)


def change_words(shown: Shown) -> str:
    """▲4.1% 同比; empty if there is nothing to compare with."""
    found = shown.change
    if found is None:
        return ""
    unit = {Measure.PERCENT: "%", Measure.POINTS: "pp", Measure.UNITS: ""}[found.measure]
    decimals = shown.indicator.decimals if found.measure is Measure.UNITS else 1
    return f"{numbers.change(found.amount, decimals, unit)} {AGAINST[found.against]}"


def gap_words(shown: Shown) -> str:
    """差 0.9pp, 超 1.3pp, 达 89.1%, 距限 0.64 米; empty without a yardstick."""
    found = shown.progress
    if found is None:
        return ""
    if found.gap is Gap.REACHED:
        return f"达 {numbers.plain(found.amount, 1)}%"
    if found.gap is Gap.WITHIN:
        return "在区间内"
    words = {Gap.SHORT: "差", Gap.AHEAD: "超", Gap.BEYOND: "超限", Gap.MARGIN: "距限"}[found.gap]
    if not numbers.plain(found.amount, 1).strip("0."):
        return "达标" if found.gap in {Gap.SHORT, Gap.AHEAD} else "到限"
    if found.points:
        return f"{words} {numbers.plain(found.amount, 1)}pp"
    return f"{words} {numbers.figure(found.amount, shown.indicator.unit, shown.indicator.decimals).compact}"


def spoken(shown: Shown, now: datetime) -> str:
    """The whole row in one sentence, for screen readers and tooltips."""
    reading = shown.reading
    if reading is None or reading.value is None:
        return f"{shown.indicator.name}，{shown.absence}"
    parts = [
        shown.indicator.name,
        shown.figure.spoken,
        PROVENANCE[reading.provenance],
        f"数据时点 {times.period(reading.period, reading.basis)}",
        "" if reading.freshness is Freshness.FRESH else FRESHNESS[reading.freshness],
        change_words(shown),
        gap_words(shown),
        shown.owner,
    ]
    return "，".join(part for part in parts if part)
