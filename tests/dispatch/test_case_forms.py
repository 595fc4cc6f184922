"""Buttons by state and role: what can be pressed succeeds with what its form asks, what cannot is refused."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from desk_people import CHEN, LIN, WATER, Desk, report

from access.actor import EVERYWHERE, Actor, Denied, Scope
from access.territory import Territory
from components.case_acts import Act, Bar, case_acts
from components.case_fields import Asked
from components.case_seen import Seen
from components.markup import markup
from components.place import Place
from database.engine import reading
from dispatch.deciding import decide
from dispatch.event import Step
from dispatch.events import detail
from dispatch.lifecycle import LIFECYCLE
from dispatch.refusal import DispatchError, NoSuchEvent
from dispatch.state import Action, State
from indicators.reading import World
from indicators.roles_file import load as load_roles
from pages.case_asked import FIELDS
from pages.case_forms import KEYS, PRIMARY, bar_in
from pages.view import View

pytestmark = pytest.mark.feature(60)


def _suspended(desk: Desk) -> str:
    number = desk.handling()
    desk.do(number, "ask_suspension", by=WATER, note="等汛期过", reason="season")
    desk.do(number, "grant_suspension", by=LIN)
    return number


def _asked(desk: Desk) -> str:
    number = desk.handling(joint=("public_security_bureau",))
    desk.do(number, "ask_extension", by=WATER, note="泵车不足", amount=0.5)
    return number


def _after(build: Callable[[Desk], str], *steps: tuple) -> Callable[[Desk], str]:
    def made(desk: Desk) -> str:
        number = build(desk)
        for action, by, given in steps:
            desk.do(number, action, by=by, **given)
        return number

    return made


def _received(desk: Desk) -> str:
    return desk.receive().event.number


def _merged(desk: Desk) -> str:
    parent = desk.registered(report("parent"))
    number = desk.receive(report("child")).event.number
    desk.do(number, "merge", other=parent)
    return number


NOTE = {"note": "依据"}
WAYS: dict[str, Callable[[Desk], str]] = {
    "reported": _received,
    "accepted": _after(_received, ("accept", CHEN, {})),
    "confirmed": _after(_received, ("accept", CHEN, {}), ("confirm", CHEN, NOTE)),
    "registered": Desk.registered,
    "assigned": _after(Desk.registered, ("dispatch", CHEN, {"department": "water_bureau"})),
    "signed": _after(Desk.registered, ("dispatch", CHEN, {"department": "water_bureau"}), ("sign", WATER, {})),
    "handling": Desk.handling,
    "suspended": _suspended,
    "answered": _after(Desk.handling, ("report", WATER, NOTE)),
    "checking": _after(Desk.handling, ("report", WATER, NOTE), ("check", LIN, {})),
    "verified": _after(Desk.handling, ("report", WATER, NOTE), ("verify", LIN, {})),
    "closed": Desk.closed,
    "evaluated": _after(Desk.closed, ("evaluate", LIN, {"score": 4})),
    "refused": _after(_received, ("refuse", CHEN, NOTE)),
    "declined": _after(_received, ("accept", CHEN, {}), ("confirm", CHEN, NOTE), ("decline", CHEN, NOTE)),
    "voided": _after(_received, ("ask_void", CHEN, NOTE), ("grant_void", LIN, {})),
    "merged": _merged,
    "with a request": _asked,
}


@pytest.fixture(scope="module")
def crowd(catalogue) -> dict[str, Actor]:
    """One of each role that works on events, with the rights of roles.yaml."""
    from pathlib import Path

    roles = load_roles(Path(__file__).resolve().parents[2], Territory.of(catalogue)).roles
    within = {code: frozenset(one.code for one in catalogue.within(code)) for code in ("445102", "445122", "445102100")}
    water = frozenset({"water_bureau"})
    places = {
        "city_leader": (EVERYWHERE, "445100", ""), "city_commander": (EVERYWHERE, "445100", ""),
        "city_officer": (EVERYWHERE, "445100", ""), "county_leader": (Scope(within["445102"]), "445102", ""),
        "county_officer": (Scope(within["445102"]), "445102", ""),
        "town_officer": (Scope(within["445102100"]), "445102100", ""),
        "department_handler": (Scope(None, water), "445100", "water_bureau"),
    }  # fmt: skip
    return {
        role: Actor(role, role, scope, frozenset(roles[role].rights), user=f"u-{role}", home=home, department=unit)
        for role, (scope, home, unit) in places.items()
    }


def bar_of(desk: Desk, number: str, by: Actor) -> tuple[Bar, Seen]:
    """The bar as it is drawn for `by`; NoSuchEvent for what is not theirs."""
    with reading(desk.engine) as connection:
        found = detail(connection, by, desk.rules, number, now=desk.now)
        place = Place(World.REAL, "445100", "445100")
        seen = Seen(found, desk.rules, desk.now, place, reporter={}, may_reveal=by.may("personal.reveal"))
        view = View(connection, desk.rules.catalogue, by, place, desk.now, {"event": number})
        return bar_in(view, seen), seen


def acts_of(bar: Bar) -> list[Act]:
    found = [bar.primary, *bar.keyed, *bar.others]
    return list({one.action: one for one in found if one is not None}.values())


def filled(act: Act, seen: Seen) -> Step:
    """A step with something in every field its form asks for."""
    given: dict[str, object] = {}
    if act.action == "split":
        return Step("split", seen.event.version, note="拆出：路灯不亮", other="CZ-20261118-9999")
    for one in act.asked:
        if one.kind in ("files", "when"):
            continue
        if one.kind == "crew":
            given["department"] = "water_bureau"
        else:
            given[one.name] = _value(one)
    return Step(act.action, seen.event.version, **given)


def _value(one: Asked) -> object:
    if one.kind == "number":
        return 0.5
    if one.kind == "one":
        return one.options[0][0] == "true" if one.name == "satisfied" else int(one.options[0][0])
    if one.kind == "choice":
        value = one.usual or (one.options[0][0] if one.options else None)
        return int(value) if one.name in {"plan_step", "impact", "urgency"} and value else value
    return "CZ-20261118-9999" if one.name == "other" else "按规定办理"


@pytest.mark.parametrize("way", WAYS)
def test_what_can_be_pressed_succeeds_and_what_cannot_is_refused(desk: Desk, crowd, way: str) -> None:
    number = WAYS[way](desk)
    tried = 0
    for role, by in crowd.items():
        try:
            bar, seen = bar_of(desk, number, by)
        except (NoSuchEvent, Denied):
            continue
        for act in acts_of(bar):
            if act.action.startswith("never-"):
                assert act.why_not, (role, act.action)
                continue
            step = filled(act, seen)
            if act.why_not:
                with pytest.raises((DispatchError, Denied)):
                    decide(seen.case, step, by, desk.now, desk.rules)
            else:
                decide(seen.case, step, by, desk.now, desk.rules)
            tried += 1
    assert tried >= 3 or way == "voided", "nobody could do anything"


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_offered_that_the_table_does_not_hold_and_nothing_legal_is_left_out(desk, crowd, way) -> None:
    number = WAYS[way](desk)
    for by in crowd.values():
        try:
            bar, seen = bar_of(desk, number, by)
        except (NoSuchEvent, Denied):
            continue
        shown = {one.action for one in acts_of(bar) if not one.action.startswith("never-")}
        legal = {
            str(action)
            for (state, action), row in LIFECYCLE.items()
            if state is seen.event.state and action is not Action.ABSORB and by.may(row.right)
        }
        assert shown == legal


def test_every_field_of_the_table_has_a_form_field() -> None:
    assert {need for row in LIFECYCLE.values() for need in row.needs} <= FIELDS.keys()
    assert {State(state) for state in PRIMARY} == set(State) - {State.VOIDED}
    assert set(KEYS) == set("DBESVC")


def test_a_reason_is_asked_for_by_b_e_s_and_c(desk: Desk, crowd) -> None:
    number = WAYS["verified"](desk)
    bar, _ = bar_of(desk, number, crowd["city_officer"])
    asked = {one.key: one.asked for one in bar.keyed if not one.why_not}
    for key in ("B", "S", "C"):
        assert next(one for one in asked[key] if one.name == "note").required, key
    bar, _ = bar_of(desk, desk.handling(report("other")), crowd["department_handler"])
    extension = next(one for one in bar.keyed if one.key == "E")
    assert {one.name for one in extension.asked if one.required} == {"amount", "note"}


def test_the_act_of_the_state_stands_large_and_a_request_comes_first(desk: Desk, crowd) -> None:
    assert bar_of(desk, desk.registered(report("other")), crowd["city_officer"])[0].primary.action == "dispatch"
    bar, _ = bar_of(desk, WAYS["with a request"](desk), crowd["city_commander"])
    assert bar.primary.action == "grant_extension"


def test_buttons_that_cannot_be_pressed_say_why_and_have_no_form(desk: Desk, crowd) -> None:
    bar, seen = bar_of(desk, Desk.registered(desk), crowd["city_officer"])
    text = str(markup(case_acts(seen, bar, "u-1")))
    assert "待反馈" in text
    assert 'data-act="V"' in text
    assert 'data-action="verify"' not in text
    assert text.count('data-act="D"') == 1


@pytest.mark.feature(69)
def test_replies_of_the_kind_come_before_the_usual_ones(desk: Desk, crowd) -> None:
    bar, _ = bar_of(desk, Desk.handling(desk), crowd["department_handler"])
    note = next(one for one in bar.primary.asked if one.name == "note")
    assert bar.primary.action == "report"
    assert note.texts[0].startswith("积水已排除")
    assert len(note.texts) == 2


@pytest.mark.feature(61)
def test_the_city_has_nobody_above_it(desk: Desk, crowd) -> None:
    bar, _ = bar_of(desk, WAYS["handling"](desk), crowd["city_officer"])
    escalate = next(one for one in acts_of(bar) if one.action == "escalate")
    assert "没有上一级" in escalate.why_not


def test_a_button_held_back_by_a_rule_says_that_rule(desk: Desk, crowd) -> None:
    number = desk.handling()
    desk.do(number, "report", by=crowd["county_officer"], note="已排除")
    bar, _ = bar_of(desk, number, crowd["county_officer"])
    held = next(one for one in (bar.primary, *bar.keyed, *bar.others) if one and one.action == "verify")
    assert held.why_not
