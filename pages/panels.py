"""Panels: regions of a screen that the server draws once, keeps as bytes and hands to every browser that asks.

`@panel(...)` registers a drawing; `slot(...)` is its place in a layout (no data in it); `mount` serves them as HTML
at `/panel/<name>`. The browser's part is `assets/60-panels.js`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple, TypedDict

import orjson
from dash import html
from dash.development.base_component import Component
from flask import Flask, Response, g, request

import components
from access.actor import Actor, Denied, OutOfScope
from access.policy import admits, lens
from access.request_marks import WROTE_HEADER
from access.session import actor_of_request
from components.attributes import attributes
from components.faces import cannot_tell
from components.markup import Tree, markup
from database.query_cache import Cached, Unavailable
from database.workers import TooSlow
from indicators.cockpit import Cockpit
from pages.view import Refused, View, open_view, view_address

log = logging.getLogger(__name__)

Drawing = Callable[[View], Tree]
Blank = Component | Sequence[Component]
PLACES = ("world", "region", "as_of")
"""Parameters every panel knows."""
PAST_SECONDS = 86_400.0
NO_PAST = "这一块由实时状态生成，过去某一时刻的画面没有保存"
WHERE = "where"
"""The store with the address in view."""
LOST = "没有这项内容，或无权查看。"
FAILED = "取数失败"
WRONG = "地址有误"
NOT_YET = ("正在取数", "几秒内还没有算完：机器繁忙，或数据库没有应答；正在重试")
NO_DATABASE = (FAILED, "数据库暂时无法访问，正在重试")
_LONGEST = 80
"""Characters of a parameter that are looked at; longer ones are refused."""


def release_of(*folders: Path) -> str:
    """A mark of the drawing code: frames drawn by another release are not shown by this one."""
    files = sorted(file for folder in folders for file in folder.glob("*.py"))
    return sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:12]


RELEASE = release_of(Path(__file__).parent, Path(components.__file__).parent)


@dataclass(frozen=True)
class Panel:
    """A drawing with what it depends on: topics (`{world}` is filled in) and parameters of the address."""

    name: str
    draw: Drawing
    topics: tuple[str, ...]
    params: tuple[str, ...]
    soft_seconds: float
    right: str = ""
    """What its viewer must be allowed; '' is nobody."""
    personal: bool = False
    """True if it shows what is the viewer's own: kept for that person alone."""
    past: bool = False
    """True if it can be drawn as of an earlier moment: it shows readings and the catalogue alone."""


class Question(TypedDict):
    """What the cache is asked for one answer of a panel."""

    key: str
    scope: str
    topics: tuple[str, ...]
    build: Callable[[], bytes]
    soft_seconds: float


class Begun(NamedTuple):
    """An answer under way: what it depends on, and how to wait for it; None if it does not come in time."""

    topics: tuple[str, ...]
    wait: Callable[[float], Cached | None]


PANELS: dict[str, Panel] = {}


def panel(
    name: str,
    *,
    topics: Sequence[str],
    params: Sequence[str] = (),
    soft_seconds: float = 20,
    right: str = "",
    personal: bool = False,
    past: bool = False,
) -> Callable[[Drawing], Drawing]:
    """Register the decorated function as panel `name`."""

    def register(draw: Drawing) -> Drawing:
        known = PANELS.get(name)
        if known and _home(known.draw) != _home(draw):
            raise ValueError(f"there is a panel '{name}' already, in {_home(known.draw)}")
        PANELS[name] = Panel(name, draw, tuple(topics), tuple(params), soft_seconds, right, personal, past)
        return draw

    return register


def _home(draw: Drawing) -> str:
    """The module a drawing is written in; Dash runs page modules again for a second app."""
    return str(getattr(draw, "func", draw).__module__)


def slot_id(name: str) -> str:
    """The id of the element a panel fills."""
    return f"panel-{name}"


def slot(
    name: str, loading: Blank | None = None, *, look: str = "", style: dict[str, object] | None = None
) -> Component:
    """The place of panel `name` in a layout: what stands there until its first answer, and the element it fills."""
    if name not in PANELS:
        raise KeyError(f"no panel '{name}'; there are {', '.join(sorted(PANELS))}")
    blank, fill = html.Div(loading, className="blanks"), html.Div(className="fill")
    asked = attributes(data_params=" ".join(PANELS[name].params))
    return html.Section([blank, fill], id=slot_id(name), className=f"panel {look}".strip(), style=style, **asked)


def mount(server: Flask, cockpit: Cockpit) -> None:
    """Serve every registered panel at `/panel/<name>`."""

    @server.get("/panel/<name>")
    def answer(name: str) -> Response:
        found, by = PANELS.get(name), actor_of_request()
        if found is None or by is None or not admits(found.right, by):
            return _problem(404, LOST)
        try:
            return _answer(found, cockpit, by)
        except OutOfScope:
            return _problem(404, LOST)
        except Denied as denied:
            g.missing_right = denied.right
            return _problem(403, str(denied))
        except Refused as refused:
            return _problem(400, str(refused), title=WRONG)
        except Unavailable as unavailable:
            title, detail = NOT_YET if isinstance(unavailable.__cause__, TooSlow) else NO_DATABASE
            return _problem(503, detail, title=title, retry_after=unavailable.retry_after)
        except Exception:
            log.exception("panel %s", name)
            return _problem(500, "画面没有生成，已记录，请稍后重试")


def _answer(found: Panel, cockpit: Cockpit, by: Actor) -> Response:
    question = _question(found, cockpit, request.args, by)
    may_rest = not found.personal and WROTE_HEADER not in request.headers
    return _fresh_or_known(cockpit.cache.get(**question, may_rest=may_rest), question["topics"], cockpit)


def begin(found: Panel, cockpit: Cockpit, asked: Mapping[str, str], by: Actor) -> Begun:
    """Have the answer made for an address unless it is at hand. Raises what `answer` turns into a problem."""
    question = _question(found, cockpit, asked, by)
    return Begun(question["topics"], cockpit.cache.begin(**question))


def rehearse(found: Panel, cockpit: Cockpit, by: Actor) -> None:
    """Draw it once for nobody: what drawing needs is loaded then, and the first who asks does not wait for that."""
    _build(found, cockpit, {}, by)


def _question(found: Panel, cockpit: Cockpit, asked: Mapping[str, str], by: Actor) -> Question:
    """What the cache is asked. Raises Refused, Denied or OutOfScope."""
    given = {key: asked[key] for key in (*PLACES, *found.params) if asked.get(key)}
    if any(len(value) > _LONGEST for value in given.values()):
        raise Refused("参数过长")
    place = view_address(cockpit, given, by)
    topics = (*(topic.format(world=place.world.value) for topic in found.topics), "catalogue")
    if given.get("as_of"):
        topics = ("catalogue",)  # the past stays as it was
    key = orjson.dumps([RELEASE, found.name, sorted((given | place.shown()).items())]).decode()
    return {
        "key": key,
        "scope": _scope(found, by),
        "topics": topics,
        "build": lambda: _build(found, cockpit, given, by),
        "soft_seconds": PAST_SECONDS if given.get("as_of") else found.soft_seconds,
    }


def _scope(found: Panel, by: Actor) -> str:
    """Whose answer it is: of all who see through the same lens, or of this one person."""
    return f"{lens(by)}|{by.user}" if found.personal else lens(by)


def _build(found: Panel, cockpit: Cockpit, given: dict[str, str], by: Actor) -> bytes:
    with open_view(cockpit, given, by) as view:
        return markup(drawn(found, view)).encode()


def drawn(found: Panel, view: View) -> Tree:
    """What the panel shows; of an earlier moment only where it can be told."""
    return cannot_tell(NO_PAST) if view.as_of and not found.past else found.draw(view)


def _fresh_or_known(cached: Cached, topics: Sequence[str], cockpit: Cockpit) -> Response:
    headers = cached.headers() | {
        "Cache-Control": "no-cache",
        "X-Topics": " ".join(topics),
        "X-Now": cockpit.now().isoformat(timespec="milliseconds"),
    }
    if cached.etag in request.if_none_match:
        return Response(status=304, headers=headers)
    return Response(cached.body, mimetype="text/html", headers=headers)


def _problem(status: int, detail: str, *, title: str = FAILED, retry_after: int | None = None) -> Response:
    body = orjson.dumps({"type": "about:blank", "title": title, "status": status, "detail": detail})
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    return Response(body, status=status, mimetype="application/problem+json", headers=headers)
