"""Texts that want to become program, put through the real doors into every field people and sources fill.

The pages that show them are opened in a real browser: nothing runs, nothing even tries (no violation of the policy).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest

from access import sealing
from access.sealing import Keyring, provider
from attack import listed, texts_planted, texts_typed
from attack.onlooker import FOUND, WATCH, Instead, Onlooker
from attack.payloads import PAYLOADS
from attack.text_fields import POPPED, REVEALED, SHOWN
from attack.texts_planted import mark_of
from attack.visits import LATE, NOT_VISITED, ORDINARY, SIZES, VISITS
from product import SESSION_COOKIE, Product

pytestmark = pytest.mark.browser

OPEN_POPUP = """([key, index]) => {
    const { map, points } = cockpit.map.page(), set = points._sets.get(key);
    map.closePopup();
    for (; index < set.lon.length; index += 1) {
        const latlng = L.latLng(set.lat[index], set.lon[index]);
        map.setView(latlng, 17, { animate: false });
        const containerPoint = map.latLngToContainerPoint(latlng), found = points.hit(containerPoint);
        if (found && found.key === key && !found.group) { map.fire('click', { latlng, containerPoint }); return true; }
    }
    return false; }"""
"""A click on the first object from there on that is not covered, by Leaflet's own event: objects are drawn on a canvas
and have no element of their own."""
POPUP = "(document.querySelector('.leaflet-popup-content .mp') || {}).innerText || ''"
OPEN_TOOLTIP = """() => { const told = [];
    cockpit.map.page().map.eachLayer(one => {
        if (!one.getTooltip || !one.getTooltip()) return;
        one.openTooltip(one.getBounds ? one.getBounds().getCenter() : one.getLatLng());
        told.push(one.getTooltip().getElement().innerText);
    });
    return told; }"""


@pytest.fixture(scope="module")
def filled(open_house) -> Iterator[tuple[Product, dict[str, str]]]:
    """The open house with the texts everywhere: what doors take by the doors, and then every column that is shown."""
    house = open_house[0]
    told = texts_typed.fill(house)
    texts_typed.name_people_and_screens(house)
    assert all(status < 500 for answers in told.values() for status in answers), told
    assert all(min(answers) < 300 for answers in told.values()), f"a door took none of them: {told}"
    sealing.use(Keyring(provider("intl"), ((house.folder / "secret_key").read_text().strip(),)))
    with house.people() as people:
        yield house, texts_planted.plant(people.engine)
    sealing.forget()


def enter(context: Any, house: Product, role: str) -> None:
    with house.people() as people:
        cookie = {"name": SESSION_COOKIE, "value": people.session(role), "url": house.url, "httpOnly": True}
    context.clear_cookies()
    context.add_cookies([cookie])


@pytest.mark.feature(141)
def test_no_text_becomes_program_on_any_page(visitor, filled) -> None:
    house, names = filled
    one = Onlooker(visitor)
    for role, paths in VISITS:
        enter(visitor.context, house, role)
        for path in paths:
            one.look(path.format(**names), LATE.get(path, ""), SIZES.get(path, ORDINARY))
    one.is_clean()
    waited = {name: at for name, at in SHOWN.items() if name not in REVEALED | POPPED}
    unseen = [name for name, at in waited.items() if mark_of(name) not in one.marks(at)]
    assert not unseen, f"not on the screen of the page that is said to show them: {unseen}"
    left_out = listed.panels() - one.panels - set(NOT_VISITED)
    assert not left_out, f"panels nobody looked at; add a visit to tests/attack/visits.py: {sorted(left_out)}"
    assert len(one.payloads()) >= 20, "the pages must show them as they were typed, else this proves nothing"


@pytest.mark.feature(141)
def test_what_is_revealed_is_text(visitor, filled) -> None:
    """Behind the mask the field stands as it was typed: the one place where it is shown in full is looked at too."""
    house, names = filled
    enter(visitor.context, house, "city_commander")
    one, found = Onlooker(visitor), set()
    one.look(f"/event/{names['number']}?world=demo")
    form = visitor.locator("details.rvl form")
    for name in sorted(REVEALED):
        form.locator("[name=field]").select_option(name.partition(".")[2])
        form.locator("[name=reason]").fill("回访核实现场情况")
        form.locator("[type=submit]").click()
        if one.until(f"document.querySelector('details.rvl .said2').innerText.includes('{mark_of(name)}')"):
            found.add(name)
        one.note(name)
    one.is_clean()
    assert found == REVEALED


@pytest.mark.feature(141)
@pytest.mark.parametrize(
    ("world", "key", "column", "wanted"),
    [("real", "events", "events.title", len(PAYLOADS)), ("demo", "devices", "devices.name", 3)],
)
def test_popups_of_what_moves_on_the_map_are_text(visitor, filled, world, key, column, wanted) -> None:
    house, _ = filled
    enter(visitor.context, house, "city_commander")
    one, seen = Onlooker(visitor), set()
    one.look(f"/map?world={world}&layer={key}")
    assert one.until(f"cockpit.map?.page?.()?.points.keys().includes('{key}')")
    for index in range(visitor.evaluate(f"cockpit.map.page().points._sets.get('{key}').lon.length")):
        if visitor.evaluate(OPEN_POPUP, [key, index]):
            assert one.until(f"({POPUP}).length > 10"), f"no popup of {key} {index}"
            seen.add(visitor.evaluate(POPUP))
            one.note(f"popup of {key} {index}")
    one.is_clean()
    planted = {text for text in seen if mark_of(column) in text}  # the demo city's devices keep telling their own names
    assert len(planted) >= wanted, seen


@pytest.mark.feature(141)
def test_popups_and_tooltips_of_every_layer_are_text(visitor, filled) -> None:
    """Names of layers and objects come from files of an installation: here every word of every answer wants to run."""
    house, _ = filled
    enter(visitor.context, house, "city_commander")
    instead, one = Instead(), Onlooker(visitor)
    for part in ("layers", "map", "search"):
        visitor.route(f"**/api/v1/{part}*", instead)
        visitor.route(f"**/api/v1/{part}/**", instead)
    keys = [layer["key"] for layer in house.json("/api/v1/layers?world=demo")["items"]]
    assert len(keys) > 8
    one.look(f"/map?world=demo&layer={','.join(keys)}&area=circle:116.63,23.66,3000")
    assert one.until(f"cockpit.map?.page?.()?.points.keys().length === {len(keys)}")
    for key in keys:
        assert visitor.evaluate(OPEN_POPUP, [key, 0]), f"nothing to click in {key}"
        assert one.until(f"({POPUP}).length > 20"), f"no popup of {key}"
        assert any(text in visitor.evaluate(POPUP) for text in instead.given)
        one.note(f"popup of {key}")
    tooltips = visitor.evaluate(OPEN_TOOLTIP)
    assert tooltips and all("window.__x" in text for text in tooltips), tooltips
    one.note("tooltips of regions")
    visitor.fill("#map-search input", "x")
    assert one.until("document.querySelectorAll('#map-hits li').length")
    assert one.until("document.querySelectorAll('#map-area li').length")
    one.note("lists beside the map")
    one.is_clean()


@pytest.mark.feature(141)
def test_no_text_in_an_address_becomes_program(visitor, open_house) -> None:
    page, ran = visitor, {}
    page.add_init_script(WATCH)
    for text in PAYLOADS:
        page.goto(f"/sign-in?next={quote(text)}&name={quote(text)}")
        executed, broken = page.evaluate(FOUND)
        if executed or broken:
            ran[text] = (executed, broken)
    assert not ran


def test_the_watch_notices_a_text_that_does_become_program(visitor, open_house) -> None:
    """Without this the others could pass by looking away."""
    page = visitor
    page.add_init_script(WATCH)
    page.goto("/sign-in")
    page.evaluate("text => { document.body.innerHTML = text }", PAYLOADS[5])
    page.wait_for_timeout(200)
    assert page.evaluate(FOUND)[1], "the policy stopped it, and that was seen"
    page.goto("about:blank")
    page.set_content(PAYLOADS[5])
    page.wait_for_timeout(200)
    assert page.evaluate(FOUND)[0] == 1, "nothing stopped it, and that was seen"
