"""The wall's panels without a browser: the rules are one click away, every layer is known, alerts colour their tile."""

from __future__ import annotations

import re

import pytest

from components.markup import markup
from components.wall_alerts import Alert, alert_counts, alert_news, alert_strip
from pages import wall_loop
from pages.wall_figures import MORE, ROWS


@pytest.mark.feature(152)
def test_the_operating_stage_unfolds_into_its_rule(client, catalogue) -> None:
    head = client.get("/panel/wall-head").text
    assert "<details" in head and "暂不判定" in head, "an empty city is not judged"
    for stage in catalogue.stage_rule.stages:
        assert stage.words in head
    assert catalogue.stage_rule.words in head


@pytest.mark.feature(2)
def test_the_rule_of_the_lights_is_one_click_from_the_counts(client, catalogue) -> None:
    assert catalogue.state_rule.words in client.get("/panel/wall-map").text


@pytest.mark.feature(6)
def test_the_ranking_shows_its_formula(client, arrive, catalogue) -> None:
    arrive("ENV-01", "2026-11-22T13", 190.0)
    table = client.get("/panel/attention-table?world=demo").text
    assert catalogue.attention_rule.words in table
    line = re.search(r'<tr data-code="ENV-01">.*?</tr>', table, re.S)
    assert line and "人口未知" in line[0] and "190" in line[0]
    assert "权重 3.0 ×" in client.get("/panel/wall-decisions?world=demo").text


def test_a_layer_is_drawn_when_it_is_chosen_and_an_unknown_one_is_refused(client) -> None:
    assert 'class="ws"' not in client.get("/panel/wall-map?world=demo").text
    chosen = client.get("/panel/wall-map?world=demo&layer=water_levels").text
    assert 'class="ws"' in chosen and 'aria-current="true"' in chosen
    assert client.get("/panel/wall-map?world=demo&layer=secret").status_code == 400
    assert client.get("/panel/wall-map?world=real&layer=water_levels").status_code == 400, "an invented layer"


def test_an_alert_fills_its_tile_and_the_stage_follows(client, monkeypatch) -> None:
    red = Alert("E1", 1, "堤防管涌", "湘桥 处置", "event_command")
    ahead = Alert("W2", 1, "水位预计超警", "水务局", "water_affairs", is_expected=True)
    for module in ("wall_figures", "wall_head", "wall_map"):
        monkeypatch.setattr(f"pages.{module}.alerts_in_force", lambda view: [red, ahead])
    tiles = client.get("/panel/wall-tiles").text
    assert tiles.count('class="t w L1"') == 1 and "红色警情，堤防管涌" in tiles
    head = client.get("/panel/wall-head").text
    assert "重点应对" in head and 'class="chip o1"' in head
    news = client.get("/panel/wall-news").text
    assert "E1" in news and "W2" not in news, "what is only expected interrupts nobody"


def test_expected_alerts_are_counted_nowhere_and_never_filled(now) -> None:
    found = [Alert("a", 2, "甲", "", "t"), Alert("b", 1, "乙", "", "t", is_expected=True)]
    assert alert_counts(found) == {1: 0, 2: 1, 3: 0, 4: 0}
    assert "乙" not in markup(alert_news(found))
    assert 'class="chip o1"' in markup(alert_strip(found, now))


def test_every_function_has_room_for_its_headlines(client) -> None:
    from pages.wall_figures import SLUGS

    for function, slug in SLUGS.items():
        rows = client.get(f"/panel/wall-{slug}").text
        assert rows.count("<a ") <= ROWS[function] + MORE[function]
        assert rows.count(" x2") == max(rows.count("<a ") - ROWS[function], 0)


def test_the_page_behind_a_stage_exists() -> None:
    import dash

    paths = {page["path"] for page in dash.page_registry.values()}
    templates = {page["path_template"] for page in dash.page_registry.values()}
    assert wall_loop.STAGE_PAGE in paths
    assert wall_loop.WALLS_PAGE.startswith("/theme/")
    assert {"/theme/<theme_id>", "/event/<number>"} <= templates
