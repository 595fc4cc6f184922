"""Open311 GeoReport v2: what common clients send is understood, answers have the standard's shapes, keys are needed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from jsonschema import Draft4Validator
from served import serve

from access.actor import Actor, Scope
from access.rights import ALL_RIGHTS
from people import EVERYTHING, TOKEN

BASE = "/open311/v2"
SCHEMAS = Path(__file__).resolve().parents[3] / "shared" / "data" / "open311" / "georeport-v2"
FORM = {
    "service_code": "S0403",
    "lat": "23.6995",
    "long": "116.6405",
    "description": "锡美村涵洞积水，电话 13800138000",
}
CROWD = {
    TOKEN: EVERYTHING,
    "stranger": Actor("stranger", "tester", Scope(frozenset({"445122"})), ALL_RIGHTS, user="stranger"),
    "reader": Actor("reader", "tester", Scope(None), frozenset({"events.view"}), user="reader"),
}


@pytest.fixture
def client(small_cockpit):
    return serve(small_cockpit, CROWD).test_client()


@pytest.fixture
def reported(client) -> str:
    """The number of a request sent as python-three and curl send it: a form with the key in it."""
    answer = client.post(f"{BASE}/requests.json", data={**FORM, "api_key": TOKEN})
    assert answer.status_code == 201, answer.get_data(as_text=True)
    return str(answer.json[0]["service_request_id"])


def get(client, path: str, **query: str):
    return client.get(f"{BASE}/{path}", query_string={"api_key": TOKEN, **query})


def validate(name: str, value: Any) -> None:
    """By the standard's own schema, references between its files resolved."""
    if not SCHEMAS.exists():
        pytest.skip("the schemas of GeoReport v2 are not at hand (../shared/data/open311)")

    def read(file: str) -> Any:
        found = json.loads((SCHEMAS / file).read_text())
        if "items" in found and "$ref" in found["items"]:
            found["items"] = read(found["items"]["$ref"])
        return found

    Draft4Validator(read(f"{name}.json")).validate(value)


@pytest.mark.feature(125)
def test_answers_are_of_the_standards_shapes(client, reported) -> None:
    services = get(client, "services.json").json
    validate("services", services)
    for one in services[:3]:
        validate("service", one)
        validate("service-definition", get(client, f"services/{one['service_code']}.json").json)
    listed = get(client, "requests.json").json
    validate("requests", listed)
    assert [one["service_request_id"] for one in listed] == [reported]
    (one,) = get(client, f"requests/{reported}.json").json
    validate("request", one)
    assert (one["status"], one["service_code"], one["lat"]) == ("open", "S0403", 23.6995)
    assert "13800138000" not in json.dumps(listed)


def test_xml_tells_the_same_as_json(client, reported) -> None:
    answer = get(client, f"requests/{reported}.xml")
    assert answer.mimetype == "text/xml"
    (found,) = ElementTree.fromstring(answer.data).iter("request")
    assert found.findtext("service_request_id") == reported
    accepted = client.get(f"{BASE}/services?api_key={TOKEN}", headers={"Accept": "text/xml"})
    assert ElementTree.fromstring(accepted.data).tag == "services"
    discovery = ElementTree.fromstring(get(client, "discovery.xml").data)
    assert discovery.findtext("endpoints/endpoint/type") == "production"
    assert get(client, "services.json").mimetype == "application/json"


def test_a_retry_with_its_key_is_one_request_and_a_token_is_the_number(client, reported) -> None:
    def send() -> dict[str, Any]:
        form = {**FORM, "api_key": TOKEN}
        return client.post(f"{BASE}/requests.json", data=form, headers={"Idempotency-Key": "a"}).json[0]

    first, again = send(), send()
    assert first == again
    assert first["service_request_id"] != reported
    assert get(client, f"tokens/{reported}.json").json[0]["service_request_id"] == reported


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"service_code": ""}, 400),
        ({"service_code": "nothing"}, 404),
        ({"lat": "", "long": ""}, 400),
        ({"lat": "x"}, 400),
    ],
)
def test_what_is_wrong_is_said_as_the_standard_says_it(client, form, status) -> None:
    answer = client.post(f"{BASE}/requests.json", data={**FORM, "api_key": TOKEN, **form})
    assert answer.status_code == status
    assert answer.json[0]["code"] == status
    assert answer.json[0]["description"]
    as_xml = client.post(f"{BASE}/requests.xml", data={**FORM, "api_key": TOKEN, **form})
    assert ElementTree.fromstring(as_xml.data).findtext("error/code") == str(status)


def test_filters_and_bounds(client, reported) -> None:
    assert len(get(client, "requests.json", status="open").json) == 1
    assert get(client, "requests.json", status="closed").json == []
    assert get(client, "requests.json", service_code="S0403,other").json
    assert get(client, "requests.json", service_code="other").json == []
    assert get(client, "requests.json", service_request_id=f"{reported},CZ-1").json[0]["service_request_id"] == reported
    assert get(client, "requests.json", end_date="2026-01-01T00:00:00+08:00").json == []
    assert get(client, "requests.json", start_date="yesterday").status_code == 400
    assert get(client, "requests.json", jurisdiction_id="boston.gov").status_code == 404


def test_one_with_a_key_one_of_another_county_one_without(client, reported) -> None:
    assert client.get(f"{BASE}/services.json").status_code == 401
    assert client.get(f"{BASE}/services.json?api_key=guessed").status_code == 403
    assert client.post(f"{BASE}/requests.json", data=FORM).status_code == 401
    assert get(client, f"requests/{reported}.json", api_key="stranger").status_code == 404
    assert get(client, "requests.json", api_key="stranger").json == []
    assert client.post(f"{BASE}/requests.json", data={**FORM, "api_key": "reader"}).status_code == 403
    assert client.get(f"/api/v1/events?api_key={TOKEN}").status_code == 401, "a key in the address opens nothing else"
    bearer = {"Authorization": f"Bearer {TOKEN}"}
    assert client.get(f"{BASE}/requests.json", headers=bearer).status_code == 200
