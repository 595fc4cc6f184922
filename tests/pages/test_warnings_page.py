"""The pages of warnings and decisions without a browser: on an empty store, with a warning, by rights, silent."""

from __future__ import annotations

import html
import re
from datetime import timedelta

import pytest
from flask import Flask

from access.actor import EVERYWHERE, Actor
from database.engine import writing
from decisions import findings
from decisions.forecast_ledger import Step, issue
from decisions.warning_book import beat
from decisions.warnings import ENGINE
from pages import panels
from people import TOKEN, known_to
from raised_warnings import raise_warning
from small_city import NOW

WARNINGS = ("head", "state", "filters", "main", "detail")
DECISIONS = ("head", "tree", "monitor", "edges", "supposed", "nowcast", "counties", "cards")
EDGE = {"edge": {"cause": "ENG-03", "effect": "ECO-08", "reason": "用电先于产出"}, "is_proven": True, "lag": 1,
        "correlation": 0.5, "band": 0.3, "q": 0.01, "steady": 1.0, "months": 44, "failings": [],
        "elasticity": 0.2}  # fmt: skip
GREY_PAIR = {"cause": "ECO-10", "effect": "ECO-12", "reason": "税收随销售"}
GREY = EDGE | {"is_proven": False, "failings": ["方向与理论相反"], "edge": GREY_PAIR}
SIDES = ("", "?view=past", "?view=rules", "?view=rules&rule=rain_hour&blue=15", "?view=scores", "?warning=77",
         "?world=real")  # fmt: skip


def words(answer) -> str:
    assert answer.status_code == 200, answer.text[:300]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", answer.text)))


@pytest.fixture
def raised(cockpit) -> int:
    with writing(cockpit.engine) as connection:
        beat(connection, ENGINE, NOW, 15.0)
        number = raise_warning(connection)
        raise_warning(connection, rule="river_ahead", measure="forecast", name="预计超警", region="445100", level=3)
        raise_warning(connection, quiet="由“水位偏高”引起，随其处置", name="安静的", region="445103")
    cockpit.hub.refresh()
    return number


@pytest.mark.parametrize("query", SIDES)
def test_every_side_answers_on_an_empty_store(client, query):
    for name in WARNINGS:
        words(client.get(f"/panel/warnings-{name}{query}"))
    for name in DECISIONS:
        words(client.get(f"/panel/decisions-{name}"))


@pytest.mark.parametrize("query", ["view=pies", "of=999999", "state=gone", "theme=nothing", "since=yesterday"])
def test_what_does_not_exist_is_refused_in_words(client, query):
    assert client.get(f"/panel/warnings-main?{query}").status_code == 400


@pytest.mark.feature(84)
def test_an_engine_that_is_silent_is_said_on_top(client, cockpit):
    assert "预警引擎尚未运行" in words(client.get("/panel/warnings-state"))
    with writing(cockpit.engine) as connection:
        beat(connection, ENGINE, NOW - timedelta(minutes=10), 15.0)
        raise_warning(connection)
    cockpit.hub.refresh()
    assert "没有预警不代表平安" in words(client.get("/panel/warnings-state?world=demo&view=now"))


@pytest.mark.feature(73)
@pytest.mark.feature(76)
@pytest.mark.feature(78)
def test_forecasts_are_outlines_quiet_ones_are_folded_and_counted_apart(client, raised):
    text = client.get("/panel/warnings-main?world=demo").text
    assert 'class="chip L2"' in text and 'class="chip o3"' in text and 'class="chip L3"' not in text
    folded = text[text.index("<details") :]
    assert "安静的" in folded and "由“水位偏高”引起" in folded and "安静的" not in text[: text.index("<details")]
    state = words(client.get("/panel/warnings-state?world=demo"))
    assert "橙 1 生效 黄 0 生效" in state and "1 预计（未发生） 1 静默中" in state


def test_the_filters_of_the_address_narrow_the_list(client, raised):
    for query, is_there in (("level=2", True), ("level=4", False), ("of=445102", True), ("of=445103", False),
                            ("rule=waterlogging", True), ("state=open", True), ("state=event", False)):  # fmt: skip
        assert ("城区内涝点积水" in words(client.get(f"/panel/warnings-main?world=demo&{query}"))) is is_there, query


@pytest.mark.feature(74)
@pytest.mark.feature(80)
def test_the_detail_shows_evidence_and_what_may_be_done(client, raised):
    answer = client.get(f"/panel/warnings-detail?world=demo&warning={raised}")
    told = words(answer)
    for part in ("现值 46 厘米", "界限 40 厘米", "提案：测试", "模拟数据", "触发橙色", "派泵车", "责任单位"):
        assert part in told, part
    assert 'class="bd r2"' in answer.text and "/api/v1/warnings/1/acts" in answer.text and "属实" in told
    assert "没有这条预警" in words(client.get(f"/panel/warnings-detail?world=real&warning={raised}"))


def test_the_gravest_stands_open_until_another_is_chosen(client, raised):
    named = words(client.get(f"/panel/warnings-detail?world=demo&warning={raised}"))
    assert words(client.get("/panel/warnings-detail?world=demo")) == named
    assert 'class="w1 on"' in client.get("/panel/warnings-main?world=demo").text
    assert "没有可看的预警" in words(client.get("/panel/warnings-detail?world=demo&level=1&state=taken"))


def test_who_may_only_look_is_offered_nothing_to_do(app, cockpit, raised):
    server = Flask("looking")
    known_to(server, {TOKEN: Actor("来访", "viewer", EVERYWHERE, frozenset({"warnings.view"}), user="v")})
    panels.mount(server, cockpit)
    looking = server.test_client()
    looking.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {TOKEN}"
    assert "data-post" not in looking.get(f"/panel/warnings-detail?world=demo&warning={raised}").text
    text = looking.get("/panel/warnings-detail?view=rules&rule=rain_hour").text
    assert "data-post" not in text and "data-query" not in text


@pytest.mark.feature(71)
def test_new_bounds_are_replayed_over_the_past_before_they_are_kept(client, arrive):
    for hour, rain in enumerate((18.0, 5.0, 5.0, 22.0, 5.0, 5.0, 17.0, 5.0, 5.0)):
        arrive("WAT-03", f"2026-11-22T{hour + 5:02d}:00", rain, region="445102")
    now = words(client.get("/panel/warnings-detail?view=rules&rule=rain_hour&world=demo"))
    assert "湘桥 1 1 2.0 小时 2.0 小时" in now and "按试算值修改" not in now
    tried = words(client.get("/panel/warnings-detail?view=rules&rule=rain_hour&blue=15&world=demo"))
    assert "湘桥 1 3 2.0 小时 6.0 小时" in tried and "蓝1 → 蓝3" in tried and "按试算值修改" in tried
    wrong = words(client.get("/panel/warnings-detail?view=rules&rule=rain_hour&blue=45&world=demo"))
    assert "试算值不成立" in wrong


@pytest.mark.feature(81)
def test_score_cards_count_what_people_said(client, cockpit, raised):
    with writing(cockpit.engine) as connection:
        raise_warning(connection, verdict="confirmed")
        raise_warning(connection, verdict="false")
    cockpit.hub.refresh()
    told = words(client.get("/panel/warnings-main?view=scores&world=demo&days=7"))
    assert re.search(r"城区内涝点积水 4 3 [\d.]+ 1 1 2 0 — 50%", told), told[:300]


@pytest.mark.feature(86)
@pytest.mark.feature(87)
def test_the_record_of_forecasts_says_why_a_model_is_silent(client, cockpit, arrive):
    arrive("ECO-08", "2026-10", 3.0)
    steps = [Step("2026-11", 3.0, 2.0, 4.0, 1.0, 5.0, 2.5)]
    with writing(cockpit.engine) as connection:
        issue(connection, ("demo", "ECO-08", "445100"), origin="2026-10", model="naive", reason="历史太短", steps=steps,
              now=NOW)  # fmt: skip
    told = words(client.get("/panel/indicator-forecast?id=ECO-08&world=demo"))
    assert "模型不发言： 历史太短" in told and "2.5" in told and "4.0" not in told and "尚无可核对的预测" in told
    assert "没有预测" in words(client.get("/panel/indicator-forecast?id=ECO-08&world=real"))


@pytest.mark.feature(89)
@pytest.mark.feature(156)
def test_grey_edges_are_drawn_dashed_and_hand_nothing_on(client, cockpit, arrive):
    arrive("ECO-08", "2026-10", 3.0)
    body = {"edges": [EDGE, GREY], "least_months": 30, "spreads": {"ECO-08": 1.0}}
    with writing(cockpit.engine) as connection:
        findings.put(
            connection, world="demo", model="transmission", region="445100", period="2026-10", body=body, now=NOW
        )
    cockpit.hub.refresh()
    edges = client.get("/panel/decisions-edges?world=demo")
    assert edges.text.count('class="ed un"') == 1 and "方向与理论相反" in words(edges) and "1 个月" in words(edges)
    supposed = client.get("/panel/decisions-supposed?world=demo&s_ENG-03=2&s_ECO-10=5")
    told = words(supposed)
    assert "+0.40 pp 1 个月后" in told and "情景测算，非因果" in told
    assert "s_ECO-10" not in supposed.text and "地方一般公共预算收入" not in told
    assert "尚未假定变化" in words(client.get("/panel/decisions-supposed?world=demo&s_ENG-03=nan"))


@pytest.mark.feature(77)
def test_the_theme_and_the_map_take_the_worst_level_that_speaks(client, raised, arrive):
    arrive("WAT-05", "2026-11-22T14:20", 46.0)
    theme = client.get("/panel/theme-head?id=water_affairs&world=demo").text
    assert "橙色预警" in theme and "theme=water_affairs" in theme
    assert "预警" not in words(client.get("/panel/theme-head?id=macro_economy&world=demo"))
    table = client.get("/panel/map-regions?indicator=WAT-05&world=demo").text
    assert table.count('class="chip L2"') <= 1 and 'class="chip L3"' not in table  # neither quiet nor expected
    elsewhere = client.get("/panel/theme-head?id=water_affairs&world=demo&region=445122").text
    assert "橙色预警" not in elsewhere
