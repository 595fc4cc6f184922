"""What colours a light: the worst that speaks; neither quiet, nor expected, nor another's."""

from __future__ import annotations

import pytest

from access.actor import ALL_RIGHTS, EVERYWHERE, Actor, Scope
from database.engine import reading, writing
from decisions.alerts import speaking, worst_by_region, worst_by_theme
from decisions.warning_rule import Level
from raised_warnings import raise_warning

CHIEF = Actor("陈立", "city_commander", EVERYWHERE, ALL_RIGHTS, user="chief")
COUNTY = Actor("湘桥", "county_officer", Scope(frozenset({"445102"})), ALL_RIGHTS, user="xq")
BLIND = Actor("外人", "nobody", EVERYWHERE, frozenset({"indicators.view"}), user="n")


@pytest.mark.feature(77)
def test_the_worst_speaking_level_by_region_and_theme(engine):
    with writing(engine) as connection:
        raise_warning(connection, level=4)
        raise_warning(connection, level=3)
        raise_warning(connection, level=1, quiet="由其他预警引起")
        raise_warning(connection, level=1, measure="forecast")
        raise_warning(connection, level=2, region="445122", theme="flood")
        raise_warning(connection, level=1, world="real")
    with reading(engine) as connection:
        found = speaking(connection, CHIEF, world="demo")
        assert worst_by_region(found) == {"445102": Level.YELLOW, "445122": Level.ORANGE}
        assert worst_by_theme(found) == {"water_affairs": Level.YELLOW, "flood": Level.ORANGE}
        assert worst_by_region(speaking(connection, COUNTY, world="demo")) == {"445102": Level.YELLOW}
        assert speaking(connection, BLIND, world="demo") == []
