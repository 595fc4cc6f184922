"""What was allowed a moment ago is looked at again at every request, on every worker, and outages let nobody in."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import event, select

from access import accounts, sessions, tokens
from access.accounts import Place
from access.actor import LOOPBACK
from access.reception import CannotTell
from access.tokens import NewToken
from database.changes import ACCESS, versions
from database.engine import glancing, open_engine, reading, writing
from database.people_tables import sessions as table
from small_people import CITY, RAOPING, XIANGQIAO

OFFICER = Place("county_officer", XIANGQIAO)


@pytest.fixture
def seated(people):
    """A person signed in, seen by two workers that have both met them."""
    account = people.add("wangfang", OFFICER)
    opened = people.sign_in("wangfang")
    workers = [people.reception(), people.reception()]
    for worker in workers:
        assert worker.by_session(opened.token.text).actor.may("events.view")
    return people, account, opened, workers


def change(people, act, *arguments):
    with writing(people.engine) as connection:
        return act(connection, people.rules, *arguments, by=LOOPBACK, now=people.now)


def test_a_disabled_account_is_out_at_its_next_request_on_every_worker(seated):
    people, account, opened, workers = seated
    assert change(people, accounts.disable, account.id) == 1
    assert [worker.by_session(opened.token.text) for worker in workers] == [None, None]
    change(people, accounts.enable, account.id)
    assert [worker.by_session(opened.token.text) for worker in workers] == [None, None], "its session is gone for good"


@pytest.mark.feature(109)
def test_a_role_taken_or_given_counts_at_the_next_request_without_signing_in_again(seated):
    people, account, opened, workers = seated
    change(people, accounts.grant, account.id, Place("county_officer", RAOPING))
    assert all(worker.by_session(opened.token.text).actor.scope.allows(RAOPING) for worker in workers)
    change(people, accounts.revoke, account.id, Place("county_officer", RAOPING))
    assert not any(worker.by_session(opened.token.text).actor.scope.allows(RAOPING) for worker in workers)
    change(people, accounts.revoke, account.id, OFFICER)
    for worker in workers:
        actor = worker.by_session(opened.token.text).actor
        assert not actor.rights and actor.scope.is_nothing


def test_who_signs_out_is_out_everywhere_and_a_stolen_cookie_with_him(seated):
    people, _, opened, workers = seated
    actor = workers[0].by_session(opened.token.text).actor
    with writing(people.engine) as connection:
        assert sessions.end(connection, opened.token.digest, by=actor, now=people.now)
        assert not sessions.end(connection, opened.token.digest, by=actor, now=people.now)
    assert [worker.by_session(opened.token.text) for worker in workers] == [None, None]
    with reading(people.engine) as connection:
        assert connection.execute(select(table)).first() is None


@pytest.mark.parametrize("act", ["disable", "grant", "revoke", "end", "token"])
def test_every_change_moves_the_topic_by_which_streams_look_again(seated, act):
    people, account, _, _ = seated
    with reading(people.engine) as connection:
        before = versions(connection)[ACCESS]
    moves = {
        "disable": lambda: change(people, accounts.disable, account.id),
        "grant": lambda: change(people, accounts.grant, account.id, Place("county_leader", XIANGQIAO)),
        "revoke": lambda: change(people, accounts.revoke, account.id, OFFICER),
        "end": lambda: change(people, accounts.end_sessions, account.id),
        "token": lambda: change(
            people, tokens.revoke, change(people, tokens.issue, NewToken("api", "x", (CITY,), timedelta(1)))[0]
        ),
    }
    moves[act]()
    with reading(people.engine) as connection:
        assert versions(connection)[ACCESS] > before


def test_silence_ends_a_session_and_only_acts_of_the_person_break_the_silence(seated):
    people, _, opened, (worker, other) = seated
    for _ in range(4):  # panels renew themselves all the while
        people.later(minutes=9)
        seen = worker.by_session(opened.token.text)
    assert seen is None
    opened = people.sign_in("wangfang")
    for _ in range(10):
        people.later(minutes=20)
        assert worker.by_session(opened.token.text, is_act=True)
        people.noted(opened)
        assert other.by_session(opened.token.text), "one worker's act counts for the others"


def test_no_session_is_for_ever_however_busy_its_owner(seated):
    people, _, opened, (worker, _) = seated
    for _ in range(12 * 60 // 20):
        people.later(minutes=20)
        alive = worker.by_session(opened.token.text, is_act=True)
        if alive:
            people.noted(opened)
    assert alive is None


def test_ended_sessions_leave_no_row_behind(seated):
    people, _, _, _ = seated
    people.later(hours=13)
    people.sign_in("wangfang")
    with reading(people.engine) as connection:
        assert len(connection.execute(select(table)).all()) == 1


def test_one_look_into_the_database_for_a_request_of_someone_known(seated):
    people, _, opened, (worker, _) = seated
    asked = []
    event.listen(people.engine, "before_cursor_execute", lambda *call: asked.append(call[2]))
    for _ in range(5):
        assert worker.by_session(opened.token.text)
    asked = [statement for statement in asked if not statement.startswith("BEGIN")]
    assert len(asked) == 5 and all(statement.startswith("SELECT") for statement in asked)


def test_made_up_tokens_open_nothing(seated):
    _, _, opened, (worker, _) = seated
    near = (opened.token.text[:-1], opened.token.text + "x")
    for text in ("", "x", "' OR 1=1 --", *near, "\x00", "a" * 100_000, "\ud800"):
        assert worker.by_session(text) is None
        assert worker.by_token(text) is None
    assert worker.by_token(opened.token.text) is None, "a session is no bearer token"


def test_while_the_database_is_down_the_known_stay_and_nobody_new_comes_in(people):
    people.add("wangfang", OFFICER)
    opened, later = people.sign_in("wangfang"), people.sign_in("wangfang")
    blind = False
    worker = people.reception(is_blind=lambda: blind)
    assert worker.by_session(opened.token.text)
    blind = True
    assert worker.by_session(opened.token.text).actor.may("events.view")
    with pytest.raises(CannotTell, match="稍候"):
        worker.by_session(later.token.text)
    people.later(minutes=31)
    assert worker.by_session(opened.token.text) is None, "the clock goes on"


def test_a_database_that_refuses_is_an_outage_and_not_a_stranger(people):
    gone = open_engine("postgresql+psycopg://nobody@127.0.0.1:1/none")
    people.engine = gone
    with pytest.raises(CannotTell):
        people.reception().by_session("whatever-it-is")
    gone.dispose()


def test_a_changed_catalogue_changes_the_scope_at_once(seated):
    from dataclasses import replace

    people, _, opened, (worker, _) = seated
    territory = people.rules.territory
    assert worker.by_session(opened.token.text).actor.scope.allows("445102007")
    moved = replace(territory, version="next", parents={**territory.parents, "445102007": RAOPING})
    people.rules = replace(people.rules, territory=moved)
    assert not worker.by_session(opened.token.text).actor.scope.allows("445102007")


@pytest.mark.postgres
def test_a_connection_that_broke_while_idle_costs_one_more_look_and_no_refusal(people):
    if people.engine.dialect.name != "postgresql":
        return
    people.add("wangfang", OFFICER)
    opened = people.sign_in("wangfang").token.text
    glances = glancing(people.engine)
    worker = people.reception(glances=glances)
    assert worker.by_session(opened)
    with writing(people.engine) as connection:
        kill = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
        connection.exec_driver_sql(kill + " AND datname = current_database()")
    assert worker.by_session(opened).actor.may("events.view")
    assert worker.by_session(opened)
    glances.dispose()
