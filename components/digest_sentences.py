"""今日要点 on screen: sentences that open onto the figures they are made of, in parts; and its one line elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components.attributes import attributes
from components.faces import empty, panel_head
from components.marks import lateness, seal
from components.numbers import MINUS
from components.place import Place
from components.table import number, table
from components.times import clock, stamp
from decisions.digest import SECTION_NAMES, VERDICT_NAMES, Digest, Fact, Item, Section, Verdict
from indicators.reading import Freshness, Provenance

PATH = "/digest"
VERDICT_LOOKS = {Verdict.CAME: "came", Verdict.PASSED: "passed", Verdict.WAITING: "wait"}
SECTIONS = (Section.WATCH, Section.CHANGED, Section.WHY, Section.SCORE, Section.MISSING)
"""On screen what has to be watched stands first."""
COLUMNS = ("项", "文中写法", "数值→", "时间", "性质", "时效", "来源")
BRIEF = {Section.WATCH: 3, Section.CHANGED: 2}
"""So many sentences of each part stand in a brief."""


def whole_text(found: Digest, place: Place) -> list[Component]:
    """All parts; each sentence can be opened."""
    return [_part(section, found.of(section), place) for section in SECTIONS if found.of(section)]


def brief(found: Digest, place: Place, address: str, title: str = "今日要点") -> list[Component]:
    """The few sentences that matter most, with the way to the whole text."""
    told = [item for section, most in BRIEF.items() for item in _first(found, section)[:most]]
    rest = len(found.items) - len(told)
    more = html.A(f"全文（另 {rest} 条）" if rest > 0 else "全文", href=address, className="act")
    lines = html.Ul([html.Li(_sentence(item, place)) for item in told], className="dgl")
    return [panel_head(title, issued_words(found)), lines, html.P(more, className="dgm")]


def one_line(found: Digest, address: str) -> list[Component]:
    """The first thing to watch and the first that changed, in one line."""
    told = [*_first(found, Section.WATCH)[:2], *_first(found, Section.CHANGED)[:1]]
    words = html.Span([html.Span(item.text, className="w", title=item.text) for item in told], className="ws")
    return [html.A([html.B("今日要点"), html.Small(issued_words(found), className="mut"), words], href=address)]


def none_yet(day: str = "") -> Component:
    """What stands where no text was issued."""
    return empty("尚未出要点" if not day else f"{day} 没有要点", "每日 07:30 自动生成；首次启动须先完成一次预测和预警")


def issued_words(found: Digest) -> str:
    """When it was issued, and that it is a later edition."""
    later = f" 第 {found.edition} 版" if found.edition > 1 else ""
    return f"{found.day[5:]} {clock(found.issued_at)}{later}"


def days_list(days: Sequence[str], chosen: str, link: Callable[[str], str]) -> Component:
    """The days of which there is a text."""
    rows = [
        html.Li(html.A(day, href=link(day), **attributes(aria_current="true" if day == chosen else None)))
        for day in days
    ]
    return html.Ul(rows, className="dgd")


def share_words(came: int, known: int) -> str:
    """How far yesterday's hints were right."""
    return f"上期提示中有结果的 {known} 项，成真或仍在持续 {came} 项" if known else ""


def _first(found: Digest, section: Section) -> list[Item]:
    """The sentences of a part without the count that opens it, if there are others."""
    items = list(found.of(section))
    told = [item for item in items if item.kind not in {"arrived", "silent_engine"}]
    return told or items


def _part(section: Section, items: Sequence[Item], place: Place) -> Component:
    rows = [html.Li(_sentence(item, place)) for item in items]
    return html.Section([html.H2(SECTION_NAMES[section]), html.Ol(rows, className="dgl")], className="dgp")


def _sentence(item: Item, place: Place) -> Component:
    """The sentence; opened, every figure with unit, time, nature, standing, source and the way to it."""
    mark = (
        html.Span(VERDICT_NAMES[item.verdict], className=f"dgv {VERDICT_LOOKS[item.verdict]}") if item.verdict else None
    )
    facts = [fact for fact in item.facts.values() if fact.value is not None or fact.ref]
    if not facts:
        return html.P([mark, item.text])
    return html.Details([html.Summary([mark, item.text]), _facts(facts, place)])


def _facts(facts: Sequence[Fact], place: Place) -> Component:
    rows = [
        html.Tr(
            [
                html.Th(fact.name, scope="row"), html.Td(_way(fact, place)), number(_exact(fact)),
                html.Td(fact.when or "—"), html.Td(_nature(fact)), html.Td(_standing(fact)),
                html.Td(fact.source or "—"),
            ]
        )
        for fact in facts
    ]  # fmt: skip
    return html.Div(table(COLUMNS, rows, "这句话的依据"), className="dgf")


def _way(fact: Fact, place: Place) -> Component | str:
    address = address_of(fact.ref, place)
    return html.A(fact.shown, href=address) if address else fact.shown


def address_of(ref: str, place: Place) -> str | None:
    """Where the thing a fact is about is opened."""
    kind, _, key = ref.partition(":")
    ways: dict[str, Callable[[], str]] = {
        "indicator": lambda: place.indicator(key),
        "theme": lambda: place.theme(key),
        "warning": lambda: place.to("/warnings", warning=key),
        "warnings": lambda: place.to("/warnings"),
        "source": lambda: place.to("/sources", source=key, region=None),
        "events": lambda: place.to("/desk", region=None),
    }
    return ways[kind]() if kind in ways else None


def _exact(fact: Fact) -> str:
    return "—" if fact.value is None else f"{fact.value:,.10g} {fact.unit}".strip().replace("-", MINUS)


def _nature(fact: Fact) -> Component | str:
    return seal(Provenance(fact.nature)) if fact.nature in set(Provenance) else "—"


def _standing(fact: Fact) -> Component | str:
    if fact.standing not in set(Freshness):
        return "—"
    return lateness(Freshness(fact.standing)) or "正常"


def head_note(found: Digest, now: datetime) -> str:
    """Issued when, by which rules, of what day."""
    age = "" if found.day == f"{stamp(now)[:10]}" else "（往期）"
    return f"{stamp(found.issued_at)} 生成{age} · 由数据按固定句式写成 · 句式版本 {found.rules}"
