"""What the lists say: filters, pages, tags, both worlds, and clear refusals."""

from __future__ import annotations

import csv
import io

import pytest
from openpyxl import load_workbook

GOOD = {
    "indicator": "IND-13",
    "region": "445102",
    "period": "2026-11-21",
    "numerator": 45,
    "denominator": 50,
    "value": 90,
}
SOURCE = "enterprise_requests"


def pages_of(client, url: str) -> list[dict[str, object]]:
    """All items of a list, page by page."""
    items, cursor = [], ""
    while True:
        joint = "&" if "?" in url else "?"
        page = client.get(f"{url}{joint}cursor={cursor}" if cursor else url).get_json()
        items += page["items"]
        if not page["next"]:
            return items
        cursor = page["next"]


@pytest.mark.feature(152)
def test_all_themes_and_indicators_are_told(small_client, catalogue) -> None:
    themes = pages_of(small_client, "/api/v1/themes?limit=10")
    assert len(themes) == 27
    assert all(theme["lead"][0]["name"] and theme["plan_projects"] for theme in themes)
    indicators = pages_of(small_client, "/api/v1/indicators?limit=100")
    assert [one["code"] for one in indicators] == sorted(catalogue.indicators)


@pytest.mark.feature(25)
def test_an_indicator_tells_definition_unit_owner_source_cadence_and_direction(small_client) -> None:
    told = small_client.get("/api/v1/indicators/IND-13").get_json()
    for name in ("definition", "unit", "source_name", "cadence", "direction", "frequency"):
        assert told[name]
    assert told["owner"]["name"]
    assert {one["world"] for one in told["latest"]} == {"real", "demo"}
    assert all(one["value"] is not None or one["reason"] for one in told["latest"])


def test_filters_narrow_the_list(small_client, catalogue) -> None:
    theme = "industrial_economy"
    found = pages_of(small_client, f"/api/v1/indicators?theme={theme}&headline=true&world=real")
    wanted = [i.code for i in catalogue.indicators_of(theme) if i.headline]
    assert [one["code"] for one in found] == sorted(wanted)
    assert all(one["latest"][0]["world"] == "real" and len(one["latest"]) == 1 for one in found)


@pytest.mark.parametrize(
    ("url", "hint"),
    [
        ("/api/v1/indicators?theme=industrial_econmy", "industrial_economy"),
        ("/api/v1/indicators/IND-1", "IND-"),
        ("/api/v1/indicators?region=湘桥区", "445102"),
        ("/api/v1/indicators/IND-13/readings?region=445104", "44510"),
        ("/api/v1/sources/enterprise_request/calls", "enterprise_requests"),
        ("/api/v1/sources?owner=industry_it_burau", "industry_it_bureau"),
    ],
)
def test_a_name_nobody_knows_is_answered_with_the_nearest(small_client, url: str, hint: str) -> None:
    response = small_client.get(url)
    assert response.status_code == 404
    assert "您是否想填" in response.get_json()["detail"]
    assert hint in response.get_json()["detail"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0",
        "limit=1001",
        "limit=x",
        "region=445102&region=445103",
        "world=both",
        "known_at=yesterday",
        "known_at=2026-11-22T00:00:00",
        "from=2026-13-99x",
        "format=pdf",
        "%00=1",
    ],
)
def test_a_parameter_that_does_not_fit_is_named(small_client, query: str) -> None:
    response = small_client.get(f"/api/v1/indicators/IND-13/readings?{query}")
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["message"]


@pytest.mark.parametrize("cursor", ["x", "!!!!", "W10", "bnVsbA", "WzEuNV0", "W1tdXQ", "8J-YgA", "e30", "a" * 399])
@pytest.mark.parametrize("path", ["themes", "sources", "published", f"sources/{SOURCE}/calls", "regions"])
def test_a_cursor_that_is_not_ours_is_refused(small_client, path: str, cursor: str) -> None:
    response = small_client.get(f"/api/v1/{path}", query_string={"cursor": cursor})
    assert response.status_code == 400
    assert response.mimetype == "application/problem+json"


def test_a_page_begins_after_the_one_before_although_rows_came_meanwhile(push, small_client) -> None:
    for number in range(3):
        push(SOURCE, {**GOOD, "period": f"2026-11-{10 + number}"})
    url = f"/api/v1/sources/{SOURCE}/calls?limit=2"
    first = small_client.get(url).get_json()
    push(SOURCE, {**GOOD, "period": "2026-11-20"})
    second = small_client.get(f"{url}&cursor={first['next']}").get_json()
    ids = [call["id"] for call in first["items"] + second["items"]]
    assert ids == sorted(set(ids), reverse=True)
    assert len(ids) == 3
    assert second["next"] is None


@pytest.mark.feature(39)
def test_an_answer_the_caller_has_is_not_sent_again_until_the_data_change(push, small_client) -> None:
    url = "/api/v1/indicators?theme=industrial_economy&region=445102"
    first = small_client.get(url)
    again = small_client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    push(SOURCE, GOOD)
    changed = small_client.get(url, headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


@pytest.mark.feature(44)
def test_a_source_tells_owner_promise_contact_and_health(push, small_client) -> None:
    push(SOURCE, GOOD, {**GOOD, "region": "445103", "value": 450})
    found = {one["key"]: one for one in pages_of(small_client, "/api/v1/sources?world=real")}
    told = found[SOURCE]
    assert told["owner"]["name"]
    assert told["promise"]
    assert told["newest_period"] == "2026-11-21"
    assert told["last_success_at"]
    assert told["quarantined"] == 1
    (call,) = small_client.get(f"/api/v1/sources/{SOURCE}/calls").get_json()["items"]
    assert (call["rows"], call["taken"], call["quarantined"], call["actor"]) == (2, 1, 1, "loopback")


@pytest.mark.feature(48)
def test_an_export_marks_what_is_simulated_and_can_be_opened_in_excel(push, small_client) -> None:
    push(SOURCE, GOOD)
    push("demo_" + SOURCE, GOOD)
    url = "/api/v1/indicators/IND-13/readings?region=445102&format="
    sheet = small_client.get(url + "csv")
    assert sheet.data.startswith("\ufeff标记".encode())
    assert "attachment" in sheet.headers["Content-Disposition"]
    *rows, stamp = csv.DictReader(io.StringIO(sheet.data.decode("utf-8-sig")))
    assert stamp["标记"].startswith("导出水印：")
    assert [(row["世界"], row["标记"], row["来源性质"]) for row in rows] == [
        ("演示城市", "模拟", "模拟"),
        ("真实", "", "实时"),
    ]
    assert all(row["单位"] and row["数据源"] and row["数据截至"] == "2026-11-22 14:32:08" for row in rows)
    book = load_workbook(io.BytesIO(small_client.get(url + "xlsx").data), read_only=True)
    cells = list(book.active.iter_rows(values_only=True))
    assert cells[0][0] == "标记"
    assert {row[0] for row in cells[1:-1]} == {"模拟", None}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "＝1", "  =1", "\0=1", "%0A"])
def test_no_text_of_an_export_is_a_formula(text: str) -> None:
    from api.export import harmless

    assert str(harmless(text)).startswith("'")
    assert harmless(-3.5) == -3.5


def test_regions_and_departments_are_told(small_client, catalogue) -> None:
    regions = {one["code"]: one for one in pages_of(small_client, "/api/v1/regions?limit=20")}
    assert len(regions) == len(catalogue.regions)
    assert (regions["445185"]["official"], regions["445185"]["division"]) == (False, "445103")
    units = pages_of(small_client, "/api/v1/departments?limit=7")
    assert sum(len(unit["indicators"]) for unit in units) == len(catalogue.indicators)


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/v1", "/api/v2/themes", "/api/v1/theme", "/api/v1/../secret"])
@pytest.mark.parametrize("method", ["get", "post", "delete"])
def test_what_is_not_there_is_a_problem_document(small_client, path: str, method: str) -> None:
    response = getattr(small_client, method)(path)
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")


@pytest.mark.parametrize("method", ["post", "put", "patch", "delete", "options"])
def test_a_method_that_does_not_exist_says_which_do(small_client, method: str) -> None:
    response = getattr(small_client, method)("/api/v1/themes")
    assert (response.status_code, response.mimetype) == (405, "application/problem+json")
    assert response.headers["Allow"] == "GET, HEAD"


def test_a_head_request_gets_the_headers_alone(small_client) -> None:
    response = small_client.head("/api/v1/themes")
    assert (response.status_code, response.data) == (200, b"")
    assert response.headers["ETag"]


def test_a_fault_of_ours_is_a_plain_problem_without_a_trace(small_client, monkeypatch, caplog) -> None:
    from api import departments

    monkeypatch.setattr(departments, "_shape", lambda *_: 1 / 0)
    response = small_client.get("/api/v1/departments")
    assert (response.status_code, response.mimetype) == (500, "application/problem+json")
    assert "ZeroDivision" not in response.get_data(as_text=True)
    assert "ZeroDivision" in caplog.text
