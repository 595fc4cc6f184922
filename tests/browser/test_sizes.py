"""No text is cut off and nothing overlaps, on the screens the product is made for, in both looks."""

from __future__ import annotations

import pytest

from screen_checks import FAULTS, SMALL
from screens import GATE, PHONE, Screen, running_event

pytestmark = pytest.mark.browser

LIGHT = "localStorage.setItem('scheme', 'light')"


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (1366, 768), (3840, 2160), (1440, 900), (5760, 1080)])
@pytest.mark.parametrize("look", ["dark", "light"])
def test_the_wall_fits(running_product, browse, width: int, height: int, look: str) -> None:
    watched = browse(running_product.url, width, height, before=LIGHT if look == "light" else "")
    page = watched.page
    watched.settled()
    assert page.evaluate("document.documentElement.dataset.scheme") == look
    assert page.evaluate(FAULTS) == []
    if width / height > 1.7 and width >= 1920:
        assert page.evaluate("document.documentElement.scrollHeight") <= height + 1, "a wall does not scroll"
    watched.is_clean()


WALLS = {"/", "/wall"}
PLAIN = [screen for screen in GATE if screen.path not in WALLS and screen.sizes != (PHONE,)]
ROOMY = ((1920, 1080), (1366, 768))


@pytest.mark.parametrize("screen", PLAIN, ids=lambda screen: screen.name)
def test_the_other_pages_fit(running_product, browse, screen: Screen) -> None:
    """Every page of the table, at its largest and at a small desk without a second loading."""
    address = running_product.url + screen.address(running_event(running_product.folder))
    watched = browse(address, *ROOMY[0], role=screen.role, region=screen.region)
    for width, height in ROOMY:
        watched.page.set_viewport_size({"width": width, "height": height})
        watched.settled()
        assert watched.page.evaluate(FAULTS) == [], (width, height)
    watched.is_clean()


@pytest.mark.feature(104)
@pytest.mark.parametrize("query", ["", "?tab=themes", "?tab=map", "?theme=environment"])
def test_the_phone_fits_and_a_finger_hits_everything(running_product, browse, query: str) -> None:
    watched = browse(f"{running_product.url}/m{query}", 390, 844, has_touch=True)
    watched.settled()
    assert watched.page.evaluate("document.documentElement.dataset.scheme") == "light"
    assert watched.page.evaluate(FAULTS) == []
    assert watched.page.evaluate(SMALL) == []
    watched.is_clean()


@pytest.mark.feature(112)
@pytest.mark.parametrize(("width", "height"), [(390, 844), (700, 900)])
def test_a_county_page_is_one_column_on_narrow_screens(running_product, browse, width: int, height: int) -> None:
    watched = browse(f"{running_product.url}/county/445102", width, height)
    watched.settled()
    assert watched.page.evaluate(FAULTS) == []
    lefts = watched.page.eval_on_selector_all(
        ".countypage main > *", "all => all.map(one => Math.round(one.getBoundingClientRect().left))"
    )
    assert len(set(lefts)) == 1
    watched.is_clean()


def test_twice_the_zoom_loses_nothing_on_the_desk(running_product, browse) -> None:
    """1440 wide at 200 % is 720 wide: what was there is still there."""
    watched = browse(f"{running_product.url}/county/445102", 720, 450)
    watched.settled()
    assert watched.page.evaluate(FAULTS) == []
    assert watched.page.locator("a.t").count() == 27
    assert watched.page.locator(".tb.towns tbody tr").count() == 12
