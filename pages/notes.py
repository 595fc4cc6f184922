"""What happened along a series, for annotations on its chart: 春节, revised figures, troubles of the demo city."""

from __future__ import annotations

from collections.abc import Sequence

from components.chart import Note
from datasources.delivery.period import Frequency, end, frequency_of, period_of, start
from indicators.definition import Indicator
from indicators.happenings import happenings
from indicators.lunar import FESTIVALS
from indicators.reading import Reading
from pages.view import View

MOST = 4
NAMES = {
    "storm": "短时强降雨", "kiln_cut": "窑炉限电检修", "dead_source": "来源中断", "unit_slip": "报送单位写错",
    "stuck_sensor": "传感器卡滞", "crowding": "古城大型活动", "drift": "缓慢漂移", "hotspot": "投诉热点",
    "late_release": "月报迟报",
}  # fmt: skip


def notes_on(view: View, indicator: Indicator, series: Sequence[Reading], labels: Sequence[str]) -> list[Note]:
    """At most four, the newest; each at one of `labels`."""
    if not labels:
        return []
    found = [
        *_festivals(labels),
        *_revisions(series, labels),
        *([] if view.as_of else _episodes(view, indicator, labels)),
    ]
    first: dict[str, Note] = {}
    for note in found:
        first.setdefault(note.label, note)
    return sorted(first.values(), key=lambda note: note.label)[-MOST:]


def _festivals(labels: Sequence[str]) -> list[Note]:
    """The month or day in which the lunar year begins; quarters and years hold it every time."""
    frequency = frequency_of(labels[-1])
    pattern = {Frequency.MONTHLY: "%Y-%m", Frequency.DAILY: "%Y-%m-%d"}.get(frequency)
    if pattern is None:
        return []
    days = [festival.strftime(pattern) for festival in FESTIVALS.values()]
    return [Note(label, "春节") for label in days if label in labels]


def _revisions(series: Sequence[Reading], labels: Sequence[str]) -> list[Note]:
    return [Note(one.period, "修订") for one in series if "revised" in one.quality and one.period in labels]


def _episodes(view: View, indicator: Indicator, labels: Sequence[str]) -> list[Note]:
    """The newest planted trouble of each kind that touches the figure; months hold too many of them to be named."""
    frequency = frequency_of(labels[-1])
    if frequency in {Frequency.MONTHLY, Frequency.QUARTERLY, Frequency.YEARLY}:
        return []
    found = happenings(
        view.connection, view.by, world=view.world, code=indicator.code, region=view.region,
        whole=view.catalogue.city.code, start=start(labels[0]), end=min(end(labels[-1]), view.now),
    )  # fmt: skip
    notes = [Note(period_of(one.starts_at, frequency), f"{NAMES.get(one.kind, one.kind)}（模拟）") for one in found]
    newest = {note.words: note for note in notes if note.label in labels}
    return list(newest.values())
