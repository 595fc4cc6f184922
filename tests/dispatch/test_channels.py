"""Ways to phones and groups against servers that answer as the services document it; never the outside."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from desk_people import Desk, report
from sqlalchemy import select, update

from commands.channels import troubles
from database.dispatch_tables import inbox, outbox
from database.engine import reading, writing
from dispatch import service_call
from dispatch.channel_terms import Terms, plain, quiet_until
from dispatch.channels import dingtalk, dingtalk_work, sms, wecom, wecom_app, yuezhengyi
from dispatch.fallback import tell_again
from dispatch.outbox import Delivery, deliver
from dispatch.pace import Pace
from dispatch.undelivered import NotDelivered
from indicators.duties import Channel

pytestmark = pytest.mark.feature(83)
NOW = datetime(2026, 11, 18, 1, 0, tzinfo=UTC)
TOKEN = {"errcode": 0, "errmsg": "ok", "access_token": "accesstoken000001", "expires_in": 7200}
SENT = {"errcode": 0, "errmsg": "ok", "invaliduser": "", "invalidparty": "", "invalidtag": "", "msgid": "xxxx"}
OLD = {"errcode": 42001, "errmsg": "access_token expired, hint: [1605857163_1]"}
TASK = {"errcode": 0, "errmsg": "ok", "task_id": 256271667526, "request_id": "4jzllmte0wau"}
GATEWAY = {"code": "0", "msg": "提交成功", "msgId": "20261118090000123"}


@dataclass
class Service:
    """A server on this machine: answers by path, in turn; the last answer stays."""

    answers: dict[str, list[Any]] = field(default_factory=dict)
    seen: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    slow: threading.Event = field(default_factory=threading.Event)
    base: str = ""

    def bodies(self, path: str) -> list[Any]:
        return [body for asked, _, body in self.seen if asked == path]


@pytest.fixture
def service() -> Iterator[Service]:
    known = Service()

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def _answer(self, body: Any) -> None:
            parts = urlsplit(self.path)
            known.seen.append((parts.path, {k: v[0] for k, v in parse_qs(parts.query).items()}, body))
            queue = known.answers[parts.path]
            told = queue.pop(0) if len(queue) > 1 else queue[0]
            if told == "slow":
                known.slow.wait(5)
            status, content = (told, b"") if isinstance(told, int) else (
                200, told.encode() if isinstance(told, str) else json.dumps(told).encode())  # fmt: skip
            self.send_response(status)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    server.daemon_threads = True
    known.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield known
    known.slow.set()
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def no_tokens() -> None:
    service_call.TOKENS._kept.clear()


def secrets_of(service: Service, **more: str) -> Callable[[str], str | None]:
    known = {
        "CHANNEL_HOSTS": "127.0.0.1", "KEY": "s3cret", "ROBOT": f"{service.base}/robot?access_token=t",
        "SIGN": "SECabc", "PHONES": "13800138000 13900139000",
    } | more  # fmt: skip
    return known.get


def options(kind: str, service: Service) -> dict[str, Any]:
    return {
        "wecom": {"secret": "ROBOT"},
        "dingtalk": {"secret": "ROBOT", "sign": "SIGN"},
        "wecom_app": {"base": service.base, "corp": "ww1", "agent": 1000002, "secret": "KEY", "users": ["zhang"]},
        "yuezhengyi": {"base": service.base, "corp": "yzy", "agent": 7, "secret": "KEY", "users": ["li"],
                       "page": "http://cockpit.cz"},
        "dingtalk_work": {"base": service.base, "app": "ding1", "agent": 7, "secret": "KEY", "users": ["li"]},
        "sms": {"url": f"{service.base}/sms", "account": "cz", "secret": "KEY", "phones": "PHONES",
                "template": "T01", "signature": "潮州城运"},
    }[kind]  # fmt: skip


KINDS = {"wecom": wecom, "dingtalk": dingtalk, "wecom_app": wecom_app, "yuezhengyi": yuezhengyi,
         "dingtalk_work": dingtalk_work, "sms": sms}  # fmt: skip
PATHS = {"wecom": "/robot", "dingtalk": "/robot", "wecom_app": "/cgi-bin/message/send",
         "yuezhengyi": "/cgi-bin/message/send", "sms": "/sms",
         "dingtalk_work": "/topapi/message/corpconversation/asyncsend_v2"}  # fmt: skip
FINE = {"wecom": {"errcode": 0, "errmsg": "ok"}, "dingtalk": {"errcode": 0, "errmsg": "ok"}, "wecom_app": SENT,
        "yuezhengyi": SENT, "dingtalk_work": TASK, "sms": GATEWAY}  # fmt: skip


def delivery(given: dict[str, Any], **more: Any) -> Delivery:
    payload = {
        "number": "CZ-20261118-0001", "action": "dispatch", "action_name": "派遣", "level": 1,
        "title": "王小明电话13812345678家门口积水*[点](x)*", "category": "S0403", "category_name": "道路积水",
        "region_name": "意溪", "place": "涵洞", "due_at": "2026-11-18T03:30:00+00:00", "world": "real",
    } | more  # fmt: skip
    return Delivery(1, "water_bureau", payload, given, NOW, "CZ-20261118-0001/5/water_bureau")


def send(kind: str, service: Service, answer: Any, **more: Any) -> None:
    service.answers = {"/cgi-bin/gettoken": [TOKEN], "/gettoken": [TOKEN], PATHS[kind]: answer}
    KINDS[kind].send(delivery(options(kind, service) | more), secrets_of(service))


@pytest.mark.parametrize("kind", KINDS)
def test_a_good_answer_is_a_delivery_and_no_telephone_leaves(kind: str, service: Service) -> None:
    send(kind, service, [FINE[kind]])
    (body,) = service.bodies(PATHS[kind])
    told = json.dumps(body, ensure_ascii=False)
    assert "CZ-20261118-0001" in told and "11月18日 11:30" in told
    assert "13812345678" not in told and "[点]" not in told


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("answer", [500, 503, "<html>登录</html>", "[1]", {"errcode": -1, "errmsg": "system busy",
                                                                          "code": "-1"}, {}])  # fmt: skip
def test_a_service_in_trouble_is_tried_again(kind: str, answer: Any, service: Service) -> None:
    with pytest.raises(NotDelivered) as refused:
        send(kind, service, [answer])
    assert not refused.value.permanent and "s3cret" not in str(refused.value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_slow_service_is_left_after_its_time(kind: str, service: Service) -> None:
    with pytest.raises(NotDelivered, match="Timeout") as refused:
        send(kind, service, ["slow"], seconds=0.2)
    assert not refused.value.permanent


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("wecom", {"errcode": 93000, "errmsg": "invalid webhook url, hint: [160]"}),
        ("wecom_app", {"errcode": 81013, "errmsg": "user & party & tag all invalid"}),
        ("wecom_app", {"errcode": 60020, "errmsg": "not allow to access from your ip"}),
        ("wecom_app", SENT | {"invaliduser": "zhang"}),
        ("yuezhengyi", {"errcode": 301002, "errmsg": "not allow operate another agent"}),
        ("dingtalk", {"errcode": 310000, "errmsg": "sign not match"}),
        ("dingtalk", {"errcode": 300001, "errmsg": "token is not exist"}),
        ("dingtalk_work", {"errcode": 33012, "errmsg": "无效的USERID"}),
        ("sms", 401),
    ],
)
def test_what_only_a_person_can_mend_is_given_up_at_once(kind: str, answer: Any, service: Service) -> None:
    with pytest.raises(NotDelivered) as refused:
        send(kind, service, [answer])
    assert refused.value.permanent


@pytest.mark.parametrize(
    ("kind", "answer"),
    [
        ("wecom", {"errcode": 45009, "errmsg": "api freq out of limit"}),
        ("wecom_app", {"errcode": 45009, "errmsg": "api freq out of limit"}),
        ("dingtalk", {"errcode": 130101, "errmsg": "send too fast, exceed 20 times per minute"}),
        ("dingtalk_work", {"errcode": 90018, "errmsg": "您的服务器调用钉钉开放平台所有接口的请求都被暂时禁用了"}),
        ("sms", {"code": "LIMIT", "msg": "13800138000 超出频率"}),
        ("sms", 429),
    ],
)
def test_too_fast_waits_a_minute(kind: str, answer: Any, service: Service) -> None:
    with pytest.raises(NotDelivered) as refused:
        send(kind, service, [answer])
    assert refused.value.after == timedelta(minutes=1) and not refused.value.permanent
    assert "13800138000" not in str(refused.value)


@pytest.mark.parametrize("kind", ["wecom_app", "yuezhengyi", "dingtalk_work"])
def test_an_old_token_is_renewed_once_and_a_good_one_kept(kind: str, service: Service) -> None:
    send(kind, service, [FINE[kind], OLD, FINE[kind], OLD])
    tokens = [path for path, _, _ in service.seen if path.endswith("gettoken")]
    assert len(tokens) == 1
    KINDS[kind].send(delivery(options(kind, service)), secrets_of(service))
    assert len([path for path, _, _ in service.seen if path.endswith("gettoken")]) == 2
    with pytest.raises(NotDelivered, match="42001"):
        KINDS[kind].send(delivery(options(kind, service)), secrets_of(service))


def test_a_wrong_secret_is_told_by_the_token_door(service: Service) -> None:
    service.answers = {"/cgi-bin/gettoken": [{"errcode": 40001, "errmsg": "invalid credential"}]}
    with pytest.raises(NotDelivered, match="40001") as refused:
        wecom_app.send(delivery(options("wecom_app", service)), secrets_of(service))
    assert refused.value.permanent


@pytest.mark.parametrize("kind", KINDS)
def test_no_host_outside_the_list_is_asked(kind: str, service: Service) -> None:
    for hosts in ("", "oapi.dingtalk.com"):
        with pytest.raises(NotDelivered, match="CHANNEL_HOSTS") as refused:
            KINDS[kind].send(delivery(options(kind, service)), secrets_of(service, CHANNEL_HOSTS=hosts))
        assert refused.value.permanent
    assert service.seen == []


def test_the_robot_s_signature_is_the_documented_one(service: Service) -> None:
    made = dingtalk.signature("this is secret", 1_577_262_236_757)
    assert made["timestamp"] == "1577262236757" and len(unquote(made["sign"])) == 44
    send("dingtalk", service, [FINE["dingtalk"]])
    assert set(service.seen[-1][1]) == {"access_token", "timestamp", "sign"}


def test_a_short_message_counts_its_parts_and_names_neither_title_nor_place(service: Service) -> None:
    send("sms", service, [GATEWAY])
    (body,) = service.bodies("/sms")
    assert body["clientId"] == "CZ-20261118-0001/5/water_bureau" and body["templateId"] == "T01"
    assert body["content"].startswith("【潮州城运】") and "涵洞" not in body["content"] and "王小明" not in str(body)
    assert (sms.segments("字" * 70), sms.segments("字" * 71), sms.segments("字" * 135)) == (1, 2, 3)
    spec = sms.Spec.model_validate(options("sms", service) | {"segments": 1})
    assert len(sms.text(body["params"] | {"level": 1, "action_name": "派遣", "region_name": "意" * 90, "due_at": None,
                                         "category_name": "积水"}, spec)) == 70  # fmt: skip


@pytest.mark.parametrize(
    ("now", "level", "until"),
    [
        ("2026-11-18T15:00+00:00", 3, "2026-11-18T23:00+00:00"),
        ("2026-11-18T22:59+00:00", 3, "2026-11-18T23:00+00:00"),
        ("2026-11-18T15:00+00:00", 2, None), ("2026-11-18T04:00+00:00", 3, None),
    ],
)  # fmt: skip
def test_quiet_hours_hold_all_but_red_and_orange(now: str, level: int, until: str | None) -> None:
    found = quiet_until(Terms(quiet="22:00-07:00"), level, datetime.fromisoformat(now))
    assert found == (datetime.fromisoformat(until) if until else None)


def test_a_pace_is_kept_over_any_minute() -> None:
    pace = Pace()
    for second in range(3):
        assert pace.free_at("a", 3, NOW + timedelta(seconds=second)) is None
        pace.note("a", NOW + timedelta(seconds=second))
    assert pace.free_at("a", 3, NOW + timedelta(seconds=30)) == NOW + timedelta(minutes=1)
    assert pace.free_at("b", 3, NOW) is None
    assert pace.free_at("a", 3, NOW + timedelta(seconds=60)) is None


def test_names_and_numbers_of_people_are_masked() -> None:
    assert "13812345678" not in plain("王先生 13812345678") and "\n" not in plain("a\nb")


# In the outbox


@pytest.fixture
def wired(embedded, rules, service: Service, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """The water bureau has a group robot and, in its place, short messages."""
    monkeypatch.setattr("dispatch.outbox.PACE", Pace())
    ways = (
        Channel(department="water_bureau", kind="wecom",
                options=options("wecom", service) | {"quiet": "22:00-07:00", "per_minute": 2}),
        Channel(department="water_bureau", kind="sms",
                options=options("sms", service) | {"backup_of": "wecom", "levels": [0, 1, 2, 3, 4], "after": 10}),
    )  # fmt: skip
    duties = rules.catalogue.duties
    own = replace(duties, rules=duties.rules.model_copy(update={"channels": ways}))
    return Desk(embedded, replace(rules, catalogue=replace(rules.catalogue, duties=own)))


def rows(desk: Desk, channel: str) -> list[Any]:
    with reading(desk.engine) as connection:
        return list(connection.execute(select(outbox).where(outbox.c.channel == channel).order_by(outbox.c.id)))


def test_a_second_way_speaks_when_the_first_is_given_up_and_only_once(wired: Desk, service: Service) -> None:
    service.answers = {"/robot": [{"errcode": 93000, "errmsg": "invalid webhook url"}], "/sms": [GATEWAY]}
    wired.do(wired.registered(), "dispatch", department="water_bureau")
    assert rows(wired, "sms") == []
    deliver(wired.engine, wired.rules, now=wired.now, secret=secrets_of(service))
    assert rows(wired, "wecom")[0].state == "failed" and "93000" in rows(wired, "wecom")[0].error
    assert [tell_again(wired.engine, wired.rules, now=wired.now) for _ in range(2)] == [1, 0]
    deliver(wired.engine, wired.rules, now=wired.now, secret=secrets_of(service))
    assert [row.state for row in rows(wired, "sms")] == ["sent"]


def test_an_urgent_message_nobody_reads_is_told_again(wired: Desk, service: Service) -> None:
    service.answers = {"/robot": [FINE["wecom"]], "/sms": [GATEWAY]}
    number = wired.registered()
    wired.do(number, "dispatch", department="water_bureau")
    with writing(wired.engine) as connection:
        payload = rows(wired, "wecom")[0].payload | {"level": 1}
        connection.execute(update(outbox).where(outbox.c.channel == "wecom").values(payload=payload))
    deliver(wired.engine, wired.rules, now=wired.now, secret=secrets_of(service))
    made = rows(wired, "wecom")[0].made_at
    assert tell_again(wired.engine, wired.rules, now=made + timedelta(minutes=9)) == 0
    with writing(wired.engine) as connection:
        connection.execute(update(inbox).values(read_at=made))
    assert tell_again(wired.engine, wired.rules, now=made + timedelta(minutes=11)) == 0
    with writing(wired.engine) as connection:
        connection.execute(update(inbox).values(read_at=None))
    assert tell_again(wired.engine, wired.rules, now=made + timedelta(minutes=11)) == 1


def test_quiet_hours_and_pace_put_off_without_losing_a_try_and_red_passes(wired: Desk, service: Service) -> None:
    service.answers = {"/robot": [FINE["wecom"]], "/sms": [GATEWAY]}
    for n in range(3):
        wired.do(wired.registered(report(str(n))), "dispatch", department="water_bureau")
    night = rows(wired, "wecom")[-1].made_at.replace(hour=15) + timedelta(days=1)
    last = rows(wired, "wecom")[-1]
    with writing(wired.engine) as connection:
        connection.execute(update(outbox).where(outbox.c.id == last.id).values(payload=last.payload | {"level": 1}))
        for row in rows(wired, "wecom")[:-1]:
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(payload=row.payload | {"level": 4}))
    deliver(wired.engine, wired.rules, now=night, secret=secrets_of(service))
    assert [(row.state, row.tries) for row in rows(wired, "wecom")] == [("waiting", 0), ("waiting", 0), ("sent", 1)]
    assert rows(wired, "wecom")[0].error == "静默时段"
    morning = night.replace(hour=23, minute=0)
    deliver(wired.engine, wired.rules, now=morning, secret=secrets_of(service))
    assert [row.state for row in rows(wired, "wecom")] == ["sent"] * 3


def test_the_check_names_what_is_missing_and_no_secret(service: Service) -> None:
    def told(kind: str, secret: Callable[[str], str | None], **more: Any) -> list[str]:
        return list(
            troubles(Channel(department="water_bureau", kind=kind, options=options(kind, service) | more), secret)
        )

    assert told("wecom_app", secrets_of(service)) == []
    assert "KEY" in told("wecom_app", secrets_of(service, KEY=""))[0]
    assert "CHANNEL_HOSTS" in told("sms", secrets_of(service, CHANNEL_HOSTS=""))[0]
    assert "设置有误" in told("sms", secrets_of(service), nonsense=1)[0]
    assert "没有送达方式" in next(troubles(Channel(department="water_bureau", kind="pigeon"), secrets_of(service)))
    (gone,) = told("wecom_app", secrets_of(service), base="http://127.0.0.1:9")
    assert "连不上" in gone and "s3cret" not in gone
    assert service.seen == []
