"""Puts the doors before a server: who is recognised, what is asked of whom, and the pages one comes in by."""

from __future__ import annotations

from collections.abc import Mapping

from flask import Flask

from access.policy import SIGNED_IN, Judge, Policy
from access.session import Entrance, install
from api import guard, hooks, office, office_people, office_usage, open311, request_notes, sign_in
from api.openapi import BASE
from api.routes import OPERATIONS, by_path

Opened = Mapping[str, str | Judge]


def shut(server: Flask, entrance: Entrance, *, hosts: frozenset[str], opened: Opened) -> guard.Guard:
    """Guard `server`; `opened` are the addresses beside the fixed ones and the API, each with what it asks for."""
    policy = Policy()
    for rule, need in {
        **opened,
        **operations(),
        **office.RULES,
        **office_people.RULES,
        **open311.RULES,
        **hooks.RULES,
    }.items():
        policy.open(rule, need)
    install(server, entrance)
    request_notes.apply(server)
    made = guard.Guard(policy, hosts)
    guard.protect(server, made)
    for blueprint in (
        sign_in.blueprint(made.limiter),
        *(one.blueprint() for one in (office, office_people, office_usage)),
    ):
        server.register_blueprint(blueprint)
    return made


def operations() -> dict[str, str | Judge]:
    """The addresses of the API ask for somebody; the operation itself asks for its right and says which is missing."""
    rules = (BASE + path.replace("{", "<").replace("}", ">") for path in by_path(OPERATIONS))
    return dict.fromkeys(rules, SIGNED_IN)
