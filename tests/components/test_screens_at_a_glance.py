"""What a glance must not get wrong: axes without impossible values, small shares readable, alerts on lamps."""

from __future__ import annotations

import pytest

from components.audit_words import object_words
from components.chart_axis import axis
from components.markup import markup
from components.numbers import scale
from components.phone_parts import lights_card, theme_rows
from components.place import Place
from components.situation import situation
from components.tile import Lit
from components.wall_alerts import Alert
from indicators.definition import Theme
from indicators.reading import World
from indicators.states import Light, ThemeState
from pages.theme_side import _share

NONE = dict.fromkeys(Light, 0)
PLACE = Place(World.DEMO, "445100", "445100")


@pytest.mark.parametrize("values", [[100.0, 100.0], [91.7, 100.0], [96.4, 98.0, 100.0]])
def test_nothing_is_drawn_above_a_hundred_per_cent(values: list[float]) -> None:
    found = axis(values, ceiling=100.0)
    assert max(found.at) <= 100.0 and found.low < min(values) and found.high >= 100.0


def test_an_axis_follows_what_does_exceed_its_ceiling() -> None:
    assert max(axis([97.0, 112.0], ceiling=100.0).at) > 100.0


def test_small_parts_of_ten_thousand_are_told_apart() -> None:
    found = scale([12_200, 5_900, 3_300], "人次")
    assert [found.plain(value, 0) for value in (12_200, 5_900, 3_300)] == ["1.22", "0.59", "0.33"]


def test_an_alert_takes_the_place_of_the_light_and_comes_first() -> None:
    calm, loud = _lit("calm", "安静"), _lit("loud", "吵闹")
    alerts = {"loud": Alert("W1", 2, "发热门诊就诊异常增长", "卫健局", "loud")}
    rows = markup(theme_rows([calm, loud], PLACE, alerts))
    assert rows.index("吵闹") < rows.index("安静") and 'class="chip L2"' in rows and "橙色警情" in rows
    card = markup(lights_card([calm, loud], ["公共服务"], PLACE, alerts))
    assert "警情 1" in card and card.count("chip L2") == 1 and card.count('class="lt') == 1


def test_alerts_are_not_added_to_the_lights() -> None:
    told = markup(situation(NONE | {Light.NORMAL: 26, Light.ATTENTION: 1}, 27, "", {1: 2, 2: 0}))
    assert "生效警情" in told and "alerts-1" in told and "alerts-2" not in told
    assert "当前没有生效警情" in markup(situation(NONE | {Light.NORMAL: 27}, 27, ""))


def _lit(key: str, name: str) -> Lit:
    theme = Theme(
        id=key, name=name, short=name, group="g", function="公共服务", dimension="d", lead=("office",),
        plan_projects=(1,), description="x",
    )  # fmt: skip
    return Lit(theme, ThemeState(key, Light.NORMAL, "", None, (), 1, 1, 0, 0), None)


def test_objects_of_the_record_are_said_in_our_words() -> None:
    assert object_words("event MN-1") == "事件 MN-1"
    assert object_words("unheard-of 7") == "unheard-of 7"


@pytest.mark.parametrize(
    ("warnings", "events", "room", "listed"),
    [(0, 23, 7, (0, 7)), (9, 9, 7, (4, 3)), (9, 0, 7, (7, 0)), (1, 9, 4, (1, 3)), (0, 0, 4, (0, 0))],
)
def test_warnings_and_events_share_the_room(warnings: int, events: int, room: int, listed: tuple[int, int]) -> None:
    assert _share(warnings, events, room) == listed
