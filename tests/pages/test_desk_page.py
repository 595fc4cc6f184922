"""The desk's panels: rows of one's own scope, filters of the address, no wall, nothing personal."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask import Flask

from access import sealing
from access.actor import LOOPBACK, Actor
from access.policy import OFF_SCREENS, admits
from access.rights import ALL_RIGHTS
from access.territory import Territory
from database.engine import writing
from dispatch.intake import receive
from dispatch.report import Report
from dispatch.rulebook import rulebook
from pages import panels
from people import known_to

PLACES = {"445102": (116.6405, 23.6995), "445103": (116.68, 23.46), "445122": (117.0, 23.66)}
ROW = re.compile(r'data-row="(CZ-[^"]+)"')
COUNT = re.compile(r'data-tab="(\w+)"[^>]*>[^<]*<b class="n">(\d+)</b>')


@pytest.fixture
def reported(cockpit):
    """Two events in each of three counties; number → county."""
    before = sealing.keyring()
    sealing.use(sealing.Keyring(sealing.INTL, ("a secret of the tests, long enough to be one",)))
    rules, found = rulebook(cockpit.live_catalogue.current), {}
    for code, (lon, lat) in PLACES.items():
        for at in range(2):
            what = Report(
                f"道路积水{at} 13800138000", "hotline", f"{code}-{at}", cockpit.now() - timedelta(minutes=9),
                description="水漫到膝盖", lon=lon, lat=lat, level=2 if at else 4,
            )  # fmt: skip
            with writing(cockpit.engine) as connection:
                event = receive(connection, rules, what, by=LOOPBACK, now=cockpit.now()).event
            found[event.number] = event.county
    cockpit.hub.refresh()
    yield found
    sealing.forget()
    if before is not None:
        sealing.use(before)


def asked(cockpit, path: str, region: str = "", kind: str = "person", rights=ALL_RIGHTS):
    scope = Territory.of(cockpit.live_catalogue.current).scope([region or "445100"])
    server = Flask(f"desk {region} {kind}")
    known_to(server, {"one": Actor("值班员", "officer", scope, rights, user="one", home=region, kind=kind)})
    panels.mount(server, cockpit)
    return server.test_client().get(path, headers={"Authorization": "Bearer one"})


def queue(cockpit, query: str = "", region: str = "") -> str:
    answer = asked(cockpit, f"/panel/desk-queue?world=real{query}", region)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.feature(109)
def test_every_county_sees_its_own_rows_and_no_others(app, cockpit, reported) -> None:
    assert set(ROW.findall(queue(cockpit))) == set(reported)
    for code in PLACES:
        own = {number for number, county in reported.items() if county == code}
        for query in ("", "&tab=intake", "&group=in_time", "&q=积水", "&group=due_soon"):
            assert set(ROW.findall(queue(cockpit, query, code))) <= own, query
        assert set(ROW.findall(queue(cockpit, "", code))) == own
        assert asked(cockpit, "/panel/desk-queue?world=real&area=445185", code).status_code == 400
        for number in set(reported) - own:
            for name in ("desk-map", "desk-similar"):
                assert asked(cockpit, f"/panel/{name}?world=real&event={number}", code).status_code == 404


def test_counts_are_the_rows(app, cockpit, reported) -> None:
    for query in (
        "",
        "&level=2",
        "&area=445103",
        "&origin=hotline",
        "&origin=grid",
        "&q=积水1",
        "&area=445103&level=2",
    ):
        counts = dict(COUNT.findall(queue(cockpit, query)))
        for tab, count in counts.items():
            assert int(count) == len(ROW.findall(queue(cockpit, f"{query}&tab={tab}"))), (query, tab)


def test_more_rows_than_a_window_are_counted_and_offered(app, cockpit, reported, monkeypatch) -> None:
    monkeypatch.setattr("pages.desk_view.WINDOW", 4)
    monkeypatch.setattr("pages.desk_queue.WINDOW", 4)
    text = queue(cockpit)
    assert len(ROW.findall(text)) == 4
    assert "已列出 4 件，共 6 件" in text
    assert "rows=8" in text
    assert len(ROW.findall(queue(cockpit, "&rows=8"))) == 6


@pytest.mark.parametrize("query", ["&tab=none", "&level=9", "&level=x", "&group=late", "&stage=none", "&area=nowhere"])
def test_a_filter_that_is_none_is_refused(app, cockpit, query: str) -> None:
    assert asked(cockpit, f"/panel/desk-queue?world=real{query}").status_code == 400


def test_nothing_personal_stands_on_the_desk(app, cockpit, reported) -> None:
    number = next(iter(reported))
    for name in ("desk-queue", "desk-map", "desk-similar", "desk-head", "desk-next"):
        for chosen in (number, ""):
            text = asked(cockpit, f"/panel/{name}?world=real&event={chosen}").text
            assert "13800138000" not in text, name


KIND = re.compile(r"tab=(\w+)[^>]*>([^<]+)</a><b class=\"n\">(\d+)</b>")
OPENS = re.compile(r"event=(CZ-[^&\"]+)")


def waiting(cockpit, region: str = "", **who) -> str:
    answer = asked(cockpit, "/panel/desk-next?world=real", region, **who)
    assert answer.status_code == 200
    return answer.text


def test_while_nothing_is_chosen_the_middle_says_what_waits_for_this_seat(app, cockpit, reported) -> None:
    city = waiting(cockpit)
    assert KIND.findall(city) == [("intake", "待受理", "6")]
    assert len(set(OPENS.findall(city))) == 5, "the most pressing, and how many more"
    assert "另有 1 件" in city
    for code in PLACES:
        own = {number for number, county in reported.items() if county == code}
        assert set(OPENS.findall(waiting(cockpit, code))) == own, code
    number = next(iter(reported))
    assert asked(cockpit, f"/panel/desk-next?world=real&event={number}").text.strip() == "", "then it is about that one"


def test_what_waits_is_work_of_ones_own_rights_the_most_pressing_first(app, cockpit, reported) -> None:
    idle = waiting(cockpit, rights=frozenset({"events.view"}))
    assert "没有等本席办理的事件" in idle
    assert not OPENS.findall(idle)
    due = re.findall(r'data-due="([^"]+)"', waiting(cockpit))
    assert len(due) == 5
    assert due == sorted(due)


def test_text_of_the_address_is_only_text(app, cockpit, reported) -> None:
    text = queue(cockpit, "&q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script" not in text
    assert "这里没有事件" in text


def test_no_wall_gets_the_desk(app) -> None:
    import dash

    from pages.doors import need_of

    page = next(one for one in dash.page_registry.values() if one["path"] == "/desk")
    need = need_of(page)
    assert need == f"{OFF_SCREENS}events.view"
    person = Actor("值班员", "officer", rights=frozenset({"events.view"}))
    wall = Actor("大屏", "screen", rights=frozenset({"events.view"}), kind="screen")
    assert admits(need, person)
    assert not admits(need, wall)
    assert not admits(need, None)
    assert not admits(need, Actor("他人", "officer"))


def test_the_head_counts_what_the_queue_lists(app, cockpit, reported) -> None:
    text = asked(cockpit, "/panel/desk-head?world=real").text
    assert re.search(r'data-figure="open".*?<span class="n">6<', text)
    urgent = re.search(r'data-urgent="([^"]*)"', text)[1].split()
    assert len(urgent) == 3
    assert set(urgent) <= set(reported)


@pytest.mark.feature(19)
def test_the_wall_leads_people_to_the_desk_and_screens_nowhere(app, cockpit, reported) -> None:
    """And no number of a telephone that somebody wrote into a title stands on a wall."""
    screens = frozenset({"indicators.view", "events.view"})
    for kind, rights, is_person in (("person", ALL_RIGHTS, True), ("screen", screens, False)):
        loop = asked(cockpit, "/panel/wall-loop?world=real", kind=kind, rights=rights).text
        assert ("/desk?" in loop) is is_person
        assert ("/theme/event_command" in loop) is not is_person
        for name in ("wall-ticker", "wall-map", "wall-happenings"):
            text = asked(cockpit, f"/panel/{name}?world=real", kind=kind, rights=rights).text
            assert ("/event/CZ-" in text) is is_person, name
            assert "13800138000" not in text, name


def test_without_a_choice_the_map_shows_what_is_open(app, cockpit, reported) -> None:
    text = asked(cockpit, "/panel/desk-map?world=real").text
    assert len(re.findall(r'data-href="/desk\?[^"]*event=CZ-', text)) == len(reported)
    own = asked(cockpit, "/panel/desk-map?world=real", "445103").text
    assert len(re.findall(r'data-href="/desk\?[^"]*event=CZ-', own)) == 2


def test_a_chosen_event_shows_its_neighbours_of_the_scope(app, cockpit, reported) -> None:
    first, second = (number for number, county in reported.items() if county == "445103")
    text = asked(cockpit, f"/panel/desk-map?world=real&event={first}", "445103").text
    assert f"event={second}" in text
    assert "1 km" in text
    assert "2 km" in text
    similar = asked(cockpit, f"/panel/desk-similar?world=real&event={first}", "445103").text
    assert f"event={second}" in similar
