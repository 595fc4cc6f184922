"""County and town pages by their panels: own figures beside the city's, what is owed, and nothing of the neighbours."""

from __future__ import annotations

import re

import pytest
from flask import Flask

from access.actor import Actor, Scope
from access.rights import ALL_RIGHTS
from pages import panels
from people import known_to

NAMES = ("head", "cards", "lights", "cases", "map", "towns", "due", "news", "compare")
COUNTIES = ("445102", "445103", "445122", "445185")


@pytest.mark.parametrize("code", ["445102", "445185", "445102100", "4451-FQH"])
def test_every_panel_answers_for_counties_towns_and_zones(client, code: str) -> None:
    for name in NAMES:
        answer = client.get(f"/panel/county-{name}?id={code}")
        assert answer.status_code == 200, (name, answer.text)


@pytest.mark.parametrize("code", ["", "445100", "999999", "../445102"])
def test_no_county_is_refused_in_words(client, code: str) -> None:
    answer = client.get(f"/panel/county-cards?id={code}")
    assert answer.status_code == 400
    assert answer.json["title"] == "地址有误"
    assert re.search("县区", answer.json["detail"])


@pytest.mark.feature(112)
def test_a_county_sees_its_share_of_a_total_and_the_gap_of_a_rate(client, arrive) -> None:
    arrive("ECO-01", "2026-Q3", 250.0, region="445102")
    arrive("ECO-01", "2026-Q3", 1000.0, region="445100")
    arrive("ECO-02", "2026-Q3", 3.0, region="445102")
    arrive("ECO-02", "2026-Q3", 4.5, region="445100")
    told = client.get("/panel/county-compare?id=445102").text
    assert "占全市 25%" in told.replace("25.0%", "25%")
    assert "低 1.5pp" in told and "劣于全市" in told


@pytest.mark.feature(112)
def test_the_city_line_of_another_period_is_not_compared(client, arrive) -> None:
    arrive("ECO-02", "2026-Q3", 3.0, region="445102")
    arrive("ECO-02", "2026-Q2", 4.5, region="445100")
    assert "没有同一时期的可比数据" in client.get("/panel/county-compare?id=445102").text


def test_the_lights_of_a_county_are_27_and_its_own(client, arrive) -> None:
    arrive("ENV-01", "2026-11-22T13", 400.0, region="445102")
    own = client.get("/panel/county-lights?id=445102").text
    assert own.count("<a ") == 27 and 'class="t at"' in own
    assert 'class="t at"' not in client.get("/panel/county-lights?id=445103").text
    assert "region=445102" in own, "a tile keeps the county on the way to the theme"


def test_a_town_is_shown_inside_its_county_and_lists_its_villages(client) -> None:
    assert 'class="chosen"' in client.get("/panel/county-map?id=445102100").text
    villages = client.get("/panel/county-towns?id=445102100").text
    assert "锡美村民委员会" in villages
    way = client.get("/panel/county-head?id=445102100").text
    assert way.count('class="bk"') == 2 and 'data-up="true"' in way and "/county/445102" in way


def test_streets_that_share_a_cell_are_named_together_and_open_nothing(client) -> None:
    told = client.get("/panel/county-map?id=445102").text
    assert "城区4街道" in told
    assert "/county/445102008" not in told
    assert "/county/445102008" in client.get("/panel/county-towns?id=445102").text


def test_a_figure_that_came_once_and_is_late_is_owed(client, arrive) -> None:
    arrive("ENV-01", "2026-11-20T13", 40.0, region="445102")
    told = client.get("/panel/county-due?id=445102").text
    assert "空气质量指数" in told and "生态" in told


@pytest.fixture
def ask_as(app, cockpit):
    """Panels as somebody with these regions sees them: `ask_as({"445102"}, "county-cards?id=445102")`."""

    def ask(regions: set[str], address: str):
        server = Flask("county_under_test")
        scope = Scope(frozenset(regions))
        known_to(server, {"officer": Actor("李某", "county_officer", scope, ALL_RIGHTS, user="li")})
        panels.mount(server, cockpit)
        return server.test_client().get(f"/panel/{address}", headers={"Authorization": "Bearer officer"})

    return ask


@pytest.mark.feature(112)
def test_an_officer_of_the_county_sees_its_line_and_those_of_another_see_nothing_of_it(arrive, ask_as) -> None:
    arrive("ECO-02", "2026-Q3", 3.0, region="445102")
    arrive("ECO-02", "2026-Q3", 7.7, region="445103")
    arrive("ECO-02", "2026-Q3", 4.5, region="445100")
    own = ask_as({"445102"}, "county-compare?id=445102")
    assert own.status_code == 200 and "低 1.5pp" in own.text and "7.7" not in own.text
    assert ask_as({"445103"}, "county-compare?id=445102").status_code == 400
    assert ask_as({"445103"}, "county-cards?id=445102").status_code == 400
    assert ask_as(set(), "county-compare?id=445102").status_code in {400, 403}
