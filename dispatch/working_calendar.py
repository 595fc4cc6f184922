"""Working time: hours, weekends, holidays and make-up workdays (调休), as one growing count of working seconds.

Every question is a difference of that count, so that any stretch of time is exactly the sum of its parts.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from datasources.delivery.period import CITY_TIME
from indicators.problems import Problem, in_words
from indicators.yaml_document import read_document

FILE = "working_calendar.yaml"
PRODUCT = Path(__file__).resolve().parent.parent
_FIRST, _AHEAD = 2020, 3
"""First year counted, and how many years past the last known one the count goes on by weekdays alone."""
AHEAD = timedelta(days=365)
"""A year not covered so far ahead is an error of the configuration."""

Hours = Annotated[str, Field(pattern=r"^([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d$")]


class CalendarFile(BaseModel):
    """working_calendar.yaml."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    hours: tuple[Hours, ...] = Field(default=("08:30-12:00", "14:30-17:30"), min_length=1, max_length=4)
    provisional: tuple[int, ...] = ()
    holidays: tuple[date, ...] = ()
    workdays: tuple[date, ...] = ()

    @field_validator("hours")
    @classmethod
    def _in_order(cls, hours: tuple[str, ...]) -> tuple[str, ...]:
        edges = [edge for span in hours for edge in span.split("-")]
        if edges != sorted(set(edges)):
            raise ValueError("上班时间应从早到晚，互不重叠")
        return hours


@dataclass(frozen=True)
class WorkingCalendar:
    """Working time in the city. Instants are aware; everything counted is in seconds."""

    file: CalendarFile = field(default_factory=CalendarFile)

    @cached_property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Seconds after midnight at which work begins and ends."""
        return tuple((_seconds(start), _seconds(end)) for start, _, end in (s.partition("-") for s in self.file.hours))

    @cached_property
    def day_seconds(self) -> int:
        """Length of a working day."""
        return sum(end - start for start, end in self.spans)

    @cached_property
    def known(self) -> range:
        """The years for which holidays are announced, shipped with the product."""
        from chinese_calendar import constants

        years = sorted({day.year for day in constants.holidays})
        return range(years[0], years[-1] + 1)

    def covers(self, year: int) -> bool:
        """True if holidays of `year` are known or written down provisionally."""
        return year in self.known or year in self._written

    def is_certain(self, moment: datetime) -> bool:
        """False in years that are provisional or not covered at all."""
        year = moment.astimezone(CITY_TIME).year
        return year in self.known or (year in self._written and year not in self.file.provisional)

    def is_workday(self, day: date) -> bool:
        """True if offices are open. Years without any holidays known count weekdays."""
        if day in self._open or day in self._shut:
            return day in self._open
        if day.year not in self.known:
            return day.weekday() < 5
        from chinese_calendar import is_workday

        return bool(is_workday(day))

    def worked(self, moment: datetime) -> int:
        """Working seconds from the beginning of the count to `moment`."""
        local = moment.astimezone(CITY_TIME)
        index = local.date().toordinal() - self._first
        if not 0 <= index < len(self._counts) - 1:
            raise ValueError(f"{local:%Y-%m-%d} 不在工作日历的年份内")
        before, after = self._counts[index], self._counts[index + 1]
        return before if before == after else before + self._of_day(local)

    def between(self, start: datetime, end: datetime) -> int:
        """Working seconds from `start` to `end`; negative if `end` is earlier."""
        return self.worked(end) - self.worked(start)

    def after(self, start: datetime, seconds: float) -> datetime:
        """The first instant at which so many working seconds have passed since `start`."""
        wanted = self.worked(start) + max(0, round(seconds))
        index = bisect_left(self._counts, wanted) - 1 if seconds > 0 else bisect_right(self._counts, wanted) - 1
        if seconds <= 0:
            return start
        day = date.fromordinal(self._first + index)
        return _at(day, self._clock_at(wanted - self._counts[index]))

    def next_day(self, moment: datetime) -> datetime:
        """The beginning of work on the first working day after the civil day of `moment`."""
        day = moment.astimezone(CITY_TIME).date() + timedelta(days=1)
        while not self._is_counted(day):
            day += timedelta(days=1)
        return _at(day, self.spans[0][0])

    def _is_counted(self, day: date) -> bool:
        """As `is_workday`, from the count where it reaches: asked for every clock of every event."""
        index = day.toordinal() - self._first
        if 0 <= index < len(self._counts) - 1:
            return self._counts[index + 1] > self._counts[index]
        return self.is_workday(day)

    def uncovered(self, now: datetime) -> tuple[int, ...]:
        """Years that begin within a year from `now` and are not covered."""
        years = range(now.year, (now + AHEAD).astimezone(CITY_TIME).year + 1)
        return tuple(year for year in years if not self.covers(year))

    @cached_property
    def _open(self) -> frozenset[date]:
        return frozenset(self.file.workdays)

    @cached_property
    def _shut(self) -> frozenset[date]:
        return frozenset(self.file.holidays)

    @cached_property
    def _written(self) -> frozenset[int]:
        return frozenset(self.file.provisional) | {day.year for day in self._open | self._shut}

    @cached_property
    def _first(self) -> int:
        return date(_FIRST, 1, 1).toordinal()

    @cached_property
    def _counts(self) -> list[int]:
        """Working seconds before each day since the first, and one more at the end."""
        last = max((self.known[-1], *self._written)) + _AHEAD
        counts = [0]
        for ordinal in range(self._first, date(last, 12, 31).toordinal() + 1):
            day = self.day_seconds if self.is_workday(date.fromordinal(ordinal)) else 0
            counts.append(counts[-1] + day)
        return counts

    def _of_day(self, local: datetime) -> int:
        second = local.hour * 3600 + local.minute * 60 + local.second
        return sum(max(0, min(second, end) - start) for start, end in self.spans)

    def _clock_at(self, worked: int) -> int:
        """The second after midnight at which `worked` seconds of a day's work are done."""
        for start, end in self.spans:
            if worked <= end - start:
                return start + worked
            worked -= end - start
        return self.spans[-1][1]


def _at(day: date, second: int) -> datetime:
    midnight = datetime.combine(day, time(), CITY_TIME)
    return (midnight + timedelta(seconds=second)).astimezone(UTC)


def _seconds(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 3600 + int(minute) * 60


class CalendarWrong(Exception):
    """The file cannot be used; `problems` tell where and why."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        super().__init__("\n".join(str(problem) for problem in problems))


def load(folder: Path) -> WorkingCalendar:
    """The calendar in `folder`, else the product's own; CalendarWrong tells what is wrong with its file."""
    path = folder / FILE if (folder / FILE).exists() else PRODUCT / FILE
    return _parsed(path.name, path.read_bytes())


@lru_cache(maxsize=8)
def _parsed(name: str, content: bytes) -> WorkingCalendar:
    document = read_document(content)
    problems = [Problem(name, fault.line, "", fault.message) for fault in document.faults]
    if problems:
        raise CalendarWrong(problems)
    try:
        return WorkingCalendar(CalendarFile.model_validate(document.root or {}))
    except ValidationError as wrong:
        errors = wrong.errors(include_url=False)
        raise CalendarWrong(
            [
                Problem(
                    name,
                    document.line_of(error["loc"]),
                    ".".join(str(step) for step in error["loc"]),
                    in_words(dict(error), list(CalendarFile.model_fields)),
                )
                for error in errors
            ]
        ) from None


def problems_of(folder: Path, now: datetime) -> list[Problem]:
    """What is wrong with the calendar of `folder`: its file, and years not covered a year ahead."""
    try:
        calendar = load(folder)
    except CalendarWrong as wrong:
        return wrong.problems
    return [
        Problem(FILE, 1, "holidays", f"没有 {year} 年的放假安排：请升级产品或写入 {FILE}，否则时限会算错")
        for year in calendar.uncovered(now)
    ]
