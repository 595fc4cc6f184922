"""docs/lifecycle.md from the table of moves: `python -m dispatch.lifecycle_picture` writes it, `--check` compares."""

from __future__ import annotations

import sys
from pathlib import Path

from dispatch.lifecycle import LIFECYCLE, Effect, Hand, legal
from dispatch.stage import STAGE_NAMES
from dispatch.state import ACTION_NAMES, STAGE_OF, STATE_NAMES, Action, State

FILE = Path(__file__).resolve().parent.parent / "docs" / "lifecycle.md"
_EFFECTS = {
    Effect.RUN: "",
    Effect.RESTART: "重新起算",
    Effect.PAUSE: "暂停",
    Effect.RESUME: "继续",
    Effect.EXTEND: "延长",
    Effect.STOP: "停止",
}
_HANDS = {Hand.CENTRE: "持有中心", Hand.LEAD: "主办单位", Hand.JOINT: "协办单位", Hand.ANYONE: "辖区内有权者"}


def drawn() -> str:
    """The whole page."""
    return "\n".join([_head(), _picture(), _table()]) + "\n"


def _head() -> str:
    return (
        "# 事件的生命周期\n\n"
        "由 `dispatch/lifecycle.py` 的表生成：`python -m dispatch.lifecycle_picture`（`--check` 核对）。"
        "表中没有的一律不允许。\n\n"
        f"{len(State)} 个状态，{len({action for _, action in LIFECYCLE})} 种操作，{len(LIFECYCLE)} 条合法的走法。\n"
    )


def _picture() -> str:
    edges: dict[tuple[State, State], list[str]] = {}
    for (state, action), move in LIFECYCLE.items():
        if move.state is not None and move.state is not state:
            edges.setdefault((state, move.state), []).append(ACTION_NAMES[action])
    lines = ["```mermaid", "stateDiagram-v2", "  direction LR"]
    lines += [f"  {state.value}: {STATE_NAMES[state]}" for state in State]
    lines += ["  [*] --> reported: 上报"]
    lines += [f"  {one.value} --> {other.value}: {' / '.join(names)}" for (one, other), names in edges.items()]
    lines += ["  evaluated --> [*]", "  voided --> [*]", "```", ""]
    return "\n".join(lines)


def _table() -> str:
    lines = ["| 状态 | 环节 | 操作 | 到 | 谁 | 权限 | 须给出 | 时钟 | 说明 |", "|---|---|---|---|---|---|---|---|---|"]
    for state in State:
        for action in legal(state):
            lines.append(_row(state, action))
    return "\n".join(lines)


def _row(state: State, action: Action) -> str:
    move = LIFECYCLE[state, action]
    stage = STAGE_OF.get(state)
    cells = (
        STATE_NAMES[state],
        STAGE_NAMES[stage] if stage else "—",
        f"{ACTION_NAMES[action]} `{action}`",
        STATE_NAMES[move.state] if move.state else "（不变）",
        _HANDS[move.hand],
        f"`{move.right}`",
        "、".join(f"`{name}`" for name in move.needs),
        _EFFECTS[move.effect],
        move.says,
    )
    return f"| {' | '.join(cells)} |"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is outdated (exit 1)."""
    is_current = FILE.exists() and FILE.read_text(encoding="utf-8") == drawn()
    if "--check" in arguments:
        print("" if is_current else "docs/lifecycle.md is outdated: run python -m dispatch.lifecycle_picture")
        return 0 if is_current else 1
    FILE.write_text(drawn(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
