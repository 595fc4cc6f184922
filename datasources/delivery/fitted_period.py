"""The same period in another frequency, where both end together: 前三季度 is 2026-09 for a monthly figure."""

from __future__ import annotations

from collections.abc import Callable

from datasources.delivery.chinese_period import YTD, Written
from datasources.delivery.period import Frequency, days_in_month, frequency_of


def fitted(written: Written, frequency: Frequency) -> Written:
    """The period in the frequency of its indicator; one that does not fit stays as it is and is held back later."""
    own = frequency_of(written.label)
    if own is frequency or {own, frequency} <= {Frequency.MINUTE, Frequency.REALTIME}:
        return written
    return _FITS.get((own, frequency), _unfitted)(written)


def _unfitted(written: Written) -> Written:
    return written


def _year_to_month(written: Written) -> Written:
    return Written(f"{written.label}-12", YTD)


def _year_to_quarter(written: Written) -> Written:
    return Written(f"{written.label}-Q4", YTD)


def _quarter_to_month(written: Written) -> Written:
    year, quarter = written.label.split("-Q")
    if written.basis != YTD and quarter != "1":
        return written
    return Written(f"{year}-{int(quarter) * 3:02d}", YTD)


def _quarter_to_year(written: Written) -> Written:
    return Written(written.label[:4], None) if written.basis == YTD and written.label.endswith("Q4") else written


def _month_to_quarter(written: Written) -> Written:
    year, month = written.label.split("-")
    return Written(f"{year}-Q{int(month) // 3}", written.basis) if int(month) % 3 == 0 else written


def _month_to_year(written: Written) -> Written:
    return Written(written.label[:4], None) if written.label.endswith("-12") else written


def _day_to_month(written: Written) -> Written:
    """Excel turns 2026年1月 into the date of its first day; reports are dated the last day."""
    year, month, day = (int(part) for part in written.label.split("-"))
    return Written(written.label[:7], written.basis) if day in (1, days_in_month(year, month)) else written


def _day_to_year(written: Written) -> Written:
    return Written(written.label[:4], None) if written.label[5:] in ("01-01", "12-31") else written


def _minute_to_hour(written: Written) -> Written:
    return Written(written.label[:13], written.basis) if written.label.endswith(":00") else written


def _midnight_to_day(written: Written) -> Written:
    return Written(written.label[:10], written.basis) if written.label[11:] in ("00", "00:00") else written


def _midnight_to_month(written: Written) -> Written:
    day = _midnight_to_day(written)
    month = _day_to_month(day) if len(day.label) == 10 else written
    return month if len(month.label) == 7 else written


def _midnight_to_year(written: Written) -> Written:
    day = _midnight_to_day(written)
    year = _day_to_year(day) if len(day.label) == 10 else written
    return year if len(year.label) == 4 else written


_FITS: dict[tuple[Frequency, Frequency], Callable[[Written], Written]] = {
    (Frequency.YEARLY, Frequency.MONTHLY): _year_to_month,
    (Frequency.YEARLY, Frequency.QUARTERLY): _year_to_quarter,
    (Frequency.QUARTERLY, Frequency.MONTHLY): _quarter_to_month,
    (Frequency.QUARTERLY, Frequency.YEARLY): _quarter_to_year,
    (Frequency.MONTHLY, Frequency.QUARTERLY): _month_to_quarter,
    (Frequency.MONTHLY, Frequency.YEARLY): _month_to_year,
    (Frequency.DAILY, Frequency.MONTHLY): _day_to_month,
    (Frequency.DAILY, Frequency.YEARLY): _day_to_year,
    (Frequency.MINUTE, Frequency.HOURLY): _minute_to_hour,
    (Frequency.MINUTE, Frequency.DAILY): _midnight_to_day,
    (Frequency.HOURLY, Frequency.DAILY): _midnight_to_day,
    (Frequency.MINUTE, Frequency.MONTHLY): _midnight_to_month,
    (Frequency.MINUTE, Frequency.YEARLY): _midnight_to_year,
}
