"""The phone by its panels: decisions first, every tab answers, nothing it does not know is drawn."""

from __future__ import annotations

import pytest


@pytest.mark.feature(104)
@pytest.mark.parametrize("query", ["", "tab=themes", "tab=map", "tab=events", "tab=decisions", "theme=environment"])
def test_every_place_of_the_phone_answers(client, query: str) -> None:
    for name in ("head", "body", "tabs"):
        answer = client.get(f"/panel/phone-{name}?{query}")
        assert answer.status_code == 200, (name, answer.text)
    assert client.get(f"/panel/phone-tabs?{query}").text.count('aria-current="page"') == 1


@pytest.mark.feature(104)
def test_decisions_stand_before_lights_and_figures(client) -> None:
    told = client.get("/panel/phone-body").text
    assert told.index("待决策") < told.index("专题") < told.index("指标") < told.index("事件闭环")


@pytest.mark.parametrize("query", ["tab=nowhere", "theme=nowhere", "event=none"])
def test_what_does_not_exist_is_refused(client, query: str) -> None:
    assert client.get(f"/panel/phone-body?{query}").status_code == 400


def test_a_theme_shows_its_own_figures_and_leads_on(client, arrive) -> None:
    arrive("ENV-01", "2026-11-22T13", 57.0)
    told = client.get("/panel/phone-body?theme=environment").text
    assert "57" in told and "/indicator/ENV-01" in told
    assert "ECO-" not in told
