"""What the form of an act asks for, from the lifecycle table: a field by the name a step has for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from access.personal import mask_text
from components.case_fields import Asked, Options
from components.case_seen import Seen
from decisions.teams import Team, nearest
from dispatch.duplicates import hints
from dispatch.event import Case
from dispatch.power_list import IMPACT_NAMES, URGENCY_NAMES, suggest
from dispatch.state import Action
from pages.view import View

TEAMS = 4
"""Teams offered of each department."""
REASONS = frozenset({Action.CLOSE})
"""Acts for which the desk asks a reason though the table does not."""
ALSO: Mapping[Action, tuple[str, ...]] = {
    Action.DISPATCH: ("joint", "due", "team"),
    **dict.fromkeys((Action.SIGN, Action.HANDLE), ("team",)),
    Action.CORRECT: ("category", "impact", "urgency"),
    **dict.fromkeys((Action.REPORT, Action.PROGRESS, Action.JOINT_REPORT, Action.SELF_HANDLE, Action.VERIFY,
                     Action.CHECK, Action.CONFIRM, Action.NOTE, Action.ASK_SUSPENSION, Action.PLAN_STEP,
                     Action.REWORK), ("attachments",)),
}  # fmt: skip
"""What may be given beside what must be."""
FILE_KINDS: Mapping[Action, str] = {
    **dict.fromkeys((Action.REPORT, Action.JOINT_REPORT, Action.SELF_HANDLE, Action.VERIFY), "after"),
    **dict.fromkeys((Action.PROGRESS, Action.CONFIRM, Action.ASK_SUSPENSION), "before"),
}
NOTE_LABELS: Mapping[Action, str] = {
    Action.DISPATCH: "派遣意见",
    Action.REPORT: "处置结果",
    Action.VERIFY: "核查意见",
    Action.CLOSE: "结案意见",
    Action.CALL_BACK: "回访情况",
    Action.INSTRUCT: "批示内容",
    Action.SUPERVISE: "督办意见",
    Action.PROGRESS: "进展",
    Action.NOTE: "补充说明",
}


def asked_for(action: Action, needs: tuple[str, ...], seen: Seen, view: View) -> list[Asked]:
    """A field for everything the table asks for, for what may be given with it, and always for a note."""
    if action is Action.SPLIT:
        return _second_matter(seen)
    names = dict.fromkeys((*(one for one in needs if one != "note"), *ALSO.get(action, ()), "note"))
    if action in (Action.JOINT_SIGN, Action.JOINT_REPORT) and len(_speaks_for(seen.case, view)) > 1:
        names = {"department": None} | names
    must = {*needs, *(("note",) if action in REASONS else ()), *(("department",) if "department" in names else ())}
    return [made for name in names if (made := FIELDS[name](action, name in must, seen, view)) is not None]


Field = Callable[[Action, bool, Seen, View], Asked | None]


def _note(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    label = NOTE_LABELS.get(action, "理由" if must else "说明")
    hint = "写明依据和情况" if must else "可不填"
    return Asked("note", label, required=must, hint=hint, texts=texts_for(action, seen))


def texts_for(action: Action, seen: Seen) -> tuple[str, ...]:
    """The reply templates of departments.yaml for this act and kind of event, the narrower ones first."""
    found = [one for one in seen.rules.rules.replies if str(action) in one.acts]
    own = [one for one in found if seen.event.category in one.categories]
    usual = [one for one in found if not one.categories]
    return tuple(one.text for one in (*own, *usual))[:6]


def _department(action: Action, must: bool, seen: Seen, view: View) -> Asked | None:
    if action is Action.DISPATCH:
        return Asked("crew", "派给", "crew", must)
    units = seen.rules.catalogue.departments
    if action in (Action.JOINT_SIGN, Action.JOINT_REPORT):
        options = [(key, seen.rules.department_name(key)) for key in _speaks_for(seen.case, view)]
        return Asked("department", "代哪个协办单位", "choice", must, options)
    options = [(key, one.short) for key, one in units.items() if key != seen.event.lead]
    return Asked("department", "转给哪个单位", "choice", must, options)


def _speaks_for(case: Case, view: View) -> list[str]:
    """Joint departments still at work that this person may speak for."""
    found = [one.department for one in case.now_assigned if one.part == "joint"]
    return [one for one in found if view.by.scope.allows_department(one)]


def _joint(action: Action, must: bool, seen: Seen, view: View) -> Asked | None:
    return None


def _due(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    return Asked("due", "协办时限（可不填，不填按类别时限）", "when", must)


def _team(action: Action, must: bool, seen: Seen, view: View) -> Asked | None:
    """The teams of the departments proposed, or of the one that has it; the nearest first."""
    event, folder = seen.event, view.live.folder if view.live is not None else None
    offered = [event.lead] if action is not Action.DISPATCH else _proposed(seen)
    options = [
        (team.name, _told(team, metres, seen, view))
        for department in dict.fromkeys(offered)
        for team, metres in nearest(seen.rules, event, department or "", folder)[:TEAMS]
    ]
    return Asked("team", "班组（可不选）", "choice", must, options) if options else None


def _proposed(seen: Seen) -> list[str]:
    found = suggest(seen.event, seen.rules)
    return [one for one in (found.lead, *found.joint) if one is not None]


def _told(team: Team, metres: float | None, seen: Seen, view: View) -> str:
    duty = "，不在岗" if team.on_duty(view.now) is False else ""
    away = "" if metres is None else f"，{metres / 1000:.1f} 公里"
    return f"{seen.rules.department_name(team.department)}：{team.name}{away}{duty}"


def _amount(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    limit = seen.rules.handling_limit(seen.event.category, seen.event.level)
    return Asked("amount", f"延长多少（合计不超过 {limit}）", "number", must, unit=str(limit.unit))


def _reason(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    options = [(one.key, f"{one.name}（至多 {one.longest}）") for one in seen.rules.rules.pause_reasons]
    return Asked("reason", "挂账原因", "choice", must, options)


def _region(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    holder, rules = seen.event.holder, seen.rules
    codes = sorted(rules.within(holder) - {holder}, key=lambda code: (len(code), code))
    return Asked("region", "转交给", "choice", must, [(code, rules.catalogue.regions[code].name) for code in codes],
                 usual=seen.event.county if seen.event.county in codes else "")  # fmt: skip


def _other(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    return Asked("other", "并入哪一件（编号）", "line", must, hint="如 CZ-20261122-0007", options=_alike(seen, view))


def _alike(seen: Seen, view: View) -> Options:
    """The likeliest events to merge into."""
    event = seen.event
    found = hints(
        view.connection, view.by, world=event.world, title=event.title, now=view.now, description=event.description,
        category=event.category, lon=event.lon, lat=event.lat, county=event.county, number=event.number,
    )  # fmt: skip
    return [(one.event.number, f"{mask_text(one.event.title)}（{one.reason}）") for one in found if one.event.is_open]


def _satisfied(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    return Asked("satisfied", "上报人是否满意", "one", must, (("true", "满意"), ("false", "不满意")))


def _score(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    return Asked("score", "办理质量（5 分最好）", "one", must, [(str(one), f"{one} 分") for one in range(1, 6)])


def _plan_step(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    options = [(str(one.position), one.words) for one in seen.case.steps if one.done_at is None]
    return Asked("plan_step", "完成哪一步", "choice", must, options)


def _category(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    options = [(code, f"{one.name}（{one.group}）") for code, one in seen.rules.categories.items()]
    return Asked("category", "类别", "choice", must, options, usual=seen.event.category)


def _impact(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    options = [(str(key), f"{key} {words}") for key, words in IMPACT_NAMES.items()]
    return Asked("impact", "影响", "choice", must, options, usual=str(seen.event.impact))


def _urgency(action: Action, must: bool, seen: Seen, view: View) -> Asked:
    options = [(str(key), f"{key} {words}") for key, words in URGENCY_NAMES.items()]
    return Asked("urgency", "紧急", "choice", must, options, usual=str(seen.event.urgency))


def _attachments(action: Action, must: bool, seen: Seen, view: View) -> Asked | None:
    if not view.by.may("events.report"):
        return None
    kind = FILE_KINDS.get(action, "report")
    words = {"after": "处置后照片", "before": "现场照片（处置前）", "report": "照片、文件"}[kind]
    return Asked("attachments", words, "files", must, file_kind=kind)


def _second_matter(seen: Seen) -> list[Asked]:
    """A second matter in one report becomes an event of its own, at the same place."""
    categories = [(code, one.name) for code, one in seen.rules.categories.items()]
    return [
        Asked("title", "拆出的另一件事", "line", True, hint="如：涵洞旁路灯不亮"),
        Asked("category", "类别（可不选，按文字判断）", "choice", False, categories),
        Asked("description", "情况说明", hint="可不填"),
    ]


FIELDS: Mapping[str, Field] = {
    "note": _note,
    "department": _department,
    "joint": _joint,
    "due": _due,
    "team": _team,
    "amount": _amount,
    "reason": _reason,
    "region": _region,
    "other": _other,
    "satisfied": _satisfied,
    "score": _score,
    "plan_step": _plan_step,
    "category": _category,
    "impact": _impact,
    "urgency": _urgency,
    "attachments": _attachments,
}
"""By the name a step has for it; a name of the table that is missing here fails the tests."""
