"""A file that leaves the product: stamped, recorded, harmless in a spreadsheet, without small counts when shared."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook
from sqlalchemy import text

from access.actor import Actor
from access.audit_rows import Wanted, audit_rows
from access.spreadsheet_text import LEADS, harmless
from access.stamp import stamp
from api.stamped import stamped
from audit_people import AUDITOR
from database.engine import reading, writing
from indicators.reading import Freshness, Provenance, Reading, World
from indicators.small_counts import WITHHELD, for_sharing

URL = "/api/v1/indicators/IND-13/readings?region=445102&format="
ROW = {
    "indicator": "IND-13", "region": "445102", "period": "2026-11-21", "numerator": 45, "denominator": 50, "value": 90,
}  # fmt: skip


@pytest.fixture
def filled(push, small_client):
    assert push("enterprise_requests", ROW).status_code == 200
    return small_client


def recorded(engine, action: str):
    with reading(engine) as connection:
        return audit_rows(connection, AUDITOR, Wanted(action=action))


@pytest.mark.feature(138)
def test_a_csv_ends_with_who_took_it_and_when(filled, small_engine):
    answer = filled.get(URL + "csv", headers={"X-Request-Id": "request-0001"})
    last = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"))))[-1]
    assert last[0].startswith("导出水印：")
    assert last[0].endswith("2026-11-22 14:32:08 request-0001")
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.feature(138)
def test_an_xlsx_carries_the_stamp_in_its_last_line_and_its_properties(filled):
    book = load_workbook(io.BytesIO(filled.get(URL + "xlsx").data))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][0] == "标记"
    assert rows[1][8] == 90
    assert str(rows[-1][0]).startswith("导出水印：")
    assert book.properties.description == rows[-1][0]
    assert "2026-11-22 14:32:08" in book.properties.creator


@pytest.mark.feature(137)
def test_an_export_is_recorded_with_what_was_asked_and_a_look_at_the_screen_is_not(filled, small_engine):
    filled.get(URL + "json")
    assert recorded(small_engine, "exports.") == []
    filled.get(URL + "csv&from=2026-01", headers={"X-Request-Id": "request-0002"})
    (row,) = recorded(small_engine, "exports.")
    assert (row.object, row.region, row.request_id) == ("file indicators IND-13", "445102", "request-0002")
    assert row.detail["query"] == {"region": "445102", "from": "2026-01", "format": "csv"}


@pytest.mark.feature(137)
def test_an_export_that_cannot_be_recorded_is_not_given(filled, small_engine):
    with writing(small_engine) as connection:
        connection.execute(text("ALTER TABLE audit RENAME TO audit_gone"))
    answer = filled.get(URL + "csv")
    assert answer.status_code == 503
    assert "企业" not in answer.text


def test_a_push_is_recorded_once_with_its_address(filled, small_engine):
    (row,) = recorded(small_engine, "readings.push")
    assert (row.object, row.address) == ("source enterprise_requests", "127.0.0.1")
    assert (row.detail["rows"], row.detail["taken"]) == (1, 1)
    assert row.request_id


def test_a_name_that_is_a_formula_or_breaks_the_line_does_no_harm_in_the_stamp(now):
    forged = Actor('=HYPERLINK("http://x")\r\n</t><script>', "viewer", user="13800138000")
    told = stamp(forged, now, "req")
    assert "\n" not in told
    assert "0138000" not in told
    book = io.BytesIO()
    from openpyxl import Workbook

    Workbook().save(book)
    sheet = load_workbook(io.BytesIO(stamped("xlsx", book.getvalue(), told))).active
    assert sheet.cell(sheet.max_row, 1).data_type == "s"
    (line,) = csv.reader(io.StringIO(stamped("csv", b"", told).decode()))
    assert line == [f"导出水印：{told}"]


@pytest.mark.parametrize("before", ["", " ", "\u3000", "\u200b", "\ufeff", "\u00a0 "])
@pytest.mark.parametrize("lead", LEADS)
def test_every_lead_of_a_formula_is_disarmed_also_behind_what_is_not_seen(lead, before):
    assert harmless(f"{before}{lead}1+1").startswith("'")


def test_numbers_stay_numbers_and_plain_text_stays_plain():
    assert [harmless(cell) for cell in (-3.5, None, "潮州", "3-5", "a=b")] == [-3.5, None, "潮州", "3-5", "a=b"]


PLAIN = Reading(
    "X", "445102", "2026-01", 120.0, "例", datetime(2026, 2, 1, tzinfo=UTC), None, Freshness.FRESH, Provenance.LIVE,
    "s", World.REAL,
)  # fmt: skip


def shared(*values: float | None, **more: object) -> list[float | None]:
    series = [replace(PLAIN, period=f"2026-{n:02d}", value=value, **more) for n, value in enumerate(values, 1)]
    return [one.value for one in for_sharing(series)]


@pytest.mark.feature(115)
def test_one_to_four_cases_are_not_shared_and_zero_is():
    assert shared(0.0, 1.0, 4.0, 5.0, 120.0, None) == [0.0, None, None, 5.0, 120.0, None]


@pytest.mark.feature(115)
def test_firms_and_degrees_are_no_persons():
    assert shared(3.0, unit="家") == [3.0]
    assert shared(3.0, unit="级") == [3.0]


@pytest.mark.feature(115)
def test_a_running_total_does_not_give_away_its_small_steps():
    assert shared(20.0, 22.0, 60.0, basis="ytd") == [20.0, None, 60.0]


@pytest.mark.feature(115)
def test_a_share_of_few_is_not_shared_nor_of_all_but_few():
    for part, whole in ((3.0, 400.0), (398.0, 400.0), (2.0, 3.0)):
        assert shared(part / whole, unit="%", numerator=part, denominator=whole) == [None]
    assert shared(50.0, unit="%", numerator=200.0, denominator=400.0) == [50.0]


@pytest.mark.feature(115)
def test_the_small_past_is_left_out_too():
    (one,) = for_sharing([replace(PLAIN, history=(("2025-12", 3.0), ("2026-01", 120.0)))])
    assert one.history == (("2025-12", None), ("2026-01", 120.0))


@pytest.mark.feature(115)
def test_the_shared_file_says_less_than_five(push, small_client):
    told = push(
        "social_governance_daily", {"indicator": "GRD-07", "region": "445102", "period": "2026-11-20", "value": 3}
    )
    assert told.get_json()["taken"] == 1, told.get_json()
    url = "/api/v1/indicators/GRD-07/readings?region=445102&world=real&format=csv"
    assert cell(small_client, url) == "3.0"
    assert cell(small_client, url + "&share=true") == "<5"
    assert WITHHELD in small_client.get(url + "&share=true").text


def cell(client, url: str) -> str:
    return next(csv.DictReader(io.StringIO(client.get(url).data.decode("utf-8-sig"))))["数值"]
