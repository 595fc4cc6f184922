"""The pages of the door as plain HTML without Dash: they work before anybody is let in, and without scripts."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from components.county_map import Sheet
from components.markup import Markup, Tree, element
from geography.outlines import counties, frame, rivers

CITY = "潮州市城市运行管理中心"
STYLES = ("/assets/00-tokens.css", "/assets/10-base.css", "/assets/door.css")
AGAIN_SECONDS = 20
"""A wall without a valid screen looks again so often."""


def document(title: str, body: Tree, *, again: int = 0, look: str = "door") -> str:
    """A whole page. `again`: seconds after which it asks for itself again."""
    head = [
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width,initial-scale=1"),
        element("meta", name="referrer", content="same-origin"),
        element("meta", http_equiv="refresh", content=str(again)) if again else None,
        element("title", f"{title} · {CITY}"),
        *(element("link", rel="stylesheet", href=style) for style in STYLES),
        element("script", src="/assets/door.js", defer=True),
    ]
    parts = [element("head", head), element("body", body, class_=look)]
    return f"<!DOCTYPE html>\n{element('html', parts, lang='zh-CN', data_scheme='dark')}"


def plain(title: str, words: str, ways: Sequence[tuple[str, str]], *, again: int = 0, note: str = "") -> str:
    """A page that says one thing and shows the ways out as (address, words)."""
    said = [
        element("h1", title),
        element("p", words),
        element("div", [element("a", name, href=path, class_="act") for path, name in ways], class_="acts"),
        element("p", note, class_="sub") if note else None,
    ]
    return document(title, element("main", said, class_="notice"), again=again)


def crossing(path: str) -> str:
    """On the way in from another site: the page goes on by itself to `path`."""
    head = [
        element("meta", charset="utf-8"),
        element("meta", name="color-scheme", content="dark"),
        element("meta", http_equiv="refresh", content=f"0;url={path}"),
        element("title", CITY),
    ]
    body = element("main", element("a", "进入驾驶舱", href=path))
    return f"<!DOCTYPE html>\n{element('html', [element('head', head), element('body', body)], lang='zh-CN')}"


def no_screen() -> str:
    """The wall without a valid screen: no form, because nobody stands there to type."""
    return plain(
        "此屏幕未授权",
        "请在管理台“大屏令牌”中为本屏新建令牌，并在本机打开所给地址。授权后画面自动恢复。",
        [("/sign-in/screen", "输入屏幕令牌"), ("/admin/screens", "打开大屏令牌管理")],
        again=AGAIN_SECONDS,
        note=f"每 {AGAIN_SECONDS} 秒自动重试",
    )


def lost() -> str:
    """No such page, or not for this viewer."""
    return plain("没有这个页面", "地址可能已变更，或当前身份无权查看。", [("/", "返回总览")])


@lru_cache(maxsize=1)
def outline() -> Markup:
    """The city behind the form: its counties and river, as on the wall."""
    sheet = Sheet(*frame())
    land = [element("path", d=sheet.path(ring, True)) for one in counties() for ring in one.rings]
    water = [element("path", d=sheet.path(line, False)) for line in rivers()]
    drawn = [element("g", land, class_="land"), element("g", water, class_="riv")]
    return element("svg", drawn, viewBox=f"0 0 900 {sheet.height}", aria_hidden="true", class_="city")


def brand() -> Markup:
    """Name and outline of the city, left of the form."""
    words = [element("b", CITY), element("span", "一网统管 · 城市运行驾驶舱", class_="mut")]
    return element("div", [outline(), element("div", words, class_="nm")], class_="brand")


def field(name: str, label: str, kind: str = "text", **more: Any) -> Markup:
    """A labelled input of a plain form."""
    given = element("input", name=name, type=kind, id=f"f-{name}", required=True, maxlength=200, **more)
    return element("label", [element("span", label), given], for_=f"f-{name}")


def hidden(name: str, value: str) -> Markup | None:
    """A value that goes along; nothing for ''."""
    return element("input", type="hidden", name=name, value=value) if value else None


def card(title: str, parts: Tree, *, said: str = "", tone: str = "bad") -> Markup:
    """The form's card: title, what went wrong or right, the form."""
    told = element("p", said, class_=f"told {tone}", role="alert" if tone == "bad" else "status") if said else None
    return element("main", [element("h1", title), told, parts], class_="card")


def form(action: str, fields: Tree, words: str) -> Markup:
    """A form that is posted as browsers always did."""
    button = element("button", words, class_="act pri", type="submit")
    return element("form", [fields, button], method="post", action=action, class_="door")
