"""Whatever is sent, the interface answers with a described status and never with a fault of its own."""

from __future__ import annotations

from string import Formatter
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from served import client_of, serve

from access.actor import Actor
from access.policy import SIGNED_IN
from access.territory import Territory
from api.openapi import BASE
from api.routes import OPERATIONS

TEXTS = st.one_of(
    st.sampled_from(
        [
            "", "445102", "IND-13", "demo", "real", "both", "2026-11", "2026-13-45", "9" * 400,
            "'; DROP TABLE calls;--",
            "../../etc/passwd", "%00", "\x00", "\ud800", "＝１", "null", "NaN", "-1", "1e309", "2026-11-22T00:00:00Z",
            "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z", "0000", "0000-01", "9999", "9999-12-31T23:59",
        ]
    ),
    st.text(max_size=30),
)  # fmt: skip
NAMES = st.sampled_from([*{name for one in OPERATIONS for name in one.query.model_fields}, "from", "to", "x"])
JSONS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20) | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=12), inner, max_size=4),
    max_leaves=8,
)
ROWS = st.dictionaries(
    st.sampled_from(["indicator", "region", "period", "value", "observed_at", "numerator", "denominator", "dim", "x"]),
    JSONS,
    max_size=8,
)


def printable(text: str) -> str:
    """What can be put into a request at all."""
    return text.encode("utf-8", "replace").decode()


@settings(max_examples=150)
@given(data=st.data())
def test_reading_never_fails(small_client, data) -> None:
    operation = data.draw(st.sampled_from([one for one in OPERATIONS if one.method == "GET"]))
    names = [name for _, name, _, _ in Formatter().parse(operation.path) if name]
    parts = {name: quote(printable(data.draw(TEXTS)) or "x", safe="") for name in names}
    query = {data.draw(NAMES): printable(data.draw(TEXTS)) for _ in range(data.draw(st.integers(0, 3)))}
    response = small_client.get(BASE + operation.path.format(**parts), query_string=query)
    assert response.status_code in {200, 304, *operation.all_problems, 404} - {500}
    assert response.status_code < 500, response.get_data(as_text=True)


ROLES = {
    "stranger": None,
    "viewer": frozenset({"indicators.view"}),
    "officer": frozenset({"indicators.view", "sources.view", "events.view", "entries.write"}),
    "keeper": frozenset({"roles.view", "audit.view"}),
}
"""Four who ask, the first of them nobody; the others in one county."""


@pytest.fixture
def asked_as(small_cockpit):
    """Clients by role."""
    territory = Territory.of(small_cockpit.live_catalogue.current)
    known = {
        role: Actor(role, role, territory.scope(["445102"]), rights, user=role)
        for role, rights in ROLES.items()
        if rights is not None
    }
    server = serve(small_cockpit, known)
    return {role: client_of(server, role if role in known else "") for role in ROLES}


@settings(max_examples=200)
@given(data=st.data())
def test_nobody_is_answered_beyond_the_right(asked_as, data) -> None:
    """Whatever else is asked: without a name 401, without the right 403, and never a fault."""
    role = data.draw(st.sampled_from(list(ROLES)))
    operation = data.draw(st.sampled_from(OPERATIONS))
    names = [name for _, name, _, _ in Formatter().parse(operation.path) if name]
    parts = {name: quote(printable(data.draw(TEXTS)) or "x", safe="") for name in names}
    query = {data.draw(NAMES): printable(data.draw(TEXTS)) for _ in range(data.draw(st.integers(0, 2)))}
    path = BASE + operation.path.format(**parts)
    body = data.draw(JSONS) if operation.method == "POST" else None
    answer = asked_as[role].open(path, method=operation.method, query_string=query, json=body)
    rights = ROLES[role]
    if answer.status_code == 404 and any(part.strip("%2Ff./\\") == "" for part in parts.values()):
        return  # the address was another one
    if rights is None:
        assert answer.status_code == 401, path
    elif operation.right != SIGNED_IN and operation.right not in rights:
        assert answer.status_code in {403, 404}, path
    else:
        assert answer.status_code < 500, answer.get_data(as_text=True)


@settings(max_examples=150)
@given(
    rows=st.lists(ROWS | JSONS, min_size=1, max_size=4), source=st.sampled_from(["enterprise_requests", "x"]) | TEXTS
)
def test_pushing_never_fails_and_accounts_for_every_row(small_client, rows, source) -> None:
    import json

    body = json.dumps({"source": source, "readings": rows}).encode()
    response = small_client.post("/api/v1/readings", data=body, content_type="application/json")
    assert response.status_code in {200, 400, 404, 422}, response.get_data(as_text=True)
    if response.status_code == 200:
        told = response.get_json()
        assert len(told["results"]) == told["rows"] == len(rows)


@settings(max_examples=100)
@given(body=JSONS, data=st.data())
def test_deciding_never_fails(small_client, body, data) -> None:
    import json

    path = data.draw(st.sampled_from(["/quarantine/1/decision", "/entries", "/entries/1/decision"]))
    known = {"decision": "release", "note": "x", "indicator": "IND-13", "region": "445102", "period": "2026-11-01"}
    chosen = body if data.draw(st.booleans()) else {**known, data.draw(st.sampled_from([*known, "value", "dim"])): body}
    response = small_client.post(BASE + path, data=json.dumps(chosen).encode(), content_type="application/json")
    assert response.status_code in {201, 400, 404, 409, 422}, response.get_data(as_text=True)
