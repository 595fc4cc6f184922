"""The night's look at the economy: composite index with lamps, evidence for edges, nowcast, shift-share of counties.

Everything from the figures of one world as they are known now; what cannot be said is said so, with the reason.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from itertools import pairwise
from statistics import pstdev
from typing import Any

from sqlalchemy import Connection, Engine

from database.engine import writing
from datasources.delivery.period import following
from decisions import findings
from decisions.attribution_shift_share import shift_share
from decisions.economy_tree import EconomyTree, Measured, load
from decisions.forecast_batch import known_values
from decisions.forecast_cumulative import split
from decisions.monitoring_index import Component, changes, classify, composite, diffusion, turning_points, weights
from decisions.monitoring_lamps import WORDS, Lamp, bounds_of, lamp
from decisions.monitoring_lamps import composite as composite_lamp
from decisions.nowcast import nowcast
from decisions.transmission import SHORTEST, Edge, corrected, elasticity, evidence
from indicators.catalogue import Catalogue
from indicators.reading import World

GROWTH = "ECO-02"
SECTORS = ("ECO-03", "ECO-04", "ECO-05")
LEAST_MONTHS = 18
Values = Mapping[str, float]
"""By period."""


def run(engine: Engine, catalogue: Catalogue, now: datetime) -> int:
    """Look at every world that has data; how many findings were kept."""
    tree = load()
    worlds = [World.REAL, World.DEMO] if catalogue.demo_city else [World.REAL]
    kept = 0
    for world in worlds:
        with writing(engine) as connection:
            kept += _Look(connection, catalogue, tree, world.value, now).run()
    return kept


class _Look:
    """One look at one world."""

    def __init__(
        self, connection: Connection, catalogue: Catalogue, tree: EconomyTree, world: str, now: datetime
    ) -> None:
        self._connection, self._catalogue, self._tree, self._world, self._now = connection, catalogue, tree, world, now
        self._city = catalogue.city.code
        self._counties = [region.code for region in catalogue.children(self._city)]
        self._kept = 0

    def run(self) -> int:
        for region in (self._city, *self._counties):
            self._monitor(region)
        self._transmit()
        self._expect()
        self._compare_counties()
        return self._kept

    # Monitoring

    def _monitor(self, region: str) -> None:
        chosen = [(one, self._monthly(one.indicator, region)) for one in self._tree.monitoring.components]
        months = _common([values for _, values in chosen if len(values) >= LEAST_MONTHS])
        if len(months) < LEAST_MONTHS:
            return
        usable = [(one, values) for one, values in chosen if all(month in values for month in months)]
        components = [Component(one.indicator, tuple(v[m] for m in months), one.rate) for one, v in usable]
        try:
            index = composite(components, self._tree.monitoring.base_months)
        except ValueError:
            return
        reference = self._monthly(self._tree.monitoring.reference, region)
        moves = _moves(reference, months)
        parts = [self._part(one, component, moves, weights(components)) for (one, _), component in
                 zip(usable, components, strict=True)]  # fmt: skip
        lamps = [Lamp(part["lamp"]) for part in parts if part["lamp"]]
        whole = composite_lamp(lamps)
        self._keep("monitoring", region, months[-1], {
            "months": months, "index": index, "diffusion": diffusion(components), "components": parts,
            "turns": [asdict(turn) for turn in turning_points(index)],
            "score": whole and whole[0], "lamp": whole and int(whole[1]), "word": whole and WORDS[whole[1]],
            "left_out": [one.name for one, values in chosen if not all(month in values for month in months)],
        })  # fmt: skip

    def _part(
        self, one: Measured, component: Component, moves: Sequence[float], share: Mapping[str, float]
    ) -> dict[str, Any]:
        heat = component.values if one.rate else _yearly_growth(component.values)
        bounds = bounds_of(heat[:-1])
        found = lamp(heat[-1], bounds) if bounds and heat else None
        kind = classify(component, moves) if moves else None
        return {
            "indicator": one.indicator, "name": one.name, "value": heat[-1] if heat else None,
            "lamp": int(found) if found else None, "word": WORDS[found] if found else None,
            "bounds": bounds and list(bounds.limits), "source": bounds and bounds.source,
            "weight": share[component.key], "change": changes(component)[-1],
            "kind": kind and kind[0], "lead": kind and kind[1], "correlation": kind and kind[2],
        }  # fmt: skip

    # Transmission

    def _transmit(self) -> None:
        codes = {code for edge in self._tree.edges for code in (edge.cause, edge.effect)}
        monthly = {code: self._rates(code) for code in codes}
        theories = [Edge(one.cause, one.effect, one.sign, one.lags, one.reason) for one in self._tree.edges]
        found, slopes = [], []
        for edge in theories:
            months = _common([monthly[edge.cause], monthly[edge.effect]])
            moves = {code: _moves(monthly[code], months) for code in (edge.cause, edge.effect)}
            found.append(evidence(edge, moves[edge.cause], moves[edge.effect]))
            slopes.append(elasticity(moves[edge.cause], moves[edge.effect], found[-1].lag))
        newest = max((max(values) for values in monthly.values() if values), default="")
        if newest:
            edges = [
                asdict(one) | {"is_proven": one.is_proven, "failings": one.failings, "elasticity": slope}
                for one, slope in zip(corrected(found), slopes, strict=True)
            ]
            spreads = {code: pstdev(known) for code in sorted(codes) if (known := _all_moves(monthly[code]))}
            body = {"edges": edges, "least_months": SHORTEST, "spreads": spreads}
            self._keep("transmission", self._city, newest, body)

    # Nowcast

    def _expect(self) -> None:
        indicator = self._catalogue.indicators[GROWTH]
        known = _filled(known_values(self._connection, (self._world, GROWTH, self._city), indicator))
        quarters = _stretch(sorted(known), len(known))
        if not quarters:
            return
        coming = following(quarters[-1])
        months = [month for quarter in (*quarters, coming) for month in _months_of(quarter)]
        codes = [one.indicator for one in self._tree.monitoring.components if one.rate]
        monthly = {code: [self._monthly(code, self._city).get(month) for month in months] for code in codes}
        made = nowcast([known[quarter] for quarter in quarters], monthly)
        body: dict[str, Any] = {"quarter": coming, "quarters": quarters, "growth": [known[q] for q in quarters]}
        body |= {"made": asdict(made) | {"is_better": made.is_better}} if made else {
            "made": None, "reason": f"季度历史只有 {len(quarters)} 期，不足以估计方程"
        }  # fmt: skip
        self._keep("nowcast", self._city, coming, body)

    # Shift-share

    def _compare_counties(self) -> None:
        levels = {code: {r: self._plain(code, r) for r in (self._city, *self._counties)} for code in SECTORS}
        period = min((max(values[self._city], default="") for values in levels.values()), default="")
        if not period:
            return
        before = f"{int(period[:4]) - 1}{period[4:]}"
        rows = []
        for county in self._counties:
            pairs = {code: (levels[code][county].get(before), levels[code][county].get(period)) for code in SECTORS}
            if any(value is None for pair in pairs.values() for value in pair):
                continue
            rows.append(self._shift(county, levels, before, period))
        if rows:
            self._keep("shift_share", self._city, period, {"before": before, "period": period, "counties": rows})

    def _shift(
        self, county: str, levels: Mapping[str, Mapping[str, Values]], before: str, period: str
    ) -> dict[str, Any]:
        def values(region: str, when: str) -> dict[str, float]:
            return {code: levels[code][region][when] for code in SECTORS}

        city = [
            {code: sum(levels[code][one].get(when, 0.0) for one in self._counties) for code in SECTORS}
            for when in (before, period)
        ]
        found = shift_share((values(county, before), values(county, period)), (city[0], city[1]))
        base = sum(values(county, before).values())
        return {
            "region": county, "growth": 100 * (sum(values(county, period).values()) / base - 1),
            "city": 100 * found.city / base, "mix": 100 * found.mix / base, "local": 100 * found.local / base,
            "sectors": [{"code": s.industry, "mix": 100 * s.mix / base, "local": 100 * s.local / base}
                        for s in found.shifts],
        }  # fmt: skip

    # Figures

    def _plain(self, code: str, region: str) -> dict[str, float]:
        indicator = self._catalogue.indicators[code]
        return _filled(known_values(self._connection, (self._world, code, region), indicator))

    def _monthly(self, code: str, region: str) -> dict[str, float]:
        """Values of single months. January is published with February: totals are halved, rates stand for both."""
        known, indicator = self._plain(code, region), self._catalogue.indicators[code]
        if not known:
            return known
        labels = _span(min(known), max(known))
        if indicator.basis == "ytd" and indicator.aggregation == "sum":
            single = split(labels, [known.get(label, math.nan) for label in labels])
            return {label: float(value) for label, value in zip(labels, single, strict=True) if math.isfinite(value)}
        together = {label: known[following(label)] for label in labels if _is_january_of(label, known)}
        return dict(sorted((known | together).items()))

    def _rates(self, code: str) -> dict[str, float]:
        """Growth over the year before, in per cent: as published, or of single months' values."""
        known = self._monthly(code, self._city)
        if self._catalogue.indicators[code].unit == "%":
            return known
        pairs = {month: known.get(f"{int(month[:4]) - 1}{month[4:]}") for month in known}
        return {month: 100 * (known[month] / base - 1) for month, base in pairs.items() if base}

    def _keep(self, model: str, region: str, period: str, body: Mapping[str, Any]) -> None:
        findings.put(
            self._connection, world=self._world, model=model, region=region, period=period, body=body, now=self._now
        )
        self._kept += 1


def _filled(known: Mapping[str, float | None]) -> dict[str, float]:
    return {period: value for period, value in known.items() if value is not None}


def _span(first: str, last: str) -> list[str]:
    labels = [first]
    while labels[-1] < last:
        labels.append(following(labels[-1]))
    return labels


def _is_january_of(label: str, known: Values) -> bool:
    """True for a January that is missing while its February is there."""
    return label.endswith("-01") and label not in known and following(label) in known


def _stretch(labels: Sequence[str], count: int) -> list[str]:
    """The longest run without a hole that ends with the newest label."""
    found = list(labels[-1:])
    while found and len(found) < count and following(found[0], -1) in set(labels):
        found.insert(0, following(found[0], -1))
    return found


def _common(series: Sequence[Values]) -> list[str]:
    """Months that all series know, without a hole, up to the newest common one."""
    shared = sorted(set.intersection(*(set(values) for values in series))) if series else []
    return _stretch(shared, len(shared))


def _moves(values: Values, months: Sequence[str]) -> list[float]:
    """Changes from month to month; nothing if a month is missing."""
    if not all(month in values for month in months):
        return []
    return [values[later] - values[earlier] for earlier, later in pairwise(months)]


def _all_moves(values: Values) -> list[float]:
    """The same over the longest stretch without a hole up to the newest month."""
    return _moves(values, _stretch(sorted(values), len(values)))


def _yearly_growth(values: Sequence[float]) -> list[float]:
    return [100 * (now / before - 1) for before, now in zip(values, values[12:], strict=False) if before]


def _months_of(quarter: str) -> list[str]:
    year, number = quarter.split("-Q")
    return [f"{year}-{month:02d}" for month in range(3 * int(number) - 2, 3 * int(number) + 1)]
