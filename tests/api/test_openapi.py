"""The description of the interface is valid OpenAPI 3.1, complete, and every answer is as it describes."""

from __future__ import annotations

import re

import pytest
from flask import Flask
from jsonschema import Draft202012Validator
from served import serve

from api.docs import page
from api.openapi import BASE, document
from api.routes import OPERATIONS
from database.engine import writing
from decisions import findings
from raised_warnings import raise_warning
from small_city import NOW as MOMENT

DOCUMENT = document(OPERATIONS, version="1")
GOOD = {
    "indicator": "IND-13",
    "region": "445102",
    "period": "2026-11-21",
    "numerator": 45,
    "denominator": 50,
    "value": 90,
}
BAD = {**GOOD, "region": "445103", "value": 450, "numerator": 225}

OPENAPI_SHAPE = {
    "type": "object",
    "required": ["openapi", "info", "paths", "components"],
    "properties": {
        "openapi": {"const": "3.1.0"},
        "info": {"type": "object", "required": ["title", "version"]},
        "paths": {
            "type": "object",
            "propertyNames": {"pattern": "^/"},
            "additionalProperties": {
                "type": "object",
                "propertyNames": {"enum": ["get", "post"]},
                "additionalProperties": {
                    "type": "object",
                    "required": ["operationId", "summary", "tags", "parameters", "responses"],
                    "properties": {
                        "parameters": {
                            "items": {
                                "required": ["name", "in", "required", "schema"],
                                "properties": {"in": {"enum": ["path", "query", "header"]}},
                            }
                        },
                        "responses": {
                            "type": "object",
                            "propertyNames": {"pattern": "^[1-5][0-9][0-9]$"},
                            "additionalProperties": {"type": "object", "required": ["description"]},
                        },
                    },
                },
            },
        },
    },
}
"""What the standard asks of the parts we use."""


def schema_of(part: dict[str, object]) -> Draft202012Validator:
    """A validator for a schema of the document, references included."""
    return Draft202012Validator({**part, "components": DOCUMENT["components"]})


@pytest.mark.feature(123)
def test_the_document_is_openapi_and_its_schemas_are_json_schemas() -> None:
    Draft202012Validator(OPENAPI_SHAPE).validate(DOCUMENT)
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_reference_leads_somewhere() -> None:
    for target in re.findall(r'"\$ref": ?"#/components/schemas/([^"]+)"', str(DOCUMENT).replace("'", '"')):
        assert target in DOCUMENT["components"]["schemas"]


def test_operation_names_are_unique() -> None:
    names = [operation.name for operation in OPERATIONS]
    assert len(names) == len(set(names))


@pytest.fixture
def filled(small_client, small_engine):
    """Readings in both worlds, one row in quarantine, a warning, a finding, an event and a shift handed over."""
    with writing(small_engine) as connection:
        raise_warning(connection)
        findings.put(
            connection, world="demo", model="nowcast", region="445100", period="2026-Q4", now=MOMENT,
            body={"quarter": "2026-Q4", "made": None, "reason": "历史不足"},
        )  # fmt: skip
    for source in ("enterprise_requests", "demo_enterprise_requests"):
        answer = small_client.post("/api/v1/readings", json={"source": source, "readings": [GOOD, BAD]})
        assert answer.status_code == 200
    event = {"title": "积水", "origin": "hotline", "origin_id": "1", "reported_at": "2026-11-22T06:00:00Z"}
    assert small_client.post("/api/v1/events", json=event, headers={"Idempotency-Key": "1"}).status_code == 201
    assert small_client.post("/api/v1/handovers", json={"region": "445100"}).status_code == 201
    return small_client


EXAMPLES = {
    "code": "IND-13",
    "key": "enterprise_requests",
    "id": "1",
    "model": "nowcast",
    "layer": "towns",
    "number": "0",
    "name": "counties",
}
READS = [operation for operation in OPERATIONS if operation.method == "GET" and operation.file is None]


@pytest.mark.feature(123)
@pytest.mark.parametrize("operation", READS, ids=lambda operation: operation.name)
def test_every_read_answers_as_described(operation, filled) -> None:
    url = BASE + operation.path.format(**EXAMPLES)
    response = filled.get(url, query_string={"region": "445102", "period": "2026-11-21"} if "proof" in url else {})
    assert response.status_code == 200, response.get_data(as_text=True)
    described = DOCUMENT["paths"][BASE + operation.path]["get"]["responses"]["200"]["content"]["application/json"]
    schema_of(described["schema"]).validate(response.get_json())
    if response.headers["Cache-Control"] != "no-store":  # of a person's own or of the audit record nothing is kept
        assert response.headers["ETag"]
        assert response.headers["X-Frame-At"]


def test_the_answer_to_a_push_is_as_described(small_client) -> None:
    response = small_client.post("/api/v1/readings", json={"source": "enterprise_requests", "readings": [GOOD, BAD]})
    described = DOCUMENT["paths"]["/api/v1/readings"]["post"]["responses"]["200"]["content"]["application/json"]
    schema_of(described["schema"]).validate(response.get_json())


@pytest.mark.parametrize("operation", READS, ids=lambda operation: operation.name)
def test_every_read_refuses_an_unknown_parameter_with_a_described_problem(operation, small_client) -> None:
    response = small_client.get(BASE + operation.path.format(**EXAMPLES), query_string={"regoin": "445102"})
    assert response.status_code == 422
    described = DOCUMENT["paths"][BASE + operation.path]["get"]["responses"]["422"]["content"]
    schema_of(described["application/problem+json"]["schema"]).validate(response.get_json())
    assert response.get_json()["errors"][0]["where"] == "regoin"


def test_every_route_below_the_interface_is_described(small_cockpit) -> None:
    server: Flask = serve(small_cockpit)
    routed = {
        re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)
        for rule in server.url_map.iter_rules()
        if rule.rule.startswith(BASE)
    }
    own = {BASE + "/openapi.json", BASE + "/docs", BASE + "/docs.css"}
    assert routed - own == set(DOCUMENT["paths"])


def test_the_page_for_people_names_every_operation_and_loads_nothing_outside(small_client) -> None:
    response = small_client.get("/api/v1/docs")
    text = response.get_data(as_text=True)
    for operation in OPERATIONS:
        assert BASE + operation.path in text
        assert operation.summary in text
    assert "<script" not in text
    assert set(re.findall(r'(?:src|href)="([^"#]+)"', text)) == {"/", "/api/v1/docs.css", "/api/v1/openapi.json"}
    assert "style=" not in text
    assert small_client.get("/api/v1/docs.css").status_code == 200
    anchors = set(re.findall(r'id="([^"]+)"', text))
    assert set(re.findall(r'href="#([^"]+)"', text)) <= anchors


def test_the_page_escapes_what_it_is_given() -> None:
    harmful = {**DOCUMENT, "info": {"title": "<script>", "version": "1", "description": "&"}}
    assert "<script>" not in page(harmful)
