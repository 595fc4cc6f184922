"""Director mode: who may put what on which wall, and that it ends by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from access.actor import LOOPBACK, Actor, Denied, OutOfScope, Scope
from access.screen_views import ViewRefused, own_screen, put, release, shown_on, walls
from access.tokens import NewToken, issue, revoke
from database.audit_tables import audit
from database.changes import versions
from database.engine import reading, writing
from small_people import CITY, RAOPING, XIANGQIAO

pytestmark = pytest.mark.feature(100)
VIEW = "/theme/water_affairs?world=demo"
YEAR = timedelta(days=365)


def desk(*regions: str, rights: frozenset[str] = frozenset({"screens.manage"})) -> Actor:
    return Actor("值班长", "system_admin", Scope(frozenset(regions) if regions else None), rights, user="zbz")


@pytest.fixture
def wall(people) -> int:
    """A wall in 湘桥."""
    with writing(people.engine) as connection:
        number, _ = issue(
            connection, people.rules, NewToken("screen", "湘桥大厅", (XIANGQIAO,), YEAR), by=LOOPBACK, now=people.now
        )
    return number


def shown(people, wall: int) -> str | None:
    with reading(people.engine) as connection:
        found = shown_on(connection, wall, people.now)
    return found.path if found else None


def test_a_view_is_shown_from_whom_and_until_when_then_the_wall_is_free_again(people, wall) -> None:
    with writing(people.engine) as connection:
        view = put(connection, wall, VIEW, by=desk(), now=people.now)
    assert (view.by, view.until - view.since) == ("值班长", timedelta(minutes=30))
    assert shown(people, wall) == VIEW
    with reading(people.engine) as connection:
        assert versions(connection)[f"screen:{wall}"] == 1
        assert "screen.put" in connection.execute(select(audit.c.action)).scalars().all()
    people.later(minutes=31)
    assert shown(people, wall) is None


def test_the_newest_view_replaces_the_one_before_and_is_taken_back(people, wall) -> None:
    with writing(people.engine) as connection:
        put(connection, wall, VIEW, by=desk(), now=people.now)
        put(connection, wall, "/map", by=desk(), now=people.now)
    assert shown(people, wall) == "/map"
    with writing(people.engine) as connection:
        release(connection, wall, by=desk(), now=people.now)
    assert shown(people, wall) is None


def test_an_officer_of_the_county_one_of_another_and_a_stranger(people, wall) -> None:
    with writing(people.engine) as connection:
        put(connection, wall, VIEW, by=desk(XIANGQIAO), now=people.now)
    for by, refused in ((desk(RAOPING), OutOfScope), (desk(rights=frozenset()), Denied)):
        with writing(people.engine) as connection, pytest.raises(refused):
            put(connection, wall, "/map", by=by, now=people.now)
        with writing(people.engine) as connection, pytest.raises(refused):
            release(connection, wall, by=by, now=people.now)
    assert shown(people, wall) == VIEW
    with reading(people.engine) as connection:
        assert walls(connection, by=desk(RAOPING), now=people.now) == []
        assert [token.id for token, _ in walls(connection, by=desk(), now=people.now)] == [wall]


def test_a_wall_that_was_taken_back_or_never_was_cannot_be_steered(people, wall) -> None:
    with writing(people.engine) as connection:
        revoke(connection, people.rules, wall, by=LOOPBACK, now=people.now)
    for number in (wall, 999):
        with writing(people.engine) as connection, pytest.raises(OutOfScope):
            put(connection, number, VIEW, by=desk(), now=people.now)


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example", "https://evil.example", "javascript:alert(1)", "/sources", "/entry", r"/wall\..", "",
        "/api/v1/x", "/theme/a b", "/sign-in", "/wallet", "/" + "a" * 400,
    ],
)  # fmt: skip
def test_only_pages_of_the_wall_can_be_put_there(people, wall, path: str) -> None:
    with writing(people.engine) as connection, pytest.raises(ViewRefused):
        put(connection, wall, path, by=desk(), now=people.now)
    assert shown(people, wall) is None


@pytest.mark.parametrize("lasts", [timedelta(seconds=30), timedelta(hours=13)])
def test_a_view_has_an_end(people, wall, lasts: timedelta) -> None:
    with writing(people.engine) as connection, pytest.raises(ViewRefused):
        put(connection, wall, VIEW, by=desk(), now=people.now, lasts=lasts)


def test_a_wall_knows_its_own_number_and_a_person_is_no_wall() -> None:
    assert own_screen(Actor("大厅", "screen", user="token:12", kind="screen")) == 12
    assert own_screen(Actor("某人", "city_leader", user="token:12")) is None
    assert own_screen(Actor("程序", "api_client", user="token:12", kind="program")) is None
    assert own_screen(desk(CITY)) is None
