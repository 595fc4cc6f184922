"""What can be done to several events of the desk at once, by whom."""

from __future__ import annotations

from components.desk_bulk import BulkAct, bulk_bar
from components.markup import Tree
from dispatch.lifecycle import LIFECYCLE
from dispatch.state import ACTION_NAMES, Action
from pages.panels import panel
from pages.view import View

PHRASES: dict[Action, tuple[str, ...]] = {
    Action.ACCEPT: (),
    Action.CONFIRM: ("电话核实属实", "现场核实属实"),
    Action.REGISTER: (),
    Action.DISPATCH: ("按建议单位派遣，请及时处置",),
    Action.SIGN: ("已收到，安排人员到场",),
    Action.HANDLE: ("人员已到场",),
    Action.URGE: ("请抓紧办理并反馈进展", "时限将到，请优先办理"),
    Action.SUPERVISE: ("领导要求限时办结", "已超期，请说明原因并尽快办结", "群众多次反映，请重点办理"),
    Action.CHECK: ("请现场核查",),
    Action.VERIFY: ("现场核查已处置到位", "凭处置前后照片核查通过"),
    Action.REWORK: ("现场仍有残留，请继续处置", "照片不能证明已处置到位，请补充"),
    Action.CLOSE: ("已处置到位，同意结案",),
    Action.NOTE: ("已电话联系承办单位", "已告知上报人办理进展"),
}
"""Acts that need no more than a reason, in the order of the loop, each with phrases often used. Dispatching goes to the
departments proposed for each event, which are shown before (assets/97-desk-6-dispatch.js)."""


@panel("desk-bulk", topics=["access"], right="events.view", soft_seconds=300)
def draw_bulk(view: View) -> Tree:
    """The acts this person's rights allow."""
    acts = [_act(action) for action in PHRASES if _may(view, action)]
    return bulk_bar(acts, {key: unit.short for key, unit in view.catalogue.departments.items()})


def _may(view: View, action: Action) -> bool:
    return any(view.by.may(row.right) for (_, one), row in LIFECYCLE.items() if one is action)


def _act(action: Action) -> BulkAct:
    rows = [row for (_, one), row in LIFECYCLE.items() if one is action]
    must_say = any("note" in row.needs for row in rows)
    return BulkAct(str(action), ACTION_NAMES[action], rows[0].says, must_say, PHRASES[action])
