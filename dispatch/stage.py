"""The stages of the closed loop: eight at the desk, folded into the plan's four on the wall."""

from __future__ import annotations

from enum import StrEnum


class Stage(StrEnum):
    """Where an event stands. The desk shows all eight (GB/T 30428.8), the wall may fold them into `Fold`."""

    ACCEPT = "accept"
    REGISTER = "register"
    DISPATCH = "dispatch"
    HANDLE = "handle"
    REPORT = "report"
    VERIFY = "verify"
    CLOSE = "close"
    EVALUATE = "evaluate"


class Fold(StrEnum):
    """The four stages of the city's plan: 事件受理、事件分拨、联动处置、统一评价监管."""

    ACCEPTED = "accepted"
    ASSIGNED = "assigned"
    HANDLED = "handled"
    EVALUATED = "evaluated"


STAGE_NAMES = {
    Stage.ACCEPT: "受理",
    Stage.REGISTER: "立案",
    Stage.DISPATCH: "派遣",
    Stage.HANDLE: "处置",
    Stage.REPORT: "反馈",
    Stage.VERIFY: "核查",
    Stage.CLOSE: "结案",
    Stage.EVALUATE: "评价",
}

FOLD_NAMES = {
    Fold.ACCEPTED: "事件受理",
    Fold.ASSIGNED: "事件分拨",
    Fold.HANDLED: "联动处置",
    Fold.EVALUATED: "评价监管",
}

FOLD_OF = {
    Stage.ACCEPT: Fold.ACCEPTED,
    Stage.REGISTER: Fold.ACCEPTED,
    Stage.DISPATCH: Fold.ASSIGNED,
    Stage.HANDLE: Fold.HANDLED,
    Stage.REPORT: Fold.HANDLED,
    Stage.VERIFY: Fold.EVALUATED,
    Stage.CLOSE: Fold.EVALUATED,
    Stage.EVALUATE: Fold.EVALUATED,
}

LEVEL_NAMES = {0: "一般", 1: "红", 2: "橙", 3: "黄", 4: "蓝"}
"""How urgent an event is, from the matrix of impact and urgency. 1 is the most urgent, 0 the everyday case."""
