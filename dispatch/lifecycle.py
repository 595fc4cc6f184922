"""The one table of legal moves: (state, action) → new state, right, clock effect, what must be given.

Whatever is not in it is illegal.

`python -m dispatch.lifecycle_picture` draws it into docs/lifecycle.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from dispatch.refusal import DispatchError
from dispatch.state import (
    ACTION_NAMES,
    BEFORE_DISPATCH,
    DONE,
    IN_HANDS,
    OPEN,
    STATE_NAMES,
    Action,
    State,
    action_of,
)


class IllegalMove(DispatchError):
    """The table has no such move. `legal` are those it has from this state."""

    def __init__(self, state: State, action: str, legal: tuple[Action, ...]) -> None:
        self.state, self.action, self.legal = state, action, legal
        known = action_of(action)
        named = action if known is None else ACTION_NAMES[known]
        ways = "、".join(ACTION_NAMES[one] for one in legal) or "（无）"
        super().__init__(f"“{STATE_NAMES[state]}”的事件不能“{named}”，可以：{ways}")


class Effect(StrEnum):
    """What a move does to the handling clock. The clocks themselves are sums of ledger intervals."""

    RUN = "run"
    RESTART = "restart"
    PAUSE = "pause"
    RESUME = "resume"
    EXTEND = "extend"
    STOP = "stop"


class Hand(StrEnum):
    """Whose move it is: the centre that holds the event, its lead department, a joint department, whoever sees it."""

    CENTRE = "centre"
    LEAD = "lead"
    JOINT = "joint"
    ANYONE = "anyone"


class Guard(StrEnum):
    """What must hold besides the state; each is a function in `guards.py`."""

    CHECKED = "checked"
    NO_REQUEST = "no_request"
    REQUESTED = "requested"
    ANOTHER_PERSON = "another_person"
    NOT_HANDLER = "not_handler"
    REFERRED = "referred"
    NOT_REFERRED = "not_referred"
    URGED_ENOUGH = "urged_enough"
    NOT_ITSELF = "not_itself"
    NO_REQUEST_OPEN = "no_request_open"


@dataclass(frozen=True)
class Move:
    """One legal move. `state` None: it stays where it is. `needs`: fields of the step that must be filled."""

    state: State | None
    right: str
    says: str
    """The sentence beside the button: what happens next."""
    needs: tuple[str, ...] = ()
    effect: Effect = Effect.RUN
    hand: Hand = Hand.CENTRE
    guards: tuple[Guard, ...] = ()


Key = tuple[State, Action]

_ACCEPT, _DISPATCH, _HANDLE = "events.accept", "events.dispatch", "events.handle"
_VERIFY, _CLOSE, _APPROVE, _SUPERVISE = "events.verify", "events.close", "events.approve", "events.supervise"


def _rows(states: Iterable[State], action: Action, move: Move) -> dict[Key, Move]:
    return {(state, action): move for state in states}


_INTAKE: dict[Key, Move] = {
    (State.REPORTED, Action.ACCEPT): Move(State.ACCEPTED, _ACCEPT, "收下这件事，接着核实或直接立案"),
    (State.REPORTED, Action.REFUSE): Move(
        State.REFUSED, _ACCEPT, "不属受理范围，告知上报人", ("note",), Effect.STOP
    ),
    (State.ACCEPTED, Action.CONFIRM): Move(State.CONFIRMED, _ACCEPT, "现场或电话核实属实，等待立案", ("note",)),
    (State.ACCEPTED, Action.DISPROVE): Move(
        State.REFUSED, _ACCEPT, "核实不属实，告知上报人", ("note",), Effect.STOP
    ),
    (State.ACCEPTED, Action.REGISTER): Move(
        State.REGISTERED, _ACCEPT, "采集员或设备上报的免核实，直接立案", guards=(Guard.CHECKED,)
    ),
    (State.CONFIRMED, Action.REGISTER): Move(State.REGISTERED, _ACCEPT, "达到立案条件，等待派遣"),
    (State.CONFIRMED, Action.DECLINE): Move(
        State.DECLINED, _ACCEPT, "未达到立案条件，说明原因", ("note",), Effect.STOP
    ),
    (State.REGISTERED, Action.DISPATCH): Move(
        State.ASSIGNED, _DISPATCH, "交给主办单位（和协办单位），处置时限从现在起算", ("department",), Effect.RESTART,
        guards=(Guard.NOT_REFERRED,),
    ),
    **_rows(
        (State.ACCEPTED, State.CONFIRMED, State.REGISTERED),
        Action.SELF_HANDLE,
        Move(State.ANSWERED, _HANDLE, "采集员当场处置完毕，转由他人核查", ("note",), hand=Hand.ANYONE),
    ),
}  # fmt: skip

_HANDLING: dict[Key, Move] = {
    (State.ASSIGNED, Action.SIGN): Move(State.SIGNED, _HANDLE, "确认收到任务", hand=Hand.LEAD),
    (State.SIGNED, Action.HANDLE): Move(State.HANDLING, _HANDLE, "到场或着手处置", hand=Hand.LEAD),
    (State.HANDLING, Action.PROGRESS): Move(None, _HANDLE, "记录处置进展", ("note",), hand=Hand.LEAD),
    (State.HANDLING, Action.REPORT): Move(
        State.ANSWERED, _HANDLE, "处置完毕，报告结果", ("note",), hand=Hand.LEAD, guards=(Guard.NO_REQUEST_OPEN,)
    ),
    **_rows(IN_HANDS, Action.JOINT_SIGN, Move(None, _HANDLE, "协办单位确认收到", hand=Hand.JOINT)),
    **_rows(
        (*IN_HANDS, State.ANSWERED),
        Action.JOINT_REPORT,
        Move(None, _HANDLE, "协办单位报告结果，其时钟停止", ("note",), hand=Hand.JOINT),
    ),
}

_CLOSING: dict[Key, Move] = {
    (State.ANSWERED, Action.CHECK): Move(State.CHECKING, _VERIFY, "派人现场核查"),
    (State.ANSWERED, Action.VERIFY): Move(
        State.VERIFIED, _VERIFY, "凭前后照片核查通过", guards=(Guard.NOT_HANDLER,)
    ),
    (State.CHECKING, Action.VERIFY): Move(
        State.VERIFIED, _VERIFY, "现场核查通过，等待结案", guards=(Guard.NOT_HANDLER,)
    ),
    **_rows(
        (State.ANSWERED, State.CHECKING, State.VERIFIED),
        Action.REWORK,
        Move(
            State.HANDLING, _VERIFY, "未处置到位，退回重做，处置时限重新起算", ("note",), Effect.RESTART,
            guards=(Guard.NOT_HANDLER,),
        ),
    ),
    (State.VERIFIED, Action.CLOSE): Move(State.CLOSED, _CLOSE, "结案，等待评价", effect=Effect.STOP),
    (State.CLOSED, Action.CALL_BACK): Move(None, _CLOSE, "回访上报人，记录是否满意", ("satisfied",)),
    (State.CLOSED, Action.EVALUATE): Move(
        State.EVALUATED, _CLOSE, "评价办理质量", ("score",), guards=(Guard.NOT_HANDLER,)
    ),
    **_rows(
        DONE,
        Action.REOPEN,
        Move(State.REGISTERED, _CLOSE, "问题复发或上报人不满意，重新派遣", ("note",), Effect.RESTART),
    ),
    **_rows(
        (State.REFUSED, State.DECLINED),
        Action.REOPEN,
        Move(State.REPORTED, _CLOSE, "复核后重新受理", ("note",), Effect.RESTART),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class _Side:
    """A side way: asked for by one person, decided by another."""

    ask: Action
    grant: Action
    deny: Action
    states: tuple[State, ...]
    granted: State | None
    needs: tuple[str, ...]
    effect: Effect
    says: str
    right: str = _HANDLE
    hand: Hand = Hand.LEAD


SIDES = (
    _Side(
        Action.ASK_RETURN, Action.GRANT_RETURN, Action.DENY_RETURN, IN_HANDS, State.REGISTERED, ("note",), Effect.RUN,
        "不属本单位职责，退回重新派遣",
    ),
    _Side(
        Action.ASK_TRANSFER, Action.GRANT_TRANSFER, Action.DENY_TRANSFER, IN_HANDS, State.ASSIGNED,
        ("note", "department"), Effect.RESTART, "转给真正负责的单位，其时限重新起算",
    ),
    _Side(
        Action.ASK_EXTENSION, Action.GRANT_EXTENSION, Action.DENY_EXTENSION, IN_HANDS, None, ("note", "amount"),
        Effect.EXTEND, "延长处置时限",
    ),
    _Side(
        Action.ASK_SUSPENSION, Action.GRANT_SUSPENSION, Action.DENY_SUSPENSION, IN_HANDS, State.SUSPENDED,
        ("note", "reason"), Effect.PAUSE, "客观原因暂不能处置，时钟暂停",
    ),
    _Side(
        Action.ASK_VOID, Action.GRANT_VOID, Action.DENY_VOID, (*BEFORE_DISPATCH, *IN_HANDS), State.VOIDED, ("note",),
        Effect.STOP, "误报或测试，作废", _DISPATCH, Hand.CENTRE,
    ),
)  # fmt: skip


def _side_rows(side: _Side) -> dict[Key, Move]:
    ask = Move(None, side.right, f"申请：{side.says}", side.needs, hand=side.hand, guards=(Guard.NO_REQUEST,))
    both = (Guard.REQUESTED, Guard.ANOTHER_PERSON)
    grant = Move(side.granted, _APPROVE, f"同意：{side.says}", effect=side.effect, guards=both)
    deny = Move(None, _APPROVE, "不同意，说明理由，继续办理", ("note",), guards=both)
    return {
        **_rows(side.states, side.ask, ask),
        **_rows(side.states, side.grant, grant),
        **_rows(side.states, side.deny, deny),
    }


_BESIDE: dict[Key, Move] = {
    (State.SUSPENDED, Action.RESUME): Move(
        State.HANDLING, _APPROVE, "挂账原因消除，时钟继续", ("note",), Effect.RESUME
    ),
    **_rows(
        OPEN, Action.INSTRUCT,
        Move(None, _SUPERVISE, "领导批示，通知承办单位和办理中心", ("note",), hand=Hand.ANYONE),
    ),
    **_rows(OPEN, Action.SUPERVISE, Move(None, _SUPERVISE, "列入督办，通知单位负责人", ("note",), hand=Hand.ANYONE)),
    **_rows(
        OPEN, Action.URGE,
        Move(None, _SUPERVISE, "提醒承办单位抓紧", hand=Hand.ANYONE, guards=(Guard.URGED_ENOUGH,)),
    ),
    **_rows(
        (*BEFORE_DISPATCH, *IN_HANDS),
        Action.MERGE,
        Move(
            State.MERGED, _DISPATCH, "并入同一件事，上报人数累加", ("other",), Effect.STOP,
            guards=(Guard.NOT_ITSELF, Guard.NO_REQUEST_OPEN),
        ),
    ),
    **_rows((*OPEN, *DONE), Action.ABSORB, Move(None, _DISPATCH, "并入（或拆出）一件重复上报", ("other",))),
    (State.MERGED, Action.UNMERGE): Move(State.REPORTED, _DISPATCH, "并错了，拆出单独办理", ("note",), Effect.RESTART),
    **_rows(
        (*BEFORE_DISPATCH, *IN_HANDS), Action.SPLIT,
        Move(None, _DISPATCH, "一件含两件事，拆出另一件", ("note", "other")),
    ),
    **_rows(
        BEFORE_DISPATCH, Action.ESCALATE,
        Move(None, _DISPATCH, "交上一级中心，等其接收", ("note",), guards=(Guard.NOT_REFERRED,)),
    ),
    **_rows(
        IN_HANDS, Action.ESCALATE,
        Move(
            State.REGISTERED, _DISPATCH, "本级办不了，交上一级中心重新派遣", ("note",),
            guards=(Guard.NOT_REFERRED, Guard.NO_REQUEST_OPEN),
        ),
    ),
    **_rows(
        BEFORE_DISPATCH, Action.REFER,
        Move(None, _DISPATCH, "交下一级中心办理，等其接收", ("note", "region"), guards=(Guard.NOT_REFERRED,)),
    ),
    **_rows(BEFORE_DISPATCH, Action.RECEIVE, Move(None, _ACCEPT, "确认接收，由本中心办理", guards=(Guard.REFERRED,))),
    **_rows(
        BEFORE_DISPATCH, Action.GIVE_BACK,
        Move(None, _ACCEPT, "不属本辖区，退回来件中心", ("note",), guards=(Guard.REFERRED,)),
    ),
    **_rows(BEFORE_DISPATCH, Action.CORRECT, Move(None, _ACCEPT, "更正类别、级别或位置，说明依据", ("note",))),
    **_rows(
        (*IN_HANDS, State.SUSPENDED), Action.PLAN_STEP,
        Move(None, _HANDLE, "勾选一步预案，记下结果", ("plan_step",), hand=Hand.ANYONE),
    ),
    **_rows((*OPEN, *DONE), Action.NOTE, Move(None, "events.report", "补充说明或照片", ("note",), hand=Hand.ANYONE)),
}  # fmt: skip

LIFECYCLE: Mapping[Key, Move] = {
    **_INTAKE,
    **_HANDLING,
    **_CLOSING,
    **{key: move for side in SIDES for key, move in _side_rows(side).items()},
    **_BESIDE,
}

ASKED_BY = {one: side.ask for side in SIDES for one in (side.grant, side.deny)}
"""Which request a decision answers."""
GRANT_OF = {side.ask: side.grant for side in SIDES}
"""Which decision grants a request."""


def legal(state: State) -> tuple[Action, ...]:
    """What the table allows from `state`, in the order of the actions."""
    return tuple(action for action in Action if (state, action) in LIFECYCLE)


def move_of(state: State, action: str) -> Move:
    """The row of the table; IllegalMove with the legal ones."""
    known = action_of(action)
    found = None if known is None else LIFECYCLE.get((state, known))
    if found is None:
        raise IllegalMove(state, action, legal(state))
    return found
