"""Reports taken over the interface, those that come at the same moment in one transaction."""

from __future__ import annotations

from functools import lru_cache

from pydantic import BaseModel
from sqlalchemy import Connection, Engine

from access.request_facts import present, working_for
from api.event_refusals import told
from api.operation import Ask
from api.problem import Fault, Problem
from database.engine import writing
from database.group_commit import GroupCommit
from dispatch import records
from dispatch.hands import sees
from dispatch.intake import receive
from dispatch.report import Receipt, Report
from dispatch.rulebook import rulebook


class Taken(BaseModel):
    """What became of a report. `is_new` false: it was there already."""

    id: int
    number: str
    state: str
    version: int
    is_new: bool


def taken(ask: Ask, report: Report, key: str) -> Taken:
    """Receive one report; when this returns it is committed. The key makes it one that may be repeated."""
    facts, rules = present(), rulebook(ask.catalogue, ask.cockpit.live_catalogue.folder)

    def work(connection: Connection) -> Receipt:
        with working_for(facts):  # another request's thread may do it
            receipt = receive(connection, rules, report, by=ask.by, now=ask.now, key=key)
            _own(connection, receipt, ask)
        return receipt

    with told():
        receipt = _line(ask.cockpit.engine).do(work)
    event = receipt.event
    return Taken(id=event.id, number=event.number, state=str(event.state), version=event.version, is_new=receipt.is_new)


@lru_cache(maxsize=4)
def _line(engine: Engine) -> GroupCommit[Receipt]:
    """Where reports for this database wait for each other."""
    return GroupCommit(lambda: writing(engine))


def _own(connection: Connection, receipt: Receipt, ask: Ask) -> None:
    """What another centre was told by the same source is not told to this caller."""
    if not receipt.is_new and not sees(records.whole(connection, receipt.event), ask.by):
        raise Problem(422, "这个来源编号不能使用，请核对。", "misfit", (Fault("origin_id", "不能使用"),))
