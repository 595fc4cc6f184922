"""CAP 1.2: the Chaozhou warnings become events with their towns, updates go on with them, bad XML stays out."""

from __future__ import annotations

import json
from xml.sax.saxutils import escape

import pytest
from cap_schemas import SHARED, schemas
from served import client_of, serve

from access.actor import Actor, Scope
from access.rights import ALL_RIGHTS
from api.cap_message import LEVELS, NoCap, read
from people import EVERYTHING, TOKEN

SEVERITY = {1: "Extreme", 2: "Severe", 3: "Moderate", 4: "Minor"}
UNLISTED = "韩江林场"
"""A forest farm without a division of its own in the catalogue: it stays in the words of the event."""
TOWNS = ("橙色", 2, ["新圩镇", "樟溪镇"]), ("黄色", 3, ["高堂镇", "联饶镇"])


def area(words: str, extra: str = "") -> str:
    return f"<area><areaDesc>{escape(words)}</areaDesc>{extra}</area>"


def info(colour: str, level: int, *areas: str, language: str = "zh-CN", event: str = "暴雨") -> str:
    return (
        f"<info><language>{language}</language><category>Met</category><event>{event}{colour}预警</event>"
        f"<urgency>Immediate</urgency><severity>{SEVERITY[level]}</severity><certainty>Observed</certainty>"
        f"<senderName>饶平县气象台</senderName><headline>饶平县发布{event}{colour}预警</headline>"
        f"<description>请注意防御</description>{''.join(areas)}</info>"
    )


def message(
    *infos: str, kind: str = "Alert", identifier: str = "RP-1", references: str = "", status: str = "Actual"
) -> bytes:
    referred = f"<references>{references}</references>" if references else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">'
        f"<identifier>{identifier}</identifier><sender>raoping@gd.cma</sender><sent>2026-11-22T14:30:00+08:00</sent>"
        f"<status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>{referred}{''.join(infos)}</alert>"
    ).encode()


RAIN = [info(colour, level, area(f"饶平县{'、'.join(towns)}")) for colour, level, towns in TOWNS]
SQUARE = "23.69,116.63 23.69,116.65 23.71,116.65 23.71,116.63 23.69,116.63"
REFERENCE = "raoping@gd.cma,RP-1,2026-11-22T14:30:00+08:00"


@pytest.fixture
def server(small_cockpit):
    stranger = Actor("stranger", "tester", Scope(frozenset({"445102"})), ALL_RIGHTS, user="stranger")
    return serve(small_cockpit, {TOKEN: EVERYTHING, "stranger": stranger})


@pytest.fixture
def send(server):
    client = client_of(server)

    def post(content: bytes, media: str = "application/cap+xml"):
        return client.post("/api/v1/cap", data=content, content_type=media)

    return post


@pytest.mark.feature(77)
def test_an_alert_opens_an_event_for_each_block_with_its_towns(send, server) -> None:
    answer = send(message(*RAIN))
    assert answer.status_code == 200, answer.get_data(as_text=True)
    made = answer.json["events"]
    assert [(one["level"], len(one["towns"]), one["became"]) for one in made] == [(2, 2, "opened"), (3, 2, "opened")]
    told = client_of(server).get(f"/api/v1/events/{made[0]['number']}").json
    assert (told["region"], told["origin"], told["level"]) == ("445122", "cap", 2)
    assert told["category"] == "E0101"
    assert "新圩" in told["place"]
    again = send(message(*RAIN)).json["events"]
    assert [(one["number"], one["became"]) for one in again] == [(one["number"], "unchanged") for one in made]


@pytest.mark.feature(77)
def test_an_update_and_a_cancel_go_on_with_the_same_events(send, server) -> None:
    first = [one["number"] for one in send(message(*RAIN)).json["events"]]
    update = message(info("橙色", 2, area("饶平县新圩镇")), kind="Update", identifier="RP-2", references=REFERENCE)
    assert [(one["number"], one["became"]) for one in send(update).json["events"]] == [(first[0], "noted")]
    assert send(update).json["events"][0]["became"] == "unchanged"
    newer = "raoping@gd.cma,RP-2,2026-11-22T14:30:00+08:00"
    cancel = message(kind="Cancel", identifier="RP-3", references=f"{REFERENCE} {newer}")
    assert {one["number"] for one in send(cancel).json["events"]} == set(first)
    rows = client_of(server).get(f"/api/v1/events/{first[0]}/ledger").json["items"]
    assert [row["action"] for row in rows] == ["open", "note", "note"]
    assert "解除" in rows[-1]["note"]


@pytest.mark.parametrize(
    ("where", "region"),
    [
        (area("某地", "<geocode><valueName>GB/T2260</valueName><value>445122000000</value></geocode>"), "445122"),
        (area("某地", "<circle>23.6995,116.6405 0.5</circle>"), "445102100"),
        (
            area("某地", "<polygon>23.69,116.63 23.69,116.65 23.71,116.65 23.71,116.63 23.69,116.63</polygon>"),
            "445102100",
        ),
        (area("潮州市"), "445100"),
        (area("湘桥区意溪镇"), "445102100"),
    ],
)
def test_areas_are_found_by_code_outline_and_words(send, where, region) -> None:
    (made,) = send(message(info("橙色", 2, where))).json["events"]
    assert made["region"] == region


def test_several_counties_get_an_event_each_and_another_city_none(send) -> None:
    both = send(message(info("红色", 1, area("湘桥区"), area("饶平县")))).json["events"]
    assert [one["region"] for one in both] == ["445102", "445122"]
    elsewhere = send(message(info("红色", 1, area("汕头市澄海区")), identifier="ST-1")).json
    assert (elsewhere["events"], bool(elsewhere["ignored"])) == ([], True)
    drill = send(message(*RAIN, identifier="T-1", status="Exercise")).json
    assert "Exercise" in drill["ignored"]


def test_further_languages_say_the_same_and_open_nothing(send) -> None:
    english = info("Orange", 2, area("饶平县"), language="en-US")
    assert len(send(message(english, info("橙色", 2, area("饶平县")))).json["events"]) == 1


def test_a_centre_takes_no_warning_for_another(server) -> None:
    answer = client_of(server, "stranger").post("/api/v1/cap", data=message(*RAIN), content_type="text/xml")
    assert answer.status_code == 404


BOMB = b'<!DOCTYPE a [<!ENTITY x "xx"><!ENTITY y "&x;&x;">]><alert>&y;</alert>'
FILE = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><alert>&x;</alert>'


@pytest.mark.parametrize(
    "wrong",
    [
        b"", b"{}", b"<alert/>", BOMB, FILE, message(*RAIN).replace(b"Actual", b"Real"), message(),
        message(*RAIN).replace(b"+08:00</sent>", b"Z</sent>"), message(*RAIN, kind="Update"),
        message(*RAIN).replace(b"<scope>Public</scope>", b""), message(*RAIN).replace(b"<certainty>", b"<certainly>"),
        message(info("橙色", 2, area("x", "<altitude>high</altitude>"))),
        message(*RAIN).replace(b"</scope>", b"</scope><surprise/>"),
    ],
)  # fmt: skip
def test_what_is_no_cap_is_refused_with_the_reason(send, wrong) -> None:
    answer = send(wrong)
    assert answer.status_code == 422
    assert answer.json["errors"][0]["message"]
    assert b"root:" not in answer.data


def test_only_xml_is_taken(send) -> None:
    assert send(message(*RAIN), media="application/json").status_code == 415


SPOILED = (
    (b"Actual", b"Real"), (b"+08:00</sent>", b"Z</sent>"), (b"<scope>Public</scope>", b""),
    (b"</scope>", b"</scope><surprise/>"), (b"<certainty>Observed</certainty>", b""),
    (b"<category>Met</category>", b""), (b"<severity>Severe", b"<severity>Bad"),
)  # fmt: skip


def test_our_reader_and_both_schemas_are_of_one_mind() -> None:
    good = message(*RAIN)
    read(good)
    for schema in schemas():
        schema.validate(good.decode())
        for before, after in SPOILED:
            spoiled = good.replace(before, after)
            assert spoiled != good
            assert not schema.is_valid(spoiled.decode())
            with pytest.raises(NoCap):
                read(spoiled)


@pytest.mark.feature(77)
def test_the_real_warnings_of_chaozhou_become_events_with_their_towns(send) -> None:
    if not SHARED.exists():
        pytest.skip("the real warnings are not at hand (../shared/data/cap)")
    taken = 0
    for at, one in enumerate(json.loads((SHARED / "real_cn_warnings.json").read_text())):
        if not str(one.get("region", "")).startswith("4451") or "type" not in one:
            continue
        towns = one["towns"] or {one["level"]: []}
        blocks = [
            info(colour[:2], {"红色": 1, "橙色": 2, "黄色": 3, "蓝色": 4}[colour[:2]],
                 area("、".join(names) or {"445122": "饶平县", "445100": "潮州市"}[one["region"]]), event=one["type"])
            for colour, names in towns.items()
        ]  # fmt: skip
        answer = send(message(*blocks, identifier=f"REAL-{at}"))
        assert answer.status_code == 200, answer.json
        told = sum(len(made["towns"]) for made in answer.json["events"])
        assert answer.json["events"]
        known = [name for names in towns.values() for name in names if name != UNLISTED]
        assert told == len(known), (one["text"], answer.json)
        taken += 1
    assert taken >= 4


def test_severity_counts_where_no_colour_is_named() -> None:
    told = read(message(info("", 3, area("饶平县")))).infos[0]
    assert (told.level, LEVELS["Moderate"]) == (3, 3)
    with pytest.raises(NoCap):
        read(b"x" * 600_000)
