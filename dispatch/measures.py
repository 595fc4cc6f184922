"""The rates of GB/T 30428.4 as a table: for each its name, formula in words, which cases count and which succeed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from math import sqrt

from dispatch.case_facts import Facts

LEAST = 10
"""Below so many cases a rate is shown with its interval and never ranked."""
_Z = 1.959964
"""95 %."""


@dataclass(frozen=True)
class Period:
    """[start, end) as known at `as_of`, which may lie before the end."""

    start: datetime
    end: datetime
    as_of: datetime

    @property
    def in_utc(self) -> Period:
        """The same; moments of one zone are compared several times faster."""
        return Period(*(moment.astimezone(UTC) for moment in (self.start, self.end, self.as_of)))

    def holds(self, moment: datetime | None) -> bool:
        """True if the moment lies in the period and was known."""
        return moment is not None and self.start <= moment < self.end and moment <= self.as_of

    def due(self, deadline: datetime | None, done: datetime | None) -> bool:
        """应办: the deadline fell in the period, or it was done in the period before its deadline."""
        if deadline is None:
            return False
        if deadline <= self.as_of and self.start <= deadline < self.end:
            return True
        return self.holds(done) and done is not None and done <= deadline


Judge = Callable[[Facts, Period], bool]


@dataclass(frozen=True)
class Measure:
    """One rate. `up`: more is better. `of`: the cases that count; `good`: those of them in the numerator."""

    key: str
    name: str
    formula: str
    up: bool
    of: Judge
    good: Judge


def _to_close(case: Facts, period: Period) -> bool:
    return case.counts and period.due(case.case_due, case.closed_at)


def _to_handle(case: Facts, period: Period) -> bool:
    return case.counts and period.due(case.handle_due, case.handled_at)


def _to_dispatch(case: Facts, period: Period) -> bool:
    return case.counts and period.due(case.dispatch_due, case.dispatched_at)


def _registered(case: Facts, period: Period) -> bool:
    return case.counts and period.holds(case.registered_at)


def _late_handling(case: Facts, period: Period) -> bool:
    return case.handled_at is None and case.handle_due is not None and case.handle_due < period.as_of


_CLOSED = "应结案数"
_HANDLED = "应处置数"

MEASURES: tuple[Measure, ...] = (
    Measure(
        "registered_on_time_rate", "按时立案率", "受理、立案均未超时的立案数 ÷ 立案数", True,
        _registered, lambda case, _: case.registered_on_time,
    ),
    Measure(
        "dispatched_on_time_rate", "按期派遣率", "时限内派遣数 ÷ 应派遣数", True, _to_dispatch,
        lambda case, _: case.dispatched_at is not None and case.dispatch_due is not None
        and case.dispatched_at <= case.dispatch_due,
    ),
    Measure(
        "handled_rate", "处置率", f"已处置数 ÷ {_HANDLED}", True, _to_handle,
        lambda case, _: case.handled_at is not None,
    ),
    Measure(
        "handled_on_time_rate", "按期处置率", f"时限内处置数 ÷ {_HANDLED}", True, _to_handle,
        lambda case, _: case.handled_on_time,
    ),
    Measure("overdue_open_rate", "超期未处置率", f"超期仍未处置数 ÷ {_HANDLED}", False, _to_handle, _late_handling),
    Measure(
        "extension_rate", "延期率", f"批准过延期的件数 ÷ {_HANDLED}", False, _to_handle,
        lambda case, _: case.extensions > 0,
    ),
    Measure(
        "return_rate", "退单率", f"批准过退单的件数 ÷ {_HANDLED}", False, _to_handle,
        lambda case, _: case.returns > 0,
    ),
    Measure(
        "checked_on_time_rate", "按期核查率", "时限内核查数 ÷ 核查数", True,
        lambda case, period: case.counts and period.holds(case.verified_at), lambda case, _: case.verified_on_time,
    ),
    Measure(
        "rework_rate", "返工率", f"返工过的件数 ÷ {_CLOSED}", False, _to_close, lambda case, _: case.reworks > 0
    ),
    Measure(
        "closed_rate", "结案率", f"已结案数 ÷ {_CLOSED}", True, _to_close, lambda case, _: case.closed_at is not None
    ),
    Measure(
        "closed_on_time_rate", "按期结案率", f"时限内结案数 ÷ {_CLOSED}", True, _to_close,
        lambda case, _: case.closed_on_time,
    ),
    Measure(
        "closed_late_rate", "超期结案率", f"超期后结案数 ÷ {_CLOSED}", False, _to_close,
        lambda case, _: case.closed_at is not None and not case.closed_on_time,
    ),
    Measure(
        "public_report_rate", "监督举报率", "公众上报并核实的立案数 ÷ 立案数（挂账除外）", False,
        lambda case, period: _registered(case, period) and case.case_due is not None,
        lambda case, _: case.is_public,
    ),
    Measure(
        "satisfied_rate", "回访满意率", "回访满意数 ÷ 回访数", True,
        lambda case, period: case.counts and period.holds(case.called_back_at), lambda case, _: bool(case.satisfied),
    ),
)  # fmt: skip
BY_KEY = {one.key: one for one in MEASURES}
TO_CLOSE_WORDS = (
    "应结案数＝时限（立案起至结案的各环节时限之和，扣除批准的挂账，加上批准的延期）落在本期内的立案件数，"
    "加上时限未到、已在本期内结案的件数；不予受理、不予立案、作废和并入他件的不计，挂账期间不计。"
)
"""Printed beside every rate that divides by it."""


@dataclass(frozen=True)
class Rate:
    """A rate with what it is made of; `numbers` are the events of the denominator, `good` those of the numerator."""

    measure: str
    numbers: tuple[str, ...]
    good: tuple[str, ...]

    @property
    def numerator(self) -> int:
        """How many succeeded."""
        return len(self.good)

    @property
    def denominator(self) -> int:
        """How many counted."""
        return len(self.numbers)

    @property
    def value(self) -> float | None:
        """Percent; None if nothing counted."""
        return 100.0 * self.numerator / self.denominator if self.numbers else None

    @property
    def may_be_ranked(self) -> bool:
        """Enough cases to compare."""
        return self.denominator >= LEAST

    @property
    def interval(self) -> tuple[float, float] | None:
        """95 % Wilson score interval in percent (Wilson 1927)."""
        n = self.denominator
        if n == 0:
            return None
        share, z2 = self.numerator / n, _Z * _Z
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(0.0, 100 * (middle - half)), min(100.0, 100 * (middle + half))
