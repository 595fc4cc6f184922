"""Requests made up from our own OpenAPI document, by an outside tool that knows no mercy and asks as four roles."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from served import client_of, serve

from access.actor import Actor
from access.rights import ALL_RIGHTS
from access.territory import Territory

schemathesis = pytest.importorskip("schemathesis", reason="requirements-dev.txt is not installed")

pytestmark = [pytest.mark.slow, pytest.mark.feature(123)]

REQUESTS = 300
"""Made-up requests for each role; all four together well within a minute."""
REFUSED = {401, 404, 405, 413, 421}
"""What a stranger hears."""
ROLES = {
    "stranger": None,
    "viewer": frozenset({"indicators.view"}),
    "officer": frozenset({"indicators.view", "sources.view", "events.view", "events.report", "entries.write"}),
    "chief": ALL_RIGHTS,
}


@pytest.fixture
def asked_as(small_cockpit) -> dict[str, Any]:
    """Clients by role; the first is nobody."""
    territory = Territory.of(small_cockpit.live_catalogue.current)
    known = {
        role: Actor(role, role, territory.scope(["445102"]), rights, user=role)
        for role, rights in ROLES.items()
        if rights is not None
    }
    server = serve(small_cockpit, known)
    return {role: client_of(server, role if role in known else "") for role in ROLES}


def operations(client: Any) -> list[Any]:
    """Every operation of the document as it is served."""
    document = client.get("/api/v1/openapi.json").get_json()
    return [found.ok() for found in schemathesis.openapi.from_dict(document).get_all_operations()]


def send(client: Any, case: Any) -> Any:
    """The made-up request, as it would come over the wire."""
    query = {name: value for name, value in (case.query or {}).items() if value is not None}
    body = {} if type(case.body).__name__ == "NotSet" else {"json": case.body}
    return client.open(case.formatted_path, method=case.method, query_string=query, **body)


@pytest.mark.parametrize("role", ROLES)
def test_no_made_up_request_is_answered_by_a_fault(asked_as, role) -> None:
    every = operations(asked_as["chief"])
    assert len(every) > 30

    @settings(max_examples=REQUESTS, suppress_health_check=list(HealthCheck))
    @given(data=st.data())
    def ask(data: Any) -> None:
        case = data.draw(st.sampled_from(every).flatmap(lambda one: one.as_strategy()))
        answer = send(asked_as[role], case)
        asked = f"{case.method} {case.formatted_path}"
        assert answer.status_code < 500, f"{asked}: {answer.get_data(as_text=True)[:400]}"
        assert role != "stranger" or answer.status_code in REFUSED, f"{asked} asked for nobody's name"
        told.add(answer.status_code)

    told: set[int] = set()
    ask()
    assert role != "chief" or 200 in told, f"nothing got through to be tried: {told}"
