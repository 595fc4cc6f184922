"""What one person may do to an event, from the lifecycle table: which button, with which key, asking for what."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from access.personal import mask_text
from components.case_acts import NO_MOVES, Act, Bar
from components.case_fields import Asked, Options
from components.case_seen import Seen
from dispatch.duplicates import hints
from dispatch.event import Case
from dispatch.events import Choice
from dispatch.lifecycle import LIFECYCLE
from dispatch.power_list import IMPACT_NAMES, URGENCY_NAMES
from dispatch.state import STATE_NAMES, Action, State
from pages.view import View

PRIMARY: Mapping[State, tuple[Action, ...]] = {
    State.REPORTED: (Action.RECEIVE, Action.ACCEPT),
    State.ACCEPTED: (Action.RECEIVE, Action.REGISTER, Action.CONFIRM),
    State.CONFIRMED: (Action.RECEIVE, Action.REGISTER),
    State.REGISTERED: (Action.RECEIVE, Action.DISPATCH),
    State.ASSIGNED: (Action.SIGN, Action.JOINT_SIGN),
    State.SIGNED: (Action.HANDLE, Action.JOINT_SIGN),
    State.HANDLING: (Action.REPORT, Action.JOINT_REPORT),
    State.SUSPENDED: (Action.RESUME,),
    State.ANSWERED: (Action.VERIFY, Action.CHECK),
    State.CHECKING: (Action.VERIFY,),
    State.VERIFIED: (Action.CLOSE,),
    State.CLOSED: (Action.CALL_BACK, Action.EVALUATE),
    State.EVALUATED: (Action.NOTE,),
    State.REFUSED: (Action.REOPEN,),
    State.DECLINED: (Action.REOPEN,),
    State.MERGED: (Action.UNMERGE,),
}
"""What usually comes next; the first that can be pressed stands large. A request that waits comes before all."""

KEYS: Mapping[str, tuple[Action, ...]] = {
    "D": (Action.DISPATCH,),
    "B": (Action.GIVE_BACK, Action.ASK_RETURN, Action.GRANT_RETURN, Action.REWORK, Action.REFUSE, Action.DISPROVE,
          Action.DECLINE),
    "E": (Action.ASK_EXTENSION, Action.GRANT_EXTENSION),
    "S": (Action.SUPERVISE,),
    "V": (Action.VERIFY, Action.CHECK),
    "C": (Action.CLOSE,),
}  # fmt: skip
"""The keys of the desk with the acts they may mean, in order."""
KEY_NAMES = {"D": "派遣", "B": "退回", "E": "延期", "S": "督办", "V": "核查", "C": "结案"}

GROUPS: Mapping[str, str] = {
    **dict.fromkeys((one for one in Action if one.startswith("ask_")), "申请"),
    **dict.fromkeys((one for one in Action if one.startswith(("grant_", "deny_"))), "审批"),
    **dict.fromkeys((Action.INSTRUCT, Action.SUPERVISE, Action.URGE), "督促"),
    **dict.fromkeys((Action.MERGE, Action.UNMERGE, Action.SPLIT), "并拆"),
    **dict.fromkeys((Action.ESCALATE, Action.REFER, Action.RECEIVE, Action.GIVE_BACK), "转交"),
    **dict.fromkeys((Action.JOINT_SIGN, Action.JOINT_REPORT, Action.PLAN_STEP, Action.PROGRESS), "处置"),
}
"""Heads of the smaller buttons; what is not named stands under 办理."""

REASONS = frozenset({Action.CLOSE})
"""Acts for which the desk asks a reason though the table does not."""
ALSO: Mapping[Action, tuple[str, ...]] = {
    Action.DISPATCH: ("joint", "due"),
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


def bar_in(view: View, seen: Seen) -> Bar:
    """The bar of this viewer."""
    acts = {one.action: _act(one, seen, view) for one in seen.detail.choices if one.action not in NO_MOVES}
    primary = _primary(seen, acts)
    keyed = _keyed(seen, acts, view)
    primary = next((one for one in keyed if primary and one.action == primary.action), primary)
    taken = {one.action for one in keyed} | ({primary.action} if primary else set())
    others = tuple(one for action, one in acts.items() if str(action) not in taken)
    return Bar(primary, tuple(keyed), others, _phone(seen), _map(seen))


def _phone(seen: Seen) -> Act | None:
    """The number of whoever reported it: shown for a reason, on record."""
    if not seen.may_reveal:
        return None
    why = "" if "reporter_phone" in seen.reporter else "上报人未留电话"
    return Act("phone", "电话", "查看上报人电话，理由记入审计", why, key="T")


def _primary(seen: Seen, acts: Mapping[Action, Act]) -> Act | None:
    waiting = seen.case.waiting()
    wanted = PRIMARY.get(seen.event.state, ())
    if waiting is not None:
        wanted = (Action(str(waiting.action).replace("ask_", "grant_")), *wanted)
    known = [acts[one] for one in wanted if one in acts]
    return next((one for one in known if not one.why_not), known[0] if known else None)


def _keyed(seen: Seen, acts: Mapping[Action, Act], view: View) -> list[Act]:
    """The acts with keys of whoever could ever do them; those the state does not allow say what they wait for."""
    made = []
    for key, actions in KEYS.items():
        legal = [acts[one] for one in actions if one in acts]
        found = next((one for one in legal if not one.why_not), legal[0] if legal else None)
        if found is None and any(_ever(one, view) for one in actions):
            found = Act(f"never-{key}", KEY_NAMES[key], "", _waits(actions, seen, view))
        if found is not None:
            made.append(Act(**{**vars(found), "key": key}))
    return made


def _ever(action: Action, view: View) -> bool:
    return any(one is action and view.by.may(row.right) for (_, one), row in LIFECYCLE.items())


def _waits(actions: tuple[Action, ...], seen: Seen, view: View) -> str:
    """待派遣: the state from which it would be legal; 已过 once that lies behind."""
    order = list(State)
    states = [state for (state, one), row in LIFECYCLE.items() if one in actions and view.by.may(row.right)]
    ahead = [state for state in states if order.index(state) > order.index(seen.event.state)]
    if not ahead or not seen.event.is_open:
        return "本环节不能办"
    first = min(ahead, key=order.index)
    return {State.ANSWERED: "待反馈", State.VERIFIED: "待核查通过", State.REGISTERED: "待立案"}.get(
        first, f"到“{STATE_NAMES[first]}”时可办"
    )


def _act(choice: Choice, seen: Seen, view: View) -> Act:
    asked = () if choice.why_not else tuple(asked_for(choice.action, choice.needs, seen, view))
    why = choice.why_not or _nothing_to_choose(choice.action, asked, seen)
    group = GROUPS.get(choice.action, "办理")
    post = f"{seen.address}/split" if choice.action is Action.SPLIT else ""
    return Act(str(choice.action), choice.name, choice.says, why, group=group, asked=() if why else asked, post=post)


def _nothing_to_choose(action: Action, asked: tuple[Asked, ...], seen: Seen) -> str:
    """Why an act cannot be done though the table allows it: there is nothing it could be done with."""
    if action is Action.ESCALATE and seen.rules.above(seen.event.holder) is None:
        return "已在市级，没有上一级中心"
    empty = {one.name for one in asked if one.kind == "choice" and one.required and not one.options}
    return next((NOTHING[name] for name in empty if name in NOTHING), "没有可选的内容" if empty else "")


NOTHING: Mapping[str, str] = {"plan_step": "没有未完成的预案步骤", "region": "没有下级中心"}


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


def _map(seen: Seen) -> str:
    return seen.place.to("/map", layer="events", event=seen.event.number)
