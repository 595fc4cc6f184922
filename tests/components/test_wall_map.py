"""Names beside marks: however close events lie, no two names run into each other or under the legend."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from components.county_map import WIDTH, Sheet
from components.markup import markup
from components.place import Place
from components.wall_map import MAP_ROOM, Pin, Scene, situation_map
from indicators.reading import World

SHEET = Sheet(116.2, 23.3, 117.2, 24.3)
NAMED = re.compile(r'class="pin m\d([^"]*)" role="img" style="left:([\d.]+)%;top:([\d.]+)%"[^>]*><b>\d</b><span>')
SPOTS = st.lists(st.tuples(st.floats(116.25, 117.15), st.floats(23.35, 24.25)), min_size=1, max_size=12)


def drawn(spots: list[tuple[float, float]]) -> str:
    """The main map alone: the magnifier shows a corner without events."""
    pins = [Pin(lon, lat, 2, f"第{n}处路面塌陷险情", "处置", False, False) for n, (lon, lat) in enumerate(spots)]
    scene = Scene([], [], [], [], pins, [], (116.2, 23.3, 116.21, 23.31), len(pins), "")
    return markup(situation_map(SHEET, scene, Place(World.DEMO, "445100", "445100")))


def areas(page: str) -> list[tuple[float, float, float, float]]:
    made = []
    for look, left, top in NAMED.findall(page):
        x, y = float(left) / 100 * WIDTH, float(top) / 100 * SHEET.height
        width, half = MAP_ROOM.width * WIDTH, MAP_ROOM.height * SHEET.height / 2
        made.append((x - width if "west" in look else x, y - half, x if "west" in look else x + width, y + half))
    return made


def is_apart(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    beside = one[2] <= other[0] + 0.5 or other[2] <= one[0] + 0.5
    return beside or one[3] <= other[1] + 0.5 or other[3] <= one[1] + 0.5


@given(SPOTS)
def test_names_never_run_into_each_other_nor_out_of_the_map(spots) -> None:
    found = areas(drawn(spots))
    assert len(found) <= 3
    for n, one in enumerate(found):
        assert one[0] >= -0.5 and one[2] <= WIDTH + 0.5
        assert all(is_apart(one, other) for other in found[:n])


def test_of_two_events_at_one_place_one_is_named() -> None:
    assert len(areas(drawn([(116.6, 23.7), (116.6005, 23.7005)]))) == 1
    assert len(areas(drawn([(116.6, 23.7), (116.6, 23.9)]))) == 2


def test_under_the_legend_stands_no_name() -> None:
    assert areas(drawn([(117.05, 24.2)])) == []
