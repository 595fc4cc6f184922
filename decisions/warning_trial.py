"""How well the product finds the troubles planted in the demo city: `python -m decisions.warning_trial URL`.

Every rule is replayed over the whole kept past, without look-ahead, and asked for the generator's own answers. Troubles
of the data themselves (a dead source, a late release, a wrong unit) are found by freshness and arrival checks.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from statistics import median

from sqlalchemy import Connection, text

from database.bulk import fetch
from database.engine import open_engine, reading
from database.moments import from_ms
from datasources.delivery.period import end
from decisions.warning_baseline import DayKinds
from decisions.warning_course import Turn, replay
from decisions.warning_inputs import instant_of, plain, rates
from decisions.warning_rule import Rule
from decisions.warning_rules import PRODUCT
from decisions.warning_rules import load as load_rules
from decisions.warning_watches import Watches
from dispatch.working_calendar import load as load_calendar
from indicators.catalogue import Catalogue, load
from indicators.freshness import judge
from indicators.reading import Freshness, World

BY_RULES = ("storm", "crowding", "hotspot", "kiln_cut", "drift", "stuck_sensor")
AFTER = timedelta(hours=6)
"""Effects follow their cause with a lag; a warning within so long after the end still speaks of it."""
BEFORE = timedelta(minutes=30)
LEARNING = timedelta(days=14)
"""The first days of the kept past teach the detectors and count for nothing."""
_VALUES = text(
    "SELECT o.period, o.value FROM series s JOIN observations o ON o.series_id = s.id "
    "WHERE s.world = 'demo' AND s.region = :region AND s.indicator = :code AND s.dim = '' ORDER BY o.period, o.known_at"
)
_TRUTH = text("SELECT episode, kind, indicator, region, starts_at, ends_at FROM demo_truth WHERE detectable")
_HELD = text("SELECT indicator, region, period FROM quarantine WHERE source LIKE 'demo_%'")


@dataclass(frozen=True)
class Planted:
    """An episode: where, when, which indicators show it."""

    name: str
    kind: str
    begin: datetime
    finish: datetime
    shown_in: frozenset[tuple[str, str]]
    """Indicator and region."""


@dataclass(frozen=True)
class Alarm:
    """A warning told by the replay."""

    rule: str
    indicator: str
    region: str
    at: datetime
    until: datetime | None


@dataclass(frozen=True)
class Line:
    """One row of the table: a kind of trouble. `delay` in minutes after its beginning, median of those found."""

    kind: str
    planted: int
    found: int
    delay: float | None
    by: str


def planted(connection: Connection, since: datetime, until: datetime) -> list[Planted]:
    """Episodes that lie wholly between, from the generator's answers."""
    rows: dict[str, list[tuple[str, str, str, int, int]]] = {}
    for episode, *rest in fetch(connection, _TRUTH, {}):
        rows.setdefault(episode, []).append(tuple(rest))
    made = [
        Planted(name, one[0][0], from_ms(min(r[3] for r in one)), from_ms(max(r[4] for r in one)),
                frozenset((r[1], r[2]) for r in one))
        for name, one in rows.items()
    ]  # fmt: skip
    return [one for one in made if one.begin >= since and one.finish <= until]


def alarms(connection: Connection, catalogue: Catalogue, rules: Iterable[Rule], kinds: DayKinds) -> list[Alarm]:
    """All warnings the rules would have told, first levels only."""
    city = catalogue.city.code
    counties = [region.code for region in catalogue.children(city)]
    where = {"city": [city], "counties": counties, "all": [city, *counties]}
    watches, found = Watches(kinds), []
    for rule in rules:
        for region in where[rule.regions] if rule.measure != "forecast" else ():
            points = list(dict(fetch(connection, _VALUES, {"region": region, "code": rule.indicator})).items())
            found += _alarms(rule, region, _measured(rule, region, points, catalogue, watches))
    return found


def _measured(
    rule: Rule, region: str, points: Sequence[tuple[str, float | None]], catalogue: Catalogue, watches: Watches
) -> list[tuple[datetime, float]]:
    if rule.measure not in ("value", "rate"):
        smallest = 10.0 ** -catalogue.indicators[rule.indicator].decimals
        told = watches.measured(("demo", rule.key, region), rule.measure, smallest, points, lambda: ())
        return [(instant_of(period), value) for period, value in told.items()]
    return [(point.at, point.measured) for point in (rates(points) if rule.measure == "rate" else plain(points))]


def _alarms(rule: Rule, region: str, measured: Sequence[tuple[datetime, float]]) -> list[Alarm]:
    found: list[Alarm] = []
    begun: datetime | None = None
    for step in replay(rule, measured):
        if step.turn is Turn.LIFTED and begun is not None:
            found.append(Alarm(rule.key, rule.indicator, region, begun, step.at))
            begun = None
        elif begun is None:
            begun = step.at
    return [*found, Alarm(rule.key, rule.indicator, region, begun, None)] if begun else found


def speaks_of(alarm: Alarm, episode: Planted, city: str) -> bool:
    """True if the alarm lies in the episode's time, in an indicator that shows it, in its region or the whole city."""
    shown = (alarm.indicator, alarm.region) in episode.shown_in
    in_city = alarm.region == city and any(code == alarm.indicator for code, _ in episode.shown_in)
    return (shown or in_city) and episode.begin - BEFORE <= alarm.at <= episode.finish + AFTER


def by_rules(found: Sequence[Alarm], episodes: Sequence[Planted], city: str) -> list[Line]:
    """Kinds of trouble of the city, found by rules."""
    lines = []
    for kind in BY_RULES:
        of_kind = [one for one in episodes if one.kind == kind]
        firsts = {one.name: [a for a in found if speaks_of(a, one, city)] for one in of_kind}
        delays = [
            (min(a.at for a in heard) - one.begin).total_seconds() / 60
            for one in of_kind
            if (heard := firsts[one.name])
        ]
        rules = sorted({a.rule for heard in firsts.values() for a in heard})
        lines.append(Line(kind, len(of_kind), len(delays), median(delays) if delays else None, "、".join(rules)))
    return lines


def _delay(episode: Planted, heard: Sequence[Alarm]) -> float:
    return (min(alarm.at for alarm in heard) - episode.begin).total_seconds() / 60


def by_checks(connection: Connection, catalogue: Catalogue, episodes: Sequence[Planted]) -> list[Line]:
    """Kinds of trouble of the data, found by freshness or at the door."""
    held = {(code, region) for code, region, _ in fetch(connection, _HELD, {})}
    slips = [one for one in episodes if one.kind == "unit_slip"]
    seen = [one for one in slips if one.shown_in & held]
    lines = [Line("unit_slip", len(slips), len(seen), 0.0 if seen else None, "到达检查：单位、变动")]
    for kind in ("dead_source", "late_release"):
        of_kind = [one for one in episodes if one.kind == kind]
        delays = [delay for one in of_kind if (delay := _missed(connection, catalogue, one)) is not None]
        lines.append(Line(kind, len(of_kind), len(delays), median(delays) if delays else None, "新鲜度承诺"))
    return lines


def _missed(connection: Connection, catalogue: Catalogue, episode: Planted) -> float | None:
    """Minutes after which the source counts as late while it is silent; None if it never does."""
    code, region = min(episode.shown_in)
    known = [p for p, v in fetch(connection, _VALUES, {"region": region, "code": code}) if v is not None]
    before = [p for p in known if end(p) <= episode.begin + timedelta(minutes=1)]
    if episode.kind == "late_release":  # published on the day of release: one period earlier is known till then
        before = before[:-1]
    if not before:
        return None
    source, newest = catalogue.source_of(code, World.DEMO), before[-1]
    moment = episode.begin
    while moment is not None and moment <= episode.finish:
        standing = judge(source, newest_period=newest, newest_observed_at=instant_of(newest), now=moment)
        if standing.freshness is not Freshness.FRESH:
            return (moment - episode.begin).total_seconds() / 60
        if standing.next_change_at is None:
            return None
        moment = standing.next_change_at
    return None


def false_alarms(found: Sequence[Alarm], episodes: Sequence[Planted], city: str, weeks: float) -> Mapping[str, float]:
    """Alarms a week by rule that no planted trouble explains; the demo city has holidays and noise of its own."""
    alone = [a for a in found if not any(speaks_of(a, one, city) for one in episodes)]
    return {rule: sum(a.rule == rule for a in alone) / weeks for rule in sorted({a.rule for a in found})}


def main(arguments: Sequence[str]) -> int:
    """Print the tables of docs/warnings.md from the demo city in the database at the given URL."""
    (url,) = arguments
    catalogue = load(PRODUCT)
    rules = load_rules(PRODUCT, catalogue).rules.values()
    engine = open_engine(url)
    now, city = datetime.now(UTC), catalogue.city.code
    since = now - timedelta(days=60) + LEARNING
    with reading(engine) as connection:
        episodes = planted(connection, since - LEARNING, now)
        kinds = DayKinds(load_calendar(PRODUCT).is_workday)
        found = [one for one in alarms(connection, catalogue, rules, kinds) if one.at >= since]
        told = [one for one in episodes if one.begin >= since]
        lines = [*by_rules(found, told, city), *by_checks(connection, catalogue, told)]
    print("| 预埋事件 | 个数 | 发现 | 距开始（分钟，中位） | 由谁发现 |\n|---|---|---|---|---|")
    for line in lines:
        delay = "—" if line.delay is None else f"{line.delay:.0f}"
        print(f"| {line.kind} | {line.planted} | {line.found} | {delay} | {line.by} |")
    print("\n| 规则 | 每周无对应预埋事件的预警 |\n|---|---|")
    for rule, rate in false_alarms(found, episodes, city, (now - since) / timedelta(weeks=1)).items():
        print(f"| {rule} | {rate:.1f} |")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
