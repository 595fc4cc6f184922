"""The base map is off unless set, asks only the host that was named, and reads our own files in ranges."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask

from api import tiles
from api.headers import page_policy
from settings import SettingsRefused, from_environment


@pytest.mark.feature(144)
def test_without_a_setting_no_host_outside_is_allowed(tmp_path: Path) -> None:
    found = from_environment({"COCKPIT_DATA": str(tmp_path)})
    assert found.map_tiles is None and found.map_review == "待补"
    assert tiles.hosts_of(None) == []
    assert "http" not in page_policy(maps=tiles.hosts_of(found.map_tiles))


@pytest.mark.feature(12)
def test_a_base_map_may_be_ours_or_of_one_named_host(tmp_path: Path) -> None:
    told = {"COCKPIT_DATA": str(tmp_path), "COCKPIT_MAP_TILES": "https://tiles.example/{z}/{x}/{y}?tk=secret"}
    found = from_environment(told)
    assert tiles.hosts_of(found.map_tiles) == ["https://tiles.example"]
    assert "img-src 'self' https://tiles.example data: blob:" in page_policy(maps=tiles.hosts_of(found.map_tiles))
    assert "secret" not in found.shown()["map_tiles"]
    own = from_environment(told | {"COCKPIT_MAP_TILES": "/tiles/city.pmtiles"})
    assert tiles.hosts_of(own.map_tiles) == []


@pytest.mark.parametrize("address", ["tiles/{z}/{x}/{y}", "https://tiles.example/{z}/{x}", "javascript:{z}{x}{y}"])
def test_an_address_that_cannot_work_is_refused_at_the_start(tmp_path: Path, address: str) -> None:
    with pytest.raises(SettingsRefused, match="COCKPIT_MAP_TILES"):
        from_environment({"COCKPIT_DATA": str(tmp_path), "COCKPIT_MAP_TILES": address})


@pytest.mark.feature(12)
def test_an_archive_is_served_in_ranges_and_nothing_beside_it(tmp_path: Path) -> None:
    folder = tmp_path / "tiles"
    folder.mkdir()
    (folder / "city.pmtiles").write_bytes(bytes(range(200)))
    (tmp_path / "secret_key").write_text("secret")
    server = Flask("tiles")
    tiles.mount(server, folder)
    client = server.test_client()
    part = client.get("/tiles/city.pmtiles", headers={"Range": "bytes=10-19"})
    assert part.status_code == 206 and part.data == bytes(range(10, 20))
    for beside in ("/tiles/../secret_key", "/tiles/%2e%2e/secret_key", "/tiles/none.png"):
        assert client.get(beside).status_code == 404
