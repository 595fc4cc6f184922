"""The sentences of the digest: a table of templates. Everything that differs from day to day comes in as a fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace

from decisions.digest import Fact, Item
from decisions.digest_words import said

Facts = Mapping[str, Fact]
Template = Callable[[Facts], str]
SLOT = re.compile(r"\{(\w+)(!?)\}")


def _plain(words: str) -> Template:
    """A template in which {slot} is the fact as shown and {slot!} the fact with its period and standing."""

    def write(facts: Facts) -> str:
        return SLOT.sub(lambda found: (said if found[2] else _shown)(facts[found[1]]), words)

    return write


def _shown(fact: Fact) -> str:
    return fact.shown


def _moved(facts: Facts) -> str:
    before, after = facts["before"], facts["after"]
    verb = "升至" if (after.value or 0.0) >= (before.value or 0.0) else "降至"
    tail = f"变动为自身通常波动（稳健离差）的{facts['spreads'].shown}"
    return f"{facts['name'].shown}由{said(before)}{verb}{said(after)}，{tail}"


def _moved_usually(facts: Facts) -> str:
    return f"{_moved(facts)}，未超出常态"


def _parts(facts: Facts) -> list[Fact]:
    return [fact for slot, fact in facts.items() if slot.startswith("part")]


def _pulled(facts: Facts) -> str:
    """Growth of a tree's root and what pulled it."""
    parts = "、".join(f"{part.name}拉动{part.shown}" for part in _parts(facts))
    rest = f"，误差项{facts['residual'].shown}" if "residual" in facts else ""
    return f"{facts['name'].shown}增长{said(facts['growth'])}，其中{parts}{rest}"


def _made_by(facts: Facts) -> str:
    """Who made the change of a figure."""
    parts = "、".join(f"{part.name}{part.shown}" for part in _parts(facts))
    return f"{facts['name'].shown}的变化（{facts['span'].shown}）中，{parts}"


def _scored(facts: Facts) -> str:
    return f"上期提示“{facts['told'].shown}”：{facts['outcome'].shown}"


TEMPLATES: Mapping[str, Template] = {
    # what changed
    "light": _plain("“{theme}”主题由“{before}”转为“{after}”：{reason}"),
    "moved": _moved,
    "moved_usually": _moved_usually,
    "arrived": _plain("{span}内更新指标{count}，其中{far}超出自身常态波动"),
    "calm": _plain("{span}内更新指标{count}，均未超出自身常态波动"),
    "nothing": _plain("{span}内没有指标更新"),
    # why
    "pulled": _pulled,
    "made_by": _made_by,
    "unknown": _plain("{names}的变化原因未知：没有可用的分项或分区域数据"),
    # what to watch
    "warning": _plain("{region}“{name}”{colour}预警自{since}起生效，最重时{measured!}，{bound}"),
    "expected": _plain("{region}“{name}”{colour}预警（预报）：{measured!}，{bound}，{ahead}"),
    "more_warnings": _plain("另有{count}预警在生效"),
    "crossing": _plain("{name}预计{mean!}，将越过关注{side}{edge}，{share}区间为{low}至{high}，提前{lead}"),
    "late_source": _plain("来源“{name}”{reason}，据此的指标不作判断"),
    "overdue": _plain("在办事件{open}，其中超期{late}、临期{soon}"),
    "target_ahead": _plain("{name}须在{due}前达到{goal}（{place}），还有{days}，现为{value!}，相差{gap}"),
    "target_missed": _plain("{name}应在{due}前达到{goal}（{place}），期限已过，现为{value!}，相差{gap}"),
    "target_behind": _plain("{name}全年目标{goal}（{place}），现为{value!}，落后于应有进度"),
    "more_targets": _plain("另有{count}目标期限已过而未达到"),
    "no_watch": _plain("{here}没有生效的预警、预计越界、超期事件和到期目标"),
    "silent_engine": _plain("{trouble}，预警部分可能不全"),
    # what the text could not look at
    "stale": _plain("{names}共{count}指标数据已过期，不参与判断"),
    "missing": _plain("{names}共{count}指标没有数据，未列入"),
    # what came of yesterday's
    "tally": _plain("上期（{day}）提示{count}：{came}成真或仍在持续，{passed}未发生或已消除，{waiting}尚待结果"),
    "scored": _scored,
    "first": _plain("没有上期要点可供核对"),
}
"""By the kind of item."""


def write(item: Item) -> str:
    """The sentence of an item, from its facts alone; simulated figures are said to be."""
    mark = "（模拟）" if item.is_simulated else ""
    return f"{TEMPLATES[item.kind](item.facts).rstrip('。；，')}{mark}。"


def written(item: Item) -> Item:
    """The item with its sentence."""
    return replace(item, text=write(item))
