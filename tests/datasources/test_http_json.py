"""An interface that answers in JSON: well, emptily, wrongly, too slowly, too much, or by leading elsewhere."""

from __future__ import annotations

import gzip
import json
import socket
import tracemalloc
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random
from time import monotonic
from typing import Any

import pytest

from datasources import http_json
from datasources.delivery.observation import Delivery, SourceFailed
from datasources.delivery.period import Frequency
from stub_server import Canary, Request, StubServer

FIXTURES = Path(__file__).parent / "fixtures" / "http_json"
FIELDS = {
    "values": {"ENV-01": "aqi"},
    "region": "stationName",
    "regions": {"湘桥区": "445102", "潮安区": "445103", "饶平县": "445122", "枫溪区": "445185"},
    "observed_at": "monitorTime",
    "frequency": "hourly",
}
ROW = {"stationName": "湘桥区", "monitorTime": "2026-11-22 14:00:00", "aqi": 62}


@pytest.fixture
def server() -> Iterator[StubServer]:
    stub = StubServer()
    yield stub
    stub.end()


@pytest.fixture
def canary() -> Iterator[Canary]:
    port = Canary()
    yield port
    port.end()


def ask(server: StubServer, now: datetime, **options: Any) -> Delivery:
    """Fetch once; loopback is listed as a private network the source may enter."""
    settings = {
        "url": f"{server.address}/air",
        "networks": ["127.0.0.0/8"],
        "records": "data.items[*]",
        "fields": FIELDS,
        "patience": {"seconds": 2.0, "tries": 1},
        **options,
    }
    return http_json.read(http_json.Spec.model_validate(settings), source="air", now=now, rng=Random(1))


def replying(server: StubServer, body: bytes | str, status: int = 200, **headers: str) -> None:
    server.answer = lambda request: request.reply(body, status, **headers)


def page(*rows: object, **more: object) -> str:
    return json.dumps({"data": {"items": rows}, **more})


@pytest.mark.feature(49)
def test_a_good_answer_becomes_observations(server: StubServer, now: datetime) -> None:
    replying(server, (FIXTURES / "good.json").read_bytes())
    fields = {**FIELDS, "values": {"ENV-01": "aqi", "ENV-04": "o3_8h"}, "dims": {"primary": "primary"}}
    delivery = ask(server, now, fields=fields, expect={"code": 0})
    assert [(o.indicator, o.region, o.period, o.value, o.dim) for o in delivery.observations] == [
        ("ENV-01", "445102", "2026-11-22T14", 62.0, "primary=PM2.5"),
        ("ENV-04", "445102", "2026-11-22T14", 71.0, "primary=PM2.5"),
        ("ENV-01", "445103", "2026-11-22T14", 57.0, "primary=PM2.5"),
        ("ENV-04", "445103", "2026-11-22T14", 69.5, "primary=PM2.5"),
    ]
    assert {(u.line, u.message) for u in delivery.unreadable} == {(3, "第 3 条记录：primary应为文本，收到空值")}
    assert delivery.rows == 6
    assert delivery.origin == f"{server.address}/air"


def test_a_number_as_text_and_the_frequency_of_the_indicator(server: StubServer, now: datetime) -> None:
    replying(server, (FIXTURES / "good.json").read_bytes())
    fields = {**FIELDS, "values": {"ENV-03": "pm25"}, "frequency": None}
    spec = http_json.Spec.model_validate(
        {"url": f"{server.address}/air", "networks": ["127.0.0.0/8"], "records": "data.items", "fields": fields}
    )
    delivery = http_json.read(spec, source="air", now=now, frequencies={"ENV-03": Frequency.DAILY})
    assert [(o.period, o.value) for o in delivery.observations] == [
        ("2026-11-22", 44.0),
        ("2026-11-22", 40.0),
        ("2026-11-22", 28.0),
    ]


@pytest.mark.parametrize(
    "body", [(FIXTURES / "empty.json").read_text(encoding="utf-8"), page(), '{"data": {"items": null}}']
)
def test_no_records_are_no_failure(server: StubServer, now: datetime, body: str) -> None:
    replying(server, body)
    assert ask(server, now, records="data.items").rows == 0


def test_every_nasty_value_is_refused_alone(server: StubServer, now: datetime) -> None:
    replying(server, (FIXTURES / "nasty.json").read_bytes())
    delivery = ask(server, now)
    assert [(o.line, o.value) for o in delivery.observations] == [(1, 62.0)]
    assert [row.line for row in delivery.unreadable] == list(range(2, 13))
    told = " ".join(row.message for row in delivery.unreadable)
    for word in (
        "“--”",
        "空值",
        "“NaN”",
        "“Infinity”",
        "“inf”",
        "“True”",
        "“0.62万”",
        "24:00:00",
        "您是否想填“湘桥区”",
        "应为一个对象",
    ):
        assert word in told


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ((FIXTURES / "malformed.json").read_bytes(), "不是 JSON"),
        ((FIXTURES / "login.html").read_bytes(), "网页"),
        (b"\xff\xfe\x00", "编码有误"),
        ("[" * 200_000, "不是 JSON"),
        (page(ROW).replace("items", "rows"), "没有“items（路径 data.items\\[\\*\\]）”；没有相近的名称。现有：rows"),
        (page(ROW).replace("aqi", "aqiValue"), "没有“aqi”；最接近的是“aqiValue”"),
        ('{"data": []}', "此处是列表"),
        ('"closed"', "此处是文本"),
    ],
)
def test_an_answer_of_another_shape_is_one_failure_with_its_place(
    server: StubServer, now: datetime, body: bytes | str, words: str
) -> None:
    replying(server, body)
    with pytest.raises(SourceFailed, match=words) as caught:
        ask(server, now)
    assert f"{server.address}/air" in str(caught.value)


def test_a_failure_told_in_the_body_is_a_failure(server: StubServer, now: datetime) -> None:
    replying(server, '{"code": 401, "msg": "令牌过期"}')
    with pytest.raises(SourceFailed, match="code 为“401”"):
        ask(server, now, expect={"code": 0})


def test_gbk_is_read_when_the_answer_says_so(server: StubServer, now: datetime) -> None:
    body = json.dumps({"data": {"items": [ROW]}}, ensure_ascii=False).encode("gbk")
    replying(server, body, Content_Type="application/json; charset=GBK")
    assert ask(server, now).observations[0].region == "445102"


@pytest.mark.parametrize(
    ("status", "permanent"), [(401, True), (403, True), (404, True), (429, False), (500, False), (503, False)]
)
def test_a_refusal_is_told_and_only_passing_ones_are_tried_again(
    server: StubServer, now: datetime, status: int, permanent: bool
) -> None:
    replying(server, "{}", status)
    with pytest.raises(SourceFailed, match=str(status)) as caught:
        ask(server, now, patience={"seconds": 2, "tries": 3, "pause": 0})
    assert caught.value.permanent is permanent
    assert len(server.seen) == (1 if permanent else 3)


def test_the_second_try_may_succeed(server: StubServer, now: datetime) -> None:
    server.answer = lambda request: request.reply(page(ROW), 200 if len(server.seen) > 1 else 503)
    assert ask(server, now, patience={"seconds": 2, "tries": 2, "pause": 0}).rows == 1


# Too slow, too much, cut off


def test_a_server_that_never_answers_is_left_in_time(server: StubServer, now: datetime) -> None:
    server.answer = lambda request: server.over.wait(20) and None
    began = monotonic()
    with pytest.raises(SourceFailed, match=r"没有按时答复|没有答复完"):
        ask(server, now, patience={"seconds": 0.4, "tries": 1})
    assert monotonic() - began < 2


@pytest.mark.parametrize("drip_the_head", [True, False])
def test_a_server_that_drips_bytes_is_left_in_time(server: StubServer, now: datetime, drip_the_head: bool) -> None:
    def drip(request: Request) -> None:
        if not drip_the_head:
            request.send_response(200)
            request.send_header("Content-Length", "100000")
            request.end_headers()
        while not server.over.wait(0.05):
            request.wfile.write(b" ")
            request.wfile.flush()

    server.answer = drip
    began = monotonic()
    with pytest.raises(SourceFailed):
        ask(server, now, patience={"seconds": 0.5, "tries": 1})
    assert monotonic() - began < 2.5


@pytest.mark.parametrize("packed", [False, True])
def test_half_an_answer_is_no_answer(server: StubServer, now: datetime, packed: bool) -> None:
    whole = gzip.compress(page(ROW).encode()) if packed else page(ROW).encode()
    headers = {"Content_Encoding": "gzip"} if packed else {}

    def half(request: Request) -> None:
        length = len(whole) // 2 if packed else len(whole)
        request.reply(whole[: len(whole) // 2], Content_Length=str(length), **headers)
        request.close_connection = True

    server.answer = half
    with pytest.raises(SourceFailed, match=r"中断|不完整") as caught:
        ask(server, now)
    assert not caught.value.permanent


def test_gzip_is_read(server: StubServer, now: datetime) -> None:
    replying(server, gzip.compress(page(ROW).encode()), Content_Encoding="gzip")
    assert ask(server, now).rows == 1


@pytest.mark.parametrize("packed", [False, True])
def test_more_bytes_than_agreed_are_not_read(server: StubServer, now: datetime, packed: bool) -> None:
    flood = b" " * 30_000_000
    replying(server, gzip.compress(flood, 1) if packed else flood, **({"Content_Encoding": "gzip"} if packed else {}))
    began = monotonic()
    with pytest.raises(SourceFailed, match="超过 1 MB") as caught:
        ask(server, now, max_bytes=1_000_000)
    assert caught.value.permanent
    assert monotonic() - began < 2


def test_a_gzip_bomb_is_not_unpacked(server: StubServer, now: datetime) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join(packer.compress(bytes(1_000_000)) for _ in range(100)) + packer.flush()
    replying(server, bomb, Content_Encoding="gzip")
    tracemalloc.start()
    try:
        with pytest.raises(SourceFailed, match="超过 1 MB"):
            ask(server, now, max_bytes=1_000_000)
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()


def test_an_unknown_packing_is_refused(server: StubServer, now: datetime) -> None:
    replying(server, "x", Content_Encoding="zstd")
    with pytest.raises(SourceFailed, match="不支持的压缩方式 zstd"):
        ask(server, now)


def test_more_records_than_agreed_are_refused(server: StubServer, now: datetime) -> None:
    replying(server, page(*[ROW] * 11))
    with pytest.raises(SourceFailed, match="超过 10 条"):
        ask(server, now, max_records=10)


# Pages


def paged(server: StubServer, parameter: str, size: int, rows: int) -> None:
    def answer(request: Request) -> None:
        number = int(request.query[parameter])
        begin = number if parameter == "offset" else (number - 1) * size
        request.reply(page(*[{**ROW, "aqi": i} for i in range(begin, min(begin + size, rows))]))

    server.answer = answer


@pytest.mark.parametrize(("size", "requests"), [(None, 4), (10, 3)])
def test_pages_by_number(server: StubServer, now: datetime, size: int | None, requests: int) -> None:
    paged(server, "page", 10, 25)
    delivery = ask(server, now, paging={"kind": "page", "size": size, "size_parameter": "rows"})
    assert [o.value for o in delivery.observations] == list(range(25))
    assert len(server.seen) == requests


def test_pages_by_offset_keep_the_other_parameters(server: StubServer, now: datetime) -> None:
    paged(server, "offset", 10, 25)
    delivery = ask(server, now, paging={"kind": "offset", "size": 10}, params={"city": "潮州"})
    assert [o.value for o in delivery.observations] == list(range(25))
    assert [(seen.query["offset"], seen.query["limit"], seen.query["city"]) for seen in server.seen] == [
        ("0", "10", "潮州"),
        ("10", "10", "潮州"),
        ("20", "10", "潮州"),
    ]


def test_pages_by_link(server: StubServer, now: datetime) -> None:
    def answer(request: Request) -> None:
        cursor = int(request.query.get("cursor", 0))
        request.reply(page({**ROW, "aqi": cursor}, next=f"?cursor={cursor + 1}" if cursor < 2 else None))

    server.answer = answer
    delivery = ask(server, now, paging={"kind": "next", "path": "next"})
    assert [o.value for o in delivery.observations] == [0, 1, 2]


def test_pages_without_end_are_given_up(server: StubServer, now: datetime) -> None:
    paged(server, "page", 1, 10**9)
    with pytest.raises(SourceFailed, match="翻了 7 页仍未结束"):
        ask(server, now, paging={"kind": "page", "max_pages": 7})
    assert len(server.seen) == 7


def test_the_same_page_again_and_again_is_noticed(server: StubServer, now: datetime) -> None:
    replying(server, page(ROW))
    with pytest.raises(SourceFailed, match="两页内容相同"):
        ask(server, now, paging={"kind": "page"})
    assert len(server.seen) == 2


def test_a_next_page_elsewhere_is_not_asked_for(server: StubServer, canary: Canary, now: datetime) -> None:
    replying(server, page(ROW, next=f"http://127.0.0.1:{canary.port}/2"))
    with pytest.raises(SourceFailed, match="不在来源设置的 hosts 之中"):
        ask(server, now, paging={"kind": "next"})
    assert canary.knocks() == 0


# Leading elsewhere


def test_a_redirect_on_the_same_host_is_followed(server: StubServer, now: datetime) -> None:
    def answer(request: Request) -> None:
        if request.path == "/air":
            request.reply("", 302, Location="/new")
        else:
            request.reply(page(ROW))

    server.answer = answer
    assert ask(server, now).rows == 1


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize(
    "target",
    ["http://127.0.0.1:{port}/", "http://localhost:{port}/", "//127.0.0.1:{port}/x", "http://2130706433:{port}/"],
)
def test_a_redirect_to_a_host_not_listed_makes_no_connection(
    server: StubServer, canary: Canary, now: datetime, status: int, target: str
) -> None:
    replying(server, "", status, Location=target.format(port=canary.port))
    with pytest.raises(SourceFailed, match="不在来源设置的 hosts 之中") as caught:
        ask(server, now)
    assert caught.value.permanent
    assert canary.knocks() == 0


def test_endless_redirects_are_given_up(server: StubServer, now: datetime) -> None:
    server.answer = lambda request: request.reply("", 302, Location=f"/{len(server.seen)}")
    with pytest.raises(SourceFailed, match="转向超过 5 次"):
        ask(server, now)
    assert len(server.seen) == 6


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "http://user:pw@127.0.0.1/", "data:,x"]
)
def test_other_schemes_are_refused(server: StubServer, now: datetime, target: str) -> None:
    with pytest.raises(SourceFailed, match=r"拒绝访问|不是有效的网址"):
        ask(server, now, url=target)
    replying(server, "", 302, Location=target)
    with pytest.raises(SourceFailed, match=r"拒绝访问|无效的网址|不在来源"):
        ask(server, now)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1", "localhost", "[::1]", "0.0.0.0", "[::ffff:127.0.0.1]", "2130706433", "0x7f000001", "127.1",
        "0177.0.0.1", "169.254.169.254", "100.100.100.200", "10.0.0.1", "172.16.0.1", "192.168.1.1",
        "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "224.0.0.1", "255.255.255.255",
    ],
)  # fmt: skip
def test_inner_addresses_are_refused_unless_listed(
    canary: Canary, server: StubServer, now: datetime, host: str
) -> None:
    with pytest.raises(SourceFailed, match=r"内部或保留网段|找不到主机|不是有效的网址"):
        ask(server, now, url=f"http://{host}:{canary.port}/", networks=[])
    assert server.seen == []
    assert canary.knocks() == 0


def test_a_name_that_changes_its_address_is_resolved_once(
    server: StubServer, canary: Canary, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: the first answer is harmless, every later one leads inside."""
    asked: list[str] = []
    really = socket.getaddrinfo

    def resolve(host: str, port: int, *more: int, **named: int) -> list[Any]:
        if host != "air.example":
            return really(host, port, *more, **named)
        asked.append(host)
        address = "127.0.0.1" if len(asked) == 1 else "169.254.169.254"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    paged(server, "page", 10, 25)
    url = f"http://air.example:{server.server_port}/air"
    assert ask(server, now, url=url, paging={"kind": "page"}).rows == 25
    assert len(asked) == 1
    assert {seen.headers["Host"] for seen in server.seen} == {f"air.example:{server.server_port}"}


def test_one_inner_address_among_several_spoils_the_name(
    server: StubServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 80)) for address in ("127.0.0.1", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    with pytest.raises(SourceFailed, match=r"10.0.0.1"):
        ask(server, now, url=f"http://air.example:{server.server_port}/air")
    assert server.seen == []


def test_proxy_settings_of_the_machine_are_not_used(
    server: StubServer, canary: Canary, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{canary.port}")
    replying(server, page(ROW))
    assert ask(server, now).rows == 1
    assert canary.knocks() == 0


# Secrets


def test_the_secret_header_is_sent_home_and_nowhere_else(
    server: StubServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIR_TOKEN", "topsecret")
    other = StubServer()
    try:
        replying(other, page(ROW))
        server.answer = lambda request: request.reply("", 302, Location=f"{other.address}/air")
        auth = {"env": "AIR_TOKEN", "prefix": "Bearer "}
        ask(server, now, auth=auth, hosts=[other.address.removeprefix("http://")])
        assert [seen.headers.get("Authorization") for seen in server.seen] == ["Bearer topsecret"]
        assert [seen.headers.get("Authorization") for seen in other.seen] == [None]
    finally:
        other.end()


def test_messages_show_neither_secret_nor_query(
    server: StubServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AIR_TOKEN", "topsecret")
    replying(server, "<html>")
    with pytest.raises(SourceFailed) as caught:
        ask(server, now, auth={"env": "AIR_TOKEN"}, params={"station": "hidden"})
    assert "topsecret" not in str(caught.value)
    assert "hidden" not in str(caught.value)


def test_an_unset_secret_is_named_and_nothing_is_sent(
    server: StubServer, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AIR_TOKEN", raising=False)
    with pytest.raises(SourceFailed, match="AIR_TOKEN"):
        ask(server, now, auth={"env": "AIR_TOKEN"})
    assert server.seen == []


@pytest.mark.parametrize(
    "change", [{"records": "data..items"}, {"records": "data.[0"}, {"fields": {**FIELDS, "values": {"ENV-01": "a[*]"}}}]
)
def test_a_path_that_is_none_is_refused_in_the_catalogue(change: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"写法有误|one place each"):
        http_json.Spec.model_validate({"url": "http://air.example/", "fields": FIELDS, **change})
