"""The router learns from handled events, and is measured on the newest of them before it learns from all.

An event teaches only once it is closed: by then people of centre and department have confirmed or corrected its
category. The figures are of a router that knew the older four fifths and was asked about the newest fifth.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, Engine, select

from database.dispatch_tables import events
from database.engine import reading, writing
from decisions import findings, router_file
from decisions.router_words import words_of
from decisions.routing import Routed, Router, train
from decisions.routing_record import MODEL
from dispatch.rulebook import Rulebook
from dispatch.state import DONE
from indicators.definition import RegionKind

LOOK_BACK = timedelta(days=540)
MOST = 20_000
"""Newest handled events that are learnt from."""
FEWEST, FEWEST_OF_ONE = 200, 4
"""Handled events before a router is trained at all; of a category before it is one of its classes."""
OLDER = 0.8
_BINS = 10
_CONFUSED = 8
_LEFT_OUT = ("warning", "split", "hotspot")
"""Origins whose titles the product wrote itself."""


@dataclass(frozen=True)
class Example:
    """A handled event: what was said, what it turned out to be, when."""

    text: str
    label: str
    at: datetime


def learn(engine: Engine, rules: Rulebook, data_folder: Path, world: str, now: datetime) -> str:
    """Train, keep the file, keep the figures for the page; what was done, in words."""
    with reading(engine) as connection:
        found = examples(connection, rules, world, now)
    if len(found) < FEWEST:
        body: dict[str, Any] = {"version": "", "examples": len(found), "needed": FEWEST}
        _tell(engine, rules, world, now, body)
        return f"已办结事件 {len(found)} 件，不足 {FEWEST} 件，沿用权责清单词语"
    figures = held_out(found, rules.rules.routing_bar)
    router = _trained(found)
    span = [found[0].at.date().isoformat(), found[-1].at.date().isoformat()]
    version = _version(found, now)
    body = {"version": version, "examples": len(found), "classes": len(router.labels), "span": span, **figures}
    router_file.keep(data_folder, world, router, version, body)
    _tell(engine, rules, world, now, body)
    return f"分类模型 {version}：{len(found)} 件，准确率 {100 * figures['accuracy']:.1f}%"


def examples(connection: Connection, rules: Rulebook, world: str, now: datetime) -> list[Example]:
    """Handled events with a category of the power list, oldest first; rare categories are left out."""
    c = events.c
    query = select(c.title, c.place, c.category, c.closed_at).where(
        c.world == world, c.state.in_(DONE), c.closed_at <= now, c.closed_at >= now - LOOK_BACK,
        c.category.in_(list(rules.categories)), c.origin.not_in(_LEFT_OUT),
    )  # fmt: skip
    rows = connection.execute(query.order_by(c.closed_at.desc(), c.id.desc()).limit(MOST)).all()
    often = Counter(row.category for row in rows)
    kept = [row for row in reversed(rows) if often[row.category] >= FEWEST_OF_ONE]
    return [Example(words_of(row.title, row.place), row.category, row.closed_at) for row in kept]


def held_out(found: Sequence[Example], bar: float) -> dict[str, Any]:
    """Figures on the newest fifth, which the measured router has not seen; beside them the commonest category."""
    cut = int(len(found) * OLDER)
    older, newer = found[:cut], found[cut:]
    said = _trained(older).route_all([one.text for one in newer])
    pairs = [(one.label, each) for one, each in zip(newer, said, strict=True)]
    commonest = Counter(one.label for one in older).most_common(1)[0][0]
    kept = [(label, each) for label, each in pairs if each.confidence >= bar]
    return {
        "tested": len(pairs), "bar": bar, "accuracy": _share_right(pairs), "macro_f1": macro_f1(pairs),
        "calibration_error": calibration_error(pairs), "kept": len(kept), "accuracy_of_kept": _share_right(kept),
        "naive": sum(label == commonest for label, _ in pairs) / max(1, len(pairs)),
        "confused": [[*pair, times] for pair, times in _confused(pairs)],
    }  # fmt: skip


_SERVED = (RegionKind.CITY, RegionKind.COUNTY)
Pairs = Sequence[tuple[str, Routed]]


def macro_f1(pairs: Pairs) -> float:
    """Mean over the true classes of the harmonic mean of precision and recall."""
    true, said = Counter(label for label, _ in pairs), Counter(each.label for _, each in pairs)
    right = Counter(label for label, each in pairs if label == each.label)
    return sum(2 * right[one] / (true[one] + said[one]) for one in true) / max(1, len(true))


def calibration_error(pairs: Pairs) -> float:
    """Expected calibration error over ten equal bins (Guo et al. 2017)."""
    bins: dict[int, list[tuple[bool, float]]] = {}
    for label, each in pairs:
        place = min(_BINS - 1, int(each.confidence * _BINS))
        bins.setdefault(place, []).append((label == each.label, each.confidence))
    gaps = (abs(sum(right for right, _ in inside) - sum(sure for _, sure in inside)) for inside in bins.values())
    return sum(gaps) / max(1, len(pairs))


def _share_right(pairs: Pairs) -> float:
    return sum(label == each.label for label, each in pairs) / max(1, len(pairs))


def _confused(pairs: Pairs) -> list[tuple[tuple[str, str], int]]:
    """(true, said) of the commonest mistakes."""
    return Counter((label, each.label) for label, each in pairs if label != each.label).most_common(_CONFUSED)


def _trained(found: Sequence[Example]) -> Router:
    return train([one.text for one in found], [one.label for one in found])


def _version(found: Sequence[Example], now: datetime) -> str:
    """The day and a digest of what was learnt: the same examples on the same day are the same version."""
    told = orjson.dumps([(one.text, one.label) for one in found])
    return f"{now:%Y%m%d}-{sha256(told).hexdigest()[:8]}"


def _tell(engine: Engine, rules: Rulebook, world: str, now: datetime, body: dict[str, Any]) -> None:
    """The one model serves every county, so each may see how good it is: shares and names of categories, no event."""
    regions = [code for code, one in rules.catalogue.regions.items() if one.kind in _SERVED]
    with writing(engine) as connection:
        for region in regions:
            findings.put(
                connection, world=world, model=MODEL, region=region, period=f"{now:%Y-%m-%d}", body=body, now=now
            )
