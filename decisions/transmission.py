"""What moves what, with which lag, and how sure that is: evidence for the edges of the transmission model.

Method: both series filtered by the AR model of the first (Box & Jenkins), the strongest cross-correlation has the
expected sign, Granger F-test with lags by BIC (the present month included where the theory allows lag 0), Benjamini-
Hochberg over all edges, the same sign and lag in at least 70 % of block-bootstrap draws. An edge that fails one test
is shown grey as 理论关系，数据未证实. None of this proves a cause.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from decisions.transmission_tests import f_tail, false_discoveries

Array = NDArray[np.float64]

MOST_LAG = 12
MOST_OWN = 3
SHORTEST = 30
"""Months below which an edge is not tested."""
FALSE_SHARE = 0.10
STEADY_SHARE = 0.70
DRAWS = 100
BLOCK = 12


@dataclass(frozen=True)
class Edge:
    """A relation to test. `sign` +1 or -1, `lags` the range the theory allows, in months, `reason` in plain words."""

    cause: str
    effect: str
    sign: int
    lags: tuple[int, int]
    reason: str


@dataclass(frozen=True)
class Evidence:
    """What the data say. `p` and `q` are None where too few months are known; `lag` in months."""

    edge: Edge
    months: int
    lag: int | None = None
    correlation: float | None = None
    band: float | None = None
    p: float | None = None
    q: float | None = None
    steady: float | None = None

    @property
    def is_proven(self) -> bool:
        """True if every test is passed."""
        return not self.failings

    @property
    def failings(self) -> tuple[str, ...]:
        """Which tests are not passed, for people."""
        if self.lag is None or self.correlation is None or self.band is None:
            return (f"可用数据只有 {self.months} 个月，不足 {SHORTEST} 个月",)
        tests = (
            (abs(self.correlation) <= self.band, "相关性在随机波动范围内"),
            (self.correlation * self.edge.sign < 0, "方向与理论相反"),
            (self.q is None or self.q > FALSE_SHARE, "格兰杰检验不显著（已按多重检验校正）"),
            ((self.steady or 0.0) < STEADY_SHARE, "换一段样本后符号或滞后期不稳定"),
        )
        return tuple(words for failed, words in tests if failed)


def weigh(edges: Sequence[Edge], series: Mapping[str, Sequence[float]], *, seed: int = 4451) -> list[Evidence]:
    """Evidence for each edge; series are monthly changes over the same months, without gaps."""
    return corrected([evidence(edge, series.get(edge.cause, ()), series.get(edge.effect, ()), seed) for edge in edges])


def elasticity(cause: Sequence[float], effect: Sequence[float], lag: int | None) -> float | None:
    """Change of the effect that went with a change of the cause by 1, `lag` months earlier; None if it never moved."""
    if lag is None or len(cause) - lag < 3:
        return None
    x, y = np.asarray(cause[: len(cause) - lag], float), np.asarray(effect[lag:], float)
    spread = float(((x - x.mean()) ** 2).sum())
    return float(((x - x.mean()) * (y - y.mean())).sum()) / spread if spread > 0 else None


def corrected(found: Sequence[Evidence]) -> list[Evidence]:
    """All evidence of one look with the correction for looking many times."""
    qs = iter(false_discoveries([one.p for one in found if one.p is not None]))
    return [replace(one, q=next(qs)) if one.p is not None else one for one in found]


def evidence(edge: Edge, cause: Sequence[float], effect: Sequence[float], seed: int = 4451) -> Evidence:
    """Evidence for one edge, not yet corrected; both series over the same months."""
    months = min(len(cause), len(effect))
    if months < SHORTEST:
        return Evidence(edge, months)
    x, y = np.asarray(cause[-months:], float), np.asarray(effect[-months:], float)
    if not (np.ptp(x) > 0 and np.ptp(y) > 0):
        return Evidence(edge, months)
    lag, strength, used = _strongest(x, y, edge)
    steady = _steadiness(x, y, edge, lag, seed)
    return Evidence(edge, months, lag, strength, float(1.96 / np.sqrt(used)), granger(x, y, edge.lags), steady=steady)


def _strongest(x: Array, y: Array, edge: Edge) -> tuple[int, float, int]:
    """The lag with the strongest correlation after pre-whitening, its strength, pairs used."""
    a, b = _filtered(x, y)
    first, last = edge.lags
    lags = range(max(first, 0), min(last, MOST_LAG) + 1)
    found = {lag: _correlation(a[: len(a) - lag], b[lag:]) for lag in lags}
    best = max(found, key=lambda lag: abs(found[lag]))
    return best, found[best], len(a) - best


def _filtered(x: Array, y: Array) -> tuple[Array, Array]:
    order = _order(x)
    if not order:
        return x - x.mean(), y - y.mean()
    weights = np.linalg.lstsq(_lagged(x, order), x[order:], rcond=None)[0]
    return x[order:] - _lagged(x, order) @ weights, y[order:] - _lagged(y, order) @ weights


def _order(x: Array) -> int:
    """Own lags by BIC on the same rows."""
    rows = len(x) - MOST_OWN
    scores = []
    for order in range(MOST_OWN + 1):
        design = _lagged(x, order)[MOST_OWN - order :]
        rest = _left_over(design, x[MOST_OWN:])
        scores.append(rows * np.log(max(rest, 1e-300) / rows) + (order + 1) * np.log(rows))
    return int(np.argmin(scores))


def _lagged(x: Array, order: int) -> Array:
    """A column of ones, then x one to `order` months earlier, for months from `order` on."""
    columns = [x[order - lag : len(x) - lag] for lag in range(1, order + 1)]
    return np.column_stack([np.ones(len(x) - order), *columns])


def _left_over(design: Array, y: Array) -> float:
    weights = np.linalg.lstsq(design, y, rcond=None)[0]
    return float(((y - design @ weights) ** 2).sum())


def _correlation(a: Array, b: Array) -> float:
    a, b = a - a.mean(), b - b.mean()
    norm = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / norm if norm > 0 else 0.0


def granger(x: Array, y: Array, lags: tuple[int, int] = (1, MOST_OWN)) -> float:
    """p-value that `x`, up to the last of `lags` months ago, adds nothing to the past of `y` in telling `y`."""
    first, most = min(lags[0], 1), max(lags[1], 1)
    rows = len(y) - most
    orders = range(1, most + 1)
    best = min(orders, key=lambda order: _granger_score(_designs(x, y, order, first, most)[1], y[most:]))
    own, both = _designs(x, y, best, first, most)
    without, with_x = _left_over(own, y[most:]), _left_over(both, y[most:])
    added, free = both.shape[1] - own.shape[1], rows - both.shape[1]
    if free < 1 or with_x <= 0:
        return 1.0
    return f_tail(((without - with_x) / added) / (with_x / free), added, free)


def _designs(x: Array, y: Array, order: int, first: int, most: int) -> tuple[Array, Array]:
    """Own past alone, and with the other's months `first` to `order` ago; rows from month `most` on."""
    own = _lagged(y, min(order, MOST_OWN))[most - min(order, MOST_OWN) :]
    others = [x[most - lag : len(x) - lag] for lag in range(first, order + 1)]
    return own, np.column_stack([own, *others])


def _granger_score(design: Array, y: Array) -> float:
    rest = max(_left_over(design, y), 1e-300)
    return float(len(y) * np.log(rest / len(y)) + design.shape[1] * np.log(len(y)))


def _steadiness(x: Array, y: Array, edge: Edge, lag: int, seed: int) -> float:
    """Share of block-bootstrap draws with the expected sign and a lag within a month of the found one."""
    dice = np.random.default_rng(seed)
    hits = 0
    for _ in range(DRAWS):
        starts = dice.integers(0, len(x) - BLOCK + 1, size=-(-len(x) // BLOCK))
        picked = (starts[:, None] + np.arange(BLOCK)).ravel()[: len(x)]
        drawn, strength, _ = _strongest(x[picked], y[picked], edge)
        hits += abs(drawn - lag) <= 1 and edge.sign * strength > 0
    return hits / DRAWS
