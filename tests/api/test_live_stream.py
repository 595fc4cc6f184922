"""The live stream and its fallback, as the pages server and as the small live program give them."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from served import client_of, serve
from werkzeug.serving import make_server

from api.live_program import LiveProgram, create_live
from api.panel_copies import PanelCopies
from api.permit import Permit
from api.permits import Permits
from api.upstream import Answer, UpstreamDown
from database.changes import bump
from database.engine import writing
from database.hub import Hub
from database.redis_link import RedisLink
from people import EVERYTHING, TOKEN
from servers import answers, free_port, wait_until

ROOT = Path(__file__).resolve().parents[2]


def events_of(response) -> Iterator[dict[str, str]]:
    """The events of a stream, one by one."""
    text = ""
    for chunk in response.response:
        text += chunk.decode()
        while "\n\n" in text:
            event, _, text = text.partition("\n\n")
            yield dict(line.split(": ", 1) for line in event.splitlines())


@pytest.mark.feature(40)
def test_a_change_arrives_as_the_contract_says(client, engine, cockpit) -> None:
    response = client.get("/live")
    assert response.mimetype == "text/event-stream"
    assert response.headers["X-Accel-Buffering"] == "no"
    events = events_of(response)
    first = next(events)
    assert first["event"] == "changed"
    assert json.loads(first["data"])["topics"] == []
    with writing(engine) as connection:
        bump(connection, ["theme:demo:environment"])
    second = next(events)
    assert second["event"] == "changed"
    assert json.loads(second["data"]) == {"topics": ["theme:demo:environment"], "version": cockpit.hub.version}
    response.close()
    assert len(cockpit.hub.listeners) == 0


def test_whoever_missed_something_is_told_everything_when_it_comes_back(
    small_client, small_engine, small_cockpit
) -> None:
    before = small_cockpit.hub.version
    with writing(small_engine) as connection:
        bump(connection, ["sources", "readings:real"])
    small_cockpit.hub.refresh()
    response = small_client.get("/live", headers={"Last-Event-ID": str(before)})
    assert json.loads(next(events_of(response))["data"])["topics"] == ["readings:real", "sources"]
    response.close()
    current = small_client.get(f"/live?since={small_cockpit.hub.version}")
    assert json.loads(next(events_of(current))["data"])["topics"] == []
    current.close()


@pytest.mark.parametrize("given", ["", "x", "-1", "٣", "9" * 30, "1; DROP"])
def test_a_nonsense_place_in_the_stream_is_as_none(small_client, given: str) -> None:
    response = small_client.get("/live", query_string={"since": given})
    assert json.loads(next(events_of(response))["data"])["topics"] == []
    response.close()


def test_the_forty_first_client_is_sent_to_polling(small_client, small_cockpit) -> None:
    opened = [small_client.get("/live") for _ in range(40)]
    refused = small_client.get("/live")
    assert (refused.status_code, refused.mimetype) == (503, "application/problem+json")
    assert int(refused.headers["Retry-After"]) == 5
    opened.pop().close()  # never read from: its place must be free all the same
    accepted = small_client.get("/live")
    assert accepted.status_code == 200
    for response in (*opened, accepted):
        response.close()


def test_asking_for_the_version_costs_nothing_while_it_stays(small_client, small_engine, small_cockpit) -> None:
    first = small_client.get("/live/version")
    again = small_client.get("/live/version", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    with writing(small_engine) as connection:
        bump(connection, ["sources"])
    small_cockpit.hub.refresh()
    moved = small_client.get("/live/version", headers={"If-None-Match": first.headers["ETag"]})
    assert moved.status_code == 200
    assert moved.get_json() == {"version": small_cockpit.hub.version, "topics": {"sources": 1}}


# The live program


SIGNED_IN = {"REQUEST_METHOD": "GET", "HTTP_AUTHORIZATION": "Bearer token"}


class Pages:
    """A page server of the test's own."""

    def __init__(self) -> None:
        self.down = False
        self.asked: list[str] = []
        self.body = b'{"n":1}'
        self.again: dict[str, str] = {}

    def get(self, path: str, headers=None) -> Answer:
        if path != "/live/permit":
            self.asked.append(path)
        if self.down:
            raise UpstreamDown(path)
        if path == "/live/permit":
            known = "Bearer token" in (headers or {}).get("Authorization", "")
            return Answer(200 if known else 401, {}, Permit(EVERYTHING).told())
        headers = {"Content-Type": "application/json", "ETag": '"e1"', "X-Topics": "readings:demo", "X-Frame-At": "t"}
        headers |= self.again
        return Answer(200 if "nothing" not in path else 404, headers, self.body)


class Sent:
    """What a WSGI application answered."""

    def __init__(self, program: LiveProgram, path: str, **environ: str) -> None:
        path, _, query = path.partition("?")
        self.body = b"".join(program({**SIGNED_IN, "PATH_INFO": path, "QUERY_STRING": query, **environ}, self._start))

    def _start(self, status: str, headers: list[tuple[str, str]]) -> None:
        self.status, self.headers = int(status[:3]), dict(headers)


@pytest.fixture
def pages() -> Pages:
    return Pages()


@pytest.fixture
def topics() -> dict[str, int]:
    return {"readings:demo": 1, "sources": 1}


@pytest.fixture
def program(pages: Pages, topics: dict[str, int], now) -> Iterator[LiveProgram]:
    hub = Hub(lambda: dict(topics), poll_seconds=3600, capacity=1)
    made = LiveProgram(hub, PanelCopies(pages), Permits(pages, lambda: hub.versions), lambda: now)  # type: ignore[arg-type]
    yield made
    hub.stop()


def test_a_panel_is_fetched_once_per_version_however_many_ask(program, pages, topics) -> None:
    for _ in range(5):
        assert Sent(program, "/panel/a?world=demo").body == b'{"n":1}'
    topics["sources"] = 2
    program.hub.refresh()
    assert Sent(program, "/panel/a?world=demo").body == b'{"n":1}'
    assert pages.asked == ["/panel/a?world=demo"]
    pages.body, topics["readings:demo"] = b'{"n":2}', 2
    program.hub.refresh()
    assert Sent(program, "/panel/a?world=demo").body == b'{"n":2}'
    assert len(pages.asked) == 2


def test_a_panel_known_to_the_browser_is_not_sent_again(program) -> None:
    assert Sent(program, "/panel/a").headers["ETag"] == '"e1"'
    again = Sent(program, "/panel/a", HTTP_IF_NONE_MATCH='W/"e1"')
    assert (again.status, again.body) == (304, b"")


def test_while_the_page_servers_are_away_the_last_copy_is_given_and_marked(program, pages, topics) -> None:
    Sent(program, "/panel/a")
    pages.down = True
    topics["readings:demo"] = 2
    program.hub.refresh()
    kept = Sent(program, "/panel/a")
    assert (kept.status, kept.body, kept.headers["X-Degraded"]) == (200, b'{"n":1}', "1")
    never = Sent(program, "/panel/b")
    assert (never.status, never.headers["Retry-After"]) == (503, "3")


def test_what_is_not_there_is_not_kept(program, pages) -> None:
    assert [Sent(program, "/panel/nothing").status for _ in range(2)] == [404, 404]
    assert len(pages.asked) == 2


def test_the_live_program_gives_back_the_place_of_a_client_that_never_read(program) -> None:
    environ = {**SIGNED_IN, "PATH_INFO": "/live"}
    told = program(environ, lambda status, headers: None)
    refused = Sent(program, "/live")
    assert refused.status == 503
    told.close()  # type: ignore[attr-defined]
    again = program(environ, lambda status, headers: None)
    assert b"event: changed" in next(iter(again))
    again.close()  # type: ignore[attr-defined]


def test_the_live_program_loads_neither_database_nor_drawing() -> None:
    heavy = "sqlalchemy pandas plotly dash numpy flask"
    code = f"import sys, live; print([name for name in {heavy.split()!r} if name in sys.modules])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


@pytest.mark.redis
@pytest.mark.slow
def test_under_gevent_a_notice_travels_from_the_database_through_redis_to_a_client(
    small_engine, small_cockpit, redis_up, tmp_path
) -> None:
    """The real program, its real server, a real Redis; the page server's part is played by this process."""
    from database.hub import open_hub

    link = RedisLink(redis_up.url)
    hub = open_hub(small_engine, link)
    hub.start()
    port = free_port()
    pages = make_server("127.0.0.1", 0, serve(small_cockpit), threaded=True)
    threading.Thread(target=pages.serve_forever, daemon=True).start()
    environment = {"PATH": "/usr/bin:/bin", "REDIS_URL": redis_up.url, "COCKPIT_DATA": str(tmp_path)}
    environment["PORT"] = str(pages.server_port)
    command = [sys.executable, "-m", "gunicorn", "live:server", "-k", "gevent", "-w", "1", "-b", f"127.0.0.1:{port}"]
    process = subprocess.Popen([*command, "--no-control-socket", "--graceful-timeout", "1"], cwd=ROOT, env=environment)
    try:
        wait_until(lambda: answers(port), 20, "the live program")
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        connection.request("GET", "/live", headers={"Authorization": f"Bearer {TOKEN}"})
        stream = connection.getresponse()
        assert b"retry" in stream.readline()
        with writing(small_engine) as opened:
            bump(opened, ["readings:demo"])
        lines = iter(stream.readline, b"")
        data = next(line for line in lines if b"readings:demo" in line)
        assert json.loads(data.removeprefix(b"data: "))["version"] == hub.version
        beat = next(line for line in lines if b"heartbeat" in line)
        assert beat
    finally:
        process.terminate()
        process.wait(10)
        pages.shutdown()
        hub.stop()
        link.end()


def test_page_servers_are_reached_by_plain_http_only() -> None:
    with pytest.raises(ValueError, match="plain http"):
        create_live(redis_url=None, pages_url="file:///etc/passwd")


def test_two_servers_give_the_same_version(small_engine, make_cockpit) -> None:
    """A client that reconnects to another worker must not think that everything changed."""
    told = [client_of(serve(make_cockpit(small_engine))).get("/live/version").get_json() for _ in range(2)]
    assert told[0] == told[1]


def test_a_panel_that_rests_is_not_asked_for_again_until_it_has_but_by_who_just_wrote(program, pages, topics) -> None:
    """While reports pour in, one question per rest reaches the page server, however often the data move."""
    pages.again = {"X-Again": "60000"}
    for version in range(2, 6):
        assert Sent(program, "/panel/a?world=demo").headers["X-Again"] == "60000"
        topics["readings:demo"] = version
        program.hub.refresh()
    assert len(pages.asked) == 1
    pages.again, pages.body = {}, b'{"n":2}'
    assert Sent(program, "/panel/a?world=demo", HTTP_X_COCKPIT_WROTE="1").body == b'{"n":2}'
    assert Sent(program, "/panel/a?world=demo").body == b'{"n":2}'
    assert len(pages.asked) == 2
