"""The browser's files: one address per content, kept for good; answers compressed where that is safe."""

from __future__ import annotations

import gzip
import re
from pathlib import Path

import brotli
import pytest
from dash import Dash, html
from flask import Flask, Response
from flask.testing import FlaskClient

from pages import assets_served, compressed
from pages.assets_served import FOREVER, bundle, mark

LONG = "潮州" * 2000


@pytest.fixture
def server() -> Flask:
    """A server with one answer of each kind."""
    made = Flask("assets_under_test")
    compressed.mount(made)
    for path, mimetype in (("/panel/x", "text/html"), ("/signin", "text/html"), ("/panel/picture", "image/png")):
        made.add_url_rule(path, path, lambda mimetype=mimetype: Response(LONG, mimetype=mimetype))
    made.add_url_rule("/panel/short", "short", lambda: Response("短", mimetype="text/html"))
    made.add_url_rule("/panel/gone", "gone", lambda: Response(LONG, status=503, mimetype="text/html"))
    made.add_url_rule(
        "/live", "live", lambda: Response((f"data: {at}\n\n" for at in range(999)), mimetype="text/event-stream")
    )
    return made


@pytest.fixture
def client(server: Flask) -> FlaskClient:
    """A browser."""
    return server.test_client()


@pytest.mark.parametrize(
    ("asked", "encoding", "read"),
    [
        ("gzip, deflate, br", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("br;q=0, gzip", "gzip", gzip.decompress),
        ("identity", None, bytes),
        ("", None, bytes),
    ],
)
def test_every_browser_reads_the_same(client: FlaskClient, asked: str, encoding: str | None, read) -> None:
    answer = client.get("/panel/x", headers={"Accept-Encoding": asked})
    assert answer.headers.get("Content-Encoding") == encoding
    assert read(answer.data).decode() == LONG
    assert "Accept-Encoding" in answer.headers["Vary"]
    assert int(answer.headers["Content-Length"]) == len(answer.data)


@pytest.mark.parametrize("path", ["/signin", "/panel/picture", "/panel/short", "/panel/gone", "/live"])
def test_what_is_personal_short_failed_a_picture_or_a_stream_stays_as_it_is(client: FlaskClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Encoding": "br"})
    assert "Content-Encoding" not in answer.headers


def test_what_was_compressed_is_remembered_within_bounds() -> None:
    calls = []
    made = compressed.Compressor(most=100)
    original = compressed._ENCODERS["br"]
    compressed._ENCODERS["br"] = lambda body, quality: calls.append(body) or original(body, quality)
    try:
        bodies = [f"{at}".encode() * 500 for at in range(40)]
        assert [made.compress(body, "br", 5) for body in bodies] == [original(body, 5) for body in bodies]
        made.compress(bodies[-1], "br", 5)
        assert len(calls) == 40, "the newest was still known"
        made.compress(bodies[0], "br", 5)
        assert len(calls) == 41, "the oldest had gone"
    finally:
        compressed._ENCODERS["br"] = original


def test_a_bundle_has_all_numbered_files_in_order_and_another_address_for_another_content(tmp_path: Path) -> None:
    (tmp_path / "20-b.js").write_text("b()", encoding="utf-8")
    (tmp_path / "10-a.js").write_text("a()", encoding="utf-8")
    (tmp_path / "map-1.js").write_text("map()", encoding="utf-8")
    first = bundle("js", tmp_path)
    assert first.text == b"a()\n;\nb()"
    assert first.address == f"/assets/cockpit-{mark(first.text)}.js"
    (tmp_path / "20-b.js").write_text("b2()", encoding="utf-8")
    assert bundle("js", tmp_path).address != first.address


@pytest.fixture(scope="module")
def pages() -> FlaskClient:
    """A Dash program of one word with the product's own files."""
    made = Dash("served_under_test", assets_ignore=".", assets_folder=str(assets_served.ASSETS))
    made.layout = html.Div("一")
    assets_served.mount(made)
    return made.server.test_client()


def test_the_page_names_the_bundles_and_leaves_out_what_nobody_uses(pages: FlaskClient) -> None:
    text = pages.get("/").get_data(as_text=True)
    assert bundle("css").address in text
    assert text.index(bundle("js").address) < text.index("dash_renderer") < text.index("new DashRenderer")
    asked = " ".join(re.findall(r'(?:src|href)="([^"]*)"', text))
    assert not re.search(r"dash_table|polyfill|plotly|map-|/assets/\d\d-", asked)


@pytest.mark.parametrize("kind", ["css", "js"])
def test_a_bundle_is_kept_for_good_under_its_own_mark_only(pages: FlaskClient, kind: str) -> None:
    now = bundle(kind)
    assert pages.get(now.address).headers["Cache-Control"] == FOREVER
    old = pages.get(f"/assets/cockpit-000000000000.{kind}")
    assert old.status_code == 200
    assert old.data == now.text
    assert old.headers["Cache-Control"] == "no-cache", "a page from before the update must not keep the new file"
    assert pages.get("/assets/cockpit-000000000000.txt").status_code == 404


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [
        ("/assets/vendor/plotly-cartesian-4.1.1.min.js", True),
        (f"/assets/fonts/{assets_served.FONTS[0]}", True),
        (f"/assets/map-page.css?v={mark((assets_served.ASSETS / 'map-page.css').read_bytes())}", True),
        ("/assets/map-page.css?v=000000000000", False),
        ("/assets/map-page.css", False),
        ("/assets/favicon.svg", False),
    ],
)
def test_only_what_never_changes_is_kept_for_good(pages: FlaskClient, path: str, is_kept: bool) -> None:
    answer = pages.get(path)
    assert answer.status_code == 200
    assert (answer.headers["Cache-Control"] == FOREVER) == is_kept


def test_nothing_outside_the_folder_is_read(pages: FlaskClient) -> None:
    for path in (
        "/assets/../app.py",
        "/assets/map-/../../app.py?v=1",
        "/assets/%2e%2e/app.py",
        "/assets/cockpit-../../app.py",
    ):
        assert pages.get(path).status_code in {400, 404}


def test_every_script_the_style_and_chart_code_name_is_there() -> None:
    charts = (assets_served.ASSETS / "65-charts.js").read_text(encoding="utf-8")
    named = re.search(r'BUNDLE = "/assets/([^"]+)"', charts)
    assert named and (assets_served.ASSETS / named[1]).is_file()
    licence = (assets_served.ASSETS / "vendor" / "plotly-cartesian-LICENSE.txt").read_text(encoding="utf-8")
    assert "MIT" in licence
