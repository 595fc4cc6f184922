"""The map's part of the interface: scope in every answer, versions browsers may keep, classes, replay, refusals."""

from __future__ import annotations

from urllib.parse import quote

import pytest

import api.answering
from access.actor import Actor, Scope
from access.rights import ALL_RIGHTS


@pytest.fixture
def as_actor(monkeypatch):
    """Makes the caller of every further request an actor with these regions."""

    def become(*regions: str) -> None:
        actor = Actor("-".join(regions), "tester", Scope(frozenset(regions)), ALL_RIGHTS)
        monkeypatch.setattr(api.answering, "caller", lambda: actor)

    return become


@pytest.fixture
def hourly(catalogue) -> str:
    """An indicator that is known by county and hour."""
    known = (i for i in catalogue.indicators.values() if i.frequency == "hourly" and "county" in i.levels)
    return next(i.code for i in known if i.aggregation != "ratio" and catalogue.source_of(i.code, "real"))


@pytest.mark.feature(10)
def test_layers_tell_theme_counts_and_mark(small_client) -> None:
    told = small_client.get("/api/v1/layers?world=demo").get_json()
    assert told["world"] == "demo" and len(told["items"]) > 10
    for one in told["items"]:
        assert sum(one["counts"]) == one["total"] and len(one["kinds"]) == len(one["counts"])
        assert (one["mark"] == "模拟") == (one["provenance"] == "simulated")
        points = small_client.get(one["url"]).get_json()
        assert len(points["lon"]) == len(points["number"]) == one["total"]
        assert points["mark"] == one["mark"]
    real = small_client.get("/api/v1/layers?world=real").get_json()
    assert not [one for one in real["items"] if one["provenance"] == "simulated"]
    assert small_client.get("/api/v1/layers/cameras/points?world=real").status_code == 404


def test_every_answer_of_the_map_is_narrowed_to_the_scope(small_client, as_actor) -> None:
    area = quote("box:116.3,23.3,117.4,24.4")
    asked = {
        "layers": "/api/v1/layers?world=demo",
        "points": "/api/v1/layers/cameras/points?world=demo",
        "inside": f"/api/v1/map/inside?world=demo&layer=cameras&area={area}",
        "search": "/api/v1/search?q=qiaodong",
        "values": "/api/v1/map/values?world=demo",
        "replay": "/api/v1/map/replay?world=demo",
    }
    city = {name: small_client.get(address).get_json() for name, address in asked.items()}
    as_actor("445122", "445122100")
    county = {name: small_client.get(address).get_json() for name, address in asked.items() if name != "values"}
    for name, told in county.items():
        assert told != city[name], name
    cameras = next(one for one in county["layers"]["items"] if one["key"] == "cameras")
    assert cameras["total"] == len(county["points"]["lon"]) == county["inside"]["total"]
    assert county["inside"]["total"] < city["inside"]["total"]
    assert {one["town"][:6] for one in county["inside"]["items"]} == {"445122"}
    assert not county["search"]["items"] and city["search"]["items"]
    outside = next(n for n in city["points"]["number"] if n not in county["points"]["number"])
    assert small_client.get(f"/api/v1/layers/cameras/points/{outside}?world=demo").status_code == 404
    assert small_client.get("/api/v1/map/values?region=445102").status_code == 404
    as_actor("445122", "445100")
    shades = small_client.get("/api/v1/map/values?region=445100&world=demo").get_json()["shades"]
    assert [one["region"] for one in shades] == ["445122"]


def test_an_actor_after_another_never_gets_the_other_ones_answer(small_client, as_actor) -> None:
    totals = {}
    for regions in (("445102",), ("445122",), ("445102",), ("445122",)):
        as_actor(*regions)
        answer = small_client.get("/api/v1/layers/schools/points?world=demo")
        totals.setdefault(regions, set()).add((len(answer.get_json()["lon"]), answer.headers["ETag"]))
    assert all(len(seen) == 1 for seen in totals.values())
    assert totals["445102",] != totals["445122",]


@pytest.mark.feature(11)
def test_outlines_are_kept_for_ever_by_version_and_only_then(small_client) -> None:
    from geography.drawn import shapes_version

    kept = small_client.get(f"/api/v1/map/shapes/counties?v={shapes_version()}")
    assert "immutable" in kept.headers["Cache-Control"]
    assert "immutable" not in small_client.get("/api/v1/map/shapes/counties?v=older").headers["Cache-Control"]
    assert "immutable" not in small_client.get("/api/v1/map/shapes/counties").headers["Cache-Control"]
    again = small_client.get("/api/v1/map/shapes/counties", headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304
    assert "示意" in small_client.get("/api/v1/map/shapes/towns").get_json()["note"]
    layers = {one["key"]: one for one in small_client.get("/api/v1/layers?world=demo").get_json()["items"]}
    assert "immutable" in small_client.get(layers["villages"]["url"]).headers["Cache-Control"]
    assert "immutable" not in small_client.get(layers["cameras"]["url"]).headers["Cache-Control"], "reports move on"


def test_values_have_classes_unit_and_reasons(small_client, push, hourly, catalogue) -> None:
    source = catalogue.indicators[hourly].source
    given = {"445102": 40.0, "445103": 60.0, "445122": 50.0}
    rows = [
        {"indicator": hourly, "region": region, "period": "2026-11-22T13", "value": value}
        for region, value in given.items()
    ]
    assert push(source, *rows).status_code in {200, 201, 202}
    told = small_client.get(f"/api/v1/map/values?indicator={hourly}&world=real").get_json()
    shades = {one["region"]: one for one in told["shades"]}
    assert told["mark"] is None and told["unit"] == catalogue.indicators[hourly].unit
    assert {code: shades[code]["value"] for code in given} == given
    assert shades["445102"]["step"] < shades["445122"]["step"] < shades["445103"]["step"]
    assert len(told["classes"]) == len(told["edges"]) - 1
    assert shades["445185"]["value"] is None and shades["445185"]["reason"] and shades["445185"]["step"] is None
    towns = small_client.get(f"/api/v1/map/values?indicator={hourly}&world=real&region=445102").get_json()
    assert all(one["step"] is None and one["reason"] for one in towns["shades"])


@pytest.mark.feature(18)
def test_the_replay_has_the_last_24_hours_and_says_when_there_are_none(small_client, push, hourly, catalogue) -> None:
    source = catalogue.indicators[hourly].source
    hours = [f"2026-11-22T{hour:02d}" for hour in range(8, 14)] + ["2026-11-20T10"]
    rows = [
        {"indicator": hourly, "region": region, "period": hour, "value": 40 + int(hour[-2:]) + place}
        for hour in hours
        for place, region in enumerate(("445102", "445103"))
    ]
    assert push(source, *rows).status_code in {200, 201, 202}
    told = small_client.get(f"/api/v1/map/replay?indicator={hourly}&world=real").get_json()
    assert len(told["instants"]) == 6 and told["reason"] is None
    assert told["values"]["445102"] == [40 + hour for hour in range(8, 14)]
    assert told["values"]["445122"] == [None] * 6
    assert told["steps"]["445122"] == [None] * 6
    yearly = next(i.code for i in catalogue.indicators.values() if i.frequency == "yearly")
    assert "每年" in small_client.get(f"/api/v1/map/replay?indicator={yearly}&world=real").get_json()["reason"]


@pytest.mark.parametrize(
    "address",
    [
        "/api/v1/map/inside?area=nonsense",
        "/api/v1/map/inside?area=circle:1,2",
        "/api/v1/search?q=" + "a" * 41,
        "/api/v1/map/values?indicator=ABC-99",
        "/api/v1/map/values?region=999999",
        "/api/v1/map/shapes/../../etc",
        "/api/v1/layers/none/points",
        "/api/v1/layers/cameras/points/-1",
        "/api/v1/layers?region=1&world=demo",
    ],
)
def test_what_cannot_be_answered_is_refused_in_words(small_client, address: str) -> None:
    answer = small_client.get(address)
    assert answer.status_code in {404, 422}
    assert any("\u4e00" <= one <= "\u9fff" for one in answer.get_json()["detail"])


@pytest.mark.parametrize(
    ("query", "name"),
    [("rp", "饶平县"), ("饶平", "饶平县"), ("fengxiqu", "枫溪区"), ("gxz", "古巷镇"), ("445", None)],
)
def test_search_answers_regions_villages_and_indicators(small_client, query: str, name: str | None) -> None:
    names = [one["name"] for one in small_client.get(f"/api/v1/search?q={quote(query)}").get_json()["items"]]
    assert (name in names) if name else not names


def test_search_leads_to_a_place_or_a_figure(small_client) -> None:
    kinds = {
        one["kind"]: one
        for q in ("hexi", "rp", "guimo")
        for one in small_client.get(f"/api/v1/search?q={q}&limit=50").get_json()["items"]
    }
    assert set(kinds) == {"region", "village", "indicator"}
    assert kinds["village"]["region"].startswith("445") and kinds["indicator"]["region"] is None
