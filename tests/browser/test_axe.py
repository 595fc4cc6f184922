"""axe-core finds nothing serious on any page, in both looks."""

from __future__ import annotations

import pytest

from screen_checks import serious
from screens import GATE, Screen, running_event

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", GATE, ids=lambda screen: screen.name)
def test_nothing_serious_in_either_look(running_product, browse, screen: Screen) -> None:
    width, height = screen.sizes[0]
    address = running_product.url + screen.address(running_event(running_product.folder))
    watched = browse(address, width, height, role=screen.role, region=screen.region, bypass_csp=True)
    watched.settled()
    for look in ("dark", "light"):
        watched.page.evaluate("look => { document.documentElement.dataset.scheme = look; }", look)
        assert serious(watched.page) == [], look
