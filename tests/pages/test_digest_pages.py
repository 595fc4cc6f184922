"""今日要点 on its page, in its briefs and as a file: opened sentences, past days, nothing of other regions."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from decisions.digest import Subject
from decisions.digest_round import DigestRound

NOW = datetime(2026, 11, 22, 6, 32, 8, tzinfo=UTC)
WAVES = (0, 7, 3, 9, 1, 6, -2, 5, 8, 2, -3)
pytestmark = pytest.mark.feature(120)


@pytest.fixture
def issued(cockpit, arrive):
    """Texts of yesterday and today of the city, a theme and a county."""
    for n in range(62):
        arrive("ENV-01", f"2026-11-{20 + n // 24:02d}T{n % 24:02d}", 84.0 + WAVES[n % 11] + (50 if n == 61 else 0))
    arrive("TRF-06", "2026-11-22T12", 3.0, region="445102")
    catalogue = cockpit.live_catalogue.current
    subjects = [Subject("demo", "445100"), Subject("demo", "445100", "environment"), Subject("demo", "445102")]
    rounds = DigestRound(cockpit.engine, lambda: catalogue)
    for now in (NOW - timedelta(days=1), NOW):
        rounds.issue(catalogue, subjects, now)
    cockpit.hub.refresh()
    return cockpit


def test_the_page_opens_every_sentence_onto_its_figures(client, issued) -> None:
    text = client.get("/panel/digest-text?world=demo").text
    assert "24小时内更新指标" in text and "<details>" in text and "文中写法" in text
    assert "（模拟）" in text and "2026-11-22" in text


def test_a_figure_leads_to_its_own_page(client, issued) -> None:
    theme = client.get("/panel/digest-text?world=demo&theme=environment").text
    assert re.search(r'href="/indicator/ENV-01\?world=demo', theme)


def test_past_days_are_read_as_they_were_issued(client, issued) -> None:
    days = client.get("/panel/digest-days?world=demo").text
    assert "2026-11-21" in days and "2026-11-22" in days
    assert "2026-11-21" in client.get("/panel/digest-text?world=demo&day=2026-11-21").text
    assert "没有要点" in client.get("/panel/digest-text?world=demo&day=2025-01-01").text


@pytest.mark.parametrize("wrong", ["day=yesterday", "edition=x", "theme=nothing", "day=2026-11-22%27"])
def test_addresses_that_name_nothing_are_refused(client, issued, wrong: str) -> None:
    assert client.get(f"/panel/digest-text?world=demo&{wrong}").status_code == 400


def test_briefs_stand_where_people_look(client, issued) -> None:
    line = client.get("/panel/digest-line?world=demo").text
    assert "今日要点" in line and 'href="/digest?world=demo"' in line
    assert "theme=environment" in client.get("/panel/digest-theme?world=demo&id=environment").text
    assert "今日要点" in client.get("/panel/digest-county?world=demo&id=445102").text
    assert "今日要点" in client.get("/panel/digest-phone?world=demo").text
    assert client.get("/panel/digest-phone?world=demo&tab=events").text == ""


def test_without_a_text_the_overview_keeps_its_room_and_the_page_says_why(client) -> None:
    assert client.get("/panel/digest-line?world=demo").text == ""
    assert "尚未出要点" in client.get("/panel/digest-text?world=demo").text
