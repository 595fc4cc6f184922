"""The lifecycle as a person would tell it, written apart from the product: what may happen next, and what it leads to.

One line per state: `action>new state`, or only the action where the state stays.
"""

from __future__ import annotations

from dataclasses import dataclass, field

SIDES = {"return": "registered", "transfer": "assigned", "extension": "", "suspension": "suspended", "void": "voided"}
_ALWAYS = "instruct supervise urge absorb note"
_WAITING = "ask_void grant_void>voided deny_void merge>merged split refer receive give_back escalate correct"
_HANDS = (
    "joint_sign joint_report merge>merged split escalate>registered plan_step ask_void grant_void>voided deny_void "
    "ask_return grant_return>registered deny_return ask_transfer grant_transfer>assigned deny_transfer "
    "ask_extension grant_extension deny_extension ask_suspension grant_suspension>suspended deny_suspension"
)
_LINES = f"""
reported: accept>accepted refuse>refused {_WAITING} {_ALWAYS}
accepted: confirm>confirmed disprove>refused register>registered self_handle>answered {_WAITING} {_ALWAYS}
confirmed: register>registered decline>declined self_handle>answered {_WAITING} {_ALWAYS}
registered: dispatch>assigned self_handle>answered {_WAITING} {_ALWAYS}
assigned: sign>signed {_HANDS} {_ALWAYS}
signed: handle>handling {_HANDS} {_ALWAYS}
handling: progress report>answered {_HANDS} {_ALWAYS}
suspended: resume>handling plan_step {_ALWAYS}
answered: check>checking verify>verified rework>handling joint_report {_ALWAYS}
checking: verify>verified rework>handling {_ALWAYS}
verified: close>closed rework>handling {_ALWAYS}
closed: call_back evaluate>evaluated reopen>registered absorb note
evaluated: reopen>registered absorb note
refused: reopen>reported
declined: reopen>reported
voided:
merged: unmerge>reported
"""
EDGES: dict[str, dict[str, str]] = {}
for _line in _LINES.strip().splitlines():
    _state, _, _moves = _line.partition(":")
    EDGES[_state] = {word.partition(">")[0]: word.partition(">")[2] or _state for word in _moves.split()}
_DEPARTMENT = {"water": "water_bureau", "police": "public_security_bureau"}
_BY_LEAD = {"sign", "handle", "progress", "report", "ask_return", "ask_transfer", "ask_extension", "ask_suspension"}
_BY_ANYONE = {"self_handle", "instruct", "supervise", "urge", "plan_step", "note"}
_DOING = {"sign", "handle", "progress", "report", "self_handle", "joint_sign", "joint_report", "plan_step"}
_ANEW = {"dispatch", "rework", "reopen", "unmerge", "grant_transfer"}


@dataclass
class Model:
    """What is remembered of one event; `minute` is the time."""

    state: str = "reported"
    version: int = 1
    lead: str | None = None
    joint: set[str] = field(default_factory=set)
    seen_by: set[str] = field(default_factory=set)
    hands: set[str] = field(default_factory=set)
    asked: tuple[str, str] | None = None
    holder: str = "city"
    came_from: str | None = None
    extended: int = 0
    steps: int | None = None
    urged: float = -1e9
    minute: float = 0.0

    def may(self, who: str, action: str) -> bool:
        """True if this person may do this now."""
        return action in EDGES[self.state] and self._is_theirs(who, action) and self._is_time(who, action)

    def _is_theirs(self, who: str, action: str) -> bool:
        mine, in_centre = _DEPARTMENT.get(who), who in ("chen", "lin")
        if action in _BY_LEAD:
            return in_centre or (self.lead in (None, mine) and mine in self.seen_by and mine == self.lead)
        if action in ("joint_sign", "joint_report"):
            return "public_security_bureau" in self.joint and (in_centre or mine == "public_security_bureau")
        if action in _BY_ANYONE:
            return in_centre or mine in self.seen_by
        return in_centre

    def _is_time(self, who: str, action: str) -> bool:
        verb, _, kind = action.partition("_")
        if kind in SIDES and verb in ("grant", "deny"):
            return self.asked is not None and self.asked[0] == kind and self.asked[1] != who
        if kind in SIDES and verb == "ask":
            return self.asked is None and (kind != "extension" or self.extended < 4)
        rules = {
            "register": self.state != "accepted",
            "dispatch": self.came_from is None,
            "report": self.asked is None,
            "merge": self.asked is None,
            "verify": who not in self.hands,
            "rework": who not in self.hands,
            "evaluate": who not in self.hands,
            "receive": self.came_from is not None,
            "give_back": self.came_from is not None,
            "refer": self.came_from is None and self.holder == "city",
            "escalate": self.came_from is None and self.holder == "county" and not self._is_waiting_in_hands(),
            "urge": self.minute - self.urged >= 30,
            "plan_step": self.steps is not None and self.steps < 4,
        }
        return rules.get(action, True)

    def _is_waiting_in_hands(self) -> bool:
        return self.asked is not None and self.state in ("assigned", "signed", "handling")

    def do(self, who: str, action: str) -> None:
        """Take it as done."""
        verb, _, kind = action.partition("_")
        self.state, self.version = EDGES[self.state][action], self.version + 1
        if action in _ANEW:
            self.hands, self.extended, self.joint = set(), 0, self.joint if action == "grant_transfer" else set()
        if action in _DOING:
            self.hands.add(who)
        if kind in SIDES and verb == "ask":
            self.asked = (kind, who)
        elif kind in SIDES and verb in ("grant", "deny"):
            self.asked = None
        self._change(who, action)
        if self.asked is not None and f"grant_{self.asked[0]}" not in EDGES[self.state]:
            self.asked = None

    def _change(self, who: str, action: str) -> None:
        match action:
            case "dispatch":
                self.lead, self.joint = "water_bureau", {"public_security_bureau"}
                self.seen_by |= {"water_bureau", "public_security_bureau"}
                self.steps = self.steps or 0
            case "grant_transfer":
                self.lead = "transport_bureau" if self.lead == "water_bureau" else "water_bureau"
                self.seen_by.add(self.lead)
            case "self_handle":
                self.lead = _DEPARTMENT.get(who)
            case "reopen" | "grant_return" | "unmerge" | "escalate":
                self.lead, self.joint = None, set()
                if action == "escalate":
                    self.holder, self.came_from = "city", "county"
            case "refer":
                self.holder, self.came_from = "county", "city"
            case "receive":
                self.came_from = None
            case "give_back":
                self.holder, self.came_from = self.came_from or "city", None
            case "joint_report" | "close" | "merge" | "grant_void":
                self.joint = set()
            case "grant_extension":
                self.extended += 1
            case "plan_step":
                self.steps = (self.steps or 0) + 1
            case "urge":
                self.urged = self.minute
