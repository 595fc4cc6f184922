"""Director mode: the desk puts a view on a wall. A wall obeys for itself alone and says who steers it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, insert, select

from access.actor import Actor, OutOfScope
from access.audit import record
from access.token import Token, token_columns, token_of
from database.changes import bump
from database.people_tables import tokens
from database.screen_tables import screen_views

RIGHT = "screens.manage"
WALLS = "screens"
"""The topic of all walls together, for the list at the desk."""
LONGEST = timedelta(hours=12)
LONGEST_PATH = 300
_PATH = re.compile(r"/(wall|theme|indicator|county|map|attention)?([/?][^\s\\\x00-\x1f]*)?")


class ViewRefused(ValueError):
    """Such a view cannot be put on a wall; the message says why."""


@dataclass(frozen=True)
class ScreenView:
    """What a wall is to show, from whom, until when."""

    screen: int
    path: str
    by: str
    since: datetime
    until: datetime


def topic_of(screen: int) -> str:
    """The topic of one wall."""
    return f"screen:{screen}"


def put(
    connection: Connection,
    screen: int,
    path: str,
    *,
    by: Actor,
    now: datetime,
    lasts: timedelta = timedelta(minutes=30),
) -> ScreenView:
    """Put `path` on the wall, instead of what was there. Denied, OutOfScope or ViewRefused."""
    _check(path, lasts)
    _mine(connection, screen, by)
    view = ScreenView(screen, path, by.name, now, now + lasts)
    connection.execute(delete(screen_views).where(screen_views.c.screen == screen))
    connection.execute(insert(screen_views).values(vars(view)))
    record(connection, by=by, action="screen.put", object=f"screen {screen}", detail={"path": path}, now=now)
    bump(connection, [topic_of(screen), WALLS])
    return view


def release(connection: Connection, screen: int, *, by: Actor, now: datetime) -> None:
    """Let the wall go its own way again."""
    _mine(connection, screen, by)
    connection.execute(delete(screen_views).where(screen_views.c.screen == screen))
    record(connection, by=by, action="screen.release", object=f"screen {screen}", now=now)
    bump(connection, [topic_of(screen), WALLS])


def shown_on(connection: Connection, screen: int, now: datetime) -> ScreenView | None:
    """What the wall is to show now; None: its own."""
    row = connection.execute(
        select(screen_views).where(screen_views.c.screen == screen, screen_views.c.until > now)
    ).first()
    return ScreenView(row.screen, row.path, row.by, row.since, row.until) if row else None


def own_screen(by: Actor) -> int | None:
    """The number of the wall that asks; None for people and programs."""
    number = by.user.removeprefix("token:")
    return int(number) if by.kind == "screen" and number.isdigit() else None


def walls(connection: Connection, *, by: Actor, now: datetime) -> list[tuple[Token, ScreenView | None]]:
    """The walls inside the actor's regions and what the desk has put on them, newest first."""
    by.require(RIGHT)
    rows = connection.execute(select(*token_columns).where(tokens.c.kind == "screen").order_by(tokens.c.id.desc()))
    found = [token for row in rows if (token := token_of(row)).is_valid and token.expires_at > now]
    seen = [token for token in found if all(by.scope.allows(region) for region in token.regions)]
    return [(token, shown_on(connection, token.id, now)) for token in seen]


def _mine(connection: Connection, screen: int, by: Actor) -> None:
    """Denied without the right; OutOfScope for no screen, one taken back, or another's."""
    by.require(RIGHT)
    row = connection.execute(select(*token_columns).where(tokens.c.id == screen, tokens.c.kind == "screen")).first()
    token = token_of(row) if row else None
    if token is None or not token.is_valid or not all(by.scope.allows(region) for region in token.regions):
        raise OutOfScope("没有这块大屏，或无权管理。", right=RIGHT)


def _check(path: str, lasts: timedelta) -> None:
    if len(path) > LONGEST_PATH or path.startswith("//") or not _PATH.fullmatch(path):
        raise ViewRefused("大屏只能显示总览、主题、指标、县区、地图和关注排序页面的地址，以 / 开头")
    if not timedelta(minutes=1) <= lasts <= LONGEST:
        raise ViewRefused("推送时长应在 1 分钟到 12 小时之间")
