"""Panels by their address: bytes once for all, told apart by world and region, honest when something is wrong."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import dash
import pytest
from dash.development.base_component import Component

from pages.panels import PANELS, panel, release_of, slot, slot_id

ROOT = Path(__file__).resolve().parents[2]
OF_ONE = ("review",)
"""Pages of one thing that is there or not; without one they say what they say of things that are not yours."""


def test_every_panel_answers_on_an_empty_database(client) -> None:
    ids = {"theme": "environment", "indicator": "ENV-01", "county": "445102"}
    for name in PANELS:
        known = next((ids[word] for word in name.split("-") if word in ids), None)
        answer = client.get(f"/panel/{name}" + (f"?id={known}" if known else ""))
        if name.split("-")[0] in OF_ONE:
            assert answer.status_code == 404, (name, answer.text)
            continue
        assert answer.status_code == 200, (name, answer.text)
        assert answer.mimetype == "text/html"
        assert answer.headers["X-Topics"]


@pytest.mark.feature(1)
@pytest.mark.feature(2)
def test_the_27_tiles_say_unconnected_before_anything_has_arrived(client) -> None:
    tiles = client.get("/panel/wall-tiles").text
    assert tiles.count("<a ") == tiles.count('class="t off"') == 27
    counts = re.findall(r'data-light="(\w+)"[^>]*>(\d+)<', client.get("/panel/wall-map").text)
    assert dict(counts) == {"at": "0", "ok": "0", "st": "0", "off": "27"}


@pytest.mark.feature(38)
def test_unchanged_bytes_are_not_sent_again_and_changed_ones_are(client, arrive) -> None:
    first = client.get("/panel/wall-ecology?world=demo")
    again = client.get("/panel/wall-ecology?world=demo", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["X-Now"]
    arrive("ENV-01", "2026-11-22T13", 57.0)
    changed = client.get("/panel/wall-ecology?world=demo", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert "57" in changed.text and "57" not in first.text


@pytest.mark.feature(48)
def test_a_value_of_one_world_is_in_no_panel_of_the_other(client, arrive) -> None:
    arrive("ENV-01", "2026-11-22T13", 57.25, world="demo")
    ids = {"theme": "environment", "indicator": "ENV-01", "county": "445102"}
    for name in sorted(PANELS.keys() - {name for name in PANELS if name.startswith("patterns-")}):  # samples, so marked
        known = ids.get(name.split("-")[0], "")
        real = client.get(f"/panel/{name}?world=real&id={known}").text
        assert "57.25" not in real and ">57<" not in real, name
        assert "模</i>" not in real and "演示数据" not in real, name
    assert ">57<" in client.get("/panel/wall-ecology?world=demo").text


def test_without_a_world_the_demo_city_is_shown_as_soon_as_it_has_data(client, arrive) -> None:
    assert "演示数据" not in client.get("/panel/wall-head").text
    arrive("ENV-01", "2026-11-22T13", 57.0)
    assert "演示数据" in client.get("/panel/wall-head").text


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/panel/nothing", 404),
        ("/panel/wall-map?world=mars", 400),
        ("/panel/wall-map?region=1", 400),
        ("/panel/theme-table?id=nowhere", 400),
        ("/panel/theme-table", 400),
        ("/panel/indicator-history?id=ENV-01&known_at=yesterday", 400),
        ("/panel/indicator-proof?id=ENV-01&period=soon", 400),
        ("/panel/sources-table?source=none", 400),
        ("/panel/wall-map?region=" + "4" * 100, 400),
    ],
)
def test_a_wrong_address_is_refused_in_words(client, address: str, status: int) -> None:
    answer = client.get(address)
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    assert re.search(r"[\u4e00-\u9fff]", answer.json["detail"])


def test_parameters_a_panel_does_not_know_make_no_second_copy(client, cockpit) -> None:
    drawn = []
    name = "only-in-this-test"
    panel(name, topics=["sources"], right="signed-in")(lambda view: drawn.append(view.region) or "x")
    try:
        for address in ("", "?world=real", "?world=real&utm=1", "?known_at=2026-01-01", "?region=445100"):
            assert client.get(f"/panel/{name}{address}").status_code == 200
        assert len(drawn) == 1
        client.get(f"/panel/{name}?region=445102")
        assert drawn == ["445100", "445102"]
    finally:
        PANELS.pop(name)


def test_a_drawing_that_fails_says_so_without_telling_how(client) -> None:
    name = "fails-in-this-test"

    def draw(view) -> str:
        raise RuntimeError("secret of the machine")

    panel(name, topics=[], right="signed-in")(draw)
    try:
        answer = client.get(f"/panel/{name}")
        assert answer.status_code in {500, 503}
        assert "secret" not in answer.text
    finally:
        PANELS.pop(name)


def test_another_release_of_the_drawings_shows_none_of_the_old_frames(tmp_path) -> None:
    (tmp_path / "one.py").write_text("a = 1")
    before = release_of(tmp_path)
    (tmp_path / "one.py").write_text("a = 2")
    assert release_of(tmp_path) != before


def test_two_pages_cannot_claim_one_name() -> None:
    with pytest.raises(ValueError, match="already"):
        panel("wall-map", topics=[])(lambda view: "x")
    with pytest.raises(KeyError, match="no panel"):
        slot("nothing-of-the-kind")


@pytest.mark.feature(38)
def test_the_same_drawing_is_the_same_bytes_in_every_process() -> None:
    """Sets of names are ordered differently in each process; a frame of another must not look like news."""
    program = (
        "from components.markup import markup; from components.situation import situation; "
        "from indicators.states import Light; counts = dict.fromkeys(Light, 0) | {Light.NORMAL: 27}; "
        "print(markup(situation(counts, 27, '')))"
    )
    told = {
        subprocess.run(
            [sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, capture_output=True, check=True,
            cwd=ROOT, text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }  # fmt: skip
    assert len(told) == 1


# Layouts


def everything(tree: object) -> Iterator[Component]:
    if isinstance(tree, list | tuple):
        for part in tree:
            yield from everything(part)
    elif isinstance(tree, Component):
        yield tree
        yield from everything(getattr(tree, "children", None))


def ids_of(tree: object) -> set[str]:
    return {one.id for one in everything(tree) if getattr(one, "id", None)}


@pytest.mark.feature(140)
def test_layouts_hold_no_data_and_ignore_what_the_address_says(app, cockpit) -> None:
    app.server.extensions["cockpit"] = cockpit
    for page in dash.page_registry.values():
        with app.server.test_request_context():
            plain = page["layout"]().to_plotly_json()
            asked = page["layout"](world="real", region="445102", role="root", theme_id="x", code="y")
        assert str(plain) == str(asked.to_plotly_json()), page["module"]
        assert not re.search(r"亿元|445\d{3}", str(plain)), page["module"]


ASKED_BY_SCRIPT = {"wall-news", "response"}
"""Panels without a place of their own: a script of the wall asks for them."""


def test_every_panel_stands_on_a_page_and_every_callback_finds_its_ids(app, cockpit) -> None:
    app.server.extensions["cockpit"] = cockpit
    standing = ids_of(app.layout() if callable(app.layout) else app.layout)
    for page in dash.page_registry.values():
        with app.server.test_request_context():
            standing |= ids_of(page["layout"]())
    assert {slot_id(name) for name in PANELS if name not in ASKED_BY_SCRIPT} <= standing
    for callback in app.callback_map.values() or []:
        for place in (*callback["inputs"], *callback["state"]):
            assert place["id"] in standing | {"_pages_location", "_pages_store"}, place
