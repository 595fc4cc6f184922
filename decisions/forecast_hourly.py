"""What the members propose for series with a day and a week in them: double smoothing, profiles, last day and week."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from decisions.forecast_members import LARGEST_STEP, Proposals, state_of
from decisions.forecast_panel import Panel
from decisions.forecast_season import ahead, by_phase

Array = NDArray[np.float64]

DAYS = 7
INITIAL_WEEKS = 2
DECAYS = (0.6, 0.85, 0.95, 0.99)
"""How fast the present distance from the usual course may fade, per step."""


def propose_hourly(panel: Panel, horizon: int, period: int) -> Proposals:
    """Forecasts of the next steps for a day of `period` steps; a week counts once a row has three of them."""
    values = panel.values
    weekly = panel.lengths() >= (INITIAL_WEEKS + 1) * DAYS * period
    cycle = DAYS * period
    smoothed, noise = _double_smoothing(values, horizon, period, weekly)
    day = ahead(_last_cycle(values, period), horizon)
    week = np.where(weekly[:, None], ahead(_last_cycle(values, cycle), horizon), day)
    days = ahead(_profile(values, period, 0.8), horizon)
    weeks = np.where(weekly[:, None], ahead(_profile(values, cycle, 0.7), horizon), days)
    rest = _above_usual(values, period, weekly)
    level = rest[:, -period:].mean(axis=1, keepdims=True)
    lifted = weeks + np.nan_to_num(level)
    core = {"double": smoothed, "profile": lifted, "week_mean": (week + weeks) / 2}
    base = np.mean(list(core.values()), axis=0)
    plain = {"day": day, "week": week, "days": days, "weeks": weeks, "days_lifted": _lifted(values, days, period)}
    members = core | plain
    apart = {name: member - base for name, member in members.items() if name != "week_mean"}
    apart |= _fading(rest, horizon) | _shifts(rest, period, base)
    stacked = np.stack([np.broadcast_to(each, base.shape) for each in apart.values()], axis=-1)
    stacked = np.nan_to_num(np.clip(stacked, -LARGEST_STEP, LARGEST_STEP))
    spread = np.sqrt(ahead(_profile(rest**2, period, 0.95), horizon))
    state = np.column_stack([state_of(values, noise), _week_share(values, period, weekly)])
    return Proposals(base, stacked, tuple(apart), noise, spread, state)


def _week_share(values: Array, period: int, weekly: NDArray[np.bool_]) -> Array:
    """Log of how much closer a value is to the same hour a week ago than to yesterday's; 0 without a week."""
    if values.shape[1] <= DAYS * period:
        return np.zeros(len(values))
    day = _mean(np.abs(values[:, period:] - values[:, :-period]))[:, 0]
    apart = np.abs(values[:, DAYS * period :] - values[:, : -DAYS * period])
    week = np.where(weekly, np.nan_to_num(apart).sum(axis=1) / np.maximum(np.isfinite(apart).sum(axis=1), 1), day)
    return np.log((week + 1e-6) / (day + 1e-6))


def _last_cycle(values: Array, cycle: int) -> Array:
    """N x cycle; a row shorter than the cycle is filled with its mean."""
    width = min(cycle, values.shape[1])
    out = np.full((len(values), cycle), np.nan)
    out[:, cycle - width :] = values[:, values.shape[1] - width :]
    mean = np.nanmean(values, axis=1, keepdims=True)
    return np.where(np.isfinite(out), out, mean)


def _profile(values: Array, cycle: int, memory: float) -> Array:
    """Mean of each phase, a cycle counting `memory` times as much as the following one."""
    cycles = by_phase(values, cycle)
    age = memory ** np.arange(cycles.shape[1])[::-1]
    weights = np.where(np.isfinite(cycles), age[None, :, None], 0.0)
    total = weights.sum(axis=1)
    mean = (weights * np.nan_to_num(cycles)).sum(axis=1) / np.maximum(total, 1e-12)
    return np.where(total > 0, mean, np.nanmean(values, axis=1, keepdims=True))


def _above_usual(values: Array, period: int, weekly: NDArray[np.bool_]) -> Array:
    """What the values are above the profile laid over the past."""
    day, week = _profile(values, period, 0.8), _profile(values, DAYS * period, 0.7)
    profile = np.where(weekly[:, None], week, np.tile(day, (1, DAYS)))
    steps = values.shape[1]
    repeats = -(-steps // profile.shape[1])
    usual = np.tile(profile, (1, repeats))[:, repeats * profile.shape[1] - steps :]
    return values - usual


def _lifted(values: Array, days: Array, period: int) -> Array:
    """The mean day moved to the last day's level."""
    last = np.nanmean(values[:, -period:], axis=1, keepdims=True)
    return days + last - days[:, :period].mean(axis=1, keepdims=True)


def _fading(rest: Array, horizon: int) -> dict[str, Array]:
    """The last values' distance from the usual course, fading step by step."""
    steps = np.arange(1, horizon + 1)
    now = rest[:, -1:]
    return {f"fading_{decay}": now * decay**steps for decay in DECAYS}


def _shifts(rest: Array, period: int, base: Array) -> dict[str, Array]:
    """The mean distance over the last day, its change since the day before, the last week's, and yesterday's course."""
    horizon = base.shape[1]
    day = _mean(rest[:, -period:])
    before = _mean(rest[:, -2 * period : -period])
    week = _mean(rest[:, -DAYS * period :])
    course = ahead(_last_cycle(rest, period), horizon)
    return {"shift_day": day, "shift_change": day - before, "shift_week": week, "course_day": course}


def _mean(values: Array) -> Array:
    """Mean of the known values of each row, N x 1; 0 without any."""
    known = np.isfinite(values)
    mean: Array = np.nan_to_num(values).sum(axis=1, keepdims=True) / np.maximum(known.sum(axis=1, keepdims=True), 1)
    return mean


def _double_smoothing(values: Array, horizon: int, period: int, weekly: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Level, day, week and one lag of the error (Taylor 2003, J. Operational Research Society 54), over a grid.

    Parameter sets are averaged by a tempered likelihood. Returns forecasts and the one-step error's deviation.
    """
    alpha, gamma, delta, phi = (each.ravel()[None, :] for each in np.meshgrid(*_GRID, indexing="ij"))
    cycle, steps = DAYS * period, values.shape[1]
    known = np.isfinite(values)
    start = known.argmax(axis=1)
    level, days, weeks = _initial(values, period, start, weekly)
    sets = alpha.shape[1]
    level = np.repeat(level[:, None], sets, axis=1)
    days = np.repeat(days.T[:, :, None], sets, axis=2)
    weeks = np.repeat(weeks.T[:, :, None], sets, axis=2)
    error, loss, count = np.zeros_like(level), np.zeros_like(level), np.zeros(len(values))
    delta = delta * weekly[:, None]
    pad = -steps % cycle
    clean = np.nan_to_num(values)
    warm = start + INITIAL_WEEKS * cycle * weekly
    for step in range(int(start.min()), steps):
        in_week = (step + pad) % cycle
        in_day = in_week % period
        live = known[:, step]
        error = clean[:, step, None] - (level + days[in_day] + weeks[in_week] + phi * error)
        error *= live[:, None]
        level += alpha * error
        days[in_day] += gamma * error
        weeks[in_week] += delta * error
        counted = live & (step >= warm)
        loss += np.where(counted[:, None], error**2, 0.0)
        count += counted
    loss += 1e-12
    weight = np.exp(-0.25 * count[:, None] * (np.log(loss) - np.log(loss.min(axis=1, keepdims=True))))
    weight /= weight.sum(axis=1, keepdims=True)
    out = np.zeros((len(values), horizon))
    for ahead_by in range(horizon):
        in_week = (steps + pad + ahead_by) % cycle
        course = level + days[in_week % period] + weeks[in_week] + phi ** (ahead_by + 1) * error
        out[:, ahead_by] = (weight * course).sum(axis=1)
    return out, np.sqrt((weight * loss).sum(axis=1) / np.maximum(count, 1))


_GRID = ([0.01, 0.05, 0.2], [0.02, 0.1, 0.3], [0.05, 0.2, 0.4], [0.0, 0.5, 0.9])
"""Smoothing of level, day, week; share of the error carried over."""


def _initial(
    values: Array, period: int, start: NDArray[np.int64], weekly: NDArray[np.bool_]
) -> tuple[Array, Array, Array]:
    """Level, day and week of each row's first two weeks."""
    early = np.arange(values.shape[1])[None, :] < (start + INITIAL_WEEKS * DAYS * period)[:, None]
    first = np.where(early, values, np.nan)
    level = np.nanmean(first, axis=1)
    days = _profile(first, period, 1.0) - level[:, None]
    weeks = _profile(first, DAYS * period, 1.0) - level[:, None] - np.tile(days, (1, DAYS))
    return level, days, np.where(weekly[:, None], weeks, 0.0)
