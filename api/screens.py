"""GET /screens, GET /screens/mine, POST /screens/{id}/view and /release: what the desk puts on walls."""

from __future__ import annotations

from datetime import datetime, timedelta

from pydantic import BaseModel, ConfigDict, Field

from access.screen_views import RIGHT, ScreenView, ViewRefused, own_screen, put, release, shown_on, walls
from api.operation import Ask, Operation
from api.problem import Problem
from database.engine import reading, writing

TAG = "大屏"


class ViewShape(BaseModel):
    """What a wall is to show; all empty: its own."""

    path: str | None = Field(description="页面地址；空：大屏按自己的设置显示")
    by: str | None = Field(description="由谁推送")
    since: datetime | None
    until: datetime | None


class WallShape(BaseModel):
    """A wall and what the desk has put on it."""

    id: int
    name: str
    regions: list[str]
    expires_at: datetime
    view: ViewShape


class Walls(BaseModel):
    items: list[WallShape]


class Push(BaseModel):
    """A view for a wall."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    path: str = Field(min_length=1, max_length=300, description="页面地址，如 /theme/water_affairs?world=demo")
    minutes: int = Field(default=30, ge=1, le=720, description="多少分钟后自动恢复")


class Released(BaseModel):
    id: int


def _mine(ask: Ask) -> ViewShape:
    """A person who asks is no wall: nobody steers him."""
    screen = own_screen(ask.by)
    if screen is None:
        return _shape(None)
    with reading(ask.cockpit.engine) as connection:
        return _shape(shown_on(connection, screen, ask.now))


def _list(ask: Ask) -> Walls:
    with reading(ask.cockpit.engine) as connection:
        found = walls(connection, by=ask.by, now=ask.now)
    return Walls(
        items=[
            WallShape(
                id=token.id,
                name=token.name,
                regions=list(token.regions),
                expires_at=token.expires_at,
                view=_shape(view),
            )
            for token, view in found
        ]
    )


def _put(ask: Ask) -> ViewShape:
    wish: Push = ask.body
    try:
        with writing(ask.cockpit.engine) as connection:
            view = put(
                connection, ask.number("id"), wish.path, by=ask.by, now=ask.now, lasts=timedelta(minutes=wish.minutes)
            )
    except ViewRefused as refused:
        raise Problem(422, str(refused), "misfit") from refused
    return _shape(view)


def _release(ask: Ask) -> Released:
    number = ask.number("id")
    with writing(ask.cockpit.engine) as connection:
        release(connection, number, by=ask.by, now=ask.now)
    return Released(id=number)


def _shape(view: ScreenView | None) -> ViewShape:
    if view is None:
        return ViewShape(path=None, by=None, since=None, until=None)
    return ViewShape(path=view.path, by=view.by, since=view.since, until=view.until)


OPERATIONS = (
    Operation("GET", "/screens", "大屏及其正在显示的推送", Walls, _list, tag=TAG, right=RIGHT),
    Operation("GET", "/screens/mine", "本大屏应显示什么", ViewShape, _mine, tag=TAG, right="indicators.view"),
    Operation("POST", "/screens/{id}/view", "把一个页面推送到大屏", ViewShape, _put, tag=TAG, right=RIGHT, body=Push),
    Operation(
        "POST", "/screens/{id}/release", "结束推送，大屏恢复自己的显示", Released, _release, tag=TAG, right=RIGHT
    ),
)
