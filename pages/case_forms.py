"""What one person may do to an event, from the lifecycle table: which buttons, with which keys, why not."""

from __future__ import annotations

from collections.abc import Mapping

from components.case_acts import NO_MOVES, Act, Bar
from components.case_fields import Asked
from components.case_seen import Seen
from dispatch.events import Choice
from dispatch.lifecycle import LIFECYCLE
from dispatch.state import STATE_NAMES, Action, State
from pages.case_asked import asked_for
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
ANSWERS = frozenset({Action.GIVE_BACK, Action.GRANT_RETURN, Action.GRANT_EXTENSION})
"""Answers to something: nothing to be explained while nobody has asked."""
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
        own = [one for one in legal if one.action not in ANSWERS]
        found = next((one for one in legal if not one.why_not), own[0] if own else None)
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


def _map(seen: Seen) -> str:
    return seen.place.to("/map", layer="events", event=seen.event.number)
