"""A wall's token on a running product: read-only, one link, out of the address, taken back at once."""

from __future__ import annotations

import re

import pytest

SCREEN = "cockpit_screen"


@pytest.mark.feature(97)
def test_a_wall_signs_in_by_its_link_may_only_look_and_is_out_when_the_token_is_taken_back(running_product) -> None:
    made = running_product.manage("token", "add", "大厅", "--screen")
    token, number = made.stdout.strip().rpartition("#")[2], re.search(r"令牌 (\d+) 号", made.stdout)
    assert number, made.stdout + made.stderr
    wall = {"Cookie": f"{SCREEN}={token}"}
    assert running_product.get("/panel/wall-head?world=demo", **wall)[0] == 200
    assert running_product.get("/panel/wall-loop?world=demo", **wall)[0] == 200
    assert running_product.get("/api/v1/screens/mine", **wall)[0] == 200
    assert running_product.get("/panel/screens-list", **wall)[0] in {403, 404}
    for path in ("/api/v1/screens/1/view", "/api/v1/entries", "/api/v1/readings"):
        assert running_product.post(path, {}, **wall)[0] in {400, 401, 403, 422}, path
    assert running_product.manage("token", "revoke", number[1]).returncode == 0
    assert running_product.get("/panel/wall-head?world=demo", **wall)[0] == 401
