"""axe-core finds nothing serious on any page, in both looks."""

from __future__ import annotations

import pytest

from screen_checks import SCREENS, Screen, role_for, serious

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.path)
def test_nothing_serious_in_either_look(running_product, browse, screen: Screen) -> None:
    width, height = screen.sizes[0]
    watched = browse(running_product.url + screen.path, width, height, role=role_for(screen.path), bypass_csp=True)
    watched.settled()
    for look in ("dark", "light"):
        watched.page.evaluate("look => { document.documentElement.dataset.scheme = look; }", look)
        assert serious(watched.page) == [], look
