"""Named places in messages (小区, 路, 学校, 公司 ...), found by their endings and by how often they return."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from decisions.wording import plain
from decisions.wording_words import Words

ENDINGS = (
    "小区 社区 街道 大道 公路 国道 广场 公园 花园 家园 嘉园 佳园 校区 园区 新城 新村 山庄 公馆 名邸 名都 雅苑 华庭 "
    "豪庭 小学 中学 学校 学院 大学 附中 附小 一中 二中 三中 四中 五中 幼儿园 医院 卫生院 公司 集团 工厂 市场 商场 "
    "超市 酒店 大桥 水库 工业园 车站 大厦 中心 国际 路 街 巷 村 镇 乡 厂 站 苑 园 府 湾 郡 城 庭 邸 里 桥 港 湖 河 "
    "江 山 岭 院 校 场 店 馆 楼 组 矿 墅 都 座 寨 屯 洲 岛 塘"
)
"""What the name of a place ends in; longer endings stand first so that 学校 is not read as 校."""
GENERIC = ("小区", "社区", "楼盘", "项目", "有限公司", "公司")
"""Endings that people leave out as they please."""
LONGEST, SHORTEST = 10, 3
FEWEST = 4
"""Messages that must name a place before it counts as one."""
STEADY = 0.6
"""A longer name is the name if at least this share of the mentions of the shorter one carries it."""

_NO_DISTRICT = "社小校园片景地山城新库郊市辖学厂老矿街宅发全我本各该"
"""社区, 小区, 园区 ... are no districts."""
_LOCALITY = re.compile(rf"西地省|[a-z]\d{{0,2}}[市县区州镇]|[\u4e00-\u9fff]{{2}}(?<![{_NO_DISTRICT}])[县区]")
_HAN = re.compile(r"[\u4e00-\u9fff0-9a-z]+")
_FUNCTION = re.compile(
    r"[的在我是了和与有不到从这那个们为被把让请对向就都也及或但因于很给说去来将没已可能要会且该某您你他她它吗呢吧啊]"
)
_ENDING = re.compile("|".join(sorted(ENDINGS.split(), key=len, reverse=True)))


def unlocated(text: str) -> str:
    """`plain` with the names of provinces, cities, counties and districts as spaces."""
    return _LOCALITY.sub(" ", plain(text))


def localities(text: str) -> list[str]:
    """Names of cities, counties and districts in their order."""
    return [each for each in _LOCALITY.findall(plain(text)) if each != "西地省"]


@dataclass(frozen=True)
class Place:
    """A named place and the messages (by position) that name it."""

    name: str
    messages: tuple[int, ...]


def core(name: str) -> str:
    """The name without an ending that people leave out."""
    for ending in GENERIC:
        if name.endswith(ending) and len(name) - len(ending) >= 2:
            return name[: -len(ending)]
    return name


def places(texts: Sequence[str], words: Words) -> list[Place]:
    """Places named in at least FEWEST texts (as `unlocated` gives them), by name."""
    named: dict[str, set[int]] = {}
    for number, text in enumerate(texts):
        for name in set(_candidates(text)):
            named.setdefault(name, set()).add(number)
    counts = {name: len(numbers) for name, numbers in named.items() if len(numbers) >= FEWEST}
    longer: dict[str, int] = {}
    for name, count in counts.items():
        longer[name[1:]] = max(count, longer.get(name[1:], 0))
    whole = [name for name in counts if _is_whole(name, counts, longer) and not _is_common(name, words)]
    return _joined(whole, texts)


def _candidates(text: str) -> Iterable[str]:
    """Every run of characters before an ending, at each length; none with a function word in it."""
    for run in _HAN.findall(text):
        for ending in _ENDING.finditer(run):
            end = ending.end()
            for start in range(max(0, end - LONGEST), min(end - SHORTEST, ending.start() - 1) + 1):
                if not _FUNCTION.search(run, start, end):
                    yield run[start:end]


def _is_whole(name: str, counts: dict[str, int], longer: dict[str, int]) -> bool:
    """False for 发新城 (cut: nearly always 丽发新城) and for 住丽发新城 (padded: mostly without 住)."""
    is_cut = longer.get(name, 0) >= STEADY * counts[name]
    is_padded = counts[name] < STEADY * counts.get(name[1:], 0)
    return not is_cut and not is_padded


def _is_common(name: str, words: Words) -> bool:
    """True for names made of nothing but known words and an ending: 人民医院, 农贸市场."""
    stem = core(name)
    covered = sum(len(found.word) for found in words.find(stem))
    return name in words.matters or covered >= len(stem) - 1


def _joined(names: Sequence[str], texts: Sequence[str]) -> list[Place]:
    """One place for 丽发新城 and 丽发新城小区, named as people mostly do, with every text that has its core."""
    by_core: dict[str, list[str]] = {}
    for name in sorted(names):
        by_core.setdefault(core(name), []).append(name)
    out = []
    for stem, spellings in by_core.items():
        wanted = [stem] if len(stem) >= SHORTEST else spellings
        numbers = tuple(number for number, text in enumerate(texts) if any(each in text for each in wanted))
        mentions = {each: sum(each in texts[number] for number in numbers) for each in spellings}
        out.append(Place(max(spellings, key=lambda each: (mentions[each], each)), numbers))
    return out
