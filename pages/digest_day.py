"""今日要点 at `/digest`: the whole text of a day for the city, a county or a theme; past days; issuing it anew.

`day`, `edition`, `theme` and `region` in the address say which. Its briefs stand on the overview, the pages of themes
and counties, and on the phone (`pages/digest_briefs.py`).
"""

from __future__ import annotations

import re

import dash
from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.digest_sentences import (
    PATH,
    days_list,
    head_note,
    none_yet,
    share_words,
    whole_text,
)
from components.faces import block, panel_head
from components.form import form, submit
from components.header import crumbs, header
from components.marks import sample_label
from components.markup import Markup, Tree, element
from components.theme_head import Choice, switch
from decisions import digests
from decisions.digest import Digest, Subject
from decisions.digest_score import share
from pages import sources_view
from pages.panels import panel, slot
from pages.shell import top
from pages.view import Refused, View

RIGHT, TOPIC = "indicators.view", "digests:{world}"
PARAMS = ("day", "edition", "theme")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
ISSUE, FILES = "/api/v1/digest", (("Word 可打开的网页", "/api/v1/digest.html"), ("文本", "/api/v1/digest.txt"))

dash.register_page(__name__, path=PATH, title="今日要点", name="今日要点", access=RIGHT)


@panel("digest-head", topics=["sources"], params=PARAMS, right=RIGHT)
def draw_head(view: View) -> Tree:
    """Where we are."""
    trail = crumbs([("驾驶舱", view.place.to("/"))], "")
    name = view.catalogue.regions[view.region].name
    line = header("今日要点", name, view.place, PATH, sources_view.count(view), trail)
    return html.Div(line, className="head")


@panel("digest-text", topics=[TOPIC], params=PARAMS, right=RIGHT, soft_seconds=120)
def draw_text(view: View) -> Tree:
    """The sentences."""
    subject = subject_of(view)
    found = asked(view, subject)
    title = view.catalogue.regions[view.region].name + (theme_name(view) and f" · {theme_name(view)}")
    head = panel_head(f"{title} 今日要点", head_note(found, view.now) if found else "")
    head.children.insert(1, sample_label(view.world))
    if found is None:
        return [head, none_yet(view.params.get("day", ""))]
    score = share_words(*share(found))
    return [head, *([html.P(score, className="mut")] if score else []), *whole_text(found, view.place)]


@panel("digest-days", topics=[TOPIC], params=PARAMS, right=RIGHT, soft_seconds=120)
def draw_days(view: View) -> Tree:
    """Which subjects and days there are, and what can be done with the text."""
    subject = subject_of(view)
    days = digests.days(view.connection, view.by, subject)
    found = asked(view, subject)
    chosen = found.day if found else ""
    parts: list[Component | Markup] = [panel_head("范围"), switch("区域", _regions(view)), _themes(view)]
    if found is not None and found.editions > 1:
        parts.append(switch("版次", _editions(view, found)))
    if view.by.may("exports.make"):
        parts.append(_doing(view, subject, found))
    listed = days_list(days, chosen, lambda day: link(view, day=day, edition=None))
    return [*parts, panel_head("往期", f"{len(days)} 天"), listed]


def subject_of(view: View) -> Subject:
    """Region and theme of the address; themes are told of for the whole city."""
    theme = view.params.get("theme", "")
    if theme and theme not in view.catalogue.themes:
        raise Refused("没有这个主题")
    region = view.catalogue.city.code if theme else view.region
    return Subject(view.world.value, region, theme)


def asked(view: View, subject: Subject) -> Digest | None:
    """The edition the address names; the newest without a word about it."""
    day, edition = view.params.get("day"), view.params.get("edition")
    if day is not None and not DAY.fullmatch(day):
        raise Refused("“day”应为日期，如 2026-11-22")
    if edition is not None and not (edition.isascii() and edition.isdigit() and len(edition) < 6):
        raise Refused("没有这一版")
    return digests.edition(
        view.connection, view.by, subject, day=day, number=int(edition) if edition else None
    )  # fmt: skip


def link(view: View, **more: str | None) -> str:
    """This page with something else in its address."""
    kept = {key: view.params.get(key) for key in PARAMS}
    return view.place.to(PATH, **(kept | more))


def theme_name(view: View) -> str:
    """The theme in view, or ''."""
    theme = view.catalogue.themes.get(view.params.get("theme", ""))
    return theme.short if theme else ""


def _regions(view: View) -> list[Choice]:
    city = view.catalogue.city.code
    codes = [city, *(one.code for one in view.catalogue.children(city))]
    return [
        Choice(
            "全市" if code == city else view.catalogue.regions[code].short,
            view.place.in_region(PATH, code), code == view.region and not view.params.get("theme"),
        )
        for code in codes
        if view.by.scope.allows(code)
    ]  # fmt: skip


def _themes(view: View) -> Component | Markup:
    if not view.by.scope.allows(view.catalogue.city.code):
        return html.Span()
    here = view.params.get("theme")
    links = [
        html.Li(
            html.A(
                theme.short, href=link(view, theme=key, edition=None),
                **attributes(aria_current="true" if key == here else None),
            )
        )
        for key, theme in view.catalogue.themes.items()
    ]  # fmt: skip
    return html.Details([html.Summary("主题"), html.Ul(links, className="dgt")], open=bool(here))


def _editions(view: View, found: Digest) -> list[Choice]:
    return [
        Choice(f"第 {number} 版", link(view, day=found.day, edition=str(number)), number == found.edition)
        for number in range(1, found.editions + 1)
    ]


def _doing(view: View, subject: Subject, found: Digest | None) -> Component | Markup:
    hidden = [
        element("input", type="hidden", name=name, value=value)
        for name, value in (("world", subject.world), ("region", subject.region), ("theme", subject.theme))
    ]
    files = [
        html.A(name, className="act", href=view.place.to(
            address, region=subject.region, theme=subject.theme or None, day=found.day, edition=str(found.edition)))
        for name, address in FILES
    ] if found else []  # fmt: skip
    return html.Div([form(hidden, [submit("按现在的数据重出一版", ISSUE)]), html.Div(files, className="acts")])


def layout(**_: str) -> Component:
    """The address is read by the panels, not here."""
    return html.Div(
        [
            top(slot("digest-head", look="head"), PATH),
            html.Main(
                [
                    slot("digest-text", [block(10), block(50, 20)], look="p"),
                    slot("digest-days", [block(8), block(16, 12)], look="p"),
                ],
                className="dgday",
            ),
        ],
        className="sheet",
    )
