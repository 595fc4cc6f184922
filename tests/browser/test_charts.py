"""Charts in a real browser: drawn in both schemes and on paper, read as tables, freed when they leave; light pages."""

from __future__ import annotations

from collections import Counter

import pytest

pytestmark = pytest.mark.browser

KINDS = 6
DRAWN = "document.querySelectorAll('figure[data-chart] .main-svg').length >= %d" % KINDS  # noqa: UP031  # braces of JS
LINE = "getComputedStyle(document.querySelector('.of-trend .scatterlayer .trace:nth-of-type(3) .js-line')).stroke"
CUT = """() => {
  const outside = (box, whole) => box.width && (box.left < whole.left - 1 || box.right > whole.right + 1
    || box.top < whole.top - 1 || box.bottom > whole.bottom + 1);
  return [...document.querySelectorAll('figure[data-chart] .plot')].flatMap((plot) =>
    [...plot.querySelectorAll('text')].filter((text) => text.textContent
      && getComputedStyle(text).visibility !== 'hidden'
      && outside(text.getBoundingClientRect(), plot.getBoundingClientRect()))
      .map((text) => `${plot.parentNode.className}: ${text.textContent}`));
}"""
UPDATE = """() => {
  const place = document.querySelector('#panel-patterns-charts .fill'), fresh = place.cloneNode(true);
  fresh.querySelectorAll('.plot').forEach((one) => one.replaceChildren());
  fresh.querySelectorAll('details').forEach((one) => one.removeAttribute('open'));
  cockpit.morph(place, fresh.innerHTML);
}"""
"""The same panel as the server draws it: charts empty, tables folded."""
NO_NEWS = "window.EventSource = class extends EventTarget { static CLOSED = 2; readyState = 1; close() {} };"
"""Nothing is heard of changes: what is asked for then is the first picture alone."""


@pytest.mark.feature(105)
@pytest.mark.feature(122)
def test_charts_are_drawn_in_the_scheme_in_view_and_on_paper_and_are_freed(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/patterns", 1440, 900)
    page = watched.page
    watched.until(DRAWN)
    assert page.eval_on_selector_all(".plot[data-failed]", "all => all.map(one => one.dataset.failed)") == []
    assert page.evaluate(CUT) == []
    dark = page.evaluate(LINE)
    page.click(".scheme")
    watched.until(f"{LINE} !== '{dark}'")
    assert page.evaluate(CUT) == []
    page.click(".scheme")
    watched.until(f"{LINE} === '{dark}'")

    page.emulate_media(media="print")
    watched.until(f"{LINE} !== '{dark}'")
    hidden = "getComputedStyle(document.querySelector('%s')).display === 'none'"
    assert page.evaluate(hidden % "nav.go")
    assert page.evaluate(hidden % ".scheme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    page.emulate_media(media="screen")
    watched.until(f"{LINE} === '{dark}'")

    page.set_viewport_size({"width": 1100, "height": 900})
    watched.until("document.querySelector('.of-trend .main-svg').clientWidth <= 760")
    page.click("nav.go a[href='/sources']")
    watched.until("!document.querySelector('figure[data-chart]')")
    watched.until("document.querySelectorAll('.main-svg').length === 0")
    watched.is_clean()


@pytest.mark.feature(105)
def test_a_chart_is_read_as_a_table_and_stays_open_when_news_arrive(running_product, browse) -> None:
    watched = browse(f"{running_product.url}/patterns", 1440, 900)
    page = watched.page
    watched.until(DRAWN)
    table = page.locator("figure.of-trend").first.locator("details")
    table.locator("summary").press("Enter")
    assert table.evaluate("one => one.open")
    assert "2026年1–10月" in table.inner_text()
    drawing = "document.querySelector('.of-trend .main-svg')"
    page.evaluate(f"window.kept = {drawing}")
    page.evaluate(UPDATE)
    assert page.evaluate(f"window.kept === {drawing}"), "an update must not throw the drawing away"
    assert table.evaluate("one => one.open"), "an update must not fold what the viewer unfolded"
    watched.is_clean()


def test_the_drawing_library_comes_only_where_there_is_a_chart_and_pages_are_light(running_product, browse) -> None:
    watched = browse(running_product.url, before=NO_NEWS)
    watched.settled()
    asked = [url for _, url, _ in watched.asked]
    assert not [url for url in asked if "plotly" in url]
    panels = Counter(url.partition("?")[0] for url in asked if "/panel/" in url)
    assert len(asked) - panels.total() <= 20, asked
    assert max(panels.values(), default=0) <= 2, panels  # for the first picture, and once more if that had rested
    sizes = watched.page.evaluate(
        "performance.getEntriesByType('resource').map(one => [one.name, one.transferSize, one.decodedBodySize])"
    )
    assert sum(size for _, size, _ in sizes) <= 1_500_000
    plain = [name for name, size, whole in sizes if whole > 20_000 and size > 0.9 * whole and "/fonts/" not in name]
    assert not plain, "sent without compression"
    watched.is_clean()
