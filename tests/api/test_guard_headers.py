"""Requests a foreign page made a browser send are refused; every response carries its protective headers."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from api import headers

GOOD = {"source": "enterprise_requests", "readings": [{"indicator": "IND-13", "region": "445102", "value": 1}]}
BASE = "http://127.0.0.1:8050"


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost.evil.example:8050", "", "[::2]", "127.0.0.2", "[bad"]
)
@pytest.mark.parametrize("path", ["/healthz", "/api/v1/themes", "/live", "/anything"])
def test_a_name_that_was_bound_to_this_machine_later_is_refused(small_client, host: str, path: str) -> None:
    """DNS rebinding: the browser thinks it still talks to the foreign site."""
    response = small_client.get(path, headers={"Host": host})
    assert response.status_code == 421
    assert response.mimetype == "application/problem+json"


@pytest.mark.parametrize("host", ["127.0.0.1:8050", "localhost", "LOCALHOST:1", "[::1]:8050"])
def test_this_machine_by_any_of_its_names_is_served(small_client, host: str) -> None:
    assert small_client.get("/healthz", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "sent",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:9999"},
        {"Origin": "http://localhost:8050.evil.example"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Origin": BASE, "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_what_a_foreign_page_sends_is_refused_before_it_is_read(small_client, sent: dict[str, str]) -> None:
    response = small_client.post("/api/v1/readings", json=GOOD, headers=sent, base_url=BASE)
    assert (response.status_code, response.mimetype) == (403, "application/problem+json")


@pytest.mark.parametrize("sent", [{}, {"Origin": BASE}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}])
def test_own_pages_and_programs_may_write(small_client, sent: dict[str, str]) -> None:
    assert small_client.post("/api/v1/readings", json=GOOD, headers=sent, base_url=BASE).status_code == 200


@pytest.mark.parametrize(
    "path", ["/healthz", "/readyz", "/metrics", "/version", "/live/version", "/api/v1/themes", "/api/v1/docs", "/api/x"]
)
def test_every_answer_is_protected(small_client, path: str) -> None:
    headers = small_client.get(path).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert "Access-Control-Allow-Origin" not in headers


def test_a_page_that_says_nothing_of_keeping_is_not_kept() -> None:
    server = Flask("pages")
    server.add_url_rule("/", "page", lambda: "<p>")
    server.add_url_rule("/script", "script", lambda: Response("x", mimetype="text/javascript"))
    headers.apply(server, policy=headers.page_policy)
    client = server.test_client()
    assert client.get("/").headers["Cache-Control"] == "no-store"
    assert "Cache-Control" not in client.get("/script").headers


def test_pages_run_own_scripts_only(small_client) -> None:
    policy = small_client.get("/no/such/page").headers["Content-Security-Policy"]
    (scripts,) = [part for part in policy.split("; ") if part.startswith("script-src")]
    assert scripts == "script-src 'self'"
    assert "frame-ancestors 'none'" in policy
