"""What came true of what the digest of the day before told to watch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import replace

from decisions.digest import VERDICT_NAMES, Digest, Fact, Item, Section, Verdict
from decisions.digest_crossings import past_edge
from decisions.digest_ground import Ground
from decisions.digest_words import counted, day, figure, moment, named, said
from decisions.warning_inputs import instant_of
from decisions.warnings import warning as kept_warning
from dispatch.loop import loop
from indicators.comparison import progress
from indicators.reading import Freshness, Reading
from indicators.readings import latest_in
from indicators.vintages import history

RIGHT = "indicators.view"
Outcome = tuple[Verdict, str]
"""What came of it, and in words what is known now."""


def scored(on: Ground, before: Digest | None) -> list[Item]:
    """A tally and one line for each matter of the digest before that can be checked."""
    told = [item for item in before.of(Section.WATCH) if _kind(item.key) in CHECKS] if before else []
    if before is None:
        return [Item(Section.SCORE, "first", "first", RIGHT, {})]
    lines = [_line(on, item) for item in told]
    if not lines:
        return []
    count = Counter(line.verdict for line in lines)
    facts = {
        "day": named("上期", day(before.day)),
        "count": counted("提示", len(lines), "项", nature=on.nature),
        **{verdict.value: counted(VERDICT_NAMES[verdict], count[verdict], "项", nature=on.nature)
           for verdict in Verdict},
    }  # fmt: skip
    return [Item(Section.SCORE, "tally", "tally", RIGHT, facts), *lines]


def _line(on: Ground, item: Item) -> Item:
    verdict, words = CHECKS[_kind(item.key)](on, item)
    facts = {
        "told": Fact("上期提示", _inner(item.text), nature=on.nature),
        "outcome": Fact("结果", f"{VERDICT_NAMES[verdict]}（{words}）" if words else VERDICT_NAMES[verdict],
                        ref=_ref(item)),
    }  # fmt: skip
    return Item(Section.SCORE, "scored", f"scored:{item.key}", item.right, facts, verdict=verdict)


def _inner(text: str) -> str:
    """A sentence as it stands inside quotation marks."""
    return text.rstrip("。").removesuffix("（模拟）").replace("“", "‘").replace("”", "’")


def _kind(key: str) -> str:
    return key.partition(":")[0]


def _ref(item: Item) -> str:
    return next((fact.ref for fact in item.facts.values() if fact.ref), "")


def _warning(on: Ground, item: Item) -> Outcome:
    """In force still, or turned into an event: it came; lifted: it is over."""
    found = kept_warning(on.connection, on.by, int(item.key.partition(":")[2]))
    if found is None:
        return Verdict.WAITING, "记录已不可见"
    if found.event:
        return Verdict.CAME, f"已转为事件{found.event}"
    if found.lifted_at is None:
        return Verdict.CAME, "仍在生效"
    return Verdict.PASSED, f"已于{moment(found.lifted_at)}解除"


def _crossing(on: Ground, item: Item) -> Outcome:
    """By the figures of the very period that was told; of a stream by the one that went furthest."""
    _, code, label, side = item.key.split(":")
    indicator = on.catalogue.indicators.get(code)
    if indicator is None or indicator.bands is None:
        return Verdict.WAITING, "指标或界限已不在目录中"
    known = history(
        on.connection, on.catalogue, on.by, world=on.subject.world, code=code, region=on.region, start=label, end=label,
        now=on.now,
    )  # fmt: skip
    values = [one for one in known if one.value is not None]
    if not values or instant_of(label) > on.now:
        return Verdict.WAITING, "该期数据尚未报送"
    found = (max if side == "上限" else min)(values, key=lambda one: one.value or 0.0)
    crossed = past_edge(indicator.bands, found.value or 0.0)
    came = crossed is not None and crossed[0] == side
    return (Verdict.CAME if came else Verdict.PASSED), f"实际{said(figure(on.catalogue, '实际', found))}"


def _source(on: Ground, item: Item) -> Outcome:
    """By what the source owes now."""
    key = item.key.partition(":")[2]
    owing = [
        one
        for one in on.readings.values()
        if one.source == key and one.value is not None and one.freshness is not Freshness.FRESH
    ]
    return (Verdict.CAME, "仍未报送") if owing else (Verdict.PASSED, "已恢复报送")


def _overdue(on: Ground, item: Item) -> Outcome:
    found = loop(on.connection, on.by, world=on.subject.world, region=on.region, now=on.now)
    words = f"现超期{found.overdue:,}件"
    return (Verdict.CAME if found.overdue else Verdict.PASSED), words


def _target(on: Ground, item: Item) -> Outcome:
    code = item.key.partition(":")[2]
    reading = _reading(on, code)
    if reading is None or reading.value is None:
        return Verdict.WAITING, "没有新的数据"
    indicator, target = on.catalogue.indicators[code], on.catalogue.indicators[code].target
    now = said(figure(on.catalogue, "现值", reading))
    if target is not None and target.value is not None and target.op:
        reached = reading.value >= target.value if target.op == ">=" else reading.value <= target.value
    else:
        stands = progress(indicator, reading)
        reached = stands is not None and not stands.behind
    return (Verdict.PASSED, f"已达到，现为{now}") if reached else (Verdict.CAME, f"现为{now}")


def _reading(on: Ground, code: str) -> Reading | None:
    if code not in on.catalogue.indicators:
        return None
    return latest_in(
        on.connection, on.catalogue, on.by, world=on.subject.world, code=code, regions=[on.region], now=on.now
    ).get(on.region)  # fmt: skip


CHECKS: Mapping[str, Callable[[Ground, Item], Outcome]] = {
    "warning": _warning,
    "crossing": _crossing,
    "source": _source,
    "overdue": _overdue,
    "target": _target,
}
"""By the first word of the key of what was told."""


def share(digest: Digest) -> tuple[int, int]:
    """How many of the matters whose outcome is known came, and how many are known."""
    known = [one.verdict for one in digest.of(Section.SCORE) if one.verdict in (Verdict.CAME, Verdict.PASSED)]
    return known.count(Verdict.CAME), len(known)


def without_score(digest: Digest) -> Digest:
    """The text alone, for comparing two editions."""
    return replace(digest, items=tuple(one for one in digest.items if one.section is not Section.SCORE))
