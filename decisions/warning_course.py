"""The course of one warning: from value to value it waits, rises, falls and ends. Pure: no clock, no store.

A level must last before it is raised and be over for a while before it is lifted; a bound must be left by more than
the hysteresis. Silence never starts anything. Values come in their own order; `now` is the instant of each.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from decisions.warning_rule import Level, Rule, length


class Turn(StrEnum):
    """What one value did."""

    RAISED = "raised"  # from calm, or to a worse level
    LOWERED = "lowered"
    LIFTED = "lifted"


@dataclass(frozen=True)
class Course:
    """Where a rule stands in one region. `waiting` is a worse level that has not lasted long enough yet."""

    level: Level | None = None
    since: datetime | None = None
    """When the warning began: its first level was raised."""
    waiting: Level | None = None
    waiting_since: datetime | None = None
    better: Level | None = None
    """The milder level (None: calm) seen since `better_since`, not yet for long enough."""
    better_since: datetime | None = None
    peak: float | None = None
    seen: datetime | None = None
    """The instant of the last value."""


@dataclass(frozen=True)
class Step:
    """A change of level worth telling."""

    turn: Turn
    level: Level | None
    value: float | None
    at: datetime


def advance(rule: Rule, course: Course, value: float, at: datetime) -> tuple[Course, Step | None]:
    """The course after `value`; a value not newer than the last one changes nothing."""
    if course.seen is not None and at <= course.seen:
        return course, None
    course = replace(course, seen=at)
    level = level_of(rule, value, course.level)
    if course.level is not None:
        course = replace(course, peak=_worse_value(rule, course.peak, value))
    if level == course.level:
        return replace(course, waiting=None, waiting_since=None, better=None, better_since=None), None
    return (
        _rise(rule, course, level, value, at)
        if _is_worse(level, course.level)
        else _fall(rule, course, level, value, at)
    )


def silence(rule: Rule, course: Course, at: datetime) -> tuple[Course, Step | None]:
    """The course after nothing came for longer than promised. A level that was waiting is forgotten."""
    course = replace(course, waiting=None, waiting_since=None)
    if course.level is None or rule.no_data == "keep":
        return course, None
    return Course(seen=course.seen), Step(Turn.LIFTED, None, None, at)


def replay(rule: Rule, values: Iterable[tuple[datetime, float]]) -> list[Step]:
    """All changes of level that `rule` would have told over past values, oldest first."""
    course, steps = Course(), []
    for at, value in values:
        course, step = advance(rule, course, value, at)
        if step is not None:
            steps.append(step)
    return steps


def level_of(rule: Rule, value: float, held: Level | None = None) -> Level | None:
    """The worst level whose bound is reached; a level already held is left only beyond the hysteresis."""
    sign = 1 if rule.direction == "above" else -1
    for level, bound in rule.bounds.items():
        slack = rule.hysteresis if held is not None and level >= held else 0.0
        if sign * value >= sign * bound - slack:
            return level
    return None


def _is_worse(level: Level | None, other: Level | None) -> bool:
    return level is not None and (other is None or level < other)


def _worse_value(rule: Rule, known: float | None, value: float) -> float:
    if known is None:
        return value
    return max(known, value) if rule.direction == "above" else min(known, value)


def _rise(rule: Rule, course: Course, level: Level | None, value: float, at: datetime) -> tuple[Course, Step | None]:
    """Wait until every value has been at least this bad for long enough; then raise to the mildest of them."""
    since, waiting = course.waiting_since, course.waiting
    if since is None or waiting is None:
        since, waiting = at, level
    waiting = max(waiting, level) if waiting is not None and level is not None else level
    course = replace(course, waiting=waiting, waiting_since=since, better=None, better_since=None)
    if at - since < length(rule.lasting):
        return course, None
    raised = Course(level=waiting, since=course.since or at, peak=_worse_value(rule, course.peak, value), seen=at)
    if waiting != level:  # part of the stretch was milder: go on waiting for the worse one
        raised = replace(raised, waiting=level, waiting_since=at)
    return raised, Step(Turn.RAISED, waiting, value, at)


def _fall(rule: Rule, course: Course, level: Level | None, value: float, at: datetime) -> tuple[Course, Step | None]:
    """Wait until every value has been this mild for long enough; then lower to the worst of them."""
    since, better = (course.better_since, course.better) if course.better_since else (at, level)
    better = level if _is_worse(level, better) else better
    course = replace(course, better=better, better_since=since, waiting=None, waiting_since=None)
    if at - since < length(rule.calm):
        return course, None
    if better is None:
        return Course(seen=at), Step(Turn.LIFTED, None, value, at)
    return replace(course, level=better, better=None, better_since=None), Step(Turn.LOWERED, better, value, at)
