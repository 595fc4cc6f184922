"""Theme and indicator pages: what they say of the demo city, and what they say when there is nothing."""

from __future__ import annotations

import html
import json
import re
from itertools import pairwise

import pytest

THEME = ("head", "tiles", "trend", "regions", "side", "parts", "table")


def panel(product, name: str, query: str) -> str:
    status, body, _ = product.get(f"/panel/{name}?{query}")
    assert status == 200, body[:400]
    return body.decode()


def chart(text: str) -> dict:
    found = re.search(r'data-chart="([^"]*)"', text)
    assert found, text[:400]
    return json.loads(html.unescape(found[1]))


def test_every_panel_of_every_theme_answers_on_an_empty_database(client, cockpit) -> None:
    for theme in cockpit.live_catalogue.current.themes:
        for name in THEME:
            answer = client.get(f"/panel/theme-{name}?id={theme}")
            assert answer.status_code == 200, (theme, name, answer.text[:300])
    text = client.get("/panel/theme-trend?id=macro_economy").text
    assert "没有数据" in text and "data-chart" not in text


@pytest.mark.parametrize("query", ["focus=XYZ-99", "cycle=w", "side=pies", "region=1", "world=mars"])
def test_what_does_not_exist_is_refused_in_words(client, query) -> None:
    answer = client.get(f"/panel/theme-parts?id=macro_economy&{query}")
    assert answer.status_code == 400 and "没有" in answer.text


@pytest.mark.feature(29)
@pytest.mark.feature(157)
def test_the_trend_of_an_amount_is_the_year_against_its_usual_pace(running_product) -> None:
    text = panel(running_product, "theme-trend", "id=macro_economy&focus=ECO-07&world=demo")
    for words in ("全年完成", "往年此时", "后期须增长", "照往年节奏", "对往年节奏"):
        assert words in text
    made = chart(text)
    assert made["goal"]["words"].startswith("年度目标") and made["before"]["words"] == "上年同期"
    assert len(made["names"]) > len(made["values"]), "the rest of the year is there, as expected from past years"


@pytest.mark.feature(29)
def test_a_growth_goal_says_what_the_rest_of_the_year_must_bring(running_product) -> None:
    text = panel(running_product, "theme-trend", "id=macro_economy&focus=ECO-08&world=demo")
    assert "余下各月须增" in text and "提案" in text and "同比" in text and "2025-" in text


@pytest.mark.feature(29)
def test_quarters_and_years_come_from_the_address(running_product) -> None:
    quarters = chart(panel(running_product, "theme-trend", "id=macro_economy&focus=ECO-08&cycle=q&world=demo"))
    assert any("季度" in name or "1–9月" in name for name in quarters["names"])
    years = chart(panel(running_product, "theme-trend", "id=macro_economy&focus=ECO-08&cycle=y&world=demo"))
    assert len(years["names"]) < len(quarters["names"])


@pytest.mark.feature(28)
@pytest.mark.feature(31)
def test_regions_lead_to_themselves_and_are_ranked_on_request(running_product) -> None:
    made = chart(panel(running_product, "theme-regions", "id=macro_economy&focus=ECO-08&world=demo"))
    assert made["rows"][0]["name"] == "全市" and len(made["rows"]) == 5
    assert all("region=" in row["href"] for row in made["rows"][1:])
    table = panel(running_product, "theme-regions", "id=macro_economy&focus=ECO-08&rank=1&world=demo")
    assert "人口" in table and "按指标值比较" in table
    refused = panel(running_product, "theme-regions", "id=energy_charging&focus=ECO-13&rank=1&world=demo")
    assert "不分高低，不排名" in refused


@pytest.mark.parametrize("query", ["side=regions", "side=parts", "side=parts&region=445102", "focus=ECO-01&side=parts"])
def test_the_waterfall_adds_up(running_product, query) -> None:
    steps = chart(panel(running_product, "theme-parts", f"id=macro_economy&world=demo&{query}"))["steps"]
    for earlier, later in pairwise(steps):
        start = later["from"] if later["sort"] != "total" else later["to"]
        assert start == pytest.approx(earlier["to"], abs=1e-6)


@pytest.mark.feature(32)
def test_weights_are_open_and_changing_them_changes_the_index(running_product) -> None:
    usual = panel(running_product, "theme-parts", "id=macro_economy&side=index&world=demo")
    own = panel(running_product, "theme-parts", "id=macro_economy&side=index&w=08.0&world=demo")
    assert "重点指标权重 2" in usual and "只改变您看到的数" in own and "恢复通用权重" in own
    tiles = [panel(running_product, "theme-tiles", f"id=macro_economy&world=demo{more}") for more in ("", "&w=08.0")]
    assert "通用权重" in tiles[0] and "自选权重" in tiles[1] and tiles[0] != tiles[1]


@pytest.mark.feature(26)
def test_the_guided_path_finds_the_county_by_itself(running_product) -> None:
    text = panel(running_product, "theme-side", "id=macro_economy&world=demo")
    assert text.count('class="guide"') == 1 and "region=4451" in text and "/indicator/IND-06" in text


@pytest.mark.feature(8)
def test_festivals_stand_on_the_line(running_product) -> None:
    notes = chart(panel(running_product, "indicator-trend", "id=ECO-08&world=demo"))["notes"]
    assert "春节" in {note["words"] for note in notes}


@pytest.mark.feature(36)
def test_all_counties_at_once_on_one_scale(running_product) -> None:
    made = chart(panel(running_product, "indicator-regions", "id=ECO-08&cells=1&world=demo"))
    assert len(made["cells"]) == 5 and all(cell["href"] for cell in made["cells"])


@pytest.mark.feature(35)
def test_every_line_has_its_reason_and_owner_and_how_it_stands(running_product) -> None:
    text = panel(running_product, "indicator-bands", "id=ENV-03&world=demo")
    assert "高于即关注" in text and "界内" in text and "生态环境局" in text
    goals = panel(running_product, "indicator-bands", "id=ECO-08&world=demo")
    assert "2026 年目标" in goals and "提案" in goals


@pytest.mark.feature(9)
def test_the_page_hands_out_its_figures_as_a_file(running_product) -> None:
    text = panel(running_product, "indicator-now", "id=ECO-08&world=demo&region=445102")
    address = html.unescape(re.search(r'href="(/api/[^"]*format=csv[^"]*)"', text)[1])
    status, body, _ = running_product.get(address)
    told = body.decode("utf-8-sig")
    assert status == 200 and "单位" in told and "数据截至" in told and "湘桥区" in told
