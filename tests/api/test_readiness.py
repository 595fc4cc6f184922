"""Response levels and rosters over the wire: who may, what is kept from whom, files row by row, the next shift in the
handover."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from served import client_of, serve
from test_events import CROWD, Desk

from access.actor import EVERYWHERE, Actor, Scope
from access.rights import ALL_RIGHTS

CITY = "445100"
CHIEF = Actor("chief", "tester", EVERYWHERE, ALL_RIGHTS, user="chief", role_name="市指挥长")
COUNTY = Actor("xq", "tester", Scope(frozenset({"445102"})), ALL_RIGHTS, user="xq", home="445102")
OFFICER = replace(CHIEF, name="officer", user="officer", rights=ALL_RIGHTS - {"responses.command"})
LEADER = Actor("boss", "tester", EVERYWHERE, frozenset({"events.view", "indicators.view"}), user="boss")
PEOPLE = {**CROWD, "chief": CHIEF, "xq": COUNTY, "officer": OFFICER, "boss": LEADER}
FLOOD = {
    "plan": "flood", "region": CITY, "level": 4, "typed": "Ⅳ级", "reason": "强降雨来临", "basis": "document",
    "document": "潮汛〔2026〕1号",
}  # fmt: skip


@pytest.fixture
def desk(make_cockpit, small_engine, tmp_path: Path) -> Desk:
    return Desk(serve(make_cockpit(small_engine, attachments=tmp_path / "attachments"), PEOPLE))


def command(desk: Desk, by: str, **more: object):
    return desk[by].post("/api/v1/responses", json=FLOOD | more)


@pytest.mark.feature(4)
def test_a_level_is_commanded_read_by_everybody_inside_and_by_nobody_outside(desk: Desk) -> None:
    made = command(desk, "chief")
    assert (made.status_code, made.json["level"], made.json["version"]) == (201, 4, 1), made.json
    for by in ("chief", "xq", "boss", "wall"):
        found = desk[by].get("/api/v1/responses").json
        assert [one["level_name"] for one in found["ruling"]] == ["Ⅳ级"], by
    assert client_of(desk.server, "").get("/api/v1/responses").status_code == 401
    for by, status in (("officer", 403), ("xq", 404), ("boss", 403), ("wall", 403)):
        assert command(desk, by, level=3, typed="Ⅲ级", version=1).status_code == status, by
    assert command(desk, "chief", level=3, typed="Ⅲ级").status_code == 409
    assert command(desk, "chief", level=3, typed="Ⅳ级", version=1).status_code == 422
    ended = command(desk, "chief", level=0, typed="终止", version=1)
    assert ended.json["ended_at"] is not None
    assert desk["xq"].get("/api/v1/responses").json["items"] == []
    assert len(desk["xq"].get("/api/v1/responses?past=true").json["items"][0]["steps"]) == 2


def enter(desk: Desk, now: datetime, by: str = "chief", hours: int = 0, **more: object):
    begins = now + timedelta(hours=hours)
    usual = {
        "unit": CITY, "post": "officer", "name": "林海", "office": "0768-2000100", "mobile": "19900000017",
        "begins_at": begins.isoformat(), "ends_at": (begins + timedelta(hours=10)).isoformat(),
    }  # fmt: skip
    return desk[by].post("/api/v1/duty", json=usual | more)


def on(desk: Desk, by: str, query: str = f"unit={CITY}"):
    return desk[by].get(f"/api/v1/duty?{query}").json["items"]


@pytest.mark.feature(5)
def test_leaders_and_walls_never_receive_a_mobile_number_and_others_masked(desk: Desk, now: datetime) -> None:
    ref = enter(desk, now).json["ref"]
    told = {by: desk[by].get(f"/api/v1/duty?unit={CITY}").get_data(as_text=True) for by in PEOPLE if by != "leader"}
    assert not [by for by, text in told.items() if "19900000017" in text]
    assert {by: on(desk, by)[0]["now"][0]["mobile"] for by in ("chief", "xq", "boss", "wall")} == {
        "chief": "199****0017", "xq": None, "boss": None, "wall": None,
    }  # fmt: skip
    assert "0768" not in told["wall"] and "0768-2000100" in told["boss"]
    body = {"object": f"duty {ref}", "field": "mobile", "reason": "通知到岗核实"}
    assert desk["chief"].post("/api/v1/personal/reveal", json=body).json["value"] == "19900000017"
    for by, status in (("boss", 403), ("xq", 404), ("wall", 403)):
        assert desk[by].post("/api/v1/personal/reveal", json=body).status_code == status, by


@pytest.mark.feature(5)
def test_a_county_sees_and_keeps_its_own_and_sees_the_citys_centre_alone(desk: Desk, now: datetime) -> None:
    assert enter(desk, now).status_code == 201
    assert enter(desk, now, "xq", unit="445102").status_code == 201
    for unit in (CITY, "445122", "water_bureau", "nothing"):
        assert enter(desk, now, "xq", unit=unit).status_code == 404, unit
    assert enter(desk, now, "boss").status_code == 403 and enter(desk, now, "wall").status_code == 403
    seen = {one["unit"] for one in on(desk, "xq", "")}
    assert {CITY, "445102"} <= seen and not seen & {"445103", "445122", "water_bureau"}
    swap = {"name": "许明", "reason": "家中急事", "allowed_by": "陈带班"}
    ref = on(desk, "chief")[0]["now"][0]["ref"]
    assert desk["xq"].post(f"/api/v1/duty/{ref}/swap", json=swap).status_code == 404
    assert desk["chief"].post(f"/api/v1/duty/{ref}/swap", json=swap).status_code == 200
    assert on(desk, "chief")[0]["now"][0]["swapped"] == "替 林海：家中急事（陈带班同意）"


@pytest.mark.feature(5)
def test_a_file_is_answered_row_by_row(desk: Desk, now: datetime) -> None:
    text = f"日期,带班领导,值班员\n{now.year}-{now.month}-{now.day},林海,许明\n第三天,黄河,许明\n"
    sent = {"data": {"file": (io.BytesIO(text.encode("gbk")), "值班表.csv")}, "content_type": "multipart/form-data"}
    made = desk["xq"].post("/api/v1/duty/import?unit=445102", **sent)
    assert (made.status_code, made.json["rows"], made.json["taken"]) == (200, 2, 1), made.json
    assert [one["line"] for one in made.json["held"]] == [3]
    other = {"data": {"file": (io.BytesIO(b"a,b\n1,2\n"), "x.csv")}, "content_type": "multipart/form-data"}
    assert desk["xq"].post("/api/v1/duty/import?unit=445102", **other).status_code == 422
    again = {"data": {"file": (io.BytesIO(text.encode()), "值班表.csv")}, "content_type": "multipart/form-data"}
    assert desk["xq"].post(f"/api/v1/duty/import?unit={CITY}", **again).status_code == 404


@pytest.mark.feature(5, 68)
def test_the_handover_names_the_next_shift_by_the_roster(desk: Desk, now: datetime) -> None:
    enter(desk, now)
    enter(desk, now, hours=10, name="许明")
    items = desk["chen"].get(f"/api/v1/handovers/draft?region={CITY}").json["items"]
    duty = [one["words"] for one in items if one["kind"] == "duty"]
    assert any("下一班" in words and "值班员 许明" in words for words in duty)
    left = [{"kind": "duty", "ref": CITY}]
    made = desk["chen"].post("/api/v1/handovers", json={"region": CITY, "left_out": left})
    assert not [one for one in made.json["items"] if one["kind"] == "duty" and one["ref"] == CITY]
