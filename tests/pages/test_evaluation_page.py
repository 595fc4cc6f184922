"""The evaluation page by its panels: definition printed, every figure opens its events, few cases are not ranked."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from access import sealing
from database.engine import writing
from dispatch.appeals import appeal
from dispatch.rulebook import rulebook

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "dispatch"))

from desk_people import NOW, WATER, Desk, report

PANELS = ("tools", "tiles", "rates", "standings", "events", "basis")


@pytest.fixture(autouse=True)
def sealed() -> Iterator[None]:
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    yield
    sealing.forget()
    if before is not None:
        sealing.use(before)


@pytest.fixture
def desk(cockpit) -> Desk:
    return Desk(cockpit.engine, rulebook(cockpit.live_catalogue.current), now=NOW)


@pytest.fixture
def closed(desk: Desk, cockpit) -> str:
    """An event of the real city, closed on the day it was reported; its number."""
    number = desk.closed(report("E-1", title="锡美村涵洞积水，电话13800138000"))
    cockpit.hub.refresh()
    return number


def shown(client, panel: str, query: str = "") -> str:
    answer = client.get(f"/panel/evaluation-{panel}?world=real&{query}")
    assert answer.status_code == 200, answer.text
    return answer.text


@pytest.mark.feature(162)
@pytest.mark.parametrize("query", ["", "by=department", "by=category&from=2026-11-01&to=2026-11-20", "asof=2026-11-19"])
def test_every_part_answers_with_and_without_events(client, closed: str, query: str) -> None:
    for panel in PANELS:
        shown(client, panel, query)
        assert client.get(f"/panel/evaluation-{panel}?world=demo&{query}").status_code == 200


@pytest.mark.feature(162)
def test_the_definition_stands_on_the_page_with_the_weights(client, closed: str) -> None:
    told = shown(client, "basis")
    assert "应结案数＝" in told and "按期处置率" in told and "25" in told


@pytest.mark.feature(162)
def test_every_figure_opens_its_events(client, closed: str) -> None:
    links = re.findall(r'href="(/evaluation\?[^"]+)"', shown(client, "rates"))
    assert any("part=good" in link for link in links)
    for link in {link for link in links if "measure=closed_on_time_rate" in link}:
        told = shown(client, "events", link.partition("?")[2].replace("&amp;", "&").replace("world=real&", ""))
        assert closed in told and "13800138000" not in told
    assert closed not in shown(client, "events", "measure=closed_on_time_rate&part=rest")


@pytest.mark.feature(162)
def test_one_case_is_not_ranked_and_shows_its_interval(client, closed: str) -> None:
    told = shown(client, "standings", "by=department")
    assert "不排名" in told and "水务局" in told
    assert "20.7–100.0%" in told, "Wilson interval of 1 of 1"


@pytest.mark.feature(162)
def test_as_of_a_day_before_it_there_was_nothing(client, closed: str) -> None:
    assert closed not in shown(client, "events", "measure=registered_on_time_rate&asof=2026-11-17")
    assert closed in shown(client, "events", "measure=registered_on_time_rate&asof=2026-11-18")


@pytest.mark.parametrize(
    "query",
    ["from=2026-11-22&to=2026-11-20", "asof=2099-01-01", "by=mayor", "measure=none", "department=none", "row=x"],
)
def test_what_does_not_exist_is_refused(client, query: str) -> None:
    assert client.get(f"/panel/evaluation-events?{query}").status_code == 400


@pytest.mark.feature(66)
def test_an_appeal_waits_with_the_way_to_decide_it(client, desk: Desk, closed: str) -> None:
    with writing(desk.engine) as connection:
        appeal(connection, desk.rules, closed, "closed_on_time_rate", "台风停工", by=WATER, now=desk.now)
    told = shown(client, "basis")
    assert "台风停工" in told and "待审批" in told and "/api/v1/appeals/1" in told
    assert f"/api/v1/events/{closed}/appeals" in shown(client, "basis", f"event={closed}")
