"""The narrow gate without the storm: two counties, one server, every way one could look over the other's fence."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from access.actor import Actor
from access.policy import SIGNED_IN
from access.rights import ALL_RIGHTS
from access.territory import Territory
from api import guard, mount, mounting
from database.audit_tables import audit
from database.engine import open_engine, reading
from database.hub import open_hub
from database.migrate import migrate
from database.query_cache import open_cache
from indicators.cockpit import Cockpit
from indicators.live_catalogue import LiveCatalogue
from pages import panels
from pages.panels import PANELS, panel
from people import known_to

ROOT = Path(__file__).resolve().parents[2]
ONE, OTHER = "445102", "445103"
FIGURE = {ONE: 90.0, OTHER: 80.0}
PANEL = "narrow-in-this-test"


def actor(territory: Territory, region: str, rights: frozenset[str] = ALL_RIGHTS) -> Actor:
    return Actor(f"人{region}", "tester", territory.scope([region]), rights, user=f"u{region}", home=region)


@pytest.fixture
def cockpit(tmp_path: Path, now) -> Iterator[Cockpit]:
    engine = open_engine(f"sqlite:///{tmp_path / 'cockpit.db'}")
    migrate(engine)
    live, hub = LiveCatalogue(ROOT), open_hub(engine, None)
    cache = open_cache(
        None, folder=tmp_path / "frames", secret="s" * 40, hub=hub,
        catalogue_version=lambda: live.current.version, now=lambda: now,
    )  # fmt: skip
    yield Cockpit(engine, live, cache, hub, lambda: now)
    hub.stop()
    engine.dispose()


@pytest.fixture
def server(cockpit: Cockpit) -> Iterator[Flask]:
    """Panels and interface behind the guard, with one panel that shows a figure of the region in view."""
    from pages.view import readings_in_view

    def draw(view) -> str:
        beyond = "" if view.place.region == view.place.city else f" of {view.place.city}"
        return f"{view.region} {readings_in_view(view, ['IND-13'])['IND-13'].value}{beyond}"

    panel(PANEL, topics=["readings:{world}"], right="indicators.view")(draw)
    made = Flask("narrow", static_folder=None)
    made.secret_key = "a secret of the tests only"
    territory = Territory.of(cockpit.live_catalogue.current)
    known = {region: actor(territory, region) for region in (ONE, OTHER, "445100")}
    known["weak"] = actor(territory, ONE, frozenset({"roles.view"}))
    entrance = known_to(made, known, engine=cockpit.engine, now=cockpit.now)
    mounting.shut(made, entrance, hosts=guard.names(), opened={"/panel/<name>": SIGNED_IN})
    mount(made, cockpit)
    panels.mount(made, cockpit)
    made.add_url_rule("/forgotten", "forgotten", lambda: "secret")
    yield made
    PANELS.pop(PANEL)


def of(server: Flask, who: str) -> FlaskClient:
    client = server.test_client()
    client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {who}"
    return client


@pytest.fixture
def filled(server: Flask) -> Flask:
    """A figure in each county, pushed by its own people."""
    for region, value in FIGURE.items():
        row = {"indicator": "IND-13", "region": region, "period": "2026-11-21", "numerator": value / 2,
               "denominator": 50, "value": value}  # fmt: skip
        told = of(server, region).post("/api/v1/readings", json={"source": "enterprise_requests", "readings": [row]})
        assert told.get_json()["taken"] == 1, told.text
    return server


@pytest.mark.feature(109)
def test_each_sees_the_own_figure_and_not_the_others(filled) -> None:
    shown = {region: of(filled, region).get(f"/panel/{PANEL}?world=real").text for region in FIGURE}
    assert shown == {ONE: f"{ONE} 90.0", OTHER: f"{OTHER} 80.0"}
    foreign = of(filled, ONE).get(f"/panel/{PANEL}?world=real&region={OTHER}")
    absent = of(filled, ONE).get(f"/panel/{PANEL}?world=real&region=999999")
    assert (foreign.status_code, foreign.text) == (absent.status_code, absent.text)


@pytest.mark.feature(110)
def test_the_order_of_asking_changes_nothing(filled) -> None:
    for first, second in ((ONE, OTHER), (OTHER, ONE)):
        told = {region: of(filled, region).get(f"/panel/{PANEL}?world=real").text for region in (first, second)}
        assert told[ONE] != told[OTHER]
    regions = {region: of(filled, region).get("/api/v1/regions").text for region in (ONE, OTHER)}
    assert OTHER not in regions[ONE] and ONE not in regions[OTHER]


@pytest.mark.feature(110)
def test_one_address_two_lenses_two_answers(filled) -> None:
    """The same panel of the same county, once for its own people and once for the city, in both orders."""
    for first, second in (("445100", ONE), (ONE, "445100")):
        told = {who: of(filled, who).get(f"/panel/{PANEL}?world=real&region={ONE}").text for who in (first, second)}
        assert told == {ONE: f"{ONE} 90.0", "445100": f"{ONE} 90.0 of 445100"}


def test_fifty_mixed_at_once_each_get_their_own(filled) -> None:
    wanted = [ONE, OTHER] * 25

    def ask(region: str) -> str:
        return of(filled, region).get(f"/panel/{PANEL}?world=real").text

    with ThreadPoolExecutor(16) as crowd:
        told = list(crowd.map(ask, wanted))
    assert told == [f"{region} {FIGURE[region]}" for region in wanted]


@pytest.mark.feature(110)
def test_readings_exports_and_counts_of_another_county_do_not_exist(filled) -> None:
    client = of(filled, ONE)
    for path in (f"/api/v1/indicators/IND-13/readings?world=real&region={OTHER}", f"/api/v1/map/values?region={OTHER}"):
        foreign, absent = client.get(path), client.get(path.replace(OTHER, "445109"))
        assert foreign.status_code == absent.status_code == 404
        assert foreign.text.replace(OTHER, "·") == absent.text.replace("445109", "·")
        assert "80" not in foreign.text


def test_a_row_for_another_county_is_unknown_and_waits_before_nobody_there(filled) -> None:
    row = {
        "indicator": "IND-13",
        "region": OTHER,
        "period": "2026-11-20",
        "value": 1,
        "numerator": 1,
        "denominator": 100,
    }
    told = (
        of(filled, ONE).post("/api/v1/readings", json={"source": "enterprise_requests", "readings": [row]}).get_json()
    )
    assert (told["taken"], told["quarantined"]) == (0, 1)
    assert told["results"][0]["reasons"][0]["message"].startswith("没有地区")
    assert of(filled, OTHER).get("/api/v1/quarantine").get_json()["items"] == []
    assert len(of(filled, "445100").get("/api/v1/quarantine").get_json()["items"]) == 1


@pytest.mark.feature(140)
def test_who_lacks_the_right_is_told_so_and_panels_do_not_exist_for_him(filled) -> None:
    weak = of(filled, "weak")
    assert weak.get("/api/v1/themes").status_code == 403
    assert weak.post("/api/v1/entries", json={}).status_code == 403
    unknown = weak.get("/panel/no-such-panel")
    lacking = weak.get(f"/panel/{PANEL}")
    assert (unknown.status_code, unknown.text.replace("no-such-panel", PANEL)) == (lacking.status_code, lacking.text)


@pytest.mark.feature(140)
def test_a_route_nobody_listed_is_open_to_nobody(filled) -> None:
    for client in (of(filled, "445100"), of(filled, "weak")):
        answer = client.get("/forgotten")
        assert answer.status_code == 404 and "secret" not in answer.text
    assert filled.test_client().get("/forgotten").status_code == 401


@pytest.mark.feature(137)
def test_a_row_let_in_leaves_one_row_in_the_record(filled, cockpit) -> None:
    row = {
        "indicator": "IND-13",
        "region": ONE,
        "period": "2026-11-20",
        "value": 450,
        "numerator": 225,
        "denominator": 50,
    }
    of(filled, ONE).post("/api/v1/readings", json={"source": "enterprise_requests", "readings": [row]})
    (held,) = of(filled, ONE).get("/api/v1/quarantine").get_json()["items"]
    body = {"decision": "release", "note": "已核实"}
    assert of(filled, OTHER).post(f"/api/v1/quarantine/{held['id']}/decision", json=body).status_code == 404
    assert of(filled, ONE).post(f"/api/v1/quarantine/{held['id']}/decision", json=body).status_code == 200
    with reading(cockpit.engine) as connection:
        rows = connection.execute(select(audit).where(audit.c.action == "quarantine.release")).mappings().all()
    assert [(one["account"], one["object"], one["region"]) for one in rows] == [
        (f"u{ONE}", f"quarantine {held['id']}", ONE)
    ]
