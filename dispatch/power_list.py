"""The power list (权责清单): which category a report belongs to, how urgent it is, who should handle it, and why."""

from __future__ import annotations

from dataclasses import dataclass

from dispatch.event import Event
from dispatch.report import Report
from dispatch.rulebook import Rulebook
from dispatch.stage import LEVEL_NAMES

_RAISES = ("被困", "受伤", "伤亡", "起火", "爆炸", "失联", "倒塌", "触电", "老人", "学校门口", "燃气味")
"""Words that raise the urgency by one, at most to 4."""
IMPACT_NAMES = {1: "个人或一户", 2: "一条街或小区", 3: "一个镇街", 4: "多个镇街或全市"}
URGENCY_NAMES = {1: "可缓", 2: "本周内", 3: "今日内", 4: "眼前有危险"}


@dataclass(frozen=True)
class Match:
    """A category that fits, with the reason; `score` orders them."""

    code: str
    score: float
    reason: str


@dataclass(frozen=True)
class Priority:
    """Level by the visible matrix."""

    level: int
    impact: int
    urgency: int
    reason: str


@dataclass(frozen=True)
class Suggestion:
    """Who should lead and who assist, with the reason for each; `clause` is the entry of the list."""

    lead: str | None
    joint: tuple[str, ...]
    reasons: tuple[str, ...]
    clause: str


def matches(title: str, description: str, rules: Rulebook, *, most: int = 3) -> tuple[Match, ...]:
    """The categories whose words stand in the text, best first; words in the title count double, longer ones more."""
    found = []
    for code, category in rules.categories.items():
        hits = [word for word in category.words if word in title or word in description]
        score = sum(len(word) ** 1.5 * (2 if word in title else 1) for word in hits)
        if hits:
            quoted = "”“".join(hits)
            found.append(Match(code, score, f"文字中有“{quoted}”，指向{category.name}（{category.clause}）"))
    return tuple(sorted(found, key=lambda one: (-one.score, one.code))[:most])


def categorise(report: Report, rules: Rulebook) -> tuple[str, str]:
    """The category given, or the best match, with the reason; '' if nothing fits."""
    if report.category and report.category in rules.categories:
        return report.category, f"上报方选定{rules.category_name(report.category)}"
    best = matches(report.title, report.description, rules, most=1)
    if best:
        return best[0].code, best[0].reason
    return "", "没有词语指向任何类别，请受理时选定"


def prioritise(report: Report, category: str, rules: Rulebook) -> Priority:
    """Impact and urgency as given, else as usual for the category, raised by words of danger."""
    usual = rules.categories.get(category)
    impact = report.impact or (usual.impact if usual else 1)
    urgency = report.urgency or (usual.urgency if usual else 1)
    raised = [word for word in _RAISES if word in report.title or word in report.description]
    if raised and report.urgency is None:
        urgency = min(4, urgency + 1)
    level = rules.level_of(impact, urgency)
    why = f"影响 {impact}（{IMPACT_NAMES[impact]}）× 紧急 {urgency}（{URGENCY_NAMES[urgency]}）＝{LEVEL_NAMES[level]}"
    why += f"；文字中有“{raised[0]}”，紧急加一" if raised and report.urgency is None else ""
    if report.level is not None and report.level != level:
        return Priority(report.level, impact, urgency, f"上报方定为{LEVEL_NAMES[report.level]}；按矩阵：{why}")
    return Priority(level, impact, urgency, why)


def suggest(event: Event, rules: Rulebook) -> Suggestion:
    """Lead and joint departments by category and county: matters first go to the territory, parts to the owner."""
    category = rules.categories.get(event.category)
    government = rules.government_of(event.county)
    where = rules.region_name(event.county)
    reasons: tuple[str, ...]
    if category is None:
        lead = government
        reasons = (f"未分类，先交属地{where}",) if lead else ("未分类，请选定承办单位",)
        return Suggestion(lead, (), reasons, "")
    name, owner = category.name, rules.department_name(category.lead)
    if category.local and government is not None:
        lead, others = government, (category.lead, *category.joint)
        reasons = (f"{name}先属地后属主：事发{where}，由{rules.department_name(government)}主办", f"{owner}按职责协办")
    else:
        lead, others = category.lead, (*category.joint, *((government,) if government else ()))
        reasons = (f"权责清单：{name}由{owner}主办",)
        reasons += (f"事发{where}，属地协办",) if government else ()
    joint = tuple(one for one in dict.fromkeys(others) if one != lead)
    return Suggestion(lead, joint, reasons, category.clause)
