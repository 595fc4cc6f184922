"""The states of an event, what may be done to it, and which clock runs in which state."""

from __future__ import annotations

from enum import StrEnum

from dispatch.stage import Stage


class State(StrEnum):
    """Where an event stands. Each open state belongs to one stage of the loop."""

    REPORTED = "reported"
    ACCEPTED = "accepted"
    CONFIRMED = "confirmed"
    REGISTERED = "registered"
    ASSIGNED = "assigned"
    SIGNED = "signed"
    HANDLING = "handling"
    SUSPENDED = "suspended"
    ANSWERED = "answered"
    CHECKING = "checking"
    VERIFIED = "verified"
    CLOSED = "closed"
    EVALUATED = "evaluated"
    REFUSED = "refused"
    DECLINED = "declined"
    VOIDED = "voided"
    MERGED = "merged"


STATE_NAMES = {
    State.REPORTED: "待受理",
    State.ACCEPTED: "待核实",
    State.CONFIRMED: "待立案",
    State.REGISTERED: "待派遣",
    State.ASSIGNED: "待签收",
    State.SIGNED: "待处置",
    State.HANDLING: "处置中",
    State.SUSPENDED: "挂账",
    State.ANSWERED: "已反馈",
    State.CHECKING: "待核查",
    State.VERIFIED: "待结案",
    State.CLOSED: "已结案",
    State.EVALUATED: "已评价",
    State.REFUSED: "不予受理",
    State.DECLINED: "不予立案",
    State.VOIDED: "已作废",
    State.MERGED: "已合并",
}

STAGE_OF: dict[State, Stage] = {
    State.REPORTED: Stage.ACCEPT,
    State.ACCEPTED: Stage.ACCEPT,
    State.CONFIRMED: Stage.REGISTER,
    State.REGISTERED: Stage.DISPATCH,
    State.ASSIGNED: Stage.HANDLE,
    State.SIGNED: Stage.HANDLE,
    State.HANDLING: Stage.HANDLE,
    State.SUSPENDED: Stage.HANDLE,
    State.ANSWERED: Stage.REPORT,
    State.CHECKING: Stage.VERIFY,
    State.VERIFIED: Stage.CLOSE,
    State.CLOSED: Stage.EVALUATE,
    State.EVALUATED: Stage.EVALUATE,
}
"""The stage an event is in; ended side ways (refused, declined, voided, merged) are in none."""

BEFORE_DISPATCH = (State.REPORTED, State.ACCEPTED, State.CONFIRMED, State.REGISTERED)
IN_HANDS = (State.ASSIGNED, State.SIGNED, State.HANDLING)
"""With the department: its clock runs."""
OPEN = (*BEFORE_DISPATCH, *IN_HANDS, State.SUSPENDED, State.ANSWERED, State.CHECKING, State.VERIFIED)
"""Unfinished (在办)."""
RUNNING = tuple(state for state in OPEN if state is not State.SUSPENDED)
"""States in which the clock of the whole case runs."""
DONE = (State.CLOSED, State.EVALUATED)
SIDE_ENDS = (State.REFUSED, State.DECLINED, State.VOIDED, State.MERGED)


class Action(StrEnum):
    """What people do to an event; the word of the API. `open` is the first row of every ledger and no move."""

    OPEN = "open"
    ACCEPT = "accept"
    REFUSE = "refuse"
    CONFIRM = "confirm"
    DISPROVE = "disprove"
    REGISTER = "register"
    DECLINE = "decline"
    DISPATCH = "dispatch"
    SIGN = "sign"
    HANDLE = "handle"
    PROGRESS = "progress"
    REPORT = "report"
    CHECK = "check"
    VERIFY = "verify"
    REWORK = "rework"
    CLOSE = "close"
    CALL_BACK = "call_back"
    EVALUATE = "evaluate"
    REOPEN = "reopen"
    SELF_HANDLE = "self_handle"
    ASK_RETURN = "ask_return"
    GRANT_RETURN = "grant_return"
    DENY_RETURN = "deny_return"
    ASK_TRANSFER = "ask_transfer"
    GRANT_TRANSFER = "grant_transfer"
    DENY_TRANSFER = "deny_transfer"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    DENY_EXTENSION = "deny_extension"
    ASK_SUSPENSION = "ask_suspension"
    GRANT_SUSPENSION = "grant_suspension"
    DENY_SUSPENSION = "deny_suspension"
    ASK_VOID = "ask_void"
    GRANT_VOID = "grant_void"
    DENY_VOID = "deny_void"
    RESUME = "resume"
    INSTRUCT = "instruct"
    SUPERVISE = "supervise"
    URGE = "urge"
    MERGE = "merge"
    ABSORB = "absorb"
    UNMERGE = "unmerge"
    SPLIT = "split"
    ESCALATE = "escalate"
    REFER = "refer"
    RECEIVE = "receive"
    GIVE_BACK = "give_back"
    JOINT_SIGN = "joint_sign"
    JOINT_REPORT = "joint_report"
    CORRECT = "correct"
    PLAN_STEP = "plan_step"
    NOTE = "note"


ACTION_NAMES = {
    Action.OPEN: "上报",
    Action.ACCEPT: "受理",
    Action.REFUSE: "不予受理",
    Action.CONFIRM: "核实",
    Action.DISPROVE: "核实不实",
    Action.REGISTER: "立案",
    Action.DECLINE: "不予立案",
    Action.DISPATCH: "派遣",
    Action.SIGN: "签收",
    Action.HANDLE: "开始处置",
    Action.PROGRESS: "处置进展",
    Action.REPORT: "反馈",
    Action.CHECK: "下达核查",
    Action.VERIFY: "核查通过",
    Action.REWORK: "返工",
    Action.CLOSE: "结案",
    Action.CALL_BACK: "回访",
    Action.EVALUATE: "评价",
    Action.REOPEN: "重开",
    Action.SELF_HANDLE: "自行处置",
    Action.ASK_RETURN: "申请退单",
    Action.GRANT_RETURN: "同意退单",
    Action.DENY_RETURN: "不同意退单",
    Action.ASK_TRANSFER: "申请转派",
    Action.GRANT_TRANSFER: "同意转派",
    Action.DENY_TRANSFER: "不同意转派",
    Action.ASK_EXTENSION: "申请延期",
    Action.GRANT_EXTENSION: "同意延期",
    Action.DENY_EXTENSION: "不同意延期",
    Action.ASK_SUSPENSION: "申请挂账",
    Action.GRANT_SUSPENSION: "同意挂账",
    Action.DENY_SUSPENSION: "不同意挂账",
    Action.ASK_VOID: "申请作废",
    Action.GRANT_VOID: "同意作废",
    Action.DENY_VOID: "不同意作废",
    Action.RESUME: "恢复办理",
    Action.INSTRUCT: "批示",
    Action.SUPERVISE: "督办",
    Action.URGE: "催办",
    Action.MERGE: "合并",
    Action.ABSORB: "并入重复上报",
    Action.UNMERGE: "撤销合并",
    Action.SPLIT: "拆分",
    Action.ESCALATE: "升级上报",
    Action.REFER: "转交下级",
    Action.RECEIVE: "接收转交",
    Action.GIVE_BACK: "退回转交",
    Action.JOINT_SIGN: "协办签收",
    Action.JOINT_REPORT: "协办反馈",
    Action.CORRECT: "更正信息",
    Action.PLAN_STEP: "完成预案步骤",
    Action.NOTE: "备注",
}


def action_of(word: str) -> Action | None:
    """The action of that word, if there is one."""
    try:
        return Action(word)
    except ValueError:
        return None
