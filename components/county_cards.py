"""KpiCard: one figure of a county with the city's beside it; and the same for counts of the event loop."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from dash import html
from dash.development.base_component import Component

from components import numbers
from components.attributes import attributes
from components.kpi import looks, value
from components.marks import seals
from components.markup import Node
from components.place import Place
from components.shown import Shown, as_of, short_name, spoken
from indicators.city_line import Beside
from indicators.reading import Reading

MISSING_CITY = "全市 —"


@dataclass(frozen=True)
class Tally:
    """A count of the event loop: own and the city's, as written; `is_over` fills it in the colour of time limits."""

    name: str
    own: str
    unit: str
    remark: str
    time: str
    simulated: bool
    is_over: bool = False


def indicator_card(
    shown: Shown, city: Reading | None, compared: Beside | None, place: Place, now: datetime
) -> Component:
    """A figure with its seal and time, the value, and the city's reference below; a link to the indicator."""
    reading = shown.reading
    when: list[Node] = [shown.short_absence]
    if reading and shown.has_value:
        when = [*seals(reading), as_of(reading, now)]
    words = city_words(shown, city, compared)
    return html.A(
        [
            html.Span(short_name(shown.indicator), className="nm"),
            html.Span(when, className="mut"),
            value(shown),
            html.Span(words, className="sub"),
        ],
        href=place.indicator(shown.indicator.code),
        className=" ".join(["kc", *looks(shown)]),
        title=f"{spoken(shown, now)}；{words}",
        **attributes(aria_label=f"{spoken(shown, now)}，{words}"),
    )


def tally_card(tally: Tally) -> Component:
    """A count of events in the same shape."""
    mark = html.I("模", className="pv m", title="模拟数据") if tally.simulated else html.I("实", className="pv s")
    number: Node = html.I(tally.own, className="sla over") if tally.is_over else tally.own
    return html.Div(
        [
            html.Span(tally.name, className="nm"),
            html.Span([mark, tally.time], className="mut"),
            html.Span(
                [html.B(number, className="n", **attributes(data_live=f"tally-{tally.name}")), html.U(tally.unit)],
                className="v",
            ),
            html.Span(tally.remark, className="sub"),
        ],
        className="kc sim" if tally.simulated else "kc",
    )


def card_loading() -> Component:
    """The same space without content."""
    return html.Div(className="kc blank", **attributes(aria_hidden="true"))


def city_words(shown: Shown, city: Reading | None, compared: Beside | None) -> str:
    """占全市 12.3%, 全市 95.0%; a dash where the city has no value."""
    if compared is not None and compared.share is not None:
        return f"占全市 {numbers.plain(100 * compared.share, 1)}%"
    if city is None or city.value is None:
        return MISSING_CITY
    written = numbers.figure(city.value, shown.indicator.unit, shown.indicator.decimals)
    return f"全市 {written.compact}"
